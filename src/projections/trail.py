"""The trail: the history as people read it. Before and after come from the fold, never from a caller."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from roadlog.domain.initiative import InitiativeState, OutcomeState
from roadlog.domain.moments import rfc3339, seconds
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.projections.plain import plain
from roadlog.projections.sentences import sentence
from roadlog.projections.standing import status_of

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
        "heard",
        "edited",
        "workflow_digest",
    }
)
"""Fields that follow from the log itself and say nothing to a reader."""
STANDING = frozenset({"blocked_by", "paused", "stopped", "retired"})
"""Fields that a reader knows as `status`."""


def entry(record: Record, before: State, after: State, workflow: Workflow | None) -> dict[str, Any]:
    """One line of the trail; `voided_by` is for the reader of the whole trail to fill in.

    `workflow` is the one in force, which says what is live; a roadmap's own records do without.
    """
    return {
        "position": record.position,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(record.effective_at),
        "late": seconds(record.effective_at, record.recorded_at),
        "actor": record.actor.id,
        "typed_by": record.body.source.os_user,
        "type": record.type,
        "key": record.stream,
        "sentence": sentence(record.event),
        "reason": record.reason,
        "changes": list(changes(before, after, workflow)),
        "voided_by": None,
        "assurance": record.actor.assurance,
    }


def changes(before: State, after: State, workflow: Workflow | None = None) -> Iterator[dict[str, Any]]:
    """What is different, field by field; of collections only the entries that differ.

    Before its stream began a thing had no values: those are null then, not empty.
    """
    for field in type(after).__struct_fields__:
        old, new = getattr(before, field), getattr(after, field)
        if field in BOOKKEEPING or field in STANDING or old is new or old == new:
            continue
        if isinstance(new, dict) and isinstance(old, dict):
            yield from _entries(field, old, new)
        elif _is_collection(old) and _is_collection(new):
            yield from _elements(field, old, new)
        else:
            yield _change(field, old if before.version else None, new)
    if isinstance(before, InitiativeState) and isinstance(after, InitiativeState) and workflow is not None:
        old_status = status_of(before, workflow) if before.version else None
        new_status = status_of(after, workflow)
        if old_status != new_status:
            yield _change("status", old_status, new_status)


def _entries(field: str, old: dict[Any, Any], new: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys([*old, *new]):
        was, is_ = old.get(key), new.get(key)
        if was is not is_ and was != is_:
            yield _change(field, was, is_)


def _elements(field: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for place in range(max(len(old), len(new))):
        was = old[place] if place < len(old) else None
        is_ = new[place] if place < len(new) else None
        if was is not is_ and was != is_:
            yield _change(field, was, is_)


def _change(field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "before": _shown(before), "after": _shown(after)}


def _shown(value: Any) -> Any:
    """The value as a reader wants it: an outcome with its latest measurement, a workflow by its name."""
    if isinstance(value, OutcomeState):
        outcome = plain(value)
        outcome.pop("measurements")
        return {**outcome, "latest": value.latest}
    if isinstance(value, Workflow):
        return {"name": value.name, "version": value.version}
    return plain(value)


def _is_collection(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Struct) for each in value)
