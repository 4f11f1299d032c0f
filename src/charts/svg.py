"""The words of SVG: elements, numbers, lines of text that fit. All markup comes from `roadlog.markup`."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from roadlog.markup import Content, Html, element
from roadlog.visible import plain

Value = str | float | None
NARROW = frozenset("fijlrtI.,:;|!'`()[]{}/ ·")
WIDE = frozenset("mwMW%@—…")
CUT_ENDS = "\u200c\u200d\ufe0e\ufe0f "
"""What must not end a text that was cut: it would join, or change, what is no longer there."""


def drawn(tag: str, *content: Content, **attributes: Value) -> Html:
    """An element. Numbers are written to a tenth: few bytes, and always the same."""
    return element(
        tag,
        *content,
        **{name: _value(name, given) for name, given in attributes.items() if given is not None},
    )


def _value(name: str, given: str | float) -> str:
    if isinstance(given, str):
        return given
    return f"{given:g}" if name.endswith("opacity") else number(given)


def number(value: float) -> str:
    """`12`, `12.5`: a coordinate, to a tenth."""
    said = f"{value:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said


def group(x: float, y: float, *content: Content, **attributes: Value) -> Html:
    """A group whose content begins at (x, y)."""
    return drawn("g", *content, transform=f"translate({number(x)} {number(y)})", **attributes)


def text(
    x: float,
    y: float,
    said: str,
    *,
    size: float = 12,
    anchor: str = "start",
    quiet: bool = False,
    **more: Value,
) -> Html:
    """A line of text in the colour of the page's text; `quiet` is paler."""
    return drawn(
        "text",
        plain(said),
        x=x,
        y=y,
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
        fill_opacity=0.72 if quiet else None,
        **more,
    )


def line(x1: float, y1: float, x2: float, y2: float, **more: Value) -> Html:
    """A straight line in the colour of the text."""
    return drawn("path", d=path([(x1, y1), (x2, y2)]), **{"stroke": "currentColor", "fill": "none", **more})


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` of a line through these points."""
    steps = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}"


# How wide a text is: no font is at hand, so it is estimated, for a wide one such as DejaVu Sans.


def width(said: str, size: float) -> float:
    """About how wide a text is; rather more than less."""
    return size * sum(map(_wide, said))


def _wide(character: str) -> float:
    if character.isascii():
        return (
            0.37 if character in NARROW else 0.95 if character in WIDE else 0.62 if character > "Z" else 0.67
        )
    if combining(character) or character in CUT_ENDS:
        return 0.0
    return 1.05 if character in WIDE or east_asian_width(character) in "WF" else 0.7


def cut(said: str, size: float, room: float) -> str:
    """The text; where it is wider than the room, its beginning and an ellipsis."""
    said = plain(said)
    if width(said, size) <= room:
        return said
    kept, left = "", room - width("…", size)
    for character in said:
        left -= size * _wide(character)
        if left < 0:
            break
        kept += character
    return f"{kept.rstrip(CUT_ENDS)}…"


def wrapped(said: str, size: float, room: float) -> list[str]:
    """The text in lines that fit; a word that does not is cut. No line begins with ` · `."""
    lines: list[str] = []
    for word in filter(None, plain(said).replace(" · ", "\u00a0· ").split(" ")):
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(cut(word, size, room))
    return lines
