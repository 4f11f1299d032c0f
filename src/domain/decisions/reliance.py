"""Reliance: which later records rest on one, so that it can no longer be voided.

A move rests on what its gate was satisfied by; a standing vote on the content that it was about (glossary:
subject digest); an entry on the earlier entries of its own subject and on the evidence it names.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import assert_never

from roadlog.domain.events import (
    CriterionRetired,
    CriterionSet,
    EdgeCaseLogged,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceAttached,
    FallbackTested,
    IncidentOpened,
    MilestoneAdvanced,
    NoteAdded,
    OutcomeMeasured,
    RecordVoided,
    ResultRecorded,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskEvent,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
    Satisfied,
)
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import Vote
from roadlog.domain.records import Record
from roadlog.domain.subject import content
from roadlog.domain.workflow import Workflow

Voidable = (
    NoteAdded
    | OutcomeMeasured
    | ResultRecorded
    | EvidenceAttached
    | EdgeCaseLogged
    | EdgeCaseTriaged
    | EdgeCasesReviewed
    | RiskEvent
)
"""What may be voided at all; everything else is corrected by a further record."""


def voided(history: Sequence[Record]) -> frozenset[int]:
    """Positions of the records that were voided."""
    return frozenset(each.event.position for each in history if isinstance(each.event, RecordVoided))


def reliers(
    history: Sequence[Record],
    target: Record,
    event: Voidable,
    workflow: Workflow,
    *,
    besides: Collection[int] = (),
) -> tuple[int, ...]:
    """Positions of the later records that rest on `target`, whose event is `event`.

    Voided ones rest on nothing. `besides` are positions of later records voided before it in the same step.
    """
    gone = voided(history).union(besides)
    there = [each for each in history if each.position not in gone]
    later = [each for each in there if each.position > target.position]
    found = {each.position for each in later if _moved_by(each.event, target.position, event)}
    found.update(each.position for each in later if _builds_on(each.event, event))
    found.update(
        vote.position
        for vote in _binding(there)
        if vote.position > target.position and _shown_to(vote, there, target, workflow)
    )
    return tuple(sorted(found))


def moved_on(history: Sequence[Record]) -> dict[int, int]:
    """The moves by what their gates were satisfied by: position of the record to position of the move."""
    return {
        position: each.position
        for each in history
        if isinstance(each.event, MilestoneAdvanced)
        for line in each.event.gate
        for position in line.by
    }


def _moved_by(later: Event, position: int, event: Voidable) -> bool:
    if not isinstance(later, MilestoneAdvanced):
        return False
    return any(position in line.by or _kept_open(line, event) for line in later.gate)


def _kept_open(line: Satisfied, event: Voidable) -> bool:
    """Whether a requirement that asks for nothing left open rests on what this entry settled."""
    if not line.met or line.waiver is not None:
        return False
    if line.requirement == "risks":
        return isinstance(event, RiskAssessed | RiskMitigated | RiskAccepted | RiskClosed)
    return line.requirement == "edge-cases" and isinstance(event, EdgeCaseTriaged)


def _binding(there: Sequence[Record]) -> Iterator[Vote]:
    """The votes neither withdrawn nor superseded, and those that a move went through on."""
    moves = moved_on(there)
    for vote in fold(there).approvals:
        if vote.position in moves or (vote.withdrawn_by is None and vote.superseded_by is None):
            yield vote


def _shown_to(vote: Vote, there: Sequence[Record], target: Record, workflow: Workflow) -> bool:
    """Whether the vote was about this: without it, what was shown then would be something else."""
    before = [each for each in there if each.position < vote.position]
    without = [each for each in before if each is not target]
    shown, other = (content(fold(each), workflow, vote.milestone) for each in (before, without))
    return shown != other


def _builds_on(later: Event, event: Voidable) -> bool:
    """Whether a later entry is of the same subject, or names what this one gave an id to."""
    match event:
        case NoteAdded() | OutcomeMeasured() | EdgeCasesReviewed():
            return False
        case EvidenceAttached():
            return _names(later, event)
        case ResultRecorded():  # without it nobody would see that the threshold moved after the result
            return isinstance(later, CriterionSet | CriterionRetired) and later.criterion == event.criterion
        case EdgeCaseLogged():
            return isinstance(later, EdgeCaseTriaged | IncidentOpened) and later.case == event.case
        case EdgeCaseTriaged():
            return isinstance(later, EdgeCaseTriaged) and later.case == event.case
        case RiskLogged():
            return isinstance(later, EdgeCaseLogged | RiskEvent) and later.risk == event.risk
        case RiskAssessed() | RiskMitigated() | RiskAccepted() | RiskClosed() | RiskReopened():
            return isinstance(later, RiskEvent) and later.risk == event.risk
        case _:
            assert_never(event)


def _names(later: Event, evidence: EvidenceAttached) -> bool:
    if isinstance(later, CriterionSet):
        return evidence.kind == "dataset" and later.dataset == evidence.sha256
    return (
        isinstance(later, OutcomeMeasured | ResultRecorded | FallbackTested)
        and later.evidence == evidence.evidence
    )
