"""Evidence and notes, and the voiding of records that were mistakes."""

from collections.abc import Sequence
from typing import assert_never

from roadlog.domain.commands import AddNote, AttachEvidence, EvidenceCommand, VoidRecord
from roadlog.domain.decisions.arguments import count, next_id
from roadlog.domain.decisions.authority import needs_consent, require_role
from roadlog.domain.decisions.reliance import Voidable, reliers, voided
from roadlog.domain.events import (
    ApprovalWithdrawn,
    CriterionSet,
    DependencyAdded,
    Event,
    EvidenceAttached,
    FallbackActivated,
    InitiativeStopped,
    MilestoneAdvanced,
    NoteAdded,
    ProblemDefined,
    ProblemReframed,
    RecordVoided,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
    WorkBlocked,
    WorkPaused,
)
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import Evidence, InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.refusals import Malformed, Refused, Unknown
from roadlog.domain.situation import Events, Situation
from roadlog.domain.workflow import Policy

HEX = frozenset("0123456789abcdef")


def decide(situation: Situation, command: EvidenceCommand) -> Events:
    """What a wish about evidence, a note or a mistake comes to. Raises Unknown, Malformed or Refused."""
    match command:
        case AttachEvidence():
            return _attach(situation.initiative, command)
        case AddNote():
            return (NoteAdded(text=command.text),)
        case VoidRecord():
            return _void(situation, command)
        case _:
            assert_never(command)


def attached(state: InitiativeState, kind: str, sha256: str, uri: str | None) -> Evidence | None:
    """The evidence that is these bytes, kept there, attached as this kind: it is attached once."""
    for each in state.evidence.values():
        if (each.kind, each.sha256, each.uri) == (kind, sha256, uri):
            return each
    return None


def undoable(history: Sequence[Record], actor: str, policy: Policy | None = None) -> tuple[int, ...]:
    """Positions to void, in this order (latest first), to undo the actor's last command on this stream.

    A command is undone whole. Raises Refused by "undo" where there is none, where it is undone already, and
    where one of its records cannot be voided (a void, for one); it says what to do instead. `policy` is
    the one in force, by default the built-in one.
    """
    mine = [each for each in history if each.actor.id == actor]
    if not mine:
        raise Refused(
            "undo", f"{actor} has recorded nothing here that could be undone.", try_=("roadlog log",)
        )
    last = [each for each in mine if each.body.command_id == mine[-1].body.command_id]
    gone = voided(history)
    votes = fold(history).approvals
    threshold = (policy or Policy()).risk_threshold
    together = tuple(each.position for each in last)
    for each in last:
        if each.position in gone:
            raise Refused(
                "undo",
                f"Your last command here, {each.type} at position {each.position}, is undone already. "
                "An earlier record is voided by its position.",
                try_=(f"roadlog log {each.stream}", "roadlog void POSITION --because TEXT"),
            )
        event = each.event
        if not isinstance(event, Voidable):
            raise _stands(each, "undo")
        resting = reliers(history, votes, each, event, risk_threshold=threshold, besides=together)
        if resting:
            raise _relied_on(history, each, resting, rule="undo")
    return tuple(reversed(together))


def _attach(state: InitiativeState, command: AttachEvidence) -> Events:
    if len(command.sha256) != 64 or not HEX.issuperset(command.sha256):
        raise Malformed(
            "sha256",
            f"A SHA-256 is 64 digits 0-9 and a-f, in lower case; {command.sha256[:80]!r} is none.",
            try_=(f"roadlog evidence attach {state.key} FILE --kind {command.kind}",),
        )
    count("size", command.size, least=0)
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


def _void(situation: Situation, command: VoidRecord) -> Events:
    """A record of one's own directly; another's with the role that policy names and a second person's yes."""
    record = _record(situation, command.position)
    event = record.event
    if not isinstance(event, Voidable):
        raise _stands(record, "void")
    if record.position in voided(situation.history):
        raise Refused(
            "voided",
            f"{record.type} at position {record.position} is void already.",
            try_=(f"roadlog log {record.stream}",),
        )
    resting = reliers(
        situation.history,
        situation.initiative.approvals,
        record,
        event,
        risk_threshold=situation.policy.risk_threshold,
    )
    if resting:
        raise _relied_on(situation.history, record, resting)
    if record.actor.id != situation.actor and not situation.alone:
        require_role(situation, situation.policy.may_void_others, f"void a record of {record.actor.id}")
        if not situation.consented:
            why = f"Rule 11: voiding a record of {record.actor.id} takes a second person."
            return (needs_consent(situation, why, command),)
    return (RecordVoided(position=record.position),)


def _record(situation: Situation, position: int) -> Record:
    for record in situation.history:
        if record.position == position:
            return record
    key = situation.initiative.key
    raise Unknown(
        "unknown-position",
        f"{key} has no record at position {position}.",
        missing=(str(position),),
        try_=(f"roadlog log {key}",),
    )


def _stands(record: Record, rule: str) -> Refused:
    """A record of a kind that is never voided: the way out is a further record."""
    if isinstance(record.event, RecordVoided):
        return Refused(
            rule,
            f"Position {record.position} voids position {record.event.position}; a void cannot be voided. "
            "What was right after all is recorded again.",
            try_=(f"roadlog log {record.stream}",),
        )
    return Refused(
        rule,
        f"{record.type} at position {record.position} is never voided: only notes, measurements, results, "
        "evidence, edge cases and risk entries are. Record what is right instead.",
        try_=(_instead(record.stream, record.event),),
    )


def _instead(key: str, event: Event) -> str:
    """The command that corrects what cannot be voided; a note where no command takes it back."""
    match event:
        case MilestoneAdvanced(from_=str(milestone)):
            return f"roadlog return {key} {milestone} --loop rework --because TEXT"
        case StakeholderApproved() | StakeholderRejected() | StakeholderAbstained():
            return f"roadlog withdraw {key} --role {event.role} --because TEXT"
        case ApprovalWithdrawn():
            return f"roadlog approve {key} --role {event.role}"
        case ProblemDefined() | ProblemReframed():
            return f"roadlog reframe {key} --problem TEXT --because TEXT"
        case CriterionSet():
            return f"roadlog criterion retire {key} {event.criterion} --because TEXT"
        case DependencyAdded():
            return f"roadlog depend {key} --on {event.on} --remove"
        case FallbackActivated():
            return f"roadlog fallback deactivate {key}"
        case InitiativeStopped():
            return f"roadlog reopen {key} --because TEXT"
        case WorkBlocked():
            return f"roadlog unblock {key}"
        case WorkPaused():
            return f"roadlog resume {key}"
        case _:
            return f"roadlog note {key} TEXT"


def _relied_on(
    history: Sequence[Record], record: Record, resting: tuple[int, ...], rule: str = "relied-on"
) -> Refused:
    later = [each for each in history if each.position in resting]
    named = ", ".join(f"{each.position} ({each.type})" for each in later)
    ways = (
        f"roadlog void {each.position} --because TEXT"
        if isinstance(each.event, Voidable)
        else _instead(each.stream, each.event)
        for each in reversed(later)
    )
    return Refused(
        rule,
        f"{record.type} at position {record.position} cannot be voided: later records rely on it: {named}.",
        missing=tuple(str(position) for position in resting),
        try_=tuple(dict.fromkeys(ways)),
    )
