"""Visits over time: a row for each initiative, a bar for each visit, its loops back, what held it up."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise
from typing import Any

from msgspec import Struct

from roadlog.charts import scales
from roadlog.charts.axes import HALO
from roadlog.charts.colours import Textures, by_milestone
from roadlog.charts.frame import MARGIN, STYLE, Legend, swatch
from roadlog.charts.scales import DAY, Scale, seconds
from roadlog.charts.svg import cut, drawn, group, line, number, text, width
from roadlog.markup import Html, together

NAME = "timeline"
BESIDE = 760.0
"""From this width on, names stand beside their rows; on less, above them."""
NAMES = 340.0
BAR = 15.0
AXIS = 34.0
CLOSE = 12.0
"""Arrows this near to each other would cover each other."""
STAR = "M0 -6L1.6 -2.1L5.7 -1.9L2.5 .8L3.5 4.9L0 2.6L-3.5 4.9L-2.5 .8L-5.7 -1.9L-1.6 -2.1Z"
BACK = "M-9 -5L-4 -9.5V-6.5H0A3 3 0 0 1 0 -.5V-3.4H-4V-.5Z"
"""An arrow to the left, which ends where the visit begins."""
PAPER = f"{STYLE}.roadlog-chart {{ color-scheme: light dark; }}\n"
"""In a page it is dark where the page is."""


class Lane(Struct, frozen=True, kw_only=True):
    """An initiative: `visits` and `spans` as `roadlog show --json` has them."""

    key: str
    title: str
    status: str
    visits: Sequence[dict[str, Any]]
    spans: Sequence[dict[str, Any]]


class Sheet(Struct, frozen=True, kw_only=True):
    """What is drawn: the milestones in order, and the moment up to which, RFC 3339.

    today: what that moment is called; zone: in which months begin; wide: in the picture's units
    """

    lanes: Sequence[Lane]
    milestones: Sequence[str]
    until: str
    today: str
    zone: tzinfo
    wide: float


def draw(sheet: Sheet) -> str:
    """The rows under an axis of months, or of years where they are many, with a legend above."""
    beside = sheet.wide >= BESIDE
    left, right = (NAMES if beside else MARGIN), 30.0
    step = 25.0 if beside else 40.0
    x = _scale(sheet, sheet.wide - left - right)
    visited = (visit["milestone"] for lane in sheet.lanes for visit in lane.visits)
    colours = by_milestone(sheet.milestones, visited)
    textures = Textures(NAME, list(colours.values()))
    fills = {name: textures.fill(place) for place, name in enumerate(colours)}
    top, legend = _legend(fills, sheet.wide)
    high = step * len(sheet.lanes)
    rows = [
        group(0, place * step, _row(each, x, fills, sheet, left if beside else 0.0))
        for place, each in enumerate(sheet.lanes)
    ]
    content = together(_axis(x, high, sheet), rows, _today(x, high, sheet))
    bottom = top + AXIS + high + 12
    about = f"{len(sheet.lanes)} initiatives, each with its visits to milestones up to {sheet.today}"
    return (
        drawn(
            "svg",
            drawn("title", f"Timeline: {about}", id=f"{NAME}-title"),
            drawn("style", PAPER),
            drawn("defs", list(textures.definitions()), _held()),
            drawn("rect", class_="paper", width=sheet.wide, height=bottom, fill="#fff"),
            legend,
            group(left, top + AXIS, content),
            xmlns="http://www.w3.org/2000/svg",
            class_="roadlog-chart",
            role="img",
            aria_labelledby=f"{NAME}-title",
            viewBox=f"0 0 {sheet.wide:.0f} {bottom:.0f}",
            width=sheet.wide,
            height=bottom,
            color="#1a1f26",
            fill="currentColor",
            font_family="sans-serif",
            font_size="12",
        )
        + "\n"
    )


def _scale(sheet: Sheet, wide: float) -> Scale:
    """From the first visit of all to the moment; at least a month."""
    until = seconds(sheet.until)
    first = min((seconds(each["entered_at"]) for lane in sheet.lanes for each in lane.visits), default=until)
    return Scale(min(first, until - 30 * DAY), until, 0.0, wide)


def _axis(x: Scale, high: float, sheet: Sheet) -> Iterator[Html]:
    """Months or years above the rows, with a line through them at each."""
    for tick in scales.time_ticks(x, sheet.zone, most=_most(x)):
        at = x(tick.at)
        yield line(at, -4, at, high, stroke_opacity=0.16)
        yield text(at, -8, tick.label, size=11, anchor="middle")
        if tick.under:
            yield text(at, -21, tick.under, size=11, anchor="middle", quiet=True)


def _most(x: Scale) -> int:
    """Ticks that there is room for; no more than months, from the third on."""
    room, months = int(x.end / 60), int((x.high - x.low) / (30 * DAY)) + 1
    return max(3, min(room, months) if months > 2 else room)


def _today(x: Scale, high: float, sheet: Sheet) -> Html:
    return together(
        line(x.end, -4, x.end, high, stroke_width=1.4, stroke_dasharray="4 3"),
        text(x.end + 26, -8, sheet.today, size=11, anchor="end", font_weight="bold", **HALO),
    )


def _row(lane: Lane, x: Scale, fills: dict[str, str], sheet: Sheet, left: float) -> Iterator[Html]:
    """The name, then the bars, what held them up, the arrows back, and the star of what is live."""
    until = seconds(sheet.until)
    bar = 5.0 if left else 20.0
    where = (8 - left, bar + 11) if left else (0.0, 13.0)
    long = (left or x.end) - 16
    yield line(0, bar + BAR, x.end, bar + BAR, stroke_opacity=0.12)
    yield _name(lane, *where, long, max(width(f"{each.key} ", 11.5) for each in sheet.lanes) + 4)
    for each in lane.visits:
        begin, end = _places(x, each["entered_at"], each["left_at"], until)
        yield from _visit(each, begin, end, bar, fills)
    for each in lane.spans:
        begin, end = _places(x, each["from_at"], each["to_at"], until)
        yield _bar(begin, end, bar, f"url(#{NAME}-held)", each["kind"])
    yield from _back(lane, x, bar)
    if lane.status == "live":
        yield drawn("path", d=STAR, transform=f"translate({number(x.end + 11)} {number(bar + 8)})")


def _back(lane: Lane, x: Scale, bar: float) -> Iterator[Html]:
    """An arrow at each move back; smaller ones where they are close to each other."""
    places = [x(seconds(each["entered_at"])) for each in lane.visits if each["began"] == "backward"]
    close = any(after - before < CLOSE for before, after in pairwise(places))
    for at in places:
        place = f"translate({number(at)} {number(bar + 2)}){' scale(.55)' if close else ''}"
        yield drawn("path", d=BACK, transform=place, **{**HALO, "stroke_width": 2.4})


def _name(lane: Lane, at: float, y: float, long: float, keys: float) -> Html:
    return together(
        text(at, y, lane.key, size=11.5, font_weight="bold"),
        text(at + keys, y, cut(lane.title, 11.5, long - keys), size=11.5),
    )


def _places(x: Scale, begin: str, end: str | None, until: float) -> tuple[float, float]:
    """From where to where; wide enough to be seen."""
    first = x(seconds(begin))
    return first, max(first + 1.5, x(min(seconds(end), until) if end else until))


def _visit(
    visit: dict[str, Any], begin: float, end: float, bar: float, fills: dict[str, str]
) -> Iterator[Html]:
    """The bar; of a second or later visit also its number, and a dark edge below."""
    of = f" of cycle {visit['cycle']}" if visit["cycle"] > 1 else ""
    told = f"{visit['milestone']}, visit {visit['visit']}{of}"
    yield _bar(begin, end, bar, fills[visit["milestone"]], told)
    if visit["visit"] > 1:
        yield drawn("rect", x=begin, y=bar + BAR, width=end - begin, height=3)
        if end - begin > 14:
            middle, nth = (begin + end) / 2, str(visit["visit"])
            yield text(middle, bar + 11.5, nth, size=11, anchor="middle", font_weight="bold", **HALO)


def _bar(begin: float, end: float, y: float, fill: str, told: str) -> Html:
    return drawn(
        "rect",
        drawn("title", told),
        x=begin,
        y=y,
        width=end - begin,
        height=BAR,
        fill=fill,
        stroke="currentColor",
        stroke_width=0.7,
    )


def _held() -> Html:
    """The texture of times in which it was blocked, paused or stopped: paper with strokes."""
    return drawn(
        "pattern",
        drawn("path", class_="paper", d="M0 0h6v6h-6Z", fill="#fff", fill_opacity=0.75),
        drawn("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", stroke="currentColor", stroke_width=1.3),
        id=f"{NAME}-held",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )


def _legend(fills: dict[str, str], wide: float) -> tuple[float, Html]:
    """The milestones' colours and the other signs, in as many lines as they take; and where that ends."""
    frame = drawn("rect", width=14, height=7, fill="none", stroke="currentColor")
    again = together(frame, drawn("rect", y=7, width=14, height=3))
    signs = [
        *(swatch(fill, name) for name, fill in fills.items()),
        Legend(again, "again: later visits, numbered"),
        Legend(drawn("path", d=BACK, transform="translate(12 10)"), "went back"),
        swatch(f"url(#{NAME}-held)", "blocked, paused or stopped"),
        Legend(drawn("path", d=STAR, transform="translate(7 5)"), "live"),
    ]
    return _placed(signs, wide)


def _placed(signs: Iterable[Legend], wide: float) -> tuple[float, Html]:
    x, y, pieces = MARGIN, 20.0, []
    for each in signs:
        said = cut(each.text, 11.5, wide - 2 * MARGIN - 20)
        long = 20 + width(said, 11.5)
        if x > MARGIN and x + long > wide - MARGIN:
            x, y = MARGIN, y + 18
        pieces += [group(x, y - 9, each.sign), text(x + 19, y, said, size=11.5)]
        x += long + 12
    return y + 10, together(pieces)
