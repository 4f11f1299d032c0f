"""Whose records must come in time order (rule 8): none may precede the latest record of its own subject.

Moves and status are one subject, `status`: a stop, pause or block dated before the last move, or a move dated
before the last resume, would tell a history in which the rules were broken. Notes, measurements, results,
evidence and consultations may come in any order.
"""

from collections.abc import Callable
from typing import Any, assert_never, get_args

from roadlog.domain.events import (
    AnythingEvent,
    ApprovalEvent,
    ApprovalRequested,
    ApprovalWithdrawn,
    BreakGlassReviewed,
    ConditionMet,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    CriterionRetired,
    CriterionSet,
    DependencyAdded,
    DependencyRemoved,
    EdgeCaseLogged,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceAttached,
    ExpectationSet,
    ExperimentConcluded,
    ExperimentEvent,
    ExperimentStarted,
    FallbackActivated,
    FallbackDeactivated,
    FallbackDefined,
    FallbackTested,
    ForecastKept,
    GateWaived,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    InitiativeAdopted,
    InitiativePlaced,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    KeyEnrolled,
    KeyRetired,
    LogKeyChanged,
    MilestoneAdvanced,
    MilestoneEvent,
    MilestoneReturned,
    MonitorDefined,
    NoteAdded,
    NoticeDefined,
    OutcomeMeasured,
    OutcomeTargeted,
    OwnerChanged,
    PersonalDataErased,
    ProblemDefined,
    ProblemEvent,
    ProblemReframed,
    PurposeClassified,
    RecordVoided,
    ResultRecorded,
    RiskEvent,
    RoadmapEvent,
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    RolloutSet,
    SafeguardEvent,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderJoined,
    StakeholderLeft,
    StakeholderRejected,
    WorkBlocked,
    WorkflowAdopted,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)


def subject_of(event: Event, actor: str) -> str | None:
    """What the event is about, for time order; None where any order goes. Each voter has their own."""
    return SUBJECTS[type(event)](event, actor)


def _roadmap(event: RoadmapEvent, _: str) -> str | None:
    match event:
        case StakeholderJoined() | StakeholderLeft() | RoleGranted() | RoleRevoked():
            return f"stakeholder:{event.stakeholder}"
        case KeyEnrolled() | KeyRetired():
            return f"keys:{event.stakeholder}"
        case LogKeyChanged():
            return "log key"
        case WorkflowAdopted():
            return "workflow"
        case PersonalDataErased():
            return f"erasure:{event.stakeholder}"
        case RoadmapOpened() | ForecastKept() | ConsentRequested() | ConsentGiven() | ConsentRefused():
            return None
        case _:
            assert_never(event)


def _problem(event: ProblemEvent, _: str) -> str | None:
    match event:
        case OutcomeMeasured() | StakeholderConsulted():
            return None
        case ProblemDefined() | ProblemReframed():
            return "problem"
        case InitiativeAdopted():
            return "status"
        case OutcomeTargeted():
            return f"target:{event.outcome.metric}"
        case OwnerChanged():
            return "owner"
        case InitiativePlaced():
            return "place"
        case DependencyAdded() | DependencyRemoved():
            return f"dependency:{event.on}"
        case PurposeClassified():
            return "classification"
        case ExpectationSet():
            return "expectation"
        case _:
            assert_never(event)


def _milestones(event: MilestoneEvent, _: str) -> str | None:
    match event:
        case (
            MilestoneAdvanced()
            | MilestoneReturned()
            | WorkBlocked()
            | WorkUnblocked()
            | WorkPaused()
            | WorkResumed()
            | InitiativeStopped()
            | InitiativeReopened()
            | InitiativeRetired()
        ):
            return "status"
        case BreakGlassReviewed():
            return f"review:{event.move}"
        case GateWaived():
            return f"waiver:{event.milestone}:{event.requirement}"
        case RolloutSet():
            return "rollout"
        case _:
            assert_never(event)


def _approvals(event: ApprovalEvent, actor: str) -> str | None:
    match event:
        case StakeholderApproved() | StakeholderRejected() | StakeholderAbstained() | ApprovalWithdrawn():
            return f"vote:{actor}:{event.role}:{event.milestone or 'backlog'}"
        case ApprovalRequested():
            return f"request:{event.milestone or 'backlog'}"
        case ConditionMet():
            return f"condition:{event.condition}"
        case _:
            assert_never(event)


def _risks(event: RiskEvent, _: str) -> str | None:
    return f"risk:{event.risk}"


def _safeguards(event: SafeguardEvent, _: str) -> str | None:
    match event:
        case EdgeCaseLogged() | EdgeCaseTriaged():
            return f"case:{event.case}"
        case EdgeCasesReviewed():
            return "edge-cases"
        case FallbackDefined() | FallbackTested() | FallbackActivated() | FallbackDeactivated():
            return "fallback"
        case NoticeDefined():
            return "notice"
        case MonitorDefined():
            return "monitor"
        case IncidentOpened() | IncidentReported() | IncidentClosed():
            return f"incident:{event.incident}"
        case _:
            assert_never(event)


def _experiments(event: ExperimentEvent, _: str) -> str | None:
    match event:
        case ResultRecorded():
            return None
        case CriterionSet() | CriterionRetired():
            return f"criterion:{event.criterion}"
        case ExperimentStarted() | ExperimentConcluded():
            return f"experiment:{event.experiment}"
        case _:
            assert_never(event)


def _anything(event: AnythingEvent, _: str) -> str | None:
    match event:
        case NoteAdded() | EvidenceAttached() | RecordVoided():
            return None
        case _:
            assert_never(event)


# By type, because a match over all of them is slow; the function of each union is complete by assert_never.
SUBJECTS: dict[type[Event], Callable[[Any, str], str | None]] = {
    kind: subject
    for union, subject in (
        (RoadmapEvent, _roadmap),
        (ProblemEvent, _problem),
        (MilestoneEvent, _milestones),
        (ApprovalEvent, _approvals),
        (RiskEvent, _risks),
        (SafeguardEvent, _safeguards),
        (ExperimentEvent, _experiments),
        (AnythingEvent, _anything),
    )
    for kind in get_args(union)
}
