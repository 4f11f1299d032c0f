"""Periods of a window, and what finished and what was in progress in each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from roadlog.domain.moments import MICROSECOND, day_of, instant, rfc3339
from roadlog.projections.intervals import clip, union, without

MOST = 60
"""Days are told while there are no more of them than this, else weeks, else months, else years."""
ENDLESS = "~"
"""After every time, as texts are compared."""

Measured = Mapping[str, Any]
Span = tuple[str, str]
ALL_TIME: Span = ("", ENDLESS)
"""The window of a report that asks for none."""


def length_of(start: str, end: str, zone: tzinfo) -> str:
    """How long the periods of a window are: a day, week, month or year."""
    first, last = _days(start, end, zone)
    days = (last - first).days + 1
    return "day" if days <= MOST else "week" if days <= 7 * MOST else "month" if days <= 30 * MOST else "year"


def periods(start: str, end: str, zone: tzinfo) -> list[Span]:
    """The window in days, weeks from Monday, months or years of a zone; the first and the last may be cut."""
    if start >= end:
        return []
    first, _ = _days(start, end, zone)
    step = STEPS[length_of(start, end, zone)]
    borders = [start]
    following = step(first)
    while following is not None and (at := _midnight(following, zone)) < end:
        if at > borders[-1]:  # a zone that skips a day has none
            borders.append(at)
        following = step(following)
    return list(zip(borders, [*borders[1:], end], strict=True))


def _midnight(day: date, zone: tzinfo) -> str:
    return rfc3339(datetime.combine(day, time(), zone).astimezone(UTC))


def _day(day: date) -> date | None:
    return day + timedelta(1) if day < date.max else None


def _week(day: date) -> date | None:
    later = 7 - day.weekday()
    return day + timedelta(later) if later <= (date.max - day).days else None


def _month(day: date) -> date | None:
    return day.replace(day=1, month=day.month + 1) if day.month < 12 else _year(day)


def _year(day: date) -> date | None:
    return date(day.year + 1, 1, 1) if day.year < date.max.year else None


STEPS = {"day": _day, "week": _week, "month": _month, "year": _year}
"""By the length of a period, the day on which the next one begins."""


def _days(start: str, end: str, zone: tzinfo) -> tuple[date, date]:
    """The first day of a window, and the last."""
    first, over = instant(start), instant(end)
    last = over - MICROSECOND if over > first else first
    return day_of(first, zone), day_of(last, zone)


def throughput(found: Sequence[Span], end: str, entries: Iterable[Measured]) -> list[dict[str, Any]]:
    """Finishes before `end` in each period: first ones of initiatives, and all of cycles.

    A reopening takes none away.
    """
    initiatives, cycles = [0] * len(found), [0] * len(found)
    starts = [start for start, _ in found]
    for entry in entries:
        for number, cycle in enumerate(entry["cycles"]):
            at = cycle["finished_at"]
            if at and starts and starts[0] <= at < end:
                place = bisect_right(starts, at) - 1
                cycles[place] += 1
                initiatives[place] += number == 0 and not entry["unseen"]
    return [
        {"from": start, "to": end, "initiatives": first, "cycles": every}
        for (start, end), first, every in zip(found, initiatives, cycles, strict=True)
    ]


def in_progress(found: Sequence[Span], entries: Iterable[Measured]) -> list[dict[str, Any]]:
    """Work in progress at the end of each period: started, not finished, not stopped; paused ones apart."""
    times = [end for _, end in found]
    active, paused = _Steps(len(times)), _Steps(len(times))
    for entry in entries:
        runs = [(each["started_at"], _end(each)) for each in entry["cycles"]]
        stopped, idle = (_spans(entry, kind) for kind in ("stopped", "paused"))
        if stopped:
            runs = without(runs, stopped)
        if idle:
            still = [part for run in runs for part in clip(union(idle), run)]
            runs = without(runs, still)
            paused.add(times, still)
        active.add(times, runs)
    return [
        {"at": at, "active": one, "paused": other}
        for at, one, other in zip(times, active.counts(), paused.counts(), strict=True)
    ]


def _end(cycle: Measured) -> str:
    end: str = cycle["finished_at"] or cycle["ended_at"] or ENDLESS
    return end


def _spans(entry: Measured, kind: str) -> list[Span]:
    return [(each["from"], each["to"] or ENDLESS) for each in entry["spans"] if each["kind"] == kind]


class _Steps:
    """How many intervals hold each of some times, counted where they begin and end."""

    def __init__(self, times: int) -> None:
        self._changes = [0] * (times + 1)

    def add(self, times: Sequence[str], runs: Iterable[Span]) -> None:
        for start, end in runs:
            self._changes[bisect_left(times, start)] += 1
            self._changes[bisect_left(times, end)] -= 1

    def counts(self) -> list[int]:
        counted, found = 0, []
        for change in self._changes[:-1]:
            counted += change
            found.append(counted)
        return found
