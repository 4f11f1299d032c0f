"""Colours that a colour-blind reader can tell apart and that survive grey print, each with a second sign.

What is ordered takes viridis (van der Walt and Smith 2015, CC0), whose lightness only grows, so that
neighbours differ in grey too. What is not ordered takes two colours of Okabe and Ito (2008) and three that
were searched for beside them: dark enough for a line on white, light enough for one on black, and far apart
for every eye. `tests/charts/test_colours.py` measures both.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from roadlog.charts.svg import drawn, path
from roadlog.markup import Html

VIRIDIS = (
    *("#440154", "#472c7a", "#3b518b", "#2c718e", "#21908d"),
    *("#27ad81", "#5cc863", "#aadc32", "#fde725"),
)
SERIES = ("#0072b2", "#d55e00", "#7722ff", "#666666", "#bb8866")
"""For lines and points: each with a shape and a dash of its own."""
DASHES = (None, "7 3", "2 3", "9 3 2 3", "12 4")
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
VISITS = ("#a6cbe8", "#3d82bd", "#0b2c55")
"""First visits, second ones, third and later ones: the darker, the more often it was done again."""
BANDS = ("#0b2c55", "#2667a3", "#64a2d4", "#bcd9ef")
"""Of a forecast: from nearly certain to as likely as not."""
EDGE: dict[str, Any] = {"stroke": "#fff", "class_": "edge", "stroke_width": 0.7}
"""Around points that may lie on one another; paler ones would not show on a dark page."""
OUT = "#9aa3ad"
"""For what left the roadmap, and for milestones that the workflow has no more."""
NOT_STARTED = "#d5dae0"
"""For what has not started: paler than what left, and no colour of a milestone."""
TEXTURES = (
    "",
    "M0 0L8 8M-2 6L2 10M6 -2L10 2",
    "M2 2h.1M6 6h.1",
    "M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "M0 2h8M0 6h8",
)
"""What is drawn on a colour; two neighbours never have the same."""


def ramp(count: int) -> list[str]:
    """So many colours of viridis, from dark to light."""
    return [_viridis(0.5 if count == 1 else 0.02 + 0.95 * place / (count - 1)) for place in range(count)]


def by_milestone(milestones: Sequence[str], stood_in: Iterable[str]) -> dict[str, str]:
    """The colour of each milestone on every picture: the workflow's from its first to its last, then others.

    Its texture is the one at the same place of this order.
    """
    others = sorted(set(stood_in) - set(milestones))
    return dict(zip((*milestones, *others), (*ramp(len(milestones)), *(OUT for _ in others)), strict=True))


def _viridis(part: float) -> str:
    place = part * (len(VIRIDIS) - 1)
    low = min(int(place), len(VIRIDIS) - 2)
    between = place - low
    pairs = zip(_channels(VIRIDIS[low]), _channels(VIRIDIS[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * between):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def is_dark(colour: str) -> bool:
    """Whether white shows better on it than black."""
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 120


class Textures:
    """Fills of areas: a colour with a texture, defined once for one picture."""

    def __init__(self, picture: str, colours: Sequence[str]) -> None:
        self._picture = picture
        self._colours = colours

    def fill(self, place: int) -> str:
        """What the attribute `fill` says of the area at that place."""
        return f"url(#{self._picture}-fill-{place})" if self._texture(place) else self._colours[place]

    def definitions(self) -> Iterator[Html]:
        """The patterns, for the picture's `defs`."""
        for place, colour in enumerate(self._colours):
            if self._texture(place):
                yield drawn(
                    "pattern",
                    drawn("path", d="M0 0h8v8h-8Z", fill=colour),
                    drawn(
                        "path",
                        d=self._texture(place),
                        stroke="#fff" if is_dark(colour) else "#000",
                        stroke_opacity=0.35,
                        stroke_width=1.2 if place % len(TEXTURES) != 2 else 2.2,
                        stroke_linecap="round",
                        fill="none",
                    ),
                    id=f"{self._picture}-fill-{place}",
                    width=8,
                    height=8,
                    patternUnits="userSpaceOnUse",
                )

    def _texture(self, place: int) -> str:
        return TEXTURES[place % len(TEXTURES)]


def mark(shape: str, x: float, y: float, size: float, *, title: str = "", **look: str | float | None) -> Html:
    """A point of a picture; `title` is what a pointer that rests on it is told."""
    told = drawn("title", title) if title else None
    if shape == "circle":
        return drawn("circle", told, cx=x, cy=y, r=size, **look)
    d = {
        "square": path(
            [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)],
            closed=True,
        ),
        "triangle": path(
            [(x, y - size * 1.25), (x + size * 1.15, y + size), (x - size * 1.15, y + size)], closed=True
        ),
        "diamond": path(
            [(x, y - size * 1.3), (x + size * 1.3, y), (x, y + size * 1.3), (x - size * 1.3, y)], closed=True
        ),
        "cross": path([(x - size, y - size), (x + size, y + size)])
        + path([(x - size, y + size), (x + size, y - size)]),
    }[shape]
    return drawn("path", told, d=d, **look)
