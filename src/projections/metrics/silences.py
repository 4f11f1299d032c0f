"""Silences: the times between votes or consultations of a role while work is in progress."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.workflow import Workflow
from roadlog.projections.intervals import Interval, clip, length, without
from roadlog.projections.metrics.cycles import Cycle


def silences(
    state: InitiativeState, workflow: Workflow, cycles: Sequence[Cycle], at: datetime
) -> dict[str, dict[str, Any]]:
    """By role that some gate asks, or that spoke: its silences while a cycle ran and was not paused.

    gaps: seconds between one word and the next, without those in which no work was in progress
    longest: the longest silence that is over: also the one before the first word, or after the last
    open: the silence that goes on, None where no work is in progress
    """
    if not cycles:
        return {}
    work, words = _work(state, cycles, at), _words(state)
    goes_on = cycles[-1].outcome == "open" and not state.paused
    span = cycles[0].started, at if goes_on or not work else work[-1][1]
    roles = dict.fromkeys((*workflow.approving_roles, *words))
    return {role: _of_role(sorted(words.get(role, ())), work, span, goes_on=goes_on) for role in roles}


def _work(state: InitiativeState, cycles: Iterable[Cycle], at: datetime) -> list[Interval]:
    """When cycles ran, and were neither paused nor stopped."""
    idle = [(each.from_at, each.to_at or at) for each in state.spans if each.kind != "blocked"]
    return without([(each.started, each.until(at)) for each in cycles], idle)


def _words(state: InitiativeState) -> dict[str, list[datetime]]:
    words: dict[str, list[datetime]] = {}
    for role, at in (*((each.role, each.at) for each in state.approvals), *state.consulted):
        words.setdefault(role, []).append(at)
    return words


def _of_role(words: list[datetime], work: list[Interval], span: Interval, *, goes_on: bool) -> dict[str, Any]:
    first, last = span
    during = [each for each in words if first <= each <= last]
    gaps = [gap for pair in pairwise(during) if (gap := length(clip(work, pair)))]
    after = length(clip(work, (during[-1] if during else first, last)))
    over = [*gaps, *([length(clip(work, (first, during[0])))] if during else [])]
    if not goes_on:
        over.append(after)
    return {"gaps": gaps, "longest": max(over, default=0.0), "open": after if goes_on else None}
