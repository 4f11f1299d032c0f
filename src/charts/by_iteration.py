"""What is known at the end of each iteration: a line for each of a few initiatives, or their range."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from roadlog.charts import axes
from roadlog.charts.axes import HALO
from roadlog.charts.colours import BANDS, DASHES, SERIES, SHAPES, mark
from roadlog.charts.frame import MARGIN, Legend, Plot, framed, room
from roadlog.charts.scales import Scale, between
from roadlog.charts.svg import drawn, line, path, text, width
from roadlog.charts.table import Answer, Column, Kind, Row, Table
from roadlog.markup import Html, together
from roadlog.projections.metrics.summary import median

FEW = len(SERIES)
"""Up to so many initiatives have a line each: more could not be told apart."""
HEIGHT = 220.0
FEWER = "Later iterations are those of fewer initiatives: n says of how many."
Point = tuple[float, float]
Known = tuple[str, str, int, float | None]
"""Key, title, iteration, value."""


def known(answer: Answer, field: str) -> list[Known]:
    """(key, title, iteration, value) of every iteration of every initiative of which some value is known."""
    found = []
    for each in answer["initiatives"]:
        of_one = [
            (each["key"], each["title"], iteration["iteration"], iteration[field])
            for cycle in each["cycles"]
            for iteration in cycle["iterations"]
        ]
        if any(value is not None for *_, value in of_one):
            found += of_one
    return found


class Told(Struct, frozen=True):
    """Columns and rows of a table by iteration; `alone`: each of `keys` has rows and a line of its own."""

    keys: tuple[str, ...]
    alone: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def told(
    found: list[Known], changes: Mapping[tuple[str, int], float | None], value: Column, middle: "Middle"
) -> Told:
    """A row for each iteration of each initiative; of many, one for each iteration.

    changes: of the value with each iteration, by key and iteration
    value: what is known, as a column; its kind is that of the other columns made of it
    """
    keys = tuple(dict.fromkeys(key for key, *_ in found))
    if len(keys) > FEW:
        return Told(keys, False, _columns_together(value.kind, middle), tuple(_rows_together(found, middle)))
    columns = (
        Column("key", "Key"),
        Column("title", "Initiative"),
        Column("iteration", "Iteration", "number"),
        value,
        Column("gain", "Change", value.kind),
    )
    rows = tuple((*each[:3], each[3], changes.get((each[0], each[2]))) for each in found)
    return Told(keys, True, columns, rows)


class Middle(Struct, frozen=True):
    """What stands for many values: its heading, and how it is computed of at least one."""

    heading: str
    of: Callable[[list[float]], float | None]


MEDIAN = Middle("Median", median)
MEAN = Middle("Mean", lambda values: sum(values) / len(values))


def _columns_together(kind: Kind, middle: Middle) -> tuple[Column, ...]:
    return (
        Column("iteration", "Iteration", "number"),
        Column("n", "Initiatives", "number"),
        Column("low", "Lowest", kind),
        Column("middle", middle.heading, kind),
        Column("high", "Highest", kind),
    )


def _rows_together(found: list[Known], middle: Middle) -> list[Row]:
    """Of how many, the lowest, the middle and the highest value."""
    by_iteration: dict[int, list[float]] = {}
    for _, _, iteration, value in found:
        if value is not None:
            by_iteration.setdefault(iteration, []).append(value)
    return [
        (iteration, len(values), min(values), middle.of(values), max(values))
        for iteration, values in sorted(by_iteration.items())
    ]


def drawn_by_iteration(
    table: Table, *, unit: str, percent: bool, whole_line: str = "", middle: str = ""
) -> str:
    """The picture; `whole_line` names the line at 1, `middle` what the middle line is."""
    alone = table.columns[0].name == "key"
    rows = table.named()
    names = ("value",) if alone else ("low", "high")
    values = [each[name] for each in rows for name in names if each[name] is not None]
    reach = [0.0, 1.0] if whole_line else [0.0]
    y = between(min([*values, *reach]), max([*values, *reach]), HEIGHT, 0.0)
    keys = list(dict.fromkeys(each["key"] for each in rows)) if alone else []
    left = max(axes.left_of(y, percent=percent), 62.0)
    wide = room(left, MARGIN)
    most = max((each["iteration"] for each in rows), default=1)
    x = Scale(1.0, max(2.0, most), 12.0, wide - 12)
    lines = _alone(rows, keys, x, y) if alone else _together(rows, x, y)
    content = together(
        axes.values(y, wide, percent=percent),
        lines,
        _whole(y, wide, whole_line),
        axes.counts(x, HEIGHT, "iteration"),
        "" if alone else _ns(rows, x),
    )
    return framed(
        table,
        Plot(
            content=content,
            height=HEIGHT,
            left=left,
            right=MARGIN,
            below=20 if alone else 34,
            unit=unit,
            legend=_keys(keys) if alone else _legend(middle),
        ),
    )


def _whole(y: Scale, wide: float, said: str) -> Html:
    if not said:
        return Html()
    return together(
        line(0, y(1.0), wide, y(1.0), stroke_width=1.6, stroke_dasharray="8 4"),
        text(4, y(1.0) - 5, said, size=11, **HALO),
    )


def _alone(rows: list[Answer], keys: list[str], x: Scale, y: Scale) -> Html:
    """A line for each initiative, with its own colour, dash and shape; where nothing is known, a gap."""
    pieces: list[Html] = []
    for place, key in enumerate(keys):
        colour, of_one = SERIES[place], [each for each in rows if each["key"] == key]
        for run in _runs((x(each["iteration"]), each["value"]) for each in of_one):
            points = [(at, y(value)) for at, value in run]
            dash = DASHES[place]
            pieces.append(
                drawn(
                    "path", d=path(points), fill="none", stroke=colour, stroke_width=2, stroke_dasharray=dash
                )
            )
            if len(of_one) <= 60:
                pieces += [mark(SHAPES[place], a, b, 3.4, **_look(place, colour)) for a, b in points]
    return together(pieces)


def _look(place: int, colour: str) -> dict[str, Any]:
    return {
        "fill": "none" if SHAPES[place] == "cross" else colour,
        "stroke": colour,
        "stroke_width": 1.4,
    }


def _runs(points: Iterable[tuple[float, float | None]]) -> list[list[Point]]:
    """The points in runs between what is not known."""
    runs: list[list[Point]] = [[]]
    for at, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [each for each in runs if each]


def _together(rows: list[Answer], x: Scale, y: Scale) -> Html:
    """The range as an area, its middle as a line; single iterations as strokes."""
    upper = [(x(each["iteration"]), y(each["high"])) for each in rows]
    lower = [(x(each["iteration"]), y(each["low"])) for each in rows]
    middle = [(x(each["iteration"]), y(each["middle"])) for each in rows]
    return together(
        drawn("path", d=path([*upper, *reversed(lower)], closed=True), fill=BANDS[3], stroke=BANDS[2]),
        drawn("path", d=path(middle), fill="none", stroke=SERIES[0], stroke_width=2.2),
        [mark("circle", a, b, 3.2, fill=SERIES[0]) for a, b in middle] if len(rows) <= 60 else None,
    )


def _ns(rows: list[Answer], x: Scale) -> Html:
    """Of how many initiatives each iteration tells, as far as there is room."""
    pieces, free = [text(-6, HEIGHT + 29, "n", size=10.5, anchor="end", quiet=True)], 0.0
    for each in rows:
        at, said = x(each["iteration"]), str(each["n"])
        if at - width(said, 10.5) / 2 >= free:
            pieces.append(text(at, HEIGHT + 29, said, size=10.5, anchor="middle", quiet=True))
            free = at + width(said, 10.5) / 2 + 4
    return together(pieces)


def _keys(keys: list[str]) -> list[Legend]:
    """Whose each line is: above the plot, where its sign cannot be read as one more measurement."""
    return [
        Legend(
            together(
                drawn("path", d="M0 5h14", stroke=colour, stroke_width=2, stroke_dasharray=DASHES[place]),
                mark(SHAPES[place], 7, 5, 3.4, **_look(place, colour)),
            ),
            key,
        )
        for place, (key, colour) in enumerate(zip(keys, SERIES, strict=False))
    ]


def _legend(middle: str) -> list[Legend]:
    return [
        Legend(
            together(
                drawn("path", d="M0 5h14", stroke=SERIES[0], stroke_width=2.2),
                mark("circle", 7, 5, 3.2, fill=SERIES[0]),
            ),
            middle,
        ),
        Legend(drawn("rect", width=14, height=10, fill=BANDS[3], stroke=BANDS[2]), "lowest to highest"),
    ]
