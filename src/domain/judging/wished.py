"""What was wished for, from what was recorded: the inverse of `decide`, one case an event type.

What a wish leaves to the decision (the role to vote in, where to advance) is found filled in, which decides
the same.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from roadlog.domain import commands, events
from roadlog.domain.commands import Command
from roadlog.domain.events import (
    AnythingEvent,
    ApprovalEvent,
    Event,
    ExperimentEvent,
    MilestoneEvent,
    ProblemEvent,
    RiskEvent,
    RoadmapEvent,
    SafeguardEvent,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record

C = TypeVar("C", bound=Command)
DAY = timedelta(days=1)

Wishes = tuple[Command, ...]
"""What may have been wished for, the likeliest first; none where no wish comes to such an event."""


def wishes(record: Record, initiative: InitiativeState) -> Wishes:
    """The wishes that may have come to a record. `initiative` is its state before it.

    There is none for what only imports bring, for the opening of the roadmap, which comes to several records,
    and for a request for consent, which holds its own.
    """
    event = record.body.event
    return _WISHES[type(event)](event, record, initiative)


def _like(kind: type[C], said: Struct, record: Record) -> C:
    """The command whose fields have the names of what was recorded."""
    names = kind.__struct_fields__
    fields: dict[str, Any] = {name: getattr(said, name) for name in names if name != "stream"}
    return kind(stream=record.stream, **fields)


def _roadmap(event: RoadmapEvent, record: Record, _: InitiativeState) -> Wishes:
    match event:
        case events.RoadmapOpened() | events.ConsentRequested():
            return ()
        case events.StakeholderJoined():
            return (_like(commands.AddStakeholder, event, record),)
        case events.StakeholderLeft():
            return (_like(commands.RemoveStakeholder, event, record),)
        case events.RoleGranted():
            return (_like(commands.GrantRole, event, record),)
        case events.RoleRevoked():
            return (_like(commands.RevokeRole, event, record),)
        case events.KeyEnrolled():
            return (_like(commands.EnrolKey, event, record),)
        case events.KeyRetired():
            return (_like(commands.RetireKey, event, record),)
        case events.LogKeyChanged():
            return (_like(commands.ChangeLogKey, event, record),)
        case events.WorkflowAdopted():
            return (_like(commands.AdoptWorkflow, event, record),)
        case events.PersonalDataErased():  # what the directory held is not in the log
            erase = commands.ErasePersonalData(stream=record.stream, stakeholder=event.stakeholder)
            return (erase, replace(erase, held=True))
        case events.ForecastKept():
            return (_like(commands.KeepForecast, event, record),)
        case events.ConsentGiven():
            return (commands.AnswerConsent(stream=record.stream, request=event.request, give=True),)
        case events.ConsentRefused():
            return (commands.AnswerConsent(stream=record.stream, request=event.request, give=False),)
        case _:
            assert_never(event)


def _problem(event: ProblemEvent, record: Record, initiative: InitiativeState) -> Wishes:
    match event:
        case events.ProblemDefined():
            return (_define(event, record, initiative),)
        case events.ProblemReframed():
            return (_reframe(event, record),)
        case events.InitiativeAdopted():
            return (_like(commands.AdoptInitiative, event, record),)
        case events.OutcomeTargeted():
            return (_like(commands.TargetOutcome, event.outcome, record),)
        case events.OutcomeMeasured():
            return (_like(commands.MeasureOutcome, event, record),)
        case events.OwnerChanged():
            return (_like(commands.ChangeOwner, event, record),)
        case events.InitiativePlaced():
            return (_like(commands.PlaceInitiative, event, record),)
        case events.DependencyAdded():
            return (_like(commands.AddDependency, event, record),)
        case events.DependencyRemoved():
            return (_like(commands.RemoveDependency, event, record),)
        case events.PurposeClassified():
            return (_like(commands.ClassifyPurpose, event, record),)
        case events.ExpectationSet():
            return (_like(commands.SetExpectation, event, record),)
        case events.StakeholderConsulted():
            return (_like(commands.ConsultStakeholder, event, record),)
        case _:
            assert_never(event)


def _define(event: events.ProblemDefined, record: Record, initiative: InitiativeState) -> Command:
    """An owner who was there already need not have been named, and may have left."""
    define = commands.DefineProblem(
        stream=record.stream,
        title=event.title,
        problem=event.problem,
        segments=event.segments,
        approach=event.approach,
        owner=None if event.owner == initiative.owner else event.owner,
        allow_solution=bool(event.solution_words),
    )
    outcome = event.outcome
    if outcome is None:
        return define
    return replace(define, **{name: getattr(outcome, name) for name in outcome.__struct_fields__})


def _reframe(event: events.ProblemReframed, record: Record) -> Command:
    return commands.ReframeProblem(
        stream=record.stream,
        title=event.title,
        problem=event.problem,
        segments=event.segments,
        approach=event.approach,
        allow_solution=bool(event.solution_words),
    )


def _milestones(event: MilestoneEvent, record: Record, _: InitiativeState) -> Wishes:
    match event:
        case events.MilestoneAdvanced():
            return (_like(commands.AdvanceMilestone, event, record),)
        case events.BreakGlassReviewed():
            return (_like(commands.ReviewBreakGlass, event, record),)
        case events.MilestoneReturned():
            return (_like(commands.ReturnMilestone, event, record),) if event.loop else ()
        case events.GateWaived():
            return (_like(commands.WaiveRequirement, event, record),)
        case events.WorkBlocked():
            return (_like(commands.BlockWork, event, record),)
        case events.WorkUnblocked():
            return (_like(commands.UnblockWork, event, record),)
        case events.WorkPaused():
            return (_like(commands.PauseWork, event, record),)
        case events.WorkResumed():
            return (_like(commands.ResumeWork, event, record),)
        case events.InitiativeStopped():
            return (_like(commands.StopInitiative, event, record),)
        case events.InitiativeReopened():
            return (_like(commands.ReopenInitiative, event, record),)
        case events.InitiativeRetired():
            return (_like(commands.RetireInitiative, event, record),)
        case events.RolloutSet():
            return (_like(commands.SetRollout, event, record),)
        case _:
            assert_never(event)


def _approvals(event: ApprovalEvent, record: Record, _: InitiativeState) -> Wishes:
    match event:
        case events.ApprovalRequested():
            return (_like(commands.RequestApproval, event, record),)
        case events.StakeholderApproved():
            return _approve(event, record)
        case events.StakeholderRejected():
            return (_like(commands.Reject, event, record),)
        case events.StakeholderAbstained():
            return (_like(commands.Abstain, event, record),)
        case events.ApprovalWithdrawn():
            return (_like(commands.WithdrawApproval, event, record),)
        case events.ConditionMet():
            return (_like(commands.MeetCondition, event, record),)
        case _:
            assert_never(event)


def _approve(event: events.StakeholderApproved, record: Record) -> Wishes:
    """An approval holds for whole days or without an end: nobody can wish for another."""
    valid_days = None
    if event.valid_until is not None:
        valid_days, rest = divmod(event.valid_until - record.effective_at, DAY)
        if rest:
            return ()
    return (
        commands.Approve(
            stream=record.stream,
            role=event.role,
            statement=event.statement,
            conditions=tuple((each.text, each.due) for each in event.conditions),
            valid_days=valid_days,
        ),
    )


def _risks(event: RiskEvent, record: Record, _: InitiativeState) -> Wishes:
    match event:
        case events.RiskLogged():
            return (_like(commands.LogRisk, event, record),)
        case events.RiskAssessed():
            return (_like(commands.AssessRisk, event, record),)
        case events.RiskMitigated():
            return (_like(commands.MitigateRisk, event, record),)
        case events.RiskAccepted():  # who is alone may hold a role that cannot be named any more
            return (
                _like(commands.AcceptRisk, event, record),
                commands.AcceptRisk(stream=record.stream, risk=event.risk, until=event.until),
            )
        case events.RiskClosed():
            return (_like(commands.CloseRisk, event, record),)
        case events.RiskReopened():
            return (_like(commands.ReopenRisk, event, record),)
        case _:
            assert_never(event)


def _safeguards(event: SafeguardEvent, record: Record, _: InitiativeState) -> Wishes:
    match event:
        case events.FallbackDefined():
            return (_like(commands.DefineFallback, event, record),)
        case events.FallbackTested():
            return (_like(commands.TestFallback, event, record),)
        case events.FallbackActivated():
            return (_like(commands.ActivateFallback, event, record),)
        case events.FallbackDeactivated():
            return (_like(commands.DeactivateFallback, event, record),)
        case events.NoticeDefined():
            return (_like(commands.DefineNotice, event, record),)
        case events.MonitorDefined():
            return (_like(commands.DefineMonitor, event, record),)
        case events.EdgeCaseLogged():
            return (_like(commands.LogEdgeCase, event, record),)
        case events.EdgeCaseTriaged():
            return (_like(commands.TriageEdgeCase, event, record),)
        case events.EdgeCasesReviewed():
            return (_like(commands.ReviewEdgeCases, event, record),)
        case events.IncidentOpened():
            return (_like(commands.OpenIncident, event, record),)
        case events.IncidentReported():
            return (_like(commands.ReportIncident, event, record),)
        case events.IncidentClosed():
            return (_like(commands.CloseIncident, event, record),)
        case _:
            assert_never(event)


def _experiments(event: ExperimentEvent, record: Record, initiative: InitiativeState) -> Wishes:
    match event:
        case events.CriterionSet():
            dataset = event.dataset and _dataset(initiative, event.dataset)
            return (replace(_like(commands.SetCriterion, event, record), dataset=dataset),)
        case events.CriterionRetired():
            return (_like(commands.RetireCriterion, event, record),)
        case events.ResultRecorded():
            return (_like(commands.RecordResult, event, record),)
        case events.ExperimentStarted():
            return (_like(commands.StartExperiment, event, record),)
        case events.ExperimentConcluded():
            return (_like(commands.ConcludeExperiment, event, record),)
        case _:
            assert_never(event)


def _dataset(state: InitiativeState, sha256: str) -> str:
    """The id of the dataset that is these bytes, which may be attached as something else, too."""
    found = (each.id for each in state.evidence.values() if (each.kind, each.sha256) == ("dataset", sha256))
    return next(found, sha256)


def _anything(event: AnythingEvent, record: Record, _: InitiativeState) -> Wishes:
    match event:
        case events.EvidenceAttached():
            return (_like(commands.AttachEvidence, event, record),)
        case events.NoteAdded():
            return (_like(commands.AddNote, event, record),)
        case events.RecordVoided():
            return (_like(commands.VoidRecord, event, record),)
        case _:
            assert_never(event)


# By type, because a match over all of them is slow; the function of each union is complete by assert_never.
_WISHES: dict[type[Event], Callable[[Any, Record, InitiativeState], Wishes]] = {
    kind: found
    for union, found in (
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
