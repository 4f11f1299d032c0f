"""Events of an initiative's parts, with plain values where a test does not care, and how to void them."""

from datetime import timedelta

from roadlog.domain.commands import VoidRecord
from roadlog.domain.events import (
    CriterionSet,
    EdgeCaseLogged,
    EvidenceAttached,
    EvidenceKind,
    FallbackDefined,
    MilestoneAdvanced,
    Number,
    Operator,
    ProblemDefined,
    ResultRecorded,
    ResultVerdict,
    RiskLogged,
    Satisfied,
    StakeholderApproved,
    StakeholderRejected,
)
from tests.domain.spec import FIRST, KEY, NOW

LATER = NOW + timedelta(days=90)
DATASET = "d" * 64
OTHER = "e" * 64

DEFINED = ProblemDefined(
    key=KEY,
    title="Reduce support load",
    problem="Support agents answer 900 tickets a week",
    outcome=None,
    segments=("retail", "business"),
    approach=None,
    owner="paula",
    solution_words=(),
)


def risk_logged(
    risk: str = "R1",
    *,
    category: str = "bias",
    likelihood: int = 3,
    impact: int = 4,
    owner: str | None = None,
) -> RiskLogged:
    return RiskLogged(
        risk=risk,
        category=category,
        description="Answers favour one group",
        likelihood=likelihood,
        impact=impact,
        owner=owner,
        catalogue=None,
    )


def attached(
    evidence: str = "D1", *, kind: EvidenceKind = "dataset", sha256: str = DATASET, uri: str | None = None
) -> EvidenceAttached:
    return EvidenceAttached(
        evidence=evidence,
        kind=kind,
        title="Tickets of 2025",
        uri=uri,
        media_type=None,
        sha256=sha256,
        size=None,
    )


def criterion_set(
    criterion: str = "F1",
    *,
    milestone: str = "training",
    threshold: Number = 0.9,
    operator: Operator = ">=",
    segment: str | None = None,
    dataset: str | None = None,
) -> CriterionSet:
    return CriterionSet(
        criterion=criterion,
        milestone=milestone,
        metric="f1",
        operator=operator,
        threshold=threshold,
        segment=segment,
        dataset=dataset,
    )


def result(
    criterion: str = "F1",
    value: Number = 0.92,
    verdict: ResultVerdict = "met",
    *,
    low: Number | None = None,
    high: Number | None = None,
    evidence: str | None = None,
) -> ResultRecorded:
    return ResultRecorded(
        criterion=criterion,
        value=value,
        sample=None,
        low=low,
        high=high,
        evidence=evidence,
        verdict=verdict,
    )


def edge_case(case: str = "E1", *, severity: int = 4, risk: str | None = None) -> EdgeCaseLogged:
    return EdgeCaseLogged(
        case=case, description="Sarcasm read as praise", severity=severity, source=None, risk=risk
    )


FALLBACK = FallbackDefined(
    kind="human-handoff", description="Talk to a human", trigger="confidence below 0.6", owner=None
)


def advanced(
    to: str,
    *gate: tuple[str, tuple[int, ...]],
    left: str | None = None,
    waiver: int | None = None,
) -> MilestoneAdvanced:
    """A move whose gate's requirements held, each by these positions."""
    return MilestoneAdvanced(
        from_=left,
        to=to,
        cycle=1,
        iteration=1,
        visit=1,
        break_glass=False,
        gate=tuple(
            Satisfied(milestone=left or "backlog", requirement=name, by=by, waiver=waiver, met=True)
            for name, by in gate
        ),
    )


def approved(milestone: str | None = "training", role: str = "compliance") -> StakeholderApproved:
    return StakeholderApproved(
        milestone=milestone,
        role=role,
        subject="0" * 64,
        shown={},
        statement=None,
        conditions=(),
        valid_until=None,
        signature=None,
    )


def rejected(milestone: str | None = "training", role: str = "compliance") -> StakeholderRejected:
    return StakeholderRejected(milestone=milestone, role=role, subject="0" * 64, shown={})


def voiding(step: int) -> VoidRecord:
    """Void the n-th record of the initiative, from 0."""
    return VoidRecord(position=FIRST + step)
