"""Evidence and notes. Taking a record back is in `voids.py`."""

from typing import assert_never

from roadlog.domain.commands import AddNote, AttachEvidence, EvidenceCommand, VoidRecord
from roadlog.domain.decisions.arguments import count, next_id
from roadlog.domain.decisions.voids import void
from roadlog.domain.events import EvidenceAttached, NoteAdded
from roadlog.domain.initiative import Evidence, InitiativeState
from roadlog.domain.refusals import Malformed
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted

HEX = frozenset("0123456789abcdef")


def decide(situation: Situation, command: EvidenceCommand) -> Events:
    """What a wish about evidence, a note or a mistake comes to. Raises Unknown, Malformed or Refused."""
    match command:
        case AttachEvidence():
            return _attach(situation.initiative, command)
        case AddNote():
            return (NoteAdded(text=command.text),)
        case VoidRecord():
            return void(situation, command)
        case _:
            assert_never(command)


def attached(state: InitiativeState, kind: str, sha256: str, uri: str | None) -> Evidence | None:
    """The evidence that is these bytes, kept there, attached as this kind: it is attached once."""
    for each in state.evidence.values():
        if (each.kind, each.sha256, each.uri) == (kind, sha256, uri):
            return each
    return None


def _attach(state: InitiativeState, command: AttachEvidence) -> Events:
    if len(command.sha256) != 64 or not HEX.issuperset(command.sha256):
        raise Malformed(
            "sha256",
            f"A SHA-256 is 64 digits 0-9 and a-f, in lower case; {command.sha256[:80]!r} is none.",
            try_=(f"roadlog evidence attach {state.key} FILE --kind {command.kind}",),
        )
    count("size", command.size, least=0)
    if command.size == 0:
        raise Malformed("empty", f"{quoted(command.title)} is empty: it shows nothing.", missing=("file",))
    if attached(state, command.kind, command.sha256, command.uri):
        return ()
    return (
        EvidenceAttached(
            evidence=next_id(state, "D"),
            kind=command.kind,
            title=command.title,
            uri=command.uri,
            media_type=command.media_type,
            sha256=command.sha256,
            size=command.size,
        ),
    )
