"""The store's rows as the domain's records: the codec over the catalogue, and what a row must be for that."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from roadlog.domain.refusals import Malformed

if TYPE_CHECKING:
    from roadlog.domain.records import Body, Record
    from roadlog.event_store.codec import Codec
    from roadlog.event_store.records import StoredRecord

BEGINNINGS = frozenset({"RoadmapOpened", "ProblemDefined", "InitiativeAdopted"})
"""The types that name the stream they stand in, one of which begins every stream."""
NO_OFFSET = "a time without offset from UTC"


def codec() -> "Codec":
    """The codec over the closed catalogue of events."""
    from roadlog.domain.events import CATALOGUE, SCHEMA
    from roadlog.domain.records import Body
    from roadlog.event_store.codec import Codec

    return Codec({name: (SCHEMA, Body[kind]) for name, kind in CATALOGUE.items()})  # type: ignore[valid-type]


def make_record(stored: "StoredRecord", body: "Body[Any]") -> "Record":
    """A domain record from the store's columns and the decoded body.

    Raises the event store's Unreadable for one that no command can have put there: in a stream of the other
    kind, before its stream's beginning, or with a time that has no offset from UTC.
    """
    kinds = _kinds()
    try:
        fault, recorded_at = _fault(stored, body, kinds), kinds.instant(stored.recorded_at)
    except ValueError as error:
        fault, recorded_at = str(error), body.effective_at
    if fault is not None:
        from roadlog.event_store.errors import Unreadable

        raise Unreadable(fault, position=stored.position, stream=stored.stream, type_name=stored.type)
    return kinds.record(
        position=stored.position,
        stream=stored.stream,
        version=stored.version,
        recorded_at=recorded_at,
        leaf=stored.leaf,
        body=body,
    )


def _fault(stored: "StoredRecord", body: "Body[Any]", kinds: "_Kinds") -> str | None:
    """Why a record cannot stand where it does, None when it can. Only keys of initiatives have a hyphen."""
    event = body.event
    if (stored.type in kinds.of_roadmaps) == ("-" in stored.stream):
        return f"this does not happen to {'an initiative' if '-' in stored.stream else 'a roadmap'}"
    if stored.version == 1 or stored.type in BEGINNINGS:
        if getattr(event, "key", None) != stored.stream:
            return "it does not begin the stream it stands in"
        prefix, hyphen, number = stored.stream.partition("-")
        if not prefix or (hyphen and not number.isdecimal()):
            return "no stream is named so"
    if stored.type == "WorkflowAdopted" and (workflow_fault := _workflow_fault(event.definition)):
        return workflow_fault
    return None if body.effective_at.tzinfo and _has_offsets(event, kinds.timed[stored.type]) else NO_OFFSET


def _has_offsets(event: object, fields: tuple[str, ...]) -> bool:
    return (
        all(time is None or time.tzinfo for time in (getattr(event, name) for name in fields))
        if fields
        else True
    )


def _workflow_fault(definition: dict[str, Any]) -> str | None:
    from roadlog.domain.workflow_file import from_definition

    try:
        from_definition(definition)
    except Malformed as error:
        return error.message
    return None


class _Kinds(NamedTuple):
    """What making a record takes of the domain, which is imported only then, and looked up once.

    of_roadmaps: the names of the types that happen to a roadmap
    timed: of each type the fields that hold a time
    """

    record: "type[Record]"
    instant: Callable[[str], datetime]
    of_roadmaps: frozenset[str]
    timed: dict[str, tuple[str, ...]]


@cache
def _kinds() -> _Kinds:
    from typing import get_args

    from msgspec.structs import fields

    from roadlog.domain.events import CATALOGUE, RoadmapEvent
    from roadlog.domain.moments import instant
    from roadlog.domain.records import Record

    def is_time(kind: object) -> bool:
        return any(isinstance(part, type) and issubclass(part, datetime) for part in (kind, *get_args(kind)))

    return _Kinds(
        record=Record,
        instant=instant,
        of_roadmaps=frozenset(kind.__name__ for kind in get_args(RoadmapEvent)),
        timed={
            name: tuple(each.name for each in fields(kind) if is_time(each.type))
            for name, kind in CATALOGUE.items()
        },
    )
