"""Voiding records that were mistakes: which may go, whose, and what corrects those that stay."""

from collections.abc import Sequence
from typing import assert_never

from roadlog.domain.commands import VoidRecord
from roadlog.domain.decisions.authority import needs_consent, require_role
from roadlog.domain.decisions.reliance import Voidable, moved_on, reliers, voided
from roadlog.domain.events import (
    ApprovalWithdrawn,
    CriterionSet,
    DependencyAdded,
    EdgeCaseLogged,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceAttached,
    FallbackActivated,
    InitiativeStopped,
    MilestoneAdvanced,
    NoteAdded,
    OutcomeMeasured,
    ProblemDefined,
    ProblemReframed,
    RecordVoided,
    ResultRecorded,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
    WorkBlocked,
    WorkPaused,
)
from roadlog.domain.evolve import fold
from roadlog.domain.names import event_name
from roadlog.domain.records import Record
from roadlog.domain.refusals import Refused, Unknown
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import listed, quoted
from roadlog.domain.workflow import Workflow

Cast = StakeholderApproved | StakeholderRejected | StakeholderAbstained


def void(situation: Situation, command: VoidRecord) -> Events:
    """A record of one's own directly; another's with the role that policy names and a second person's yes."""
    record = _record(situation, command.position)
    event = record.event
    if not isinstance(event, Voidable):
        raise _stands(record, "void")
    if record.position in voided(situation.history):
        raise Refused(
            "voided",
            f"The record at position {record.position} ({event_name(record.type)}) is void already.",
            try_=(f"roadlog log {record.stream}",),
        )
    resting = reliers(situation.history, record, event, situation.workflow)
    if resting:
        raise _relied_on(situation.history, record, resting)
    if record.actor.id != situation.actor and not situation.alone:
        require_role(situation, situation.policy.may_void_others, f"void a record of {record.actor.id}")
        if not situation.consented:
            why = (
                f"Record {record.position} says: {_content(event)}. It is {record.actor.id}'s, and voiding "
                "another's record takes a second person."
            )
            return (needs_consent(situation, why, command),)
    return (RecordVoided(position=record.position),)


def undoable(history: Sequence[Record], actor: str, workflow: Workflow) -> tuple[int, ...]:
    """Positions to void, in this order (latest first), to undo the actor's last command on this stream.

    A command is undone whole. Raises Refused by "undo" where there is none, where it is undone already, and
    where one of its records cannot be voided (a void, for one); it says what to do instead. `workflow` is
    the one in force.
    """
    mine = [each for each in history if each.actor.id == actor]
    if not mine:
        raise Refused(
            "undo", f"{actor} has recorded nothing here that could be undone.", try_=("roadlog log",)
        )
    last = [each for each in mine if each.body.command_id == mine[-1].body.command_id]
    gone = voided(history)
    positions = tuple(each.position for each in last)
    for place, each in enumerate(last):
        if each.position in gone:
            raise Refused(
                "undo",
                f"Your last command here, {event_name(each.type)} at position {each.position}, is undone "
                "already. "
                "An earlier record is voided by its position.",
                try_=(f"roadlog log {each.stream}", "roadlog void POSITION --because TEXT"),
            )
        event = each.event
        if not isinstance(event, Voidable):
            raise _stands(each, "undo")
        resting = reliers(history, each, event, workflow, besides=positions[place + 1 :])
        if resting:
            raise _relied_on(history, each, resting, rule="undo")
    return tuple(reversed(positions))


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


def _content(event: Voidable) -> str:
    """What a record says, for the person who is asked whether it may be voided."""
    match event:
        case NoteAdded():
            return f"“{event.text.rstrip('.')}”"
        case OutcomeMeasured():
            return f"measured {event.metric}: {event.value}"
        case ResultRecorded():
            return f"result {event.value} for {event.criterion}, {event.verdict}"
        case EvidenceAttached():
            return f"{event.kind} {event.evidence}, {event.title}"
        case EdgeCaseLogged():
            return f"edge case {event.case}, “{event.description.rstrip('.')}”"
        case EdgeCaseTriaged():
            return f"{event.outcome} for edge case {event.case}"
        case EdgeCasesReviewed():
            return f"{event.found} edge cases found in {event.sample} of {event.source}"
        case RiskLogged():
            return f"risk {event.risk}, “{event.description.rstrip('.')}”"
        case RiskAssessed() | RiskMitigated():
            return f"risk {event.risk} scored {event.likelihood} × {event.impact}"
        case RiskAccepted():
            return f"risk {event.risk} accepted as {event.role} until {event.until:%Y-%m-%d}"
        case RiskClosed():
            return f"risk {event.risk} closed"
        case RiskReopened():
            return f"risk {event.risk} reopened"
        case _:
            assert_never(event)


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
        f"The record at position {record.position} ({event_name(record.type)}) is never voided: only notes, "
        "measurements, results, evidence, edge cases and risk entries are. Record what is right instead.",
        try_=(_instead(record.stream, record.event),),
    )


def _instead(key: str, event: Event) -> str:
    """The command that corrects what cannot be voided; a note where no command takes it back."""
    match event:
        case MilestoneAdvanced(from_=str(milestone)):
            return f"roadlog return {key} {quoted(milestone)} --loop rework --because TEXT"
        case StakeholderApproved() | StakeholderRejected() | StakeholderAbstained():
            return f"roadlog withdraw {key} --role {quoted(event.role)} --because TEXT"
        case ApprovalWithdrawn():
            return f"roadlog approve {key} --role {quoted(event.role)}"
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
    """Names what rests on it, and what of that can be taken back first: all of it, or else it stays."""
    later = [each for each in history if each.position in resting]
    named = listed([f"{each.position} ({_named(each)})" for each in later])
    message = (
        f"The record at position {record.position} ({event_name(record.type)}) cannot be voided: later "
        f"records rely on it: {named}."
    )
    lasting = _lasting(history, later)
    if lasting:
        return Refused(
            rule,
            f"{message} It stays: {lasting}. Record what is right instead.",
            missing=tuple(str(position) for position in resting),
            try_=(f"roadlog note {record.stream} TEXT",),
        )
    voters = dict.fromkeys(each.actor.id for each in later if isinstance(each.event, Cast))
    if voters:
        message += f" A vote is withdrawn by its voter: {listed(list(voters))}."
    ways = (
        f"roadlog void {each.position} --because TEXT"
        if isinstance(each.event, Voidable)
        else _instead(each.stream, each.event)
        for each in reversed(later)
    )
    return Refused(
        rule,
        message,
        missing=tuple(str(position) for position in resting),
        try_=tuple(dict.fromkeys(ways)),
    )


def _named(record: Record) -> str:
    name = event_name(record.type)
    return f"{name} by {record.actor.id}" if isinstance(record.event, Cast) else name


def _lasting(history: Sequence[Record], later: Sequence[Record]) -> str | None:
    """Why something that rests on it can be taken back no more; None where all of it can."""
    moves, state = moved_on(history), fold(history)
    votes = {each.position: each for each in state.approvals}
    for each in later:
        if isinstance(each.event, MilestoneAdvanced):
            return f"the move at position {each.position} went through on it"
        move = moves.get(each.position)
        if move is not None:
            return f"the move at position {move} went through on {each.actor.id}'s vote"
        vote = votes.get(each.position)
        if vote and (vote.milestone, vote.cycle) != (state.milestone, state.cycle):
            gate = f"the gate of {vote.milestone or 'the backlog'}"
            return f"{each.actor.id}'s vote is about {gate}, where the initiative stands no more"
    return None
