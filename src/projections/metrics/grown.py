"""A measured initiative at a later time: what was open grew, by as much as time went on.

Between two records nothing else changes, so that what was measured once is kept until the next one.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import date, tzinfo
from typing import Any

from roadlog.domain.moments import day_of, instant

Measured = dict[str, Any]


def grown(kept: Measured, seconds: float, order: Sequence[str]) -> Measured:
    """The same initiative so many seconds later, changed in place. `order` is the workflow's milestones."""
    cycles = kept["cycles"]
    if not cycles or cycles[-1]["outcome"] != "open":
        return kept
    _grow(kept, ("age", "total_age"), seconds)
    waits = {each["kind"] for each in kept["spans"] if each["to"] is None}
    _grow_cycle(cycles[-1], seconds, waits, order)
    for silence in kept["buy_in"].values():
        if silence["open"] is not None:
            silence["open"] = round(silence["open"] + seconds, 6)
    return kept


def _grow_cycle(cycle: Measured, seconds: float, waits: set[str], order: Sequence[str]) -> None:
    visit = cycle["visits"][-1]
    milestone = visit["milestone"]
    figures = ["waiting" if waits else "active"]
    if "paused" in waits:
        figures.append("paused")
    if visit["visit"] > 1:
        figures.append("rework")
    if _is_below(milestone, cycle["time_in_milestone"], order):
        figures.append("catch_up")
    _grow(cycle, figures, seconds)
    _grow(visit, ("seconds",), seconds)
    _grow(cycle["time_in_milestone"], (milestone,), seconds)
    _grow(cycle["iterations"][-1], ("time",), seconds)


def _is_below(milestone: str, reached: Container[str], order: Sequence[str]) -> bool:
    """Whether a higher milestone was reached before in the cycle."""
    return milestone in order and any(each in reached for each in order[order.index(milestone) + 1 :])


def _grow(figures: Measured, names: Iterable[str], seconds: float) -> None:
    for name in names:
        figures[name] = round(figures[name] + seconds, 6)


def in_zone(entry: Measured, zone: tzinfo) -> Measured:
    """With each finished cycle's days counted in a zone, both ends included; changed in place."""
    for cycle in entry["cycles"]:
        if cycle["finished_at"]:
            cycle["inclusive_days"] = (
                _day(cycle["finished_at"], zone) - _day(cycle["started_at"], zone)
            ).days + 1
    return entry


def _day(time: str, zone: tzinfo) -> date:
    return day_of(instant(time), zone)
