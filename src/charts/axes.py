"""The axes of a plot, lines across it, and labels beside it that keep apart."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from roadlog.charts import scales
from roadlog.charts.scales import Scale, plain_number
from roadlog.charts.svg import line, text, width
from roadlog.charts.table import DAY, Line, Table
from roadlog.markup import Html, together
from roadlog.projections.zones import zone_of

HALO: dict[str, Any] = {
    "stroke": "#fff",
    "class_": "edge",
    "stroke_width": 3,
    "paint_order": "stroke",
}
"""Makes a label readable on whatever is under it."""
TOLD = 1_500
"""Of more points than these none says whose it is: the picture would grow too large."""
LINE_DASHES = {"p50": None, "p85": "6 3", "p95": "2 3"}


def values(scale: Scale, wide: float, *, whole: bool = False, percent: bool = False) -> Html:
    """The values on the left, with a line across the plot at each; the one at zero is darker."""
    pieces = []
    for value in scales.ticks(scale, whole=whole):
        said = f"{plain_number(value * 100)} %" if percent else plain_number(value)
        pieces += [
            line(0, scale(value), wide, scale(value), stroke_opacity=0.14 if value else 0.6),
            text(-6, scale(value) + 4, said, size=11, anchor="end"),
        ]
    return together(pieces)


def left_of(scale: Scale, *, percent: bool = False) -> float:
    """How much room the labels of the values need."""
    said = [plain_number(each * (100 if percent else 1)) for each in scales.ticks(scale)]
    return max(width(each, 11) for each in said) + 18 + (14 if percent else 0)


def times(scale: Scale, height: float, zone: str) -> Html:
    """Days, weeks, months or years below the plot."""
    pieces = [line(0, height, scale.end, height, stroke_opacity=0.6)]
    for tick in scales.time_ticks(scale, zone_of(zone), most=max(2, int(scale.end / 46))):
        x = scale(tick.at)
        pieces += [
            line(x, height, x, height + 4, stroke_opacity=0.6),
            text(x, height + 16, tick.label, size=11, anchor="middle"),
            text(x, height + 28, tick.under, size=11, anchor="middle", quiet=True) if tick.under else Html(),
        ]
    return together(pieces)


def counts(scale: Scale, height: float, said: str, *, most: int = 10) -> Html:
    """Whole numbers below the plot, and at their left what they are, such as iterations."""
    pieces = [
        line(0, height, scale.end, height, stroke_opacity=0.6),
        text(-6, height + 16, said, size=10.5, anchor="end", quiet=True),
    ]
    for value in scales.ticks(scale, most, whole=True):
        if value >= 1:
            pieces += [
                line(scale(value), height, scale(value), height + 4, stroke_opacity=0.6),
                text(scale(value), height + 16, plain_number(value), size=11, anchor="middle"),
            ]
    return together(pieces)


def lengths(
    scale: Scale, height: float, unit: float, spans: Sequence[tuple[float, float]] | None = None
) -> Html:
    """Values below the plot, with a line through it at each, and their unit, days, at that place.

    spans: from where to where the lines run, so that they leave out what stands between the bars
    """
    return together(
        [
            [
                [
                    line(scale(value), top, scale(value), bottom, stroke_opacity=0.14 if value else 0.6)
                    for top, bottom in spans or ((-2.0, height),)
                ],
                text(scale(value), height + 13, plain_number(value), size=11, anchor="middle"),
            ]
            for value in scales.ticks(scale)
        ],
        text(unit, height + 13, "days", size=11, anchor="end", quiet=True),
    )


def right_of(table: Table, beside: float = 0.0) -> float:
    """How much room the lines' labels need at the right, beyond what is drawn beside the plot."""
    return beside + 14 + max((width(_label(each), 11) for each in table.lines), default=0.0)


def lines_across(table: Table, scale: Scale, wide: float, beside: float = 0.0) -> Html:
    """The table's lines, in days, each with its own dash, and its label at the right."""
    lines = sorted(table.lines, key=lambda each: -each.value)
    heights = [scale(each.value / DAY) for each in lines]
    places = spread(heights, 12, 6, scale.begin - 2)
    return together(
        [
            line(0, y, wide + beside, y, stroke_dasharray=LINE_DASHES.get(each.label), stroke_width=1.3)
            for each, y in zip(lines, heights, strict=True)
        ],
        [
            text(wide + beside + 5, y + 4, _label(each), size=11)
            for each, y in zip(lines, places, strict=True)
        ],
    )


def _label(each: Line) -> str:
    return f"{each.label} {each.value / DAY:,.1f}"


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near those wanted (ascending), `gap` apart, between `low` and `high` as far as they fit."""
    placed: list[float] = []
    for each in wanted:
        placed.append(max(each, placed[-1] + gap if placed else low))
    limit = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - gap
    return placed


def aside(highs: Sequence[float], column: float, size: float) -> list[float]:
    """How far from the column's middle each point lies, so that none covers another while there is room.

    `highs` are ascending.
    """
    step = 2 * size + 1
    most = int(max(0.0, column / 2 - size - 1) / step)
    tries = [0.0, *(side * each * step for each in range(1, most + 1) for side in (1, -1))]
    placed: list[tuple[float, float]] = []
    near: deque[tuple[float, float]] = deque()
    for high in highs:
        while near and high - near[0][1] >= step:
            near.popleft()
        taken = {x for x, _ in near}
        chosen = next((each for each in tries if each not in taken), tries[len(placed) % len(tries)])
        placed.append((chosen, high))
        near.append((chosen, high))
    return [x for x, _ in placed]


def steps(places: Sequence[float], heights: Sequence[float]) -> list[tuple[float, float]]:
    """A line that keeps each height until the next place; what adds nothing is left out."""
    points: list[tuple[float, float]] = []
    for x, high in zip(places, heights, strict=True):
        if points and points[-1][1] != high:
            points.append((x, points[-1][1]))
        if not points or points[-1][1] != high:
            points.append((x, high))
    return [*points, (places[-1], heights[-1])]
