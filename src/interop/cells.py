"""Values as cells of comma-separated values, safe in a spreadsheet."""

from typing import Any

from roadlog.visible import plain

FORMULA = "=+-@＝＋－＠"
"""What a spreadsheet may take for a formula, where a cell begins with it."""
LINE_END = "\r\n"
"""As RFC 4180 has it."""


def cell(value: Any) -> str:
    """The value as one cell: other people's text is no formula there.

    What nobody would see is written as `\\u202e` and the like, a line break as a space; a text that begins
    like a formula has a `'` before it.
    """
    if isinstance(value, str):
        text = plain(value)
        return f"'{text}" if text.lstrip()[:1] in FORMULA and text.strip() else text
    if isinstance(value, list | tuple):
        return cell("; ".join(map(str, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
