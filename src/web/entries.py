"""Entries of the trail as pages show them: with facts, what a move relied on, and what changed."""

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any

from roadlog.told import trail as telling
from roadlog.told import values

NAMED = re.compile(r"#([1-9]\d{0,17})\b", re.ASCII)
"""A record, as our own words name it."""


def named(text: str) -> Iterator[tuple[str, int | None]]:
    """The text in pieces: words, and the positions of records between them."""
    for place, piece in enumerate(NAMED.split(text)):
        if piece:
            yield (f"#{piece}", int(piece)) if place % 2 else (piece, None)


def entries(trail: Iterable[dict[str, Any]], zone: tzinfo) -> list[dict[str, Any]]:
    """Each entry of a trail, with `facts`, `relied` and `changed` in words.

    typist: the account that typed it, where there are several to tell apart
    """
    found = list(trail)
    several = len({each["typed_by"] for each in found}) > 1
    return [_told(each, zone, several=several) for each in found]


def _told(entry: dict[str, Any], zone: tzinfo, *, several: bool) -> dict[str, Any]:
    typist = entry["typed_by"] if several and entry["typed_by"] != entry["actor"] else None
    return {
        **entry,
        "typist": typist,
        "facts": list(telling.facts(entry)),
        "relied": list(telling.gate(entry["gate"] or [])),
        "changed": list(values.lines(entry["changes"], zone)),
    }
