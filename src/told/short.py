"""A value in a few words, whatever it is."""

import re
from datetime import tzinfo
from typing import Any

from roadlog import words

Value = dict[str, Any]
LONG = 64
"""Characters of a text that are shown; `--json` has all of it."""
NOTHING: tuple[Any, ...] = (None, "", [], {})
HASH, DIGITS = re.compile("[0-9a-f]{64}"), 8
"""A SHA-256 in hex, and how much of it is shown."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UNSAID = frozenset({"position", "at", "effective", "shown", "subject", "criterion_position", "measurements"})
"""Parts of an entry that say nothing to a reader: where its record stands, and what it was computed from."""


def short(given: Any, zone: tzinfo) -> str:
    """A value in a few words, whatever it is."""
    if given in NOTHING:
        return "–"
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int | float):
        return words.number(given)
    if isinstance(given, dict):
        return ", ".join(
            short(each, zone) for part, each in given.items() if part not in UNSAID and each not in NOTHING
        )
    if isinstance(given, list):
        return cut_short(", ".join(short(each, zone) for each in given))
    text = " ".join(str(given).split())
    if HASH.fullmatch(text):
        return text[:DIGITS]
    return words.minute(text, zone) if is_time(text) else cut_short(text)


def is_time(text: str) -> bool:
    """Whether it is a time as answers have it."""
    return TIME.fullmatch(text) is not None


def cut_short(text: str) -> str:
    """The text, its end left out where it is long."""
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
