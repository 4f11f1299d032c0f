"""What a line is marked with: milestones reached, returns and approvals; and what stands beneath it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from roadlog import words
from roadlog.domain.moments import EPOCH, MICROSECOND, rfc3339
from roadlog.web.time.line import AS_OF, Line, Step

MOST_PLACES = 300
"""Places at which marks can be told from each other on the widest bar."""
MOST = 8
"""Dates beneath the line, at most."""
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12_000)
NAMES = {
    "milestone": ("milestone reached", "milestones reached"),
    "return": ("return", "returns"),
    "approval": ("approval", "approvals"),
}


def marks(line: Line, now: datetime, zone: tzinfo, places: int = MOST_PLACES) -> list[dict[str, Any]]:
    """Each with its place, kind, count and what to say of it, first to last.

    places: how many the bar has for marks; where there are more marks, those of a kind in one place are one
    position: of the record, of several the last one's
    """
    marked = [step for step in line.steps if step.kind]
    if len(marked) <= places:
        return [_mark(line.place(step, now), 1, step, zone) for step in marked]
    found: dict[tuple[int, str], tuple[int, Step]] = {}
    for step in marked:
        name = round(line.place(step, now) * places), step.kind or ""
        count, _ = found.get(name, (0, step))
        found[name] = count + 1, step
    return [_mark(bucket / places, count, step, zone) for (bucket, _), (count, step) in found.items()]


def _mark(place: float, count: int, step: Step, zone: tzinfo) -> dict[str, Any]:
    kind = step.kind or ""
    what = f"{NAMES[kind][0]}, {step.stream}" if count == 1 else words.counted(count, *NAMES[kind])
    return {
        "place": round(place, 6),
        "kind": kind,
        "count": count,
        "position": step.position,
        "text": f"{what}, {words.day(rfc3339(time_of(step)), zone)}",
    }


def time_of(step: Step) -> datetime:
    """When a step took effect."""
    return EPOCH + step.at * MICROSECOND


def ticks(line: Line, now: datetime, zone: tzinfo) -> list[dict[str, Any]]:
    """Each with its place and text: first days of months or years, or round positions."""
    if not line.stops:
        return []
    if line.mode == AS_OF:
        return _dates(time_of(line.steps[0]), now, zone)
    every = next(size for size in _sizes() if line.end <= size * MOST)
    return [
        {"place": round((number - 1) / line.end, 6), "text": f"#{line.steps[number - 1].position:,}"}
        for number in range(every, line.end + 1, every)
    ]


def _sizes() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, …"""
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


def _dates(first: datetime, now: datetime, zone: tzinfo) -> list[dict[str, Any]]:
    begin, life = first.astimezone(zone), (now - first) / MICROSECOND
    found = list(_months(begin, now, 1))
    if len(found) > 1:
        found = next(some for every in MONTHS if len(some := list(_months(begin, now, every))) <= MOST)
    else:
        found = next(some for every in _sizes() if len(some := list(_days(begin, now, every))) <= MOST)
    return [
        {"place": round((each.astimezone(UTC) - first) / MICROSECOND / life, 6), "text": text}
        for each, text in found
    ]


def _months(begin: datetime, now: datetime, every: int) -> Iterator[tuple[datetime, str]]:
    """The first days of every so many months: `2026-03`; of whole years: `2026`."""
    number = (begin.year * 12 + begin.month - 1) // every * every + every
    while (day := datetime(number // 12, number % 12 + 1, 1, tzinfo=begin.tzinfo)) <= now:
        yield day, f"{day:%Y}" if every % 12 == 0 else f"{day:%Y-%m}"
        number += every


def _days(begin: datetime, now: datetime, every: int) -> Iterator[tuple[datetime, str]]:
    day = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    while (day := day + timedelta(days=every)) <= now:
        yield day, f"{day:%Y-%m-%d}"
