"""Other people's text made visible: on a terminal, in a page, in a table it is shown, never obeyed."""

from collections.abc import Iterator

ISOLATED = frozenset("\n\t")
JOINERS = frozenset("\u200c\u200d")
PRESENTATION = frozenset("\ufe0e\ufe0f")
LONGEST_LINE = 600
"""Characters of one line of a message."""
INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF)),
    )
    for code in range(first, last + 1)
)
"""What prints nothing though Python calls it printable: of Unicode's Default_Ignorable_Code_Point."""


def plain(text: str, *, lines: bool = False) -> str:
    r"""The text with everything invisible made visible, as `\u202e` and the like.

    Control characters, ESC, bidirectional controls, zero-width characters, lone surrogates and whatever else
    prints nothing. Emoji stay whole, and so do words of scripts that join their letters. Line breaks and tabs
    become spaces, unless `lines` keeps them.
    """
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    return text if is_visible(text) else "".join(_shown(text, lines))


def is_visible(text: str) -> bool:
    """Whether every character of a text shows, or is a plain space."""
    return text.isprintable() and (text.isascii() or INVISIBLE.isdisjoint(text))


def _shown(text: str, lines: bool) -> Iterator[str]:
    from unicodedata import category

    for place, character in enumerate(text):
        before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
        if is_visible(character) or (lines and character in ISOLATED) or _belongs(before, character, after):
            yield character
        elif category(character) == "Zs":
            yield " "
        else:
            yield escaped(character)


def _belongs(before: str, character: str, after: str) -> bool:
    """Whether an invisible character is part of what shows: it joins, or makes a sign an emoji."""
    from unicodedata import category

    if character in PRESENTATION:
        return bool(before) and category(before) in ("So", "Sm", "Sk", "Po", "Pd", "Nd")
    return character in JOINERS and _joins(before, after)


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
    r"""`\u202e` for a character that must not reach a reader, `\U000e0001` beyond the first plane."""
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shortened(message: str) -> str:
    """A message whose lines are of a length that people read; what is left out was typed by them."""
    return "\n".join(map(_shortened, message.split("\n")))


def _shortened(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    start, end = line[: LONGEST_LINE // 2], line[-LONGEST_LINE // 4 :]
    return f"{start} [… {len(line) - len(start) - len(end):,} characters …] {end}"


def encodable(text: str) -> str:
    """The text with lone surrogates written out, which JSON has no bytes for."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def safe_json(text: str, *, ascii_only: bool = False) -> str:
    r"""JSON that says the same; what is invisible, or all but ASCII, is written `\uXXXX` (RFC 8259)."""
    if text.isascii() and "\x7f" not in text:
        return text  # its control characters are escaped already; to look at each takes ten times as long
    shown = str.isascii if ascii_only else is_visible
    hidden = {
        ord(character): _json_escape(character)
        for character in set(text)
        if character == "\x7f" or not (shown(character) or character in " \n")
    }
    return text.translate(hidden) if hidden else text


def _json_escape(character: str) -> str:
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
