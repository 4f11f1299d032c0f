"""An initiative's state from its records: `evolve` adds one, `fold` all, leaving out what was voided."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, get_args

from msgspec.structs import replace

from roadlog.domain.events import (
    AnythingEvent,
    ApprovalEvent,
    Event,
    ExperimentEvent,
    MilestoneEvent,
    ProblemEvent,
    RecordVoided,
    RiskEvent,
    SafeguardEvent,
)
from roadlog.domain.folds import approvals, evidence, experiments, milestones, problem, risks, safeguards
from roadlog.domain.folds.in_time import latest
from roadlog.domain.folds.numbers import numbers_after
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.order import subject_of
from roadlog.domain.records import Record

# By type, because a match over all of them is slow; the fold of each union is complete by assert_never.
_FOLDS: dict[type[Event], Callable[[InitiativeState, Record, Any], InitiativeState]] = {
    kind: fold
    for union, fold in (
        (ProblemEvent, problem.evolve),
        (MilestoneEvent, milestones.evolve),
        (ApprovalEvent, approvals.evolve),
        (RiskEvent, risks.evolve),
        (SafeguardEvent, safeguards.evolve),
        (ExperimentEvent, experiments.evolve),
        (AnythingEvent, evidence.evolve),
    )
    for kind in get_args(union)
}


def evolve(state: InitiativeState, record: Record) -> InitiativeState:
    """The state after one more record of the stream. A void undoes nothing here: that takes `fold`.

    Raises TypeError for an event of the roadmap's own stream, which no initiative's stream holds.
    """
    event = record.body.event
    subject = subject_of(event, record.body.actor.id)
    return replace(
        _change_of(record)(state, record, event),
        version=record.version,
        position=record.position,
        touched=state.touched
        if subject is None
        else latest(state.touched, subject, record.body.effective_at),
        numbers=numbers_after(state.numbers, event),
    )


def fold(records: Iterable[Record], *, as_of: datetime | None = None) -> InitiativeState:
    """The state after a stream's records, given in position order; with `as_of`, those effective by then.

    A record that any of them voids, whenever the void took effect, changes nothing but version, position and
    the numbers given out.
    """
    known = tuple(records)
    voided = {record.body.event.position for record in known if isinstance(record.body.event, RecordVoided)}
    if as_of is not None:
        known = tuple(record for record in known if record.body.effective_at <= as_of)
    return _folded(known, voided) if known else InitiativeState()


def _folded(known: tuple[Record, ...], voided: set[int]) -> InitiativeState:
    """As by `evolve`; what no fold looks at is kept for the end, so that nothing is copied for it."""
    state = InitiativeState()
    touched: dict[str, datetime] = {}
    numbers: dict[str, int] = {}
    for record in known:
        body = record.body
        event = body.event
        numbers = numbers_after(numbers, event)
        if record.position in voided:
            continue
        state = _change_of(record)(state, record, event)
        subject = subject_of(event, body.actor.id)
        if subject is not None:
            touched[subject] = max(body.effective_at, touched.get(subject, body.effective_at))
    last = known[-1]
    return replace(state, version=last.version, position=last.position, touched=touched, numbers=numbers)


def _change_of(record: Record) -> Callable[[InitiativeState, Record, Any], InitiativeState]:
    change = _FOLDS.get(type(record.body.event))
    if change is None:
        raise TypeError(f"position {record.position}: {record.type} does not happen to an initiative")
    return change
