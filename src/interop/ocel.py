"""Records as OCEL 2.0 in JSON, which tools for process mining read: https://www.ocel-standard.org/.

Events are records. Objects are initiatives, their stays in milestones, stakeholders (by their handles),
approvals and risks. What people wrote is not in it, but for titles and categories.
"""

from collections.abc import Iterable
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
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderJoined,
    StakeholderRejected,
)
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record

EPOCH = "1970-01-01T00:00:00Z"
"""When an attribute has its value that never changes, as the standard wants it."""
INITIATIVE, VISIT, STAKEHOLDER, APPROVAL, RISK = (
    "initiative",
    "milestone visit",
    "stakeholder",
    "approval",
    "risk",
)
TYPES: dict[str, dict[str, str]] = {
    INITIATIVE: {"title": "string"},
    VISIT: {"milestone": "string", "cycle": "integer", "iteration": "integer", "visit": "integer"},
    STAKEHOLDER: {"kind": "string"},
    APPROVAL: {"role": "string", "decision": "string", "milestone": "string", "subject": "string"},
    RISK: {"category": "string", "score": "integer", "residual": "integer"},
}
"""The types of objects with their attributes."""
EVENT: dict[str, str] = {"position": "integer", "recorded_at": "time", "stream": "string"}
TITLED = (ProblemDefined, ProblemReframed, InitiativeAdopted)
VOTES = {
    StakeholderApproved: "approved",
    StakeholderRejected: "rejected",
    StakeholderAbstained: "abstained",
}
PEOPLE = ("stakeholder", "owner")
"""Fields of events that name a stakeholder."""


def ocel(records: Iterable[Record]) -> dict[str, Any]:
    """The records, given in log order, as one OCEL 2.0 document."""
    made = _Document()
    for record in records:
        made.take(record)
    return made.whole()


class _Document:
    """The document while it grows: objects by their id, and where each initiative stands."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, Any]] = {}
        self._events: list[dict[str, Any]] = []
        self._types: set[str] = set()
        self._visits: dict[str, str] = {}

    def whole(self) -> dict[str, Any]:
        """As the standard has it."""
        return {
            "objectTypes": [
                {"name": name, "attributes": _attributes(attributes)} for name, attributes in TYPES.items()
            ],
            "eventTypes": [{"name": name, "attributes": _attributes(EVENT)} for name in sorted(self._types)],
            "objects": list(self._objects.values()),
            "events": self._events,
        }

    def take(self, record: Record) -> None:
        """One more record: an event, and the objects that it made or changed."""
        at = rfc3339(record.effective_at)
        related = [(self._object(STAKEHOLDER, record.actor.id, at, kind=record.actor.kind), "actor")]
        related += [(each, "of") for each in self._initiative(record, at)]
        related += [(each, "at") for each in self._visit(record, at)]
        related += [(each, "about") for each in (*self._vote(record, at), *self._risk(record, at))]
        related += [(self._object(STAKEHOLDER, name, at), field) for field, name in _named(record)]
        if isinstance(record.event, StakeholderJoined):
            self._object(STAKEHOLDER, record.event.stakeholder, at, kind=record.event.kind)
        self._types.add(record.type)
        self._events.append(
            {
                "id": str(record.position),
                "type": record.type,
                "time": at,
                "attributes": [
                    {"name": "position", "value": record.position},
                    {"name": "recorded_at", "value": rfc3339(record.recorded_at)},
                    {"name": "stream", "value": record.stream},
                ],
                "relationships": [
                    {"objectId": each, "qualifier": how} for each, how in dict.fromkeys(related)
                ],
            }
        )

    def _object(self, kind: str, name: str, at: str, /, **attributes: Any) -> str:
        """The id of an object, made where it is new; attributes that are given are so from then on."""
        id_ = name if kind == INITIATIVE else f"{kind}:{name}"
        found = self._objects.setdefault(
            id_, {"id": id_, "type": kind, "attributes": [], "relationships": []}
        )
        known = {each["name"]: each["value"] for each in found["attributes"]}
        for attribute, value in attributes.items():
            if value is not None and known.get(attribute) != value:
                since = at if attribute in known else EPOCH
                found["attributes"].append({"name": attribute, "time": since, "value": value})
        return id_

    def _initiative(self, record: Record, at: str) -> Iterable[str]:
        if "-" in record.stream:
            event = record.event
            title = event.title if isinstance(event, TITLED) else None
            yield self._object(INITIATIVE, record.stream, at, title=title)

    def _visit(self, record: Record, at: str) -> Iterable[str]:
        """The stay that a record belongs to: a move to both that it ends and the one that it begins."""
        before = self._visits.get(record.stream)
        if before is not None:
            yield before
        event = record.event
        if isinstance(event, MilestoneAdvanced | MilestoneReturned | InitiativeAdopted):
            milestone = event.milestone if isinstance(event, InitiativeAdopted) else event.to
            name = f"{record.stream} {milestone} {event.cycle}.{event.visit}"
            numbers = {"cycle": event.cycle, "iteration": event.iteration, "visit": event.visit}
            begun = self._object(VISIT, name, at, milestone=milestone, **numbers)
            self._relate(begun, record.stream, "of")
            self._visits[record.stream] = begun
            yield begun

    def _vote(self, record: Record, at: str) -> Iterable[str]:
        event = record.event
        if isinstance(event, StakeholderApproved | StakeholderRejected | StakeholderAbstained):
            vote = self._object(
                APPROVAL,
                f"{record.stream} #{record.position}",
                at,
                role=event.role,
                decision=VOTES[type(event)],
                milestone=event.milestone,
                subject=event.subject,
            )
            self._relate(vote, record.stream, "of")
            self._relate(vote, f"{STAKEHOLDER}:{record.actor.id}", "by")
            yield vote

    def _risk(self, record: Record, at: str) -> Iterable[str]:
        event = record.event
        name = getattr(event, "risk", None)
        if not isinstance(name, str):
            return
        said: dict[str, Any] = {}
        if isinstance(event, RiskLogged):
            said["category"] = event.category
        if isinstance(event, RiskLogged | RiskAssessed):
            said["score"] = event.likelihood * event.impact
        if isinstance(event, RiskMitigated):
            said["residual"] = event.likelihood * event.impact
        risk = self._object(RISK, f"{record.stream} {name}", at, **said)
        self._relate(risk, record.stream, "of")
        yield risk

    def _relate(self, one: str, other: str, how: str) -> None:
        relation = {"objectId": other, "qualifier": how}
        if relation not in self._objects[one]["relationships"]:
            self._objects[one]["relationships"].append(relation)


def _named(record: Record) -> Iterable[tuple[str, str]]:
    """The stakeholders that an event names, and as what."""
    for field in PEOPLE:
        name = getattr(record.event, field, None)
        if isinstance(name, str):
            yield field, name


def _attributes(types: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in types.items()]
