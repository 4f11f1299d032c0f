"""Cycles, iterations and visits of one initiative, with the times that `metrics/1` defines on them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any, get_args

from msgspec import Struct

from roadlog.domain.events import LoopKind
from roadlog.domain.initiative import InitiativeState, Request, Visit
from roadlog.domain.moments import rfc3339, seconds
from roadlog.domain.workflow import Workflow
from roadlog.projections.intervals import Interval, clip, total

LOOPS: tuple[str, ...] = get_args(LoopKind)


class Cycle(Struct, frozen=True, kw_only=True):
    """One cycle `[started, finished)` and its visits, which tile it. Stays from the finish on stand outside.

    `finished` is None while it runs, and for ever where the product was retired meanwhile, or a finish that
    it reached is none any more: then it `ended`.
    """

    number: int
    started: datetime
    finished: datetime | None
    ended: datetime | None
    visits: tuple[Visit, ...]

    def until(self, at: datetime) -> datetime:
        """Its last moment as of `at`."""
        return self.finished or self.ended or at


def cycles(state: InitiativeState, workflow: Workflow) -> tuple[Cycle, ...]:
    """The initiative's cycles in order; none before the workflow's start milestone."""
    numbers = sorted({visit.cycle for visit in state.visits if visit.cycle > 0})
    return tuple(_cycle(number, state, workflow) for number in numbers)


def _cycle(number: int, state: InitiativeState, workflow: Workflow) -> Cycle:
    visits = tuple(visit for visit in state.visits if visit.cycle == number)
    finish = next((visit for visit in visits if visit.milestone in workflow.finishing), None)
    return Cycle(
        number=number,
        started=visits[0].entered_at,
        finished=finish.entered_at if finish else None,
        ended=None if finish else visits[-1].left_at,
        visits=visits[: visits.index(finish)] if finish else visits,
    )


def open_cycle(state: InitiativeState, workflow: Workflow) -> Cycle | None:
    """The cycle under way; None where the last finished, or was stopped, which is neither finish nor open."""
    found = cycles(state, workflow)
    if not found or found[-1].finished or state.stopped or state.retired:
        return None
    return found[-1]


def adopted_finished(state: InitiativeState, workflow: Workflow) -> bool:
    """Whether the first cycle is not on this record: the work was adopted when it had finished already."""
    return bool(
        state.visits
        and state.visits[0].began == "adopted"
        and state.visits[0].milestone in workflow.finishing
    )


def waiting(state: InitiativeState, at: datetime) -> dict[str, list[Interval]]:
    """When work could not go on: blocked, paused, stopped, awaiting approval. Open ones end at `at`."""
    kinds: dict[str, list[Interval]] = {"blocked": [], "paused": [], "stopped": [], "awaiting": []}
    for span in state.spans:
        kinds[span.kind].append((span.from_at, span.to_at or at))
    kinds["awaiting"] = [(request.at, awaited_until(state, request) or at) for request in state.requests]
    return kinds


def awaited_until(state: InitiativeState, request: Request) -> datetime | None:
    """When all its roles had approved, it was superseded, or its milestone was left; None: not yet."""
    ends = [
        later.at
        for later in state.requests
        if later.position > request.position
        and later.milestone == request.milestone
        and set(later.roles) >= set(request.roles)
    ]
    left = _gate_left_at(state, request)
    if left is not None:
        ends.append(left)
    answers = [_approved_at(state, request, role) for role in request.roles]
    if all(answers):
        ends.append(max(answer for answer in answers if answer))
    return min(ends, default=None)


def _gate_left_at(state: InitiativeState, request: Request) -> datetime | None:
    """When the milestone that the request is about was left, or the backlog."""
    if request.milestone is None:
        return state.visits[0].entered_at if state.visits else None
    return next(
        (
            visit.left_at
            for visit in state.visits
            if visit.milestone == request.milestone and (visit.left_by or 0) > request.position
        ),
        None,
    )


def _approved_at(state: InitiativeState, request: Request, role: str) -> datetime | None:
    return next(
        (
            vote.at
            for vote in state.approvals
            if vote.position > request.position
            and vote.role == role
            and vote.milestone == request.milestone
            and vote.decision == "approved"
        ),
        None,
    )


def cycle_answer(
    cycle: Cycle, state: InitiativeState, workflow: Workflow, at: datetime, zone: tzinfo
) -> dict[str, Any]:
    """One cycle with everything that is measured on it; durations in seconds."""
    end = cycle.until(at)
    window = (cycle.started, end)
    kinds = {kind: clip(spans, window) for kind, spans in waiting(state, at).items()}
    waited = total(span for spans in kinds.values() for span in spans)
    inclusive = (end.astimezone(zone).date() - cycle.started.astimezone(zone).date()).days + 1
    return {
        "cycle": cycle.number,
        "started_at": rfc3339(cycle.started),
        "finished_at": rfc3339(cycle.finished) if cycle.finished else None,
        "cycle_time": seconds(*window) if cycle.finished else None,
        "inclusive_days": inclusive if cycle.finished else None,
        "waiting": waited,
        "paused": total(kinds["paused"]),
        "active": seconds(*window) - waited,
        "rework": sum(_length(visit, end) for visit in cycle.visits if visit.visit > 1),
        "catch_up": _catch_up(cycle, workflow, end),
        "backward_moves": backward_moves(visit for visit in state.visits if visit.cycle == cycle.number),
        "iterations": _iterations(cycle, state, end),
        "visits": [visit_answer(visit, end) for visit in cycle.visits],
        "time_in_milestone": _time_in_milestone(cycle, end),
    }


def visit_answer(visit: Visit, at: datetime) -> dict[str, Any]:
    """One visit; an unclosed one has no `left_at` and is measured up to `at`."""
    return {
        "milestone": visit.milestone,
        "visit": visit.visit,
        "cycle": visit.cycle,
        "iteration": visit.iteration,
        "loop": visit.loop,
        "entered_at": rfc3339(visit.entered_at),
        "left_at": rfc3339(visit.left_at) if visit.left_at else None,
        "seconds": _length(visit, at),
    }


def _length(visit: Visit, at: datetime) -> float:
    return seconds(visit.entered_at, visit.left_at or max(at, visit.entered_at))


def _catch_up(cycle: Cycle, workflow: Workflow, end: datetime) -> float:
    """Time below the highest milestone already reached in the cycle."""
    highest, time = -1, 0.0
    for visit in cycle.visits:
        place = workflow.order.index(visit.milestone) if visit.milestone in workflow.order else highest
        if place < highest:
            time += _length(visit, end)
        highest = max(highest, place)
    return time


def _time_in_milestone(cycle: Cycle, end: datetime) -> dict[str, float]:
    times: dict[str, float] = {}
    for visit in cycle.visits:
        times[visit.milestone] = times.get(visit.milestone, 0.0) + _length(visit, end)
    return times


def _iterations(cycle: Cycle, state: InitiativeState, end: datetime) -> list[dict[str, Any]]:
    """Each iteration, up to the backward move that ends it or the finish, and the outcome's progress then."""
    starts: dict[int, datetime] = {}
    for visit in cycle.visits:
        starts.setdefault(visit.iteration, visit.entered_at)
    ends = [*list(starts.values())[1:], cycle.finished]
    return [
        {
            "iteration": number,
            "from": rfc3339(started),
            "to": rfc3339(ended) if ended else None,
            "time": seconds(started, ended or end),
            "progress": progress_at(state, ended or end),
        }
        for (number, started), ended in zip(
            starts.items(), ends, strict=False
        )  # a return to the finish itself has none
    ]


def backward_moves(visits: Iterable[Visit]) -> dict[str, int]:
    """Backward moves by loop kind; imported ones, whose kind nobody stated, as `unstated`."""
    counted: Counter[str] = Counter(visit.loop or "unstated" for visit in visits if visit.began == "backward")
    return {loop: counted[loop] for loop in (*LOOPS, "unstated") if loop in LOOPS or counted[loop]}


def progress_at(state: InitiativeState, at: datetime) -> float | None:
    """How far the first outcome had come by then; None where nothing was measured or no target stands."""
    outcome = state.first_outcome
    if outcome is None:
        return None
    values = [each.value for each in outcome.measurements if each.at <= at]
    return outcome.progress(values[-1]) if values else None
