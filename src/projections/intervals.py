"""Half-open intervals of anything that is ordered, times above all: clip, union, what is left; and length."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T", bound=Any)

Interval = tuple[datetime, datetime]


def clip(intervals: Iterable[tuple[T, T]], window: tuple[T, T]) -> list[tuple[T, T]]:
    """The parts that lie in the window; empty parts are left out."""
    start, end = window
    parts = [(max(start, a), min(end, b)) for a, b in intervals]
    return [(a, b) for a, b in parts if a < b]


def union(intervals: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """The same times without overlaps, in order."""
    merged: list[tuple[T, T]] = []
    for a, b in sorted(intervals):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], b))
        else:
            merged.append((a, b))
    return merged


def without(intervals: Iterable[tuple[T, T]], others: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """What of the first lies in none of the others, in order and without overlaps."""
    left, gone = [], union(others)
    for start, end in union(intervals):
        begin = start
        for a, b in gone:
            if begin < a < end:
                left.append((begin, a))
            if a < end and b > begin:
                begin = b
        if begin < end:
            left.append((begin, end))
    return left


def length(intervals: Iterable[Interval]) -> float:
    """Seconds of all, overlaps counted each time: exact to the microsecond, in whatever order."""
    return sum((b - a for a, b in intervals), timedelta()).total_seconds()


def total(intervals: Iterable[Interval]) -> float:
    """Seconds covered; overlaps count once."""
    return length(union(intervals))


def difference(whole: float, part: float) -> float:
    """One length in seconds without another: exact to the microsecond, as both are."""
    return round(whole - part, 6)
