"""State of a roadmap, and its fold: people with roles and keys, the workflow in force, consents, erasures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, assert_never

from msgspec import Struct
from msgspec.structs import replace

from roadlog.domain.events import (
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ForecastKept,
    KeyEnrolled,
    KeyRetired,
    LogKeyChanged,
    PersonalDataErased,
    RoadmapEvent,
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderKind,
    StakeholderLeft,
    WorkflowAdopted,
)
from roadlog.domain.folds.in_time import latest
from roadlog.domain.folds.keys import Key, joined, key_of, retired
from roadlog.domain.log_keys import LogKey
from roadlog.domain.order import subject_of
from roadlog.domain.records import Record
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import from_definition


class Stakeholder(Struct, frozen=True, gc=False, kw_only=True):
    """One stakeholder as the log knows them; roles are empty once they left."""

    handle: str
    kind: StakeholderKind
    roles: tuple[str, ...]
    joined_at: datetime
    left_at: datetime | None = None


class Consent(Struct, frozen=True, gc=False, kw_only=True):
    """A command that waits, or waited, for a second person."""

    request: int
    command: str
    arguments: dict[str, Any]
    stream: str
    at: datetime
    why: str
    reason: str | None
    by: str
    requested_at: datetime
    answer: Literal["waiting", "given", "refused"] = "waiting"
    answered_by: str | None = None


class Erasure(Struct, frozen=True, gc=False, kw_only=True):
    """Whose entry in the directory is gone, by which record."""

    handle: str
    position: int
    at: datetime


class Forecast(Struct, frozen=True, gc=False, kw_only=True):
    """A forecast that somebody kept: which record holds it, who kept it and when, and what it said."""

    position: int
    by: str
    kept_at: datetime
    recorded_at: datetime
    said: ForecastKept


class RoadmapState(Struct, frozen=True, gc=False, kw_only=True):
    """What the roadmap's own stream says.

    persons: of handles that ever had a key in common, the first: they count as one person
    log_keys: those that came after the log's first one, by their records
    touched: the latest effective time of each subject (rule 8)
    """

    key: str = ""
    name: str = ""
    version: int = 0
    opened_at: datetime | None = None
    stakeholders: dict[str, Stakeholder] = {}
    workflow: Workflow | None = None
    workflow_digest: str | None = None
    consents: dict[int, Consent] = {}
    keys: tuple[Key, ...] = ()
    persons: dict[str, str] = {}
    log_keys: tuple[LogKey, ...] = ()
    erasures: dict[str, Erasure] = {}
    forecasts: tuple[Forecast, ...] = ()
    touched: dict[str, datetime] = {}

    def present(self) -> tuple[Stakeholder, ...]:
        """The stakeholders who have not left."""
        return tuple(each for each in self.stakeholders.values() if each.left_at is None)

    def humans(self) -> tuple[Stakeholder, ...]:
        """The people among them: agents neither consent nor waive."""
        return tuple(each for each in self.present() if each.kind == "human")

    @property
    def alone(self) -> bool:
        """Whether there is one human here, who may then do all (rule 10). Agents are no company."""
        return len(self.humans()) == 1

    def holds(self, handle: str, *roles: str) -> bool:
        """Whether the stakeholder holds one of these roles now."""
        stakeholder = self.stakeholders.get(handle)
        return stakeholder is not None and any(role in stakeholder.roles for role in roles)

    def keys_of(self, handle: str) -> tuple[Key, ...]:
        """Every key that was ever enrolled for the stakeholder, the first one first."""
        return tuple(each for each in self.keys if each.stakeholder == handle)

    def sharing(self, handle: str, public_key: str) -> tuple[str, ...]:
        """The others who ever had that key."""
        holders = (each.stakeholder for each in self.keys if each.public_key == public_key)
        return tuple(each for each in holders if each != handle)

    def person(self, handle: str) -> str:
        """Who stands behind the handle: the first of the handles that ever had a key in common with it."""
        return self.persons.get(handle, handle)

    def same(self, handle: str, other: str | None) -> bool:
        """Whether two handles, of which the other may be nobody's, are one person."""
        return other is not None and self.person(handle) == self.person(other)


def evolve_roadmap(state: RoadmapState, record: Record) -> RoadmapState:
    """The state after one more record of the roadmap's stream.

    Raises TypeError for an event of an initiative, which the roadmap's own stream never holds.
    """
    event = record.body.event
    if not isinstance(event, RoadmapEvent):
        raise TypeError(f"position {record.position}: {record.type} does not happen to a roadmap")
    subject = subject_of(event, record.body.actor.id)
    return replace(
        _changed(state, record, event),
        version=record.version,
        touched=state.touched
        if subject is None
        else latest(state.touched, subject, record.body.effective_at),
    )


def fold_roadmap(records: Iterable[Record], *, as_of: datetime | None = None) -> RoadmapState:
    """The state after all records, given in position order; with `as_of`, after those effective by then.

    The opening, the first stakeholder and the first workflow hold at every as-of.
    """
    state = RoadmapState()
    for record in records:
        if as_of is None or record.body.effective_at <= as_of or _begins(state, record):
            state = evolve_roadmap(state, record)
    return state


def _begins(state: RoadmapState, record: Record) -> bool:
    event = record.body.event
    return (
        isinstance(event, RoadmapOpened)
        or (isinstance(event, StakeholderJoined) and not state.stakeholders)
        or (isinstance(event, WorkflowAdopted) and state.workflow is None)
    )


def _changed(state: RoadmapState, record: Record, event: RoadmapEvent) -> RoadmapState:
    at = record.effective_at
    match event:
        case RoadmapOpened():
            return replace(state, key=event.key, name=event.name, opened_at=at)
        case StakeholderJoined():
            joined = Stakeholder(handle=event.stakeholder, kind=event.kind, roles=event.roles, joined_at=at)
            return replace(state, stakeholders={**state.stakeholders, event.stakeholder: joined})
        case StakeholderLeft():
            return _person(state, event.stakeholder, roles=(), left_at=at)
        case RoleGranted():
            roles = _roles_without(state, event.stakeholder, event.role)
            return _person(state, event.stakeholder, roles=(*roles, event.role))
        case RoleRevoked():
            return _person(
                state, event.stakeholder, roles=_roles_without(state, event.stakeholder, event.role)
            )
        case KeyEnrolled():
            return _with_key(state, record, event)
        case KeyRetired():
            return replace(state, keys=tuple(retired(each, record, event) for each in state.keys))
        case LogKeyChanged():
            return replace(state, log_keys=(*state.log_keys, _log_key(record, event)))
        case WorkflowAdopted():
            return replace(state, workflow=from_definition(event.definition), workflow_digest=event.digest)
        case PersonalDataErased():
            erased = Erasure(handle=event.stakeholder, position=record.position, at=at)
            return replace(state, erasures={**state.erasures, event.stakeholder: erased})
        case ForecastKept():
            return replace(state, forecasts=(*state.forecasts, _forecast(record, event)))
        case ConsentRequested():
            return replace(state, consents={**state.consents, record.position: _waiting(record, event)})
        case ConsentGiven():
            return _answered(state, event.request, "given", record.actor.id)
        case ConsentRefused():
            return _answered(state, event.request, "refused", record.actor.id)
        case _:
            assert_never(event)


def _with_key(state: RoadmapState, record: Record, event: KeyEnrolled) -> RoadmapState:
    """With one more key; whoever else has it is the same person."""
    holders = [each.stakeholder for each in state.keys if each.public_key == event.public_key]
    persons = joined(state.persons, tuple(state.stakeholders), (*holders, event.stakeholder))
    return replace(state, keys=(*state.keys, key_of(record, event)), persons=persons)


def _log_key(record: Record, event: LogKeyChanged) -> LogKey:
    return LogKey(
        position=record.position,
        key=event.new,
        before=event.old,
        changed_by=record.actor.id,
        changed_at=record.effective_at,
        reason=record.reason,
    )


def _forecast(record: Record, event: ForecastKept) -> Forecast:
    return Forecast(
        position=record.position,
        by=record.actor.id,
        kept_at=record.effective_at,
        recorded_at=record.recorded_at,
        said=event,
    )


def _roles_without(state: RoadmapState, handle: str, role: str) -> tuple[str, ...]:
    stakeholder = state.stakeholders.get(handle)
    return tuple(held for held in stakeholder.roles if held != role) if stakeholder else ()


def _person(state: RoadmapState, handle: str, **changes: Any) -> RoadmapState:
    stakeholder = state.stakeholders.get(handle)
    if stakeholder is None:
        return state
    return replace(state, stakeholders={**state.stakeholders, handle: replace(stakeholder, **changes)})


def _waiting(record: Record, event: ConsentRequested) -> Consent:
    return Consent(
        request=record.position,
        command=event.command,
        arguments=event.arguments,
        stream=event.stream,
        at=event.at,
        why=event.why,
        reason=record.reason,
        by=record.actor.id,
        requested_at=record.effective_at,
    )


def _answered(
    state: RoadmapState, request: int, answer: Literal["given", "refused"], by: str
) -> RoadmapState:
    consent = state.consents.get(request)
    if consent is None:
        return state
    return replace(
        state, consents={**state.consents, request: replace(consent, answer=answer, answered_by=by)}
    )
