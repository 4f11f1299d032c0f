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
from roadlog.domain.folds.late import TIMED, lateness
from roadlog.domain.folds.numbers import GIVING_OUT, count
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.order import SUBJECTS
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
    folding = Fold(state)
    folding.take(record)
    return folding.state()


def fold(records: Iterable[Record], *, as_of: datetime | None = None) -> InitiativeState:
    """The state after a stream's records, given in position order; with `as_of`, those effective by then.

    A record that any of them voids, whenever the void took effect, changes nothing but version, position and
    the numbers given out.
    """
    known = tuple(records)
    events = (record.body.event for record in known)
    voided = {event.position for event in events if type(event) is RecordVoided}
    folding = Fold()
    take = folding.take
    for record in known:
        if as_of is None or record.body.effective_at <= as_of:
            take(record, record.position in voided)
    return folding.state()


class Fold:
    """A state under way: what no fold looks at is kept apart, and copied once for many records.

    version: that of the last record taken
    """

    def __init__(self, state: InitiativeState | None = None) -> None:
        self._state = state or InitiativeState()
        self._touched = dict(self._state.touched)
        self._numbers = dict(self._state.numbers)
        self._late = self._state.late
        self._last: Record | None = None
        self.version = self._state.version

    def take(self, record: Record, voided: bool = False) -> None:
        """One more record of the stream; of one that is void only the numbers count that it gave out."""
        self._last, self.version = record, record.version
        body = record.body
        event = body.event
        kind = type(event)
        if kind in GIVING_OUT:
            count(self._numbers, event)
        if voided:
            return
        change = _FOLDS.get(kind)
        if change is None:
            raise TypeError(f"position {record.position}: {record.type} does not happen to an initiative")
        self._state = change(self._state, record, event)
        if kind in TIMED:
            self._late = max(self._late, lateness(record))
        subject = SUBJECTS[kind](event, body.actor.id)
        if subject is not None:
            at = body.effective_at
            self._touched[subject] = max(at, self._touched.get(subject, at))

    @property
    def now(self) -> InitiativeState:
        """The state without what no fold looks at, which it costs nothing to ask for."""
        return self._state

    def state(self) -> InitiativeState:
        """The state after the records taken so far."""
        lent = self.lent()
        return replace(lent, touched=dict(self._touched), numbers=dict(self._numbers))

    def lent(self) -> InitiativeState:
        """The same without a copy, good until the next record is taken: not to be kept."""
        if self._last is None:
            return self._state
        return replace(
            self._state,
            version=self._last.version,
            position=self._last.position,
            touched=self._touched,
            numbers=self._numbers,
            late=self._late,
        )
