"""Evidence and notes; voiding, which `fold` heeds and which changes nothing else."""

from typing import assert_never

from msgspec.structs import replace

from roadlog.domain.events import AnythingEvent, EvidenceAttached, NoteAdded, RecordVoided
from roadlog.domain.initiative import Evidence, InitiativeState, Note
from roadlog.domain.records import Record


def evolve(state: InitiativeState, record: Record, event: AnythingEvent) -> InitiativeState:
    """The state after a note or evidence; a void is no change, because `fold` leaves out what it names."""
    match event:
        case NoteAdded():
            note = Note(position=record.position, at=record.effective_at, by=record.actor.id, text=event.text)
            return replace(state, notes=(*state.notes, note))
        case EvidenceAttached():
            return replace(state, evidence={**state.evidence, event.evidence: _attached(record, event)})
        case RecordVoided():
            return state
        case _:
            assert_never(event)


def _attached(record: Record, event: EvidenceAttached) -> Evidence:
    return Evidence(
        id=event.evidence,
        position=record.position,
        at=record.effective_at,
        by=record.actor.id,
        kind=event.kind,
        title=event.title,
        uri=event.uri,
        media_type=event.media_type,
        sha256=event.sha256,
        size=event.size,
    )
