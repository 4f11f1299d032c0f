"""The audit in words: what each status means, which records show a control, why one is out of scope."""

from collections.abc import Collection, Iterator
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.told.facts import Tone
from roadlog.words import day

SIGNS: dict[str, tuple[str, Tone]] = {
    "finding": ("✗", "bad"),
    "absent": ("○", "odd"),
    "satisfied": ("✓", "good"),
    "out-of-scope": ("–", "dim"),
}
MEANINGS = {
    "finding": "something was found that a reviewer should look at",
    "absent": "no record shows it yet",
    "satisfied": "nothing was found against it; what shows it is named",
    "out-of-scope": "not asked of these purposes, or not yet",
}
FINDINGS = 50
"""Findings of a control that are told."""
KEYS = 6
"""Keys that a line has room for."""


def title(answer: dict[str, Any], zone: tzinfo) -> str:
    """`Audit of SUP-1, from 2026-01-01 to 2026-04-01`."""
    start, end = answer["from"], answer["to"]
    period = [f"from {day(start, zone)}" if start else "", f"to {day(end, zone)}" if end else ""]
    return (
        f"Audit of {answer['key'] or answer['roadmap']}, {' '.join(filter(None, period)) or 'the whole log'}"
    )


def edition(framework: dict[str, Any]) -> Iterator[str]:
    """Which edition, of when, and when it was mapped."""
    yield framework["edition"]
    yield f"of {framework['date']}"
    yield f"mapped {framework['mapped']}"


def outside(controls: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The ids of the controls that are out of scope, by why."""
    found: dict[str, list[str]] = {}
    for each in controls:
        if each["status"] == "out-of-scope":
            why = "; ".join(f"{words.first(keys, KEYS)}: {why}" for why, keys in each["why"].items())
            found.setdefault(why, []).append(each["id"])
    return found


def elsewhere(control: dict[str, Any], own: Collection[str]) -> list[str]:
    """The ids among `own` under which some of a control's findings are told already."""
    checks = dict.fromkeys(each["check"] for each in control["findings"])
    return [each for each in checks if each in own and each != control["id"]]


def not_shown(control: dict[str, Any]) -> Iterator[str]:
    """Of which initiatives nothing shows it, and why."""
    absent = set(control["initiatives"].get("absent", ()))
    for why, keys in control["why"].items():
        if absent.issuperset(keys):
            yield f"{words.first(keys, KEYS)}: {why}"
