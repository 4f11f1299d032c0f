"""What to know before figures are believed: each finding, and the initiatives that it is about."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from roadlog import words
from roadlog.cli.views.screen import heading, indented, said

KEYS = 8
"""Initiatives that are named for each finding."""


def told(findings: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """A line for each finding; nothing where there is none."""
    if not findings:
        return
    yield heading("Before you believe it")
    for each in findings:
        keys = each["keys"]
        more = f" and {len(keys) - KEYS} more" if len(keys) > KEYS else ""
        named = f": {words.several(keys[:KEYS])}{more}" if keys else ""
        yield indented(said(f"{each['text']}{named}"), 2)
