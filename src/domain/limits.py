"""The bounds of what people may type: sizes, numbers, characters, and the form of handles and ids."""

from datetime import datetime
from math import isfinite

from msgspec import Struct

from roadlog.domain.refusals import Malformed

TEXT_BYTES = 16 * 1024
LIST_ENTRIES = 1000
LARGEST_INTEGER = 2**53
"""Above it, JSON readers elsewhere (RFC 8259, section 6) no longer agree on an integer's value."""
LARGEST_SEED = LARGEST_INTEGER - 1
"""Up to it, every reader of JSON reads a whole number as it is."""
LARGEST_COUNT = 10_000
"""Finishes that a forecast is asked about."""
NAME_LENGTH = 64

NAMES = frozenset({"acting handle", "stakeholder", "owner", "criterion", "experiment"})
"""Fields that give a handle or an id; what others name must be there already."""
ONE_LINE = frozenset(
    {"title", "name", "metric", "unit", "segments", "variants", "variant", "to", "milestone"}
)

UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0").union(
    *(
        map(chr, range(first, last + 1))
        for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    )
)
"""Printable by their class, and yet nothing shows: fillers, joiners, selectors, the blank of Braille."""


def check_command(command: Struct) -> None:
    """Refuse what no command may hold, whatever it wishes. Raises Malformed with the field's name."""
    _check_struct(command)


def check_text(name: str, text: str, *, may_be_blank: bool = False) -> None:
    """Refuse a text that is blank, too long, or holds what cannot be shown. Raises Malformed."""
    fault = text_fault(text)
    if fault is None and not may_be_blank and not any(map(_is_seen, text)):
        fault = "is empty."
    if fault is None and name in ONE_LINE and ("\n" in text or "\t" in text):
        fault = "is one line, without line breaks and tabs."
    if fault is None and name in NAMES and not is_name(text):
        fault = (
            f"cannot be {text[:80]!r}: it has up to {NAME_LENGTH} letters a-z, digits, '.', '_' and '-', "
            "and begins with a letter or digit."
        )
    if fault:
        raise Malformed(_slug(name), f"{_title(name)} {fault}")


def text_fault(text: str) -> str | None:
    """What is wrong with a text, as the end of a sentence; None when nothing is. Empty texts pass."""
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        return f"holds a lone surrogate (U+{ord(text[error.start]):04X}) at place {error.start + 1}."
    if size > TEXT_BYTES:
        return (
            f"is {size:,} bytes long; at most {TEXT_BYTES:,} are kept. Attach the text as evidence instead."
        )
    if text.isprintable():  # the quick answer for most
        return None
    for place, character in enumerate(text, start=1):
        if is_control(character):
            return f"holds a control character (U+{ord(character):04X}) at place {place}."
    return None


def is_control(character: str) -> bool:
    """C0 but for line feed and tab, DEL, and C1: what a terminal would obey instead of showing."""
    return (character < " " and character not in "\n\t") or "\x7f" <= character <= "\x9f"


def seen(text: str) -> str:
    """The text from the first to the last character that one can see: "" where it only looks like a text."""
    places = [place for place, character in enumerate(text) if _is_seen(character)]
    return text[places[0] : places[-1] + 1] if places else ""


def unseen_fault(name: str) -> str | None:
    """What shows nothing in a name that people type, as the end of a sentence; None when all of it shows."""
    for place, character in enumerate(name, start=1):
        if character not in " \n\t" and not is_control(character) and not _is_seen(character):
            return f"holds an invisible character (U+{ord(character):04X}) at place {place}"
    return None


def _is_seen(character: str) -> bool:
    """Neither blank nor of no width: str.isprintable knows most of those, the rest are letters."""
    return character.isprintable() and not character.isspace() and character not in UNSEEN


def is_name(text: str) -> bool:
    """Whether a text can be a handle, a role or an id: readable anywhere, and nobody's look-alike."""
    return (
        0 < len(text) <= NAME_LENGTH
        and text.isascii()
        and text[0].isalnum()
        and text.replace(".", "").replace("_", "").replace("-", "").isalnum()
    )


def is_roadmap_key(text: str) -> bool:
    """Two to ten capitals A to Z."""
    return 2 <= len(text) <= 10 and text.isascii() and text.isalpha() and text.isupper()


def _check_struct(value: Struct) -> None:
    for field in value.__struct_fields__:
        if field != "stream":
            _check(field, getattr(value, field))


def _check(name: str, value: object) -> None:
    match value:
        case bool():
            pass
        case str():
            check_text(name, value)
        case int() | float():
            _check_number(name, value)
        case list() | tuple():
            _check_size(name, len(value))
            for each in value:
                _check(name, each)
        case dict():
            _check_definition(name, value)
        case Struct():
            _check_struct(value)
        case datetime() if value.tzinfo is None:
            raise Malformed(_slug(name), f"{_title(name)} {value} has no offset from UTC.")
        case _:  # moments, days, nothing: their own types bound them
            pass


def _check_number(name: str, value: float) -> None:
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise Malformed(
                _slug(name), f"{_title(name)} is beyond ±2^53, where integers are no longer exact."
            )
    elif not isfinite(value):
        raise Malformed(_slug(name), f"{_title(name)} is {value}, which is no number one can compare.")


def _check_size(name: str, size: int) -> None:
    if size > LIST_ENTRIES:
        raise Malformed(
            _slug(name), f"{_title(name)} has {size:,} entries; at most {LIST_ENTRIES:,} are kept."
        )


def _check_definition(name: str, value: dict[object, object]) -> None:
    """A workflow's definition: its texts may be empty (a milestone need not ask a question)."""
    _check_size(name, len(value))
    for key, each in value.items():
        _check(f"{name}.{key}", each if each != "" else None)


def _slug(name: str) -> str:
    return "malformed-" + name.replace(" ", "-").replace("_", "-")


def _title(name: str) -> str:
    return "The " + name.replace("_", " ")
