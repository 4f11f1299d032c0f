"""One initiative as it is measured: its cycles with visits and iterations, its waits, rounds and silences.

Everything that the report says of the roadmap is put together from these answers, and so are charts and
forecasts. Durations are seconds.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, get_args

from roadlog.domain.events import LoopKind
from roadlog.domain.initiative import InitiativeState, Visit
from roadlog.domain.moments import rfc3339, seconds
from roadlog.domain.workflow import Workflow
from roadlog.projections.intervals import Interval, clip, difference, length, total
from roadlog.projections.metrics.cycles import Cycle, adopted_finished, cycles, stopped_since
from roadlog.projections.metrics.iterations import iterations, outcome_answer
from roadlog.projections.metrics.quality import doubts
from roadlog.projections.metrics.silences import silences
from roadlog.projections.metrics.waiting import Wait, rounds, waiting, waits
from roadlog.projections.plain import plain
from roadlog.projections.standing import status_of

LOOPS: tuple[str, ...] = get_args(LoopKind)
UNSTATED = "unstated"
"""The kind of imported backward moves, which nobody stated."""


def measured(state: InitiativeState, workflow: Workflow, at: datetime) -> dict[str, Any]:
    """One initiative's cycles and ages; stays in the finish or beyond stand apart, under `live`.

    unseen: its first cycle is not on this record, as it was adopted when that had finished
    inclusive_days of its cycles are left to whoever knows the zone: see `grown`
    """
    unseen = adopted_finished(state, workflow)
    found = tuple(cycle for cycle in cycles(state, workflow) if not (unseen and cycle.number == 1))
    under_way = found[-1] if found and found[-1].outcome == "open" else None
    expected = state.expectation
    stops = waits(state)
    first = found[0] if found and found[0].number == 1 else None
    stopped = stopped_since(state)
    return {
        "key": state.key,
        "title": state.title,
        "status": status_of(state, workflow),
        "milestone": state.milestone,
        "begun_at": plain(state.begun_at),
        "stopped_at": plain(stopped),
        "lead_time": seconds(state.begun_at, first.finished)
        if first and first.finished and state.begun_at
        else None,
        "age": seconds(under_way.started, at) if under_way else None,
        "total_age": seconds(found[0].started, at) if under_way else None,
        "expected_iterations": [expected.iterations_from, expected.iterations_to] if expected else None,
        "iteration": state.iteration,
        "segments": list(state.segments),
        "roles": list(state.heard),
        "milestones": list(dict.fromkeys(each.milestone for each in state.visits)),
        "unseen": unseen,
        "backward_moves": backward_moves(state.visits),
        "returns": _returns(state),
        "cycles": [cycle_answer(cycle, state, workflow, at, stops) for cycle in found],
        "live": _live(state, workflow),
        "spans": _spans(stops),
        "gates": rounds(state),
        "buy_in": silences(state, workflow, found, at),
        "outcome": outcome_answer(state.first_outcome) if state.first_outcome else None,
        "doubts": doubts(state),
    }


def _returns(state: InitiativeState) -> list[dict[str, Any]]:
    """When it went back, and what kind of loop that was."""
    back = (each for each in state.visits if each.began == "backward")
    return [{"at": rfc3339(each.entered_at), "loop": each.loop or UNSTATED} for each in back]


def _live(state: InitiativeState, workflow: Workflow) -> list[dict[str, Any]]:
    """Stays in the finish or beyond."""
    stays = (each for each in state.visits if each.milestone in workflow.finishing)
    return [{"entered_at": rfc3339(each.entered_at), "left_at": plain(each.left_at)} for each in stays]


def _spans(stops: Iterable[Wait]) -> list[dict[str, Any]]:
    """When work could not go on, the earliest first."""
    ordered = sorted(stops, key=lambda each: each.start)
    return [{"kind": each.kind, "from": rfc3339(each.start), "to": plain(each.to)} for each in ordered]


def cycle_answer(
    cycle: Cycle, state: InitiativeState, workflow: Workflow, at: datetime, stops: Iterable[Wait]
) -> dict[str, Any]:
    """One cycle with everything that is measured on it."""
    end = cycle.until(at)
    window = (cycle.started, end)
    kinds = {kind: clip(spans, window) for kind, spans in waiting(stops, at).items()}
    waited = total(span for spans in kinds.values() for span in spans)
    stays = [(visit, _stay(visit, end)) for visit in cycle.visits]
    return {
        "cycle": cycle.number,
        "started_at": rfc3339(cycle.started),
        "finished_at": plain(cycle.finished),
        "ended_at": plain(cycle.ended or cycle.stopped),
        "outcome": cycle.outcome,
        "cycle_time": seconds(*window) if cycle.finished else None,
        "inclusive_days": None,
        "waiting": waited,
        "paused": total(kinds["paused"]),
        "active": difference(seconds(*window), waited),
        "rework": length(stay for visit, stay in stays if visit.visit > 1),
        "catch_up": length(_catching_up(stays, workflow)),
        "backward_moves": backward_moves(visit for visit in state.visits if visit.cycle == cycle.number),
        "iterations": iterations(cycle, state, end),
        "visits": [visit_answer(visit, end) for visit in cycle.visits],
        "time_in_milestone": _time_in_milestone(stays),
    }


def visit_answer(visit: Visit, at: datetime) -> dict[str, Any]:
    """One visit; an unclosed one has no `left_at` and is measured up to `at`."""
    return {
        "milestone": visit.milestone,
        "visit": visit.visit,
        "iteration": visit.iteration,
        "loop": visit.loop,
        "entered_at": rfc3339(visit.entered_at),
        "left_at": plain(visit.left_at),
        "seconds": seconds(*_stay(visit, at)),
    }


def backward_moves(visits: Iterable[Visit]) -> dict[str, int]:
    """Backward moves by loop kind; imported ones, whose kind nobody stated, as `unstated`."""
    return counted(visit.loop or UNSTATED for visit in visits if visit.began == "backward")


def counted(loops: Iterable[str]) -> dict[str, int]:
    """How many of each kind; the unstated ones only where there are some."""
    found = Counter(loops)
    return {loop: found[loop] for loop in (*LOOPS, UNSTATED) if loop in LOOPS or found[loop]}


def _stay(visit: Visit, at: datetime) -> Interval:
    return visit.entered_at, visit.left_at or max(at, visit.entered_at)


def _catching_up(stays: Iterable[tuple[Visit, Interval]], workflow: Workflow) -> list[Interval]:
    """Stays below the highest milestone already reached in the cycle."""
    highest, below = -1, []
    for visit, stay in stays:
        place = workflow.order.index(visit.milestone) if visit.milestone in workflow.order else highest
        if place < highest:
            below.append(stay)
        highest = max(highest, place)
    return below


def _time_in_milestone(stays: Iterable[tuple[Visit, Interval]]) -> dict[str, float]:
    times: dict[str, list[Interval]] = {}
    for visit, stay in stays:
        times.setdefault(visit.milestone, []).append(stay)
    return {milestone: length(each) for milestone, each in times.items()}
