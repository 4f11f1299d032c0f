"""Moves, waivers, break-glass, and the times in which work could not go on."""

from datetime import datetime
from typing import Literal, assert_never

from msgspec.structs import replace

from roadlog.domain.events import (
    BreakGlassReviewed,
    GateWaived,
    InitiativeAdopted,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    MilestoneAdvanced,
    MilestoneEvent,
    MilestoneReturned,
    RolloutSet,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.initiative import BreakGlass, InitiativeState, Move, Span, Visit, Waiver
from roadlog.domain.moments import microseconds
from roadlog.domain.records import Record

SpanKind = Literal["blocked", "paused", "stopped"]
Entering = MilestoneAdvanced | MilestoneReturned | InitiativeAdopted


def evolve(state: InitiativeState, record: Record, event: MilestoneEvent) -> InitiativeState:
    """The state after a move or a change of status. Retiring ends the last visit: nothing follows."""
    at = record.effective_at
    match event:
        case MilestoneAdvanced():
            return _advanced(state, record, event)
        case MilestoneReturned():
            return _entered(state, record, _visit(record, event, event.to, "backward", at))
        case GateWaived():
            return replace(state, waivers=(*state.waivers, _waiver(record, event)))
        case BreakGlassReviewed():
            return _reviewed(state, record, event)
        case WorkBlocked():
            return replace(state, blocked_by=event.by, spans=_begun(state.spans, "blocked", record, event.by))
        case WorkUnblocked():
            return replace(state, blocked_by=None, spans=_ended(state.spans, "blocked", at))
        case WorkPaused():
            return replace(state, paused=True, spans=_begun(state.spans, "paused", record))
        case WorkResumed():
            return replace(state, paused=False, spans=_ended(state.spans, "paused", at))
        case InitiativeStopped():
            return replace(state, stopped=True, spans=_begun(state.spans, "stopped", record))
        case InitiativeReopened():
            return replace(state, stopped=False, spans=_ended(state.spans, "stopped", at))
        case InitiativeRetired():
            return replace(state, retired=True, visits=_left(state.visits, record))
        case RolloutSet():
            return replace(state, rollout=event.percent)
        case _:
            assert_never(event)


def adopted(state: InitiativeState, record: Record, event: InitiativeAdopted) -> InitiativeState:
    """Standing in its milestone since the time that the adoption names."""
    return _entered(state, record, _visit(record, event, event.milestone, "adopted", event.since))


def _advanced(state: InitiativeState, record: Record, event: MilestoneAdvanced) -> InitiativeState:
    moved = _entered(state, record, _visit(record, event, event.to, "forward", record.effective_at))
    moved = replace(moved, relied=(*state.relied, *(each for line in event.gate for each in line.by)))
    if not event.break_glass:
        return moved
    opened = BreakGlass(
        move=record.position,
        at=record.effective_at,
        by=record.actor.id,
        milestone=event.to if event.from_ is None else event.from_,
    )
    return replace(moved, break_glass={**state.break_glass, record.position: opened})


def _visit(
    record: Record,
    move: Entering,
    milestone: str,
    began: Literal["forward", "backward", "adopted"],
    since: datetime,
) -> Visit:
    return Visit(
        milestone=milestone,
        visit=move.visit,
        cycle=move.cycle,
        iteration=move.iteration,
        entered_at=since,
        entered_by=record.position,
        began=began,
        loop=move.loop if isinstance(move, MilestoneReturned) else None,
        learned=move.learned if isinstance(move, MilestoneReturned) else None,
        change=move.change if isinstance(move, MilestoneReturned) else None,
    )


def _entered(state: InitiativeState, record: Record, visit: Visit) -> InitiativeState:
    """Leaves the milestone it stood in, and nothing else: a blocked initiative stays blocked."""
    return replace(
        state,
        milestone=visit.milestone,
        cycle=visit.cycle,
        iteration=visit.iteration,
        visit=visit.visit,
        visits=(*_left(state.visits, record), visit),
        moves=(*state.moves, _move(record)),
    )


def _move(record: Record) -> Move:
    event = record.event
    excused = isinstance(event, MilestoneAdvanced) and (
        event.break_glass or any(each.waiver is not None for each in event.gate)
    )
    return Move(
        recorded=microseconds(record.recorded_at),
        imported=record.body.source.imported is not None,
        excused=excused,
    )


def _left(visits: tuple[Visit, ...], record: Record) -> tuple[Visit, ...]:
    if not visits or visits[-1].left_at is not None:
        return visits
    return (*visits[:-1], replace(visits[-1], left_at=record.effective_at, left_by=record.position))


def _begun(
    spans: tuple[Span, ...], kind: SpanKind, record: Record, by: str | None = None
) -> tuple[Span, ...]:
    """One span of a kind is open at a time: another block ends the first and begins the next."""
    at = record.effective_at
    return (*_ended(spans, kind, at), Span(kind=kind, from_at=at, by=by, reason=record.reason))


def _ended(spans: tuple[Span, ...], kind: SpanKind, at: datetime) -> tuple[Span, ...]:
    for place in range(len(spans) - 1, -1, -1):
        span = spans[place]
        if span.kind == kind:
            if span.to_at is not None:
                return spans
            return (*spans[:place], replace(span, to_at=at), *spans[place + 1 :])
    return spans


def _waiver(record: Record, event: GateWaived) -> Waiver:
    return Waiver(
        position=record.position,
        milestone=event.milestone,
        requirement=event.requirement,
        until=event.until,
        by=record.actor.id,
        reason=record.reason,
    )


def _reviewed(state: InitiativeState, record: Record, event: BreakGlassReviewed) -> InitiativeState:
    opened = state.break_glass.get(event.move)
    if opened is None:
        return state
    reviewed = replace(opened, reviewed_by=record.actor.id, upheld=event.upheld)
    return replace(state, break_glass={**state.break_glass, event.move: reviewed})
