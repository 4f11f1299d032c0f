"""Time in milestones: a bar each, in which first, second and later visits stand apart: loops are seen."""

from collections.abc import Iterable

from roadlog.charts import axes, scales
from roadlog.charts.axes import HALO
from roadlog.charts.colours import VISITS, Textures
from roadlog.charts.frame import MARGIN, Plot, framed, identity, room, swatch
from roadlog.charts.scales import from_zero, seconds
from roadlog.charts.svg import cut, drawn, text, width
from roadlog.charts.table import DAY, Answer, Column, Row, Table, about, sentences, stamp
from roadlog.markup import Html, together

NAME = "time-in-milestone"
FEW = 4
"""Up to so many initiatives are shown one by one."""
VISIT_NAMES = ("first visit", "second visit", "later visits")
COLUMNS = (
    Column("key", "Key"),
    Column("title", "Initiative"),
    Column("milestone", "Milestone"),
    Column("first", "First visit", "duration"),
    Column("second", "Second visit", "duration"),
    Column("later", "Later visits", "duration"),
    Column("visits", "Visits", "number"),
)
BAR, STEP, TITLE = 14.0, 21.0, 22.0


def table(answer: Answer) -> Table:
    """A row for each milestone; of each initiative, where there are few."""
    begun = [each for each in answer["initiatives"] if each["cycles"]]
    each_alone = len(begun) <= FEW
    rows = list(_alone(begun, answer) if each_alone else _together(answer))
    again = sum(float(row[4] or 0) + float(row[5] or 0) for row in rows)
    total = again + sum(float(row[3] or 0) for row in rows)
    return Table(
        chart=NAME,
        title="Time in milestones, by visit: days",
        about=about(answer),
        columns=COLUMNS,
        rows=tuple(rows),
        stamp=stamp(answer),
        says=sentences(
            f"{again / total:.0%} of {total / DAY:,.1f} days were second and later visits.".replace("%", " %")
            if total
            else "",
            "" if each_alone else f"The days of {len(begun)} initiatives are added up.",
        ),
        missing="" if rows else "Nothing was in a milestone in this window.",
    )


def _order(answer: Answer, known: Iterable[str]) -> list[str]:
    order = list(answer["workflow"]["milestones"])
    return [*order, *sorted(set(known) - set(order))]


def _together(answer: Answer) -> Iterable[Row]:
    found = answer["time_in_milestone"]
    for name in _order(answer, found):
        visits = [(each["visit"], each["n"], each["seconds"]) for each in found.get(name, [])]
        if visits:
            yield (None, None, name, *_thirds(visits))


def _alone(initiatives: list[Answer], answer: Answer) -> Iterable[Row]:
    window = [seconds(each) for each in answer["window"]]
    for each in initiatives:
        found: dict[str, list[tuple[int, int, float]]] = {}
        for cycle, visit in ((of, visit) for of in each["cycles"] for visit in of["visits"]):
            left = seconds(visit["left_at"] or cycle["ended_at"] or answer["as_of"])
            begin, end = max(seconds(visit["entered_at"]), window[0]), min(left, window[1])
            if begin < end:
                found.setdefault(visit["milestone"], []).append((visit["visit"], 1, end - begin))
        for name in _order(answer, found):
            if name in found:
                yield (each["key"], each["title"], name, *_thirds(found[name]))


def _thirds(visits: list[tuple[int, int, float]]) -> tuple[float, float, float, int]:
    """Seconds in first, second and later visits, and how many visits there were."""
    first = sum(length for number, _, length in visits if number == 1)
    second = sum(length for number, _, length in visits if number == 2)
    later = sum(length for number, _, length in visits if number > 2)
    return first, second, later, sum(n for _, n, _ in visits)


def draw(table: Table) -> str:
    """The bars, each with its total and how much of it was done again."""
    rows = table.named()
    lengths = [sum(_parts(each)) for each in rows]
    names = max((width(each["milestone"], 11) for each in rows), default=0.0)
    left = min(130.0, names + MARGIN + 8)
    right = max(60.0, MARGIN + max((width(_total(each), 11) for each in rows), default=0.0))
    x = from_zero(lengths, 0.0, room(left, right))
    textures = Textures(identity(table), VISITS)
    pieces: list[Html] = []
    titles: list[tuple[float, float]] = []  # from where to where one stands
    y, key = 0.0, table.stamp["filter"]["key"]  # which the picture names already
    for each, length in zip(rows, lengths, strict=True):
        if each["key"] is not None and each["key"] != key:
            key = each["key"]
            titles.append((y, y + 6 + TITLE if y else TITLE))
            y += 6 if y else 0
            said = cut(f"{key} {each['title']}", 11, room(MARGIN, MARGIN))
            pieces.append(text(MARGIN - left, y + 12, said, size=11, font_weight="bold", **HALO))
            y += TITLE
        pieces += _bar(each, length, x, y, textures, left)
        y += STEP
    legend = [swatch(textures.fill(place), name) for place, name in enumerate(VISIT_NAMES)]
    content = together(axes.lengths(x, y, x.end + 50, _between(titles, y)), pieces)
    return framed(
        table,
        Plot(
            content=content,
            height=y,
            left=left,
            right=right,
            below=22,
            legend=legend,
            definitions=textures.definitions(),
        ),
    )


def _between(titles: list[tuple[float, float]], height: float) -> list[tuple[float, float]]:
    """Where there are bars and no titles."""
    tops = [-2.0 if not titles else 0.0, *(end - 2 for _, end in titles)]
    bottoms = [*(begin for begin, _ in titles), height]
    return [(top, bottom) for top, bottom in zip(tops, bottoms, strict=True) if top < bottom]


def _parts(row: Answer) -> list[float]:
    return [row[name] / DAY for name in ("first", "second", "later")]


def _bar(
    row: Answer, length: float, x: scales.Scale, y: float, textures: Textures, left: float
) -> Iterable[Html]:
    yield text(-6, y + 11, cut(row["milestone"], 11, left - MARGIN - 4), size=11, anchor="end")
    begin = 0.0
    for place, part in enumerate(_parts(row)):
        if part > 0:
            a, b = x(begin), x(begin + part)
            yield drawn(
                "rect",
                x=a,
                y=y,
                width=b - a,
                height=BAR,
                fill=textures.fill(place),
                stroke="currentColor",
                stroke_width=0.7,
            )
            begin += part
    yield text(x(length) + 5, y + 11, _total(row), size=11)


def _total(row: Answer) -> str:
    """`12.5, 40 % again`: the days, and how much of them were not of first visits."""
    first, *more = _parts(row)
    length = first + sum(more)
    again = sum(more) / length if length else 0.0
    return f"{length:,.1f}" + (f", {again * 100:.0f} % again" if again >= 0.005 else "")
