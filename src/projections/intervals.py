"""Half-open intervals of time: clip, union, length."""

from collections.abc import Iterable
from datetime import datetime

from roadlog.domain.moments import seconds

Interval = tuple[datetime, datetime]


def clip(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    """The parts that lie in the window; empty parts are left out."""
    start, end = window
    parts = [(max(start, a), min(end, b)) for a, b in intervals]
    return [(a, b) for a, b in parts if a < b]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same times without overlaps, in order."""
    merged: list[Interval] = []
    for a, b in sorted(intervals):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], b))
        else:
            merged.append((a, b))
    return merged


def total(intervals: Iterable[Interval]) -> float:
    """Seconds covered; overlaps count once."""
    return sum(seconds(a, b) for a, b in union(intervals))
