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
from roadlog.domain.initiative import Vote
from roadlog.domain.records import Record

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
    votes: Sequence[Vote],
    target: Record,
    event: Voidable,
    *,
    risk_threshold: int,
    besides: Collection[int] = (),
) -> tuple[int, ...]:
    """Positions of the later records that rest on `target`, whose event is `event`.

    Voided ones rest on nothing. `votes` are all that the state knows; `besides` are positions voided
    in the same step.
    """
    gone = voided(history)
    there = [each for each in history if each.position not in gone]
    later = [each for each in there if each.position > target.position and each.position not in besides]
    found = {each.position for each in later if _moved_by(each.event, target.position, event)}
    found.update(each.position for each in later if _builds_on(each.event, event))
    found.update(
        vote.position
        for vote in _standing(there, votes)
        if vote.position > target.position and _shown_to(vote, there, target, event, risk_threshold)
    )
    return tuple(sorted(found))


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


def _standing(history: Sequence[Record], votes: Sequence[Vote]) -> Iterator[Vote]:
    """The votes neither withdrawn nor superseded, and those that a move went through on."""
    cited = {
        position
        for each in history
        if isinstance(each.event, MilestoneAdvanced)
        for line in each.event.gate
        for position in line.by
    }
    for vote in votes:
        if vote.position in cited or (vote.withdrawn_by is None and vote.superseded_by is None):
            yield vote


def _shown_to(
    vote: Vote, there: Sequence[Record], target: Record, event: Voidable, risk_threshold: int
) -> bool:
    """Whether the vote was about this: evidence, its gate's results, risks that reach the policy's score."""
    match event:
        case NoteAdded() | OutcomeMeasured() | EdgeCaseLogged() | EdgeCaseTriaged() | EdgeCasesReviewed():
            return False
        case EvidenceAttached():
            return True
        case ResultRecorded():
            before = [each for each in there if each.position < vote.position]
            return _counted(before, target, event) and _gate_of(before, event.criterion) == vote.milestone
        case RiskLogged() | RiskAssessed() | RiskMitigated() | RiskAccepted() | RiskClosed() | RiskReopened():
            return any(
                each.event.risk == event.risk and each.event.likelihood * each.event.impact >= risk_threshold
                for each in there
                if isinstance(each.event, RiskLogged | RiskAssessed | RiskMitigated)
            )
        case _:
            assert_never(event)


def _counted(before: Sequence[Record], target: Record, event: ResultRecorded) -> bool:
    """Whether this was its criterion's latest result, by effective time, ties in log order."""
    return not any(
        isinstance(each.event, ResultRecorded)
        and each.event.criterion == event.criterion
        and (each.effective_at, each.position) > (target.effective_at, target.position)
        for each in before
    )


def _gate_of(before: Sequence[Record], criterion: str) -> str | None:
    """The milestone whose gate asks for the criterion."""
    return next(
        (
            each.event.milestone
            for each in reversed(before)
            if isinstance(each.event, CriterionSet) and each.event.criterion == criterion
        ),
        None,
    )


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
