"""A measured initiative at a later time: what was open grew, by as much as time went on.

Between two records nothing else changes, so that what was measured once is kept until the next one.
"""

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any

from roadlog.domain.moments import instant

Measured = dict[str, Any]


def grown(kept: Measured, seconds: float, order: Sequence[str]) -> Measured:
    """The same initiative so many seconds later, changed in place. `order` is the workflow's milestones."""
    cycles = kept["cycles"]
    if not cycles or cycles[-1]["outcome"] not in ("open", "stopped"):
        return kept
    waits = {each["kind"] for each in kept["spans"] if each["to"] is None}
    for name in ("age", "total_age"):
        _add(kept, name, seconds)
    _grow_cycle(cycles[-1], seconds, waits, order)
    for silence in kept["buy_in"].values():
        _add(silence, "open", seconds)
    return kept


def _grow_cycle(cycle: Measured, seconds: float, waits: set[str], order: Sequence[str]) -> None:
    visit = cycle["visits"][-1]
    milestone = visit["milestone"]
    _add(cycle, "waiting" if waits else "active", seconds)
    if "paused" in waits:
        _add(cycle, "paused", seconds)
    if visit["visit"] > 1:
        _add(cycle, "rework", seconds)
    if _is_below(milestone, cycle["visits"], order):
        _add(cycle, "catch_up", seconds)
    _add(visit, "seconds", seconds)
    _add(cycle["time_in_milestone"], milestone, seconds)
    _add(cycle["iterations"][-1], "time", seconds)


def _is_below(milestone: str, visits: Sequence[Measured], order: Sequence[str]) -> bool:
    """Whether a higher milestone was reached before in the cycle."""
    if milestone not in order:
        return False
    above = order[order.index(milestone) + 1 :]
    return any(each["milestone"] in above for each in visits)


def _add(to: Measured, name: str, seconds: float) -> None:
    if to[name] is not None:
        to[name] = round(to[name] + seconds, 6)


def in_zone(entry: Measured, zone: tzinfo) -> Measured:
    """With each finished cycle's days counted in a zone, both ends included; changed in place."""
    for cycle in entry["cycles"]:
        if cycle["finished_at"]:
            cycle["inclusive_days"] = (
                _day(cycle["finished_at"], zone) - _day(cycle["started_at"], zone)
            ).days + 1
    return entry


def _day(time: str, zone: tzinfo) -> date:
    return instant(time).astimezone(zone).date()
