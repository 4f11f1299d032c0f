"""Ageing work in progress: every unfinished cycle in the milestone where it stands, as high as it is old."""

from collections.abc import Iterable
from itertools import product

from roadlog.charts import axes
from roadlog.charts.colours import EDGE, SERIES, mark
from roadlog.charts.frame import MARGIN, Legend, Plot, framed, room
from roadlog.charts.scales import Scale, from_zero
from roadlog.charts.svg import cut, line, text, width
from roadlog.charts.table import (
    DAY,
    Answer,
    Column,
    Row,
    Table,
    about,
    counted,
    days,
    percentiles,
    sentences,
    stamp,
    too_few,
)
from roadlog.markup import Html, together

NAME = "ageing"
COLUMNS = (
    Column("milestone", "Milestone"),
    Column("key", "Key"),
    Column("title", "Initiative"),
    Column("cycle", "Cycle", "number"),
    Column("status", "Status"),
    Column("seconds", "Age", "duration"),
)
HEIGHT = 230.0
LOOKS = {"active": ("circle", SERIES[0]), "blocked": ("square", SERIES[1]), "paused": ("triangle", SERIES[2])}
"""By status. Whoever is not blocked and not paused is at work."""
SIZE = 3.6
LABELS = 14
"""So many of the oldest are named."""
CLEAR = 5.5
"""How far the middle of a name is from a line across, at least."""


def table(answer: Answer) -> Table:
    """A row for each unfinished cycle, milestone by milestone, the oldest first."""
    flow = answer["workflow"]
    order = [each for each in flow["milestones"] if each not in flow["finish"]]
    rows = _rows(answer)
    order += sorted({str(row[0]) for row in rows} - set(order))
    rows.sort(key=lambda row: (order.index(str(row[0])), -float(row[5] or 0)))
    lines = tuple(each for each in percentiles(answer["cycle_time"]) if each.label != "p95")
    beyond = [sum(float(row[5] or 0) > each.value for row in rows) for each in lines]
    return Table(
        chart=NAME,
        title="Ageing work in progress: days since its start",
        about=about(answer),
        columns=COLUMNS,
        rows=tuple(rows),
        stamp={**stamp(answer), "milestones": order},
        lines=lines,
        says=sentences(
            f"{counted(len(rows), 'unfinished cycle')}.",
            f"Of finished cycles {' and '.join(f'{x.label} is {days(x.value)}' for x in lines)}; "
            f"older are {' and '.join(map(str, beyond))}."
            if lines
            else too_few(answer["cycle_time"]["n"]),
        ),
        missing="" if rows else "No work is in progress.",
    )


def _rows(answer: Answer) -> list[Row]:
    return [
        (
            each["milestone"],
            each["key"],
            each["title"],
            each["cycles"][-1]["cycle"],
            each["status"] if each["status"] in LOOKS else "active",
            each["age"],
        )
        for each in answer["initiatives"]
        if each["age"] is not None and each["milestone"] is not None
    ]


def draw(table: Table) -> str:
    """Columns of points, the percentiles of finished cycles across them."""
    rows, milestones = table.named(), table.stamp["milestones"]
    y = from_zero(
        [each["seconds"] / DAY for each in rows] + [x.value / DAY for x in table.lines], HEIGHT, 0.0
    )
    left = axes.left_of(y)
    right = axes.right_of(table)
    wide = room(left, right)
    column = wide / len(milestones)
    points = [
        (each, (place + 0.5) * column + shift, y(each["seconds"] / DAY))
        for place, name in enumerate(milestones)
        for each, shift in _within(name, rows, y, column)
    ]
    content = together(
        axes.values(y, wide),
        _columns(milestones, [each["milestone"] for each in rows], column),
        axes.lines_across(table, y, wide),
        [_point(each, at, high, told=len(rows) <= axes.TOLD) for each, at, high in points],
        _names(
            [(at, high, each["key"]) for each, at, high in points],
            [y(each.value / DAY) for each in table.lines],
            wide,
        ),
    )
    legend = [
        Legend(mark(shape, 7, 5, SIZE, fill=colour), status)
        for status, (shape, colour) in LOOKS.items()
        if any(each["status"] == status for each in rows)
    ]
    return framed(
        table,
        Plot(
            content=content,
            height=HEIGHT,
            left=left,
            right=right,
            below=58 if _are_long(milestones, column) else 34,
            unit="days",
            legend=legend,
        ),
    )


def _within(name: str, rows: list[Answer], y: Scale, column: float) -> Iterable[tuple[Answer, float]]:
    """What stands in a milestone, and how far from the middle of its column it is drawn."""
    here = [each for each in rows if each["milestone"] == name]
    return zip(here, axes.aside([y(each["seconds"] / DAY) for each in here], column, SIZE), strict=True)


def _point(row: Answer, x: float, y: float, *, told: bool) -> Html:
    shape, colour = LOOKS[row["status"]]
    said = f"{row['key']} {row['status']} in {row['milestone']}: {days(row['seconds'])}" if told else ""
    return mark(shape, x, y, SIZE, title=said, fill=colour, **EDGE)


def _are_long(milestones: list[str], column: float) -> bool:
    return any(width(each, 10.5) > column - 2 for each in milestones)


def _columns(milestones: list[str], standing: list[str], column: float) -> Html:
    """The milestones' names under their columns, on two lines where long, and how many stand there."""
    pieces = []
    long = _are_long(milestones, column)
    for place, name in enumerate(milestones):
        if place:
            pieces.append(line(place * column, 0, place * column, HEIGHT, stroke_opacity=0.14))
        middle, lower = (place + 0.5) * column, 25 if long and place % 2 else 0
        at_edge = place in (0, len(milestones) - 1)
        said = cut(name, 10.5, (column + 2 * MARGIN if at_edge else 2 * column - 8) if long else column)
        for down, each, quiet in ((14, said, False), (26, str(standing.count(name)), True)):
            pieces.append(text(middle, HEIGHT + down + lower, each, size=10.5, anchor="middle", quiet=quiet))
    return together(pieces)


def _names(placed: list[tuple[float, float, str]], across: list[float], wide: float) -> Html:
    """The keys of the oldest, where they cover neither a point nor one another, and no line runs through."""
    taken = [(x - SIZE, x + SIZE, y) for x, y, _ in placed]
    pieces = []
    for x, y, key in sorted(placed, key=lambda each: each[1]):
        long = width(key, 10)
        beside = [each + side for each in across if abs(y - each) < CLEAR for side in (-CLEAR, CLEAR)]
        heights = sorted([y, *beside], key=lambda at: abs(at - y))
        for begin, at in product((x + SIZE + 2, x - SIZE - 2 - long), heights):
            fits = begin >= 0 and begin + long <= wide and all(abs(at - each) >= CLEAR for each in across)
            if fits and all(begin + long < a or b < begin or abs(at - of) > 9 for a, b, of in taken):
                pieces.append(text(begin, at + 3.5, key, size=10, **axes.HALO))
                taken.append((begin, begin + long, at))
                break
        if len(pieces) == LABELS:
            break
    return together(pieces)
