"""Text on a terminal: other people's words are shown, never obeyed."""

from collections.abc import Iterator

ISOLATED = frozenset("\n\t")
JOINERS = frozenset("\u200c\u200d")


def plain(text: str, *, lines: bool = False) -> str:
    r"""The text with everything invisible made visible, as `\u202e` and the like.

    Control characters, ESC, bidirectional controls, zero-width characters, lone surrogates and whatever else
    prints nothing. Emoji stay whole, and so do words of scripts that join their letters. Line breaks and tabs
    become spaces, unless `lines` keeps them.
    """
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    return text if text.isprintable() else "".join(_shown(text, lines))


def _shown(text: str, lines: bool) -> Iterator[str]:
    from unicodedata import category

    for place, character in enumerate(text):
        if character.isprintable() or (lines and character in ISOLATED):
            yield character
        elif category(character) == "Zs":
            yield " "
        elif character in JOINERS and _joins(text[:place][-1:], text[place + 1 : place + 2]):
            yield character
        else:
            yield escaped(character)


def _joins(before: str, after: str) -> bool:
    """Whether a joiner stands inside an emoji, or inside a word of a script from Arabic on that needs it."""
    from unicodedata import category

    if not before or not after:
        return False
    left, right = category(before), category(after)
    emoji = (left in ("So", "Sk") or before == "\ufe0f") and right == "So"
    letters = {"Lo", "Mn", "Mc"}
    return emoji or (before >= "\u0600" and after >= "\u0600" and {left, right} <= letters)


def escaped(character: str) -> str:
    r"""`\u202e` for a character that must not reach a terminal, `\U000e0001` beyond the first plane."""
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def safe_json(text: str, *, ascii_only: bool = False) -> str:
    r"""JSON that says the same; what is invisible, or all but ASCII, is written `\uXXXX` (RFC 8259)."""
    if text.isascii() and "\x7f" not in text:
        return text
    shown = str.isascii if ascii_only else str.isprintable
    return "".join(
        character
        if (shown(character) and character != "\x7f") or character in " \n"
        else _json_escape(character)
        for character in text
    )


def _json_escape(character: str) -> str:
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
