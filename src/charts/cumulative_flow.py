"""Cumulative flow: how many initiatives stood in each milestone over time, from the backlog to live."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from roadlog.charts import axes
from roadlog.charts.colours import NOT_STARTED, OUT, Textures, by_milestone
from roadlog.charts.frame import Plot, framed, identity, room
from roadlog.charts.scales import Scale, from_zero, seconds, time_scale
from roadlog.charts.svg import cut, drawn, line, path, text, width
from roadlog.charts.table import Answer, Column, Row, Table, about, sentences, stamp
from roadlog.domain.moments import instant, rfc3339
from roadlog.markup import Html, together

NAME = "cumulative-flow"
BACKLOG, LEFT = "backlog", "left"
"""Where an initiative stands that is in no milestone; one that is in a milestone stands in `in NAME`."""
MOMENTS = 120
"""Counts are taken at each change; where there are more, at so many times, evenly apart."""
HEIGHT = 230.0
Stay = tuple[str, str, str | None]
"""The name of its column, from when, until when."""


def table(answer: Answer) -> Table:
    """A row for each moment: how many initiatives stood where. Columns from live back to the backlog."""
    stays = [stay for each in answer["initiatives"] for stay in _stays(each, answer)]
    start, end = answer["window"]
    changes = sorted({at for _, begin, until in stays for at in (begin, until) if at and start < at < end})
    between = changes if len(changes) <= MOMENTS else _evenly(start, end)
    bands = _bands(answer, stays)
    rows = tuple(_counted(stays, [start, *between, end], bands)) if start <= end else ()
    sampled = len(changes) > MOMENTS
    return Table(
        chart=NAME,
        title="Cumulative flow: initiatives by milestone",
        about=about(answer),
        columns=(Column("at", "At", "time"), *bands),
        rows=rows,
        stamp=stamp(answer),
        says=sentences(
            f"At the end: {_told(rows[-1], bands)}." if rows else "",
            f"Counted at {len(rows)} times, evenly apart." if sampled else "",
        ),
        milestones=tuple(answer["workflow"]["milestones"]),
        missing="" if any(any(row[1:]) for row in rows) else "There was no initiative in this window.",
    )


def _in(milestone: str) -> str:
    """The name of a milestone's column: a milestone may be called `backlog`, or `at`."""
    return f"in {milestone}"


def _stays(each: Answer, answer: Answer) -> Iterator[Stay]:
    """Where an initiative stood, without gaps from its beginning on: backlog, milestones, live, or left."""
    finish = answer["workflow"]["finish"][0]
    entered = [
        (visit["entered_at"], visit["left_at"], _in(visit["milestone"]))
        for cycle in each["cycles"]
        for visit in cycle["visits"]
    ]
    entered += [(stay["entered_at"], stay["left_at"], _in(finish)) for stay in each["live"]]
    entered.sort(key=lambda stay: (stay[0], stay[1] or "9999"))
    stops = [(span["from"], span["to"]) for span in each["spans"] if span["kind"] == "stopped"]
    begins = [stay[0] for stay in entered]
    if each["begun_at"] is not None and (not entered or each["begun_at"] < begins[0]):
        yield from _but(stops, (BACKLOG, each["begun_at"], begins[0] if entered else None))
    for (begin, left, where), following in zip(entered, [*begins[1:], None], strict=False):
        until = min(filter(None, (left, following)), default=None)
        yield from _but(stops, (where, begin, until))
        if until is not None and until != following:
            yield (LEFT, until, following)


def _but(stops: Sequence[tuple[str, str | None]], stay: Stay) -> Iterator[Stay]:
    """A stay in which it was stopped now and then: the parts, and where it had left."""
    where, begin, until = stay
    for start, end in stops:
        a = max(begin, start)
        b = min(filter(None, (end, until)), default=None)
        if (until is None or a < until) and (b is None or a < b):
            yield (where, begin, a)
            yield (LEFT, a, b)
            if b is None:
                return
            begin = b
    yield (where, begin, until)


def _bands(answer: Answer, stays: Sequence[Stay]) -> list[Column]:
    """From the bottom: the finish, the milestones before it, the backlog, what left."""
    flow = answer["workflow"]
    used = {where for where, *_ in stays}
    between = [each for each in flow["milestones"] if each not in flow["finish"]]
    known = {_in(each) for each in flow["milestones"]}
    further = sorted(each.removeprefix("in ") for each in used - {BACKLOG, LEFT} - known)
    milestones = [flow["finish"][0], *further, *reversed(between)]
    return [
        *(Column(_in(each), each, "number") for each in milestones),
        Column(BACKLOG, "backlog, not started" if "backlog" in milestones else "backlog", "number"),
        *([Column(LEFT, "stopped or retired", "number")] if LEFT in used else []),
    ]


def _evenly(start: str, end: str) -> list[str]:
    a, b = instant(start), instant(end)
    return [rfc3339(a + (b - a) * place / MOMENTS) for place in range(1, MOMENTS)]


def _counted(stays: Sequence[Stay], moments: Sequence[str], bands: Sequence[Column]) -> Iterator[Row]:
    """How many stood where at each moment: entered by then, and not left by then."""
    steps = sorted(
        [(begin, where, 1) for where, begin, _ in stays]
        + [(until, where, -1) for where, _, until in stays if until is not None]
    )
    standing: Counter[str] = Counter()
    place = 0
    for at in moments:
        while place < len(steps) and steps[place][0] <= at:
            standing[steps[place][1]] += steps[place][2]
            place += 1
        yield (at, *(standing[each.name] for each in bands))


def _told(row: Row, bands: Sequence[Column]) -> str:
    found = zip(bands, row[1:], strict=True)
    said = [f"{count:,} {cut(each.heading, 11, 130)}" for each, count in found if count]
    return ", ".join(said) or "no initiative"


def draw(table: Table) -> str:
    """Areas that step at each change, named at their right ends."""
    bands = table.columns[1:]
    height = max(HEIGHT, 15.0 * len(bands))
    totals = [sum(row[1:]) for row in table.rows]  # type: ignore[arg-type]
    y = from_zero(totals, height, 0.0, whole=True)
    left = axes.left_of(y)
    right = min(140.0, max(width(each.heading, 10.5) for each in bands) + 26)
    wide = room(left, right)
    x = time_scale(table.stamp["window"], wide)
    places = [x(seconds(str(row[0]))) for row in table.rows]
    textures, fills = _fills(table)
    content = together(
        _areas(table, places, y, fills),
        axes.values(y, wide, whole=True),
        axes.times(x, height, table.stamp["zone"]),
        _labels(table, wide, right, y, fills),
    )
    return framed(
        table,
        Plot(
            content=content,
            height=height,
            left=left,
            right=right,
            unit="initiatives",
            definitions=textures.definitions(),
        ),
    )


def _fills(table: Table) -> tuple[Textures, dict[str, str]]:
    """What each band is filled with, by its name: milestones as on every picture."""
    stood_in = [each.heading for each in table.columns[1:] if each.name not in (BACKLOG, LEFT)]
    colours = {_in(name): colour for name, colour in by_milestone(table.milestones, stood_in).items()}
    colours |= {BACKLOG: NOT_STARTED, LEFT: OUT}
    textures = Textures(identity(table), list(colours.values()))
    return textures, {name: textures.fill(place) for place, name in enumerate(colours)}


def _areas(table: Table, places: Sequence[float], y: Scale, fills: Mapping[str, str]) -> Html:
    """The bands, each on those below it, and a line along the top of all."""
    areas = []
    below = axes.steps(places, [y(0)] * len(places))
    for band, tops in _tops(table):
        above = axes.steps(places, [y(each) for each in tops])
        if any(table.column(band.name)):
            areas.append(
                drawn(
                    "path",
                    drawn("title", band.heading),
                    d=path([*above, *reversed(below)], closed=True),
                    fill=fills[band.name],
                    stroke="#fff",
                    stroke_width=0.6,
                    class_="edge",
                )
            )
        below = above
    return together(areas, drawn("path", d=path(below), fill="none", stroke="currentColor"))


def _tops(table: Table) -> Iterator[tuple[Column, list[int]]]:
    """Each band, and how many stand in it and below it, at each moment."""
    tops = [0] * len(table.rows)
    for each in table.columns[1:]:
        tops = [a + b for a, b in zip(tops, table.column(each.name), strict=True)]
        yield each, tops


def _labels(table: Table, wide: float, right: float, y: Scale, fills: Mapping[str, str]) -> Html:
    """The bands' names beside their right ends, each with a sign and a line to its band."""
    shown: list[tuple[float, str, str]] = []
    below = 0
    for band, tops in _tops(table):
        if any(table.column(band.name)):
            shown.insert(0, (y((below + tops[-1]) / 2), band.heading, fills[band.name]))
        below = tops[-1]
    places = axes.spread([at for at, *_ in shown], 14, 6, y.begin - 4)
    pieces: list[Html] = []
    for (middle, name, fill), at in zip(shown, places, strict=True):
        pieces += [
            line(wide, middle, wide + 8, at, stroke_opacity=0.5),
            drawn(
                "rect",
                x=wide + 8,
                y=at - 4.5,
                width=11,
                height=9,
                fill=fill,
                stroke="currentColor",
                stroke_width=0.7,
            ),
            text(wide + 23, at + 4, cut(name, 10.5, right - 24), size=10.5),
        ]
    return together(pieces)
