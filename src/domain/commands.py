"""Every command, once: what somebody may wish. Imperative; decided into events, or refused.

`stream` is the initiative's key, or the roadmap's. Optional fields have defaults: a command is typed, never
stored (a consent request stores its arguments). Who, when and why come with the situation.
"""

from datetime import date, datetime
from typing import Any, get_args

from msgspec import Struct

from roadlog.domain.events import (
    EvidenceKind,
    ExperimentDecision,
    FallbackKind,
    Horizon,
    Lines,
    LoopKind,
    Number,
    Operator,
    OurRole,
    RiskClass,
    StakeholderKind,
    TriageOutcome,
    VariantResult,
)


class _Command(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What all commands share: the stream they act on. Empty where the application gives the next key."""

    stream: str = ""


# The roadmap and its people


class OpenRoadmap(_Command, frozen=True, kw_only=True):
    name: str
    definition: dict[str, Any]


class AddStakeholder(_Command, frozen=True, kw_only=True):
    stakeholder: str
    roles: tuple[str, ...]
    kind: StakeholderKind = "human"
    name_commitment: str | None = None
    address_commitment: str | None = None


class RemoveStakeholder(_Command, frozen=True, kw_only=True):
    stakeholder: str


class GrantRole(_Command, frozen=True, kw_only=True):
    stakeholder: str
    role: str


class RevokeRole(_Command, frozen=True, kw_only=True):
    stakeholder: str
    role: str


class EnrolKey(_Command, frozen=True, kw_only=True):
    """Without `valid_from`: since it is enrolled."""

    stakeholder: str
    public_key: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class RetireKey(_Command, frozen=True, kw_only=True):
    stakeholder: str
    fingerprint: str


class ChangeLogKey(_Command, frozen=True, kw_only=True):
    old: str
    new: str
    by_old: str
    by_new: str


class AdoptWorkflow(_Command, frozen=True, kw_only=True):
    definition: dict[str, Any]


class ErasePersonalData(_Command, frozen=True, kw_only=True):
    """`held`: whether the directory holds an entry of the handle, which a crash may leave of one unknown."""

    stakeholder: str
    held: bool = False


class KeepForecast(_Command, frozen=True, kw_only=True):
    """One of `key`, `by` and `count` is given: the question."""

    computed_as: str
    key: str | None = None
    by: date | None = None
    count: int | None = None
    window_from: datetime | None = None
    window_to: datetime | None = None
    zone: str
    seed: int
    trials: int
    as_of: datetime
    position: int
    head: str
    n: int
    lines: Lines


class AnswerConsent(_Command, frozen=True, kw_only=True):
    request: int
    give: bool


# What and why


class DefineProblem(_Command, frozen=True, kw_only=True):
    title: str
    problem: str
    metric: str | None = None
    unit: str | None = None
    baseline: Number | None = None
    target: Number | None = None
    relative: bool = False
    by: date | None = None
    segments: tuple[str, ...] = ()
    approach: str | None = None
    owner: str | None = None
    allow_solution: bool = False


class AdoptInitiative(_Command, frozen=True, kw_only=True):
    title: str
    milestone: str
    since: datetime
    owner: str | None = None


class ReframeProblem(_Command, frozen=True, kw_only=True):
    title: str | None = None
    problem: str | None = None
    segments: tuple[str, ...] | None = None
    approach: str | None = None
    allow_solution: bool = False


class ChangeOwner(_Command, frozen=True, kw_only=True):
    owner: str


class PlaceInitiative(_Command, frozen=True, kw_only=True):
    horizon: Horizon
    rank: int | None = None


class AddDependency(_Command, frozen=True, kw_only=True):
    on: str


class RemoveDependency(_Command, frozen=True, kw_only=True):
    on: str


class ClassifyPurpose(_Command, frozen=True, kw_only=True):
    purpose: str
    affected: str
    risk_class: RiskClass
    basis: str
    our_role: OurRole | None = None


class SetExpectation(_Command, frozen=True, kw_only=True):
    iterations_from: int
    iterations_to: int
    outcome_from: Number | None = None
    outcome_to: Number | None = None
    told: tuple[str, ...] = ()


class TargetOutcome(_Command, frozen=True, kw_only=True):
    """Fields left None keep what the outcome already says."""

    metric: str
    unit: str | None = None
    baseline: Number | None = None
    target: Number | None = None
    relative: bool = False
    by: date | None = None


class MeasureOutcome(_Command, frozen=True, kw_only=True):
    metric: str
    value: Number
    sample: int | None = None
    evidence: str | None = None


class ConsultStakeholder(_Command, frozen=True, kw_only=True):
    role: str
    said: str


# Milestones


class AdvanceMilestone(_Command, frozen=True, kw_only=True):
    to: str | None = None
    break_glass: bool = False


class ReviewBreakGlass(_Command, frozen=True, kw_only=True):
    move: int
    upheld: bool


class ReturnMilestone(_Command, frozen=True, kw_only=True):
    to: str
    loop: LoopKind
    learned: str | None = None
    change: str | None = None


class WaiveRequirement(_Command, frozen=True, kw_only=True):
    """`milestone` is the gate's; None means the one the initiative stands in."""

    requirement: str
    until: datetime
    milestone: str | None = None


class BlockWork(_Command, frozen=True, kw_only=True):
    by: str


class UnblockWork(_Command, frozen=True, kw_only=True):
    pass


class PauseWork(_Command, frozen=True, kw_only=True):
    pass


class ResumeWork(_Command, frozen=True, kw_only=True):
    pass


class StopInitiative(_Command, frozen=True, kw_only=True):
    pass


class ReopenInitiative(_Command, frozen=True, kw_only=True):
    pass


class RetireInitiative(_Command, frozen=True, kw_only=True):
    pass


class SetRollout(_Command, frozen=True, kw_only=True):
    percent: Number


# Approvals


class RequestApproval(_Command, frozen=True, kw_only=True):
    """Without roles: those the gate asks for and are owed."""

    roles: tuple[str, ...] = ()
    valid_days: int | None = None


class Approve(_Command, frozen=True, kw_only=True):
    """Without a role: the only one owed that the voter holds. Conditions are (text, due)."""

    role: str | None = None
    statement: str | None = None
    conditions: tuple[tuple[str, date | None], ...] = ()
    valid_days: int | None = None


class Reject(_Command, frozen=True, kw_only=True):
    role: str | None = None


class Abstain(_Command, frozen=True, kw_only=True):
    role: str | None = None


class WithdrawApproval(_Command, frozen=True, kw_only=True):
    role: str | None = None


class MeetCondition(_Command, frozen=True, kw_only=True):
    condition: str


# Risks


class LogRisk(_Command, frozen=True, kw_only=True):
    description: str
    category: str
    likelihood: int
    impact: int
    owner: str | None = None
    catalogue: str | None = None


class AssessRisk(_Command, frozen=True, kw_only=True):
    risk: str
    likelihood: int
    impact: int


class MitigateRisk(_Command, frozen=True, kw_only=True):
    risk: str
    treatment: str
    likelihood: int
    impact: int


class AcceptRisk(_Command, frozen=True, kw_only=True):
    """Without a role: the one the actor holds among those that may accept."""

    risk: str
    until: datetime
    role: str | None = None


class CloseRisk(_Command, frozen=True, kw_only=True):
    risk: str


class ReopenRisk(_Command, frozen=True, kw_only=True):
    risk: str


# Safeguards


class DefineFallback(_Command, frozen=True, kw_only=True):
    kind: FallbackKind
    description: str
    trigger: str
    owner: str | None = None


class TestFallback(_Command, frozen=True, kw_only=True):
    __test__ = False  # a command, not a test class

    passed: bool
    evidence: str | None = None


class ActivateFallback(_Command, frozen=True, kw_only=True):
    pass


class DeactivateFallback(_Command, frozen=True, kw_only=True):
    pass


class DefineNotice(_Command, frozen=True, kw_only=True):
    text: str
    placement: str
    locale: str | None = None


class DefineMonitor(_Command, frozen=True, kw_only=True):
    signal: str
    where: str
    owner: str


class LogEdgeCase(_Command, frozen=True, kw_only=True):
    description: str
    severity: int
    source: str | None = None
    risk: str | None = None


class TriageEdgeCase(_Command, frozen=True, kw_only=True):
    case: str
    outcome: TriageOutcome


class ReviewEdgeCases(_Command, frozen=True, kw_only=True):
    source: str
    sample: int
    found: int


class OpenIncident(_Command, frozen=True, kw_only=True):
    description: str
    aware_at: datetime
    severity: int
    case: str | None = None


class ReportIncident(_Command, frozen=True, kw_only=True):
    incident: str
    to: str


class CloseIncident(_Command, frozen=True, kw_only=True):
    incident: str


# Criteria and experiments


class SetCriterion(_Command, frozen=True, kw_only=True):
    """`dataset` is an evidence id."""

    criterion: str
    milestone: str
    metric: str
    operator: Operator
    threshold: Number
    segment: str | None = None
    dataset: str | None = None


class RetireCriterion(_Command, frozen=True, kw_only=True):
    criterion: str


class RecordResult(_Command, frozen=True, kw_only=True):
    criterion: str
    value: Number
    sample: int | None = None
    low: Number | None = None
    high: Number | None = None
    evidence: str | None = None


class StartExperiment(_Command, frozen=True, kw_only=True):
    experiment: str
    hypothesis: str
    metric: str
    variants: tuple[str, ...]


class ConcludeExperiment(_Command, frozen=True, kw_only=True):
    experiment: str
    decision: ExperimentDecision
    summary: str
    variants: tuple[VariantResult, ...] = ()


# Anything


class AttachEvidence(_Command, frozen=True, kw_only=True):
    kind: EvidenceKind
    title: str
    sha256: str
    uri: str | None = None
    media_type: str | None = None
    size: int | None = None


class AddNote(_Command, frozen=True, kw_only=True):
    text: str


class VoidRecord(_Command, frozen=True, kw_only=True):
    position: int


RoadmapCommand = (
    OpenRoadmap
    | AddStakeholder
    | RemoveStakeholder
    | GrantRole
    | RevokeRole
    | EnrolKey
    | RetireKey
    | ChangeLogKey
    | AdoptWorkflow
    | ErasePersonalData
    | KeepForecast
    | AnswerConsent
)
ProblemCommand = (
    DefineProblem
    | AdoptInitiative
    | ReframeProblem
    | ChangeOwner
    | PlaceInitiative
    | AddDependency
    | RemoveDependency
    | ClassifyPurpose
    | SetExpectation
    | TargetOutcome
    | MeasureOutcome
    | ConsultStakeholder
)
MilestoneCommand = (
    AdvanceMilestone
    | ReviewBreakGlass
    | ReturnMilestone
    | WaiveRequirement
    | BlockWork
    | UnblockWork
    | PauseWork
    | ResumeWork
    | StopInitiative
    | ReopenInitiative
    | RetireInitiative
    | SetRollout
)
ApprovalCommand = RequestApproval | Approve | Reject | Abstain | WithdrawApproval | MeetCondition
RiskCommand = LogRisk | AssessRisk | MitigateRisk | AcceptRisk | CloseRisk | ReopenRisk
SafeguardCommand = (
    DefineFallback
    | TestFallback
    | ActivateFallback
    | DeactivateFallback
    | DefineNotice
    | DefineMonitor
    | LogEdgeCase
    | TriageEdgeCase
    | ReviewEdgeCases
    | OpenIncident
    | ReportIncident
    | CloseIncident
)
ExperimentCommand = SetCriterion | RetireCriterion | RecordResult | StartExperiment | ConcludeExperiment
EvidenceCommand = AttachEvidence | AddNote | VoidRecord
InitiativeCommand = (
    ProblemCommand
    | MilestoneCommand
    | ApprovalCommand
    | RiskCommand
    | SafeguardCommand
    | ExperimentCommand
    | EvidenceCommand
)
Command = RoadmapCommand | InitiativeCommand

ROADMAP_COMMANDS: frozenset[type[Command]] = frozenset(get_args(RoadmapCommand))
"""What is wished for the roadmap itself."""
BEGINNINGS: frozenset[type[Command]] = frozenset({DefineProblem, AdoptInitiative})
"""What begins an initiative, if it names none."""
