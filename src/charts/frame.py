"""The frame of every picture: title, legend, axes, the sentences under it, and what it was computed from."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from roadlog.charts.svg import cut, drawn, group, text, width, wrapped
from roadlog.charts.table import Table
from roadlog.domain.moments import day_of, instant
from roadlog.markup import Html, together
from roadlog.projections.zones import zone_of
from roadlog.visible import plain

WIDE = 480.0
"""The picture's width in its own units: letters of 11 units are 8 pixels high on a phone of 360."""
MARGIN = 12.0
STYLE = """
:root.roadlog-chart { color-scheme: light dark; }
.roadlog-chart { color: CanvasText; max-width: 100%; height: auto; }
.roadlog-chart .paper { fill: Canvas; }
.roadlog-chart .edge { stroke: Canvas; }
"""
"""The page's own paper and ink, dark where the page is; of a picture alone, where its reader wants dark. Who
knows no such colours shows black on white."""


class Legend(Struct, frozen=True):
    """A sign, drawn in a field of 14 by 10, and what it means."""

    sign: Html
    text: str


def swatch(fill: str, text: str) -> Legend:
    """What areas of that fill mean."""
    return Legend(drawn("rect", width=14, height=10, fill=fill, stroke="currentColor"), text)


class Plot(Struct, frozen=True, kw_only=True):
    """The middle of a picture: what is drawn from (0, 0) on, and how much room is beside it."""

    content: Html
    height: float
    left: float
    right: float
    below: float = 32.0
    unit: str = ""
    legend: Sequence[Legend] = ()
    definitions: Iterable[Html] = ()


def room(left: float, right: float) -> float:
    """How wide the plot is, with so much beside it."""
    return WIDE - left - right


def identity(table: Table) -> str:
    """What the ids of a picture begin with; pictures of several initiatives can stand in one page."""
    key = table.stamp["filter"]["key"] if "filter" in table.stamp else None
    said = f"{table.chart}-{key}" if key else table.chart
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in said)


def without_plot(table: Table) -> str:
    """The picture of a table that says what is missing: that stands where the plot would."""
    plot = Plot(content=_missing(table.missing), height=90.0, below=0.0, left=MARGIN, right=MARGIN)
    return framed(replace(table, says=()), plot)


def framed(table: Table, plot: Plot) -> str:
    """The whole picture."""
    top, head = _head(table, plot)
    under = top + plot.height + plot.below
    bottom, foot = _foot(table, under)
    name = identity(table)
    said = " ".join(filter(None, (table.about, table.missing, *table.says)))
    definitions = list(plot.definitions)
    return (
        drawn(
            "svg",
            drawn("title", f"{table.title}: {table.about}", id=f"{name}-title"),
            drawn("desc", plain(f"{said} {caption(table)}"), id=f"{name}-desc"),
            drawn("style", STYLE),
            drawn("defs", definitions) if definitions else None,
            drawn("rect", class_="paper", width=WIDE, height=bottom, fill="#fff"),
            head,
            group(plot.left, top, plot.content),
            foot,
            xmlns="http://www.w3.org/2000/svg",
            class_="roadlog-chart",
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
            viewBox=f"0 0 {WIDE:.0f} {bottom:.0f}",
            width=WIDE * 1.5,
            height=bottom * 1.5,
            color="#1a1f26",
            fill="currentColor",
            font_family="sans-serif",
            font_size="12",
        )
        + "\n"
    )


def _head(table: Table, plot: Plot) -> tuple[float, Html]:
    """Title, what it is about, the legend and the unit of the values; and where the plot begins."""
    wide = WIDE - 2 * MARGIN
    pieces = [
        text(MARGIN, 22, cut(table.title, 15.5, wide), size=15, font_weight="bold"),
        text(MARGIN, 39, cut(table.about, 12, wide), quiet=True),
    ]
    x, y = MARGIN, 58.0
    for each in plot.legend:
        said = cut(each.text, 11.5, wide - 20)
        long = 20 + width(said, 11.5)
        if x > MARGIN and x + long > WIDE - MARGIN:
            x, y = MARGIN, y + 16
        pieces += [group(x, y - 9, each.sign), text(x + 19, y, said, size=11.5)]
        x += long + 10
    top = y + 12 if plot.legend else 52.0
    if plot.unit:
        pieces.append(text(MARGIN, top + 6, plot.unit, size=11, quiet=True))
        top += 16
    return top, together(pieces)


def _foot(table: Table, y: float) -> tuple[float, Html]:
    """The sentences, and the caption; and where the picture ends."""
    pieces, wide = [], WIDE - 2 * MARGIN
    for said in table.says:
        for each in wrapped(said, 11, wide):
            y += 15
            pieces.append(text(MARGIN, y, each, size=11))
    y += 5
    for each in wrapped(caption(table), 10.5, wide):
        y += 14
        pieces.append(text(MARGIN, y, each, size=10.5, quiet=True))
    return y + 10, together(pieces)


def caption(table: Table) -> str:
    """`metrics/1 · position 165 · head eddb1954 · n 3, 2 unfinished · … · days in UTC`."""
    known = table.stamp
    counts = f"n {known['n']}" + (f", {known['unfinished']} unfinished" if "unfinished" in known else "")
    parts = [
        known["definition"],
        f"position {known['position']}",
        f"head {known['head'][:8]}",
        counts,
        _window(known["window"], known["zone"]),
        "" if known["as_of"] == known["window"][1] else f"as of {day(known['as_of'], known['zone'])}",
        f"days in {known['zone']}",
    ]
    return " · ".join(filter(None, parts))


def _window(window: Sequence[str], zone: str) -> str:
    """Nothing where no time is in it."""
    return " to ".join(day(each, zone) for each in window) if window[0] < window[1] else ""


def day(moment: str, zone: str) -> str:
    """The day of an RFC 3339 time in a zone."""
    return day_of(instant(moment), zone_of(zone)).isoformat()


def _missing(said: str) -> Html:
    lines = wrapped(said, 13, WIDE - 6 * MARGIN)
    first = 50 - 9 * (len(lines) - 1)
    return together(
        drawn(
            "path",
            d=f"M0 0h{WIDE - 2 * MARGIN:.0f}v90h-{WIDE - 2 * MARGIN:.0f}Z",
            fill="none",
            stroke="currentColor",
            stroke_opacity=0.25,
            stroke_dasharray="4 4",
        ),
        [
            text(WIDE / 2 - MARGIN, first + 18 * place, each, size=13, anchor="middle")
            for place, each in enumerate(lines)
        ],
    )
