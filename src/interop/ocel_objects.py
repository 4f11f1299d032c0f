"""The objects of an OCEL log, and which of them a record is about."""

from collections.abc import Iterable, Iterator
from typing import Any

from roadlog.domain.events import (
    InitiativeAdopted,
    MilestoneAdvanced,
    MilestoneReturned,
    ProblemDefined,
    ProblemReframed,
    RiskAssessed,
    RiskLogged,
    RiskMitigated,
    RoadmapOpened,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderJoined,
    StakeholderRejected,
)
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record

EPOCH = "1970-01-01T00:00:00Z"
"""When an attribute has its value that never changes, as the standard wants it."""
ROADMAP, INITIATIVE, CYCLE, VISIT, STAKEHOLDER, APPROVAL, RISK = (
    *("roadmap", "initiative", "cycle", "milestone visit", "stakeholder", "approval", "risk"),
)
TYPES: dict[str, dict[str, str]] = {
    ROADMAP: {
        **dict.fromkeys(("name", "origin", "head"), "string"),
        **dict.fromkeys(("as_of", "known_at"), "time"),
        "position": "integer",
    },
    INITIATIVE: {"title": "string"},
    CYCLE: {"cycle": "integer"},
    VISIT: {"milestone": "string", "cycle": "integer", "iteration": "integer", "visit": "integer"},
    STAKEHOLDER: {"kind": "string"},
    APPROVAL: {"role": "string", "decision": "string", "milestone": "string", "subject": "string"},
    RISK: {"category": "string", "score": "integer", "residual": "integer"},
}
"""The types of objects with their attributes."""
TITLED = (ProblemDefined, ProblemReframed, InitiativeAdopted)
VOTES = {
    StakeholderApproved: "approved",
    StakeholderRejected: "rejected",
    StakeholderAbstained: "abstained",
}
PEOPLE = ("stakeholder", "owner")
"""Fields of events that name a stakeholder."""

Thing = dict[str, Any]
Move = MilestoneAdvanced | MilestoneReturned | InitiativeAdopted


class Places:
    """Where each initiative stands while its records go by, and which of its cycles have finished."""

    def __init__(self, finishing: tuple[str, ...]) -> None:
        self._finishing = finishing
        self._visits: dict[str, str] = {}
        self._finished: dict[str, int] = {}

    def visits(self, record: Record) -> Iterator[str]:
        """The stay that a record belongs to: a move to both that it ends and the one that it begins."""
        before = self._visits.get(record.stream)
        if before is not None:
            yield before
        if isinstance(record.event, Move):
            yield visit_id(record, record.event)

    def cycle(self, record: Record) -> str | None:
        """The cycle that a move begins, goes on with, or finishes; only these, so that it lasts no longer.

        None for work that was adopted when it had finished: that cycle is not on this record.
        """
        event = record.event
        if (
            not isinstance(event, Move)
            or not event.cycle
            or event.cycle <= self._finished.get(record.stream, 0)
        ):
            return None
        if isinstance(event, InitiativeAdopted) and self.finishes(event):
            return None
        return id_of(CYCLE, f"{record.stream} {event.cycle}")

    def finishes(self, move: Move) -> bool:
        """Whether it leads to the finish, or beyond."""
        return _to(move) in self._finishing

    def take(self, record: Record) -> None:
        """One more record, which may be a move."""
        event = record.event
        if isinstance(event, Move):
            self._visits[record.stream] = visit_id(record, event)
            if self.finishes(event):
                self._finished[record.stream] = event.cycle


def related(record: Record, places: Places) -> Iterator[tuple[str, str]]:
    """The objects that a record is about, and how."""
    yield id_of(STAKEHOLDER, record.actor.id), "actor"
    yield stream_id(record.stream), "of"
    for visit in places.visits(record):
        yield visit, "at"
    cycle = places.cycle(record)
    if cycle is not None:
        yield cycle, "in"
    places.take(record)
    for thing in (vote_id(record), risk_id(record)):
        if thing is not None:
            yield thing, "about"
    for field, name in named(record):
        yield id_of(STAKEHOLDER, name), field


class Objects:
    """Makes the objects of records; those of a stream are whole when it is, people when all are.

    seen: the types of the events that went by
    """

    def __init__(self, finishing: tuple[str, ...], stamp: Thing) -> None:
        self.seen: set[str] = set()
        self._places = Places(finishing)
        self._stamp = stamp
        self._people: dict[str, Thing] = {}
        self._made: dict[str, Thing] = {}

    def of(self, records: Iterable[Record]) -> Iterator[Thing]:
        """The objects of some records, people apart: of one stream, or of several in log order."""
        self._made = {}
        for record in records:
            self._take(record)
        yield from self._made.values()

    def people(self) -> Iterable[Thing]:
        """Everybody whom the records so far named."""
        return self._people.values()

    def _take(self, record: Record) -> None:
        at = rfc3339(record.effective_at)
        event = record.event
        self.seen.add(record.type)
        self._person(record.actor.id, at, record.actor.kind)
        if isinstance(event, StakeholderJoined):
            self._person(event.stakeholder, at, event.kind)
        for _, name in named(record):
            self._person(name, at)
        self._stream(record, at)
        self._visit(record, at)
        self._vote(record, at)
        self._risk(record, at)
        self._places.take(record)

    def _person(self, name: str, at: str, kind: str | None = None) -> None:
        _put(self._people, STAKEHOLDER, id_of(STAKEHOLDER, name), at, kind=kind)

    def _stream(self, record: Record, at: str) -> None:
        event = record.event
        if "-" in record.stream:
            title = event.title if isinstance(event, TITLED) else None
            _put(self._made, INITIATIVE, record.stream, at, title=title)
            return
        known = {name: self._stamp[name] for name in TYPES[ROADMAP] if name in self._stamp}
        name = event.name if isinstance(event, RoadmapOpened) else None
        _put(self._made, ROADMAP, stream_id(record.stream), at, name=name, **known)

    def _visit(self, record: Record, at: str) -> None:
        event = record.event
        if not isinstance(event, Move):
            return
        numbers = {"cycle": event.cycle, "iteration": event.iteration, "visit": event.visit}
        visit = _put(self._made, VISIT, visit_id(record, event), at, milestone=_to(event), **numbers)
        _relate(visit, record.stream, "of")
        name = self._places.cycle(record)
        if name is not None:
            cycle = _put(self._made, CYCLE, name, at, cycle=event.cycle)
            _relate(cycle, record.stream, "of")
            if not self._places.finishes(event):
                _relate(visit, name, "in")

    def _vote(self, record: Record, at: str) -> None:
        event, name = record.event, vote_id(record)
        if name is None or not isinstance(
            event, StakeholderApproved | StakeholderRejected | StakeholderAbstained
        ):
            return
        decision = VOTES[type(event)]
        told = {"role": event.role, "milestone": event.milestone, "subject": event.subject}
        vote = _put(self._made, APPROVAL, name, at, decision=decision, **told)
        _relate(vote, record.stream, "of")
        _relate(vote, id_of(STAKEHOLDER, record.actor.id), "by")

    def _risk(self, record: Record, at: str) -> None:
        event, name = record.event, risk_id(record)
        if name is None:
            return
        said: Thing = {}
        if isinstance(event, RiskLogged):
            said["category"] = event.category
        if isinstance(event, RiskLogged | RiskAssessed):
            said["score"] = event.likelihood * event.impact
        if isinstance(event, RiskMitigated):
            said["residual"] = event.likelihood * event.impact
        _relate(_put(self._made, RISK, name, at, **said), record.stream, "of")


def _put(things: dict[str, Thing], kind: str, id_: str, at: str, /, **attributes: Any) -> Thing:
    """An object, made where it is new; attributes that are given are so from then on."""
    found = things.setdefault(id_, {"id": id_, "type": kind, "attributes": [], "relationships": []})
    known = {each["name"]: each["value"] for each in found["attributes"]}
    for attribute, value in attributes.items():
        if value is not None and known.get(attribute) != str(value):
            since = at if attribute in known else EPOCH
            found["attributes"].append({"name": attribute, "time": since, "value": str(value)})
    return found


def _relate(one: Thing, other: str, how: str) -> None:
    relation = {"objectId": other, "qualifier": how}
    if relation not in one["relationships"]:
        one["relationships"].append(relation)


def id_of(kind: str, name: str) -> str:
    """The id of an object: its type, and its name among those."""
    return f"{kind}:{name}"


def stream_id(stream: str) -> str:
    """An initiative's id is its key alone."""
    return stream if "-" in stream else id_of(ROADMAP, stream)


def visit_id(record: Record, move: Move) -> str:
    """The stay that a move begins."""
    return id_of(VISIT, f"{record.stream} {_to(move)} {move.cycle}.{move.visit}")


def _to(move: Move) -> str:
    return move.milestone if isinstance(move, InitiativeAdopted) else move.to


def vote_id(record: Record) -> str | None:
    """The approval that a record is; None of other records."""
    return id_of(APPROVAL, f"{record.stream} #{record.position}") if type(record.event) in VOTES else None


def risk_id(record: Record) -> str | None:
    """The risk that a record names."""
    name = getattr(record.event, "risk", None)
    return id_of(RISK, f"{record.stream} {name}") if isinstance(name, str) else None


def named(record: Record) -> Iterable[tuple[str, str]]:
    """The stakeholders that an event names, and as what."""
    for field in PEOPLE:
        name = getattr(record.event, field, None)
        if isinstance(name, str):
            yield field, name
