"""The trail: the history as people read it. Before and after come from the fold, never from a caller."""

from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from roadlog.domain.events import MilestoneAdvanced
from roadlog.domain.initiative import InitiativeState, OutcomeState
from roadlog.domain.moments import rfc3339, seconds
from roadlog.domain.records import ImportSource, Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.projections.plain import plain
from roadlog.projections.sentences import sentence
from roadlog.projections.standing import status_of, voters_of

State = InitiativeState | RoadmapState

BOOKKEEPING = frozenset(
    {
        "key",
        "version",
        "position",
        "opened_at",
        "defined_at",
        "defined_by",
        "touched",
        "numbers",
        "edited",
        "moves",
        "residuals",
        "consulted",
        "relied",
        "late",
        "persons",
        "workflow_digest",
    }
)
"""Fields that follow from the log itself and say nothing to a reader."""
STANDING = frozenset({"blocked_by", "paused", "stopped", "retired"})
"""Fields that a reader knows as `status`, as far as the milestone does not say it."""
UNTOLD = BOOKKEEPING | STANDING


def entry(record: Record, before: State, after: State, workflow: Workflow | None) -> dict[str, Any]:
    """One line of the trail; `voided_by` is for the reader of the whole trail to fill in.

    `workflow` is the one in force, which says what is live; a roadmap's own records do without.
    """
    return line(record, list(changes(before, after, workflow)), _gate(record, before))


def line(
    record: Record, changed: list[dict[str, Any]], gate: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A line of the trail that says so of a record."""
    return {
        **from_record(record),
        "changes": changed,
        "gate": gate,
        "voided_by": None,
        "assurance": record.actor.assurance,
    }


def from_record(record: Record) -> dict[str, Any]:
    """What happened, as far as the record itself says: when, by whom, in a sentence, and why."""
    return {
        "position": record.position,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(record.effective_at),
        "late": seconds(record.effective_at, record.recorded_at),
        "imported": record.body.source.imported is not None,
        "import": _import(record.body.source.imported),
        "actor": record.actor.id,
        "typed_by": record.body.source.os_user,
        "type": record.type,
        "key": record.stream,
        "sentence": sentence(record.event),
        "reason": record.reason,
    }


def _import(source: ImportSource | None) -> dict[str, str] | None:
    """Where an imported record comes from: the format, the file's SHA-256, the line or id in it."""
    return None if source is None else {name: getattr(source, name) for name in source.__struct_fields__}


def _gate(record: Record, before: State) -> list[dict[str, Any]] | None:
    """Of a move forward: each requirement as it was passed, and whose votes met it; None of all else."""
    event = record.event
    if not isinstance(event, MilestoneAdvanced) or not isinstance(before, InitiativeState):
        return None
    return [{**plain(each), "who": voters_of(before, each.by)} for each in event.gate]


def changes(before: State, after: State, workflow: Workflow | None = None) -> Iterator[dict[str, Any]]:
    """What is different, field by field; of collections only the entries that differ.

    Before its stream began a thing had no values: those are null then, not empty.
    """
    standing = not before.version
    for field, old, new in zip(type(after).__struct_fields__, astuple(before), astuple(after), strict=True):
        if old is new or old == new:
            continue
        standing = standing or field == "milestone" or field in STANDING
        if field in UNTOLD:
            continue
        if field == "heard" and isinstance(new, dict):
            yield from _heard(old, new)
        elif field == "workflow":
            yield change(field, _workflow(before), _workflow(after))
        elif isinstance(new, dict) and isinstance(old, dict):
            yield from _entries(field, old, new)
            if field == "outcomes":
                yield from _measurements(old, new)
        elif _is_collection(old) and _is_collection(new):
            yield from _elements(field, old, new)
        else:
            yield change(field, old if before.version else None, new)
    if standing and isinstance(before, InitiativeState) and isinstance(after, InitiativeState) and workflow:
        old_status = status_of(before, workflow) if before.version else None
        new_status = status_of(after, workflow)
        if old_status != new_status:
            yield change("status", old_status, new_status)


def _entries(field: str, old: dict[Any, Any], new: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys([*old, *new]):
        was, is_ = old.get(key), new.get(key)
        if was is not is_ and _shown(was) != _shown(is_):
            yield change(field, was, is_)


def _heard(old: dict[str, datetime], new: dict[str, datetime]) -> Iterator[dict[str, Any]]:
    for role in dict.fromkeys([*old, *new]):
        was, is_ = ({"role": role, "last": each[role]} if role in each else None for each in (old, new))
        if was != is_:
            yield change("heard", was, is_)


def _measurements(old: dict[str, OutcomeState], new: dict[str, OutcomeState]) -> Iterator[dict[str, Any]]:
    """Those that came or went; of an outcome itself only its latest one is told."""
    for metric in dict.fromkeys([*old, *new]):
        was, is_ = (each[metric].measurements if metric in each else () for each in (old, new))
        if was is not is_:
            for each in was:
                if each not in is_:
                    yield change("outcomes", {"metric": metric, **plain(each)}, None)
            for each in is_:
                if each not in was:
                    yield change("outcomes", None, {"metric": metric, **plain(each)})


def _elements(field: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """What lies between the equal beginnings and the equal ends: elements come and go in the middle, too."""
    first, shorter = 0, min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    for was, is_ in zip_longest(old[first : len(old) - last], new[first : len(new) - last]):
        if was != is_:
            yield change(field, was, is_)


def change(field: str, before: Any, after: Any) -> dict[str, Any]:
    """A change of a field, as a line of the trail has it."""
    return {"field": field, "before": _shown(before), "after": _shown(after)}


def _shown(value: Any) -> Any:
    """The value as a reader wants it: an outcome with its latest measurement."""
    if isinstance(value, OutcomeState):
        outcome = plain(value)
        outcome.pop("measurements")
        return {**outcome, "latest": value.latest}
    return plain(value)


def _workflow(state: Any) -> dict[str, Any] | None:
    """The roadmap's workflow by its name, version and digest."""
    found = state.workflow
    return found and {"name": found.name, "version": found.version, "digest": state.workflow_digest}


def _is_collection(value: Any) -> bool:
    """Elements are all of one kind, so that the first tells."""
    return isinstance(value, tuple) and (not value or isinstance(value[0], Struct))
