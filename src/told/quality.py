"""What to know before figures are believed: each finding, and the initiatives that it is about."""

from collections.abc import Iterator
from typing import Any

from roadlog import words
from roadlog.told.blocks import Block, Heading, Said

KEYS = 8
"""Initiatives that are named for each finding."""


def told(findings: list[dict[str, Any]]) -> Iterator[Block]:
    """A line for each finding; nothing where there is none."""
    if not findings:
        return
    yield Heading("Before you believe it")
    for each in findings:
        keys = each["keys"]
        named = f": {words.first(keys, KEYS)}" if keys else ""
        yield Said(f"{each['text']}{named}", 2)
