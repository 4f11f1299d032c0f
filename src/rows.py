"""The store's rows as the domain's records: the codec over the catalogue, and what a row must be for that."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from roadlog.domain.refusals import Malformed

if TYPE_CHECKING:
    from roadlog.domain.records import Body, Record
    from roadlog.event_store.codec import Codec
    from roadlog.event_store.reading import Reading
    from roadlog.event_store.records import Row

BEGINNINGS = frozenset({"RoadmapOpened", "ProblemDefined", "InitiativeAdopted"})
"""The types that name the stream they stand in, one of which begins every stream."""
WORKFLOW = "WorkflowAdopted"
LOOKED_AT = BEGINNINGS | {WORKFLOW}


@cache
def codec() -> "Codec":
    """The codec over the closed catalogue of events: one, so that its decoders are made once."""
    from roadlog.domain.events import CATALOGUE, SCHEMA
    from roadlog.domain.records import Body
    from roadlog.event_store.codec import Codec

    return Codec(
        {name: (SCHEMA, kind) for name, kind in CATALOGUE.items()},
        body_of=lambda kind: Body[kind],  # type: ignore[valid-type]
    )


def records(found: "Iterator[Row]", reader: "Reading") -> "Iterator[Record]":
    """The records of rows that a reader found, each held against its leaf. Raises Damaged."""
    from roadlog.event_store.vouching import before_in, vouched

    return vouched(found, codec().decode, make_record, before_in(lambda: reader))


def make_record(row: "Row", body: "Body[Any]") -> "Record":
    """A domain record from the store's columns and the decoded body.

    Raises the event store's Unreadable for one that no command can have put there: in a stream of the other
    kind, or before its stream's beginning.
    """
    record, instant, of_roadmaps = _kinds()
    position, stream, version, type_name, recorded_at, _, leaf = row
    try:
        if version == 1 or type_name in LOOKED_AT or (type_name in of_roadmaps) == ("-" in stream):
            _check(row, body.event, of_roadmaps)
        return record(
            position=position,
            stream=stream,
            version=version,
            recorded_at=instant(recorded_at),
            leaf=leaf,
            body=body,
        )
    except (ValueError, Malformed) as error:
        from roadlog.event_store.errors import Unreadable

        raise Unreadable(str(error), position=position, stream=stream, type_name=type_name) from error


def _check(row: "Row", event: Any, of_roadmaps: frozenset[str]) -> None:
    """Raises ValueError or Malformed for an event that cannot stand there, or that names no workflow.

    Only keys of initiatives have a hyphen.
    """
    _, stream, version, type_name, *_ = row
    if (type_name in of_roadmaps) == ("-" in stream):
        raise ValueError(f"this does not happen to {'an initiative' if '-' in stream else 'a roadmap'}")
    if version == 1 or type_name in BEGINNINGS:
        if getattr(event, "key", None) != stream:
            raise ValueError("it does not begin the stream it stands in")
        prefix, hyphen, number = stream.partition("-")
        if not prefix or (hyphen and not number.isdecimal()):
            raise ValueError("no stream is named so")
    if type_name == WORKFLOW:
        from roadlog.domain.workflow_file import from_definition

        from_definition(event.definition)


class _Kinds(NamedTuple):
    """What making a record takes of the domain, which is imported only then, and looked up once.

    of_roadmaps: the names of the types that happen to a roadmap
    """

    record: "type[Record]"
    instant: Callable[[str], datetime]
    of_roadmaps: frozenset[str]


@cache
def _kinds() -> _Kinds:
    from typing import get_args

    from roadlog.domain.events import RoadmapEvent
    from roadlog.domain.moments import instant
    from roadlog.domain.records import Record

    of_roadmaps = frozenset(kind.__name__ for kind in get_args(RoadmapEvent))
    return _Kinds(record=Record, instant=instant, of_roadmaps=of_roadmaps)
