"""How messages name event types and commands: nobody has to know what they are called in the code."""

from collections.abc import Mapping
from typing import Any

EVENTS = {
    "RoadmapOpened": "the opening of the roadmap",
    "StakeholderJoined": "an enrolment",
    "StakeholderLeft": "a leaving",
    "RoleGranted": "a grant of a role",
    "RoleRevoked": "a revocation of a role",
    "KeyEnrolled": "an enrolment of a key",
    "KeyRetired": "the retirement of a key",
    "LogKeyChanged": "a change of the log's key",
    "WorkflowAdopted": "an adoption of a workflow",
    "PersonalDataErased": "an erasure",
    "ForecastKept": "a forecast",
    "ConsentRequested": "a request for consent",
    "ConsentGiven": "a consent",
    "ConsentRefused": "a refusal of consent",
    "ProblemDefined": "the definition of the problem",
    "ProblemReframed": "a reframing",
    "InitiativeAdopted": "the adoption",
    "OutcomeTargeted": "a target",
    "OutcomeMeasured": "a measurement",
    "OwnerChanged": "a change of owner",
    "InitiativePlaced": "a placing",
    "DependencyAdded": "a dependency",
    "DependencyRemoved": "the end of a dependency",
    "PurposeClassified": "a classification",
    "ExpectationSet": "an expectation",
    "StakeholderConsulted": "a check-in",
    "MilestoneAdvanced": "a move forward",
    "BreakGlassReviewed": "a review of a break-glass",
    "MilestoneReturned": "a return",
    "GateWaived": "a waiver",
    "WorkBlocked": "a block",
    "WorkUnblocked": "the end of a block",
    "WorkPaused": "a pause",
    "WorkResumed": "the end of a pause",
    "InitiativeStopped": "a stop",
    "InitiativeReopened": "a reopening",
    "InitiativeRetired": "a retirement",
    "RolloutSet": "a rollout",
    "ApprovalRequested": "a request for approval",
    "StakeholderApproved": "an approval",
    "StakeholderRejected": "a rejection",
    "StakeholderAbstained": "an abstention",
    "ApprovalWithdrawn": "a withdrawal of a vote",
    "ConditionMet": "a condition met",
    "RiskLogged": "a risk",
    "RiskAssessed": "an assessment of a risk",
    "RiskMitigated": "a treatment of a risk",
    "RiskAccepted": "an acceptance of a risk",
    "RiskClosed": "the closing of a risk",
    "RiskReopened": "the reopening of a risk",
    "FallbackDefined": "a definition of the fallback",
    "FallbackTested": "a test of the fallback",
    "FallbackActivated": "an activation of the fallback",
    "FallbackDeactivated": "a deactivation of the fallback",
    "NoticeDefined": "a definition of the notice",
    "MonitorDefined": "a definition of the monitor",
    "EdgeCaseLogged": "an edge case",
    "EdgeCaseTriaged": "the triage of an edge case",
    "EdgeCasesReviewed": "a review for edge cases",
    "IncidentOpened": "an incident",
    "IncidentReported": "a report of an incident",
    "IncidentClosed": "the closing of an incident",
    "CriterionSet": "a criterion",
    "CriterionRetired": "the retirement of a criterion",
    "ResultRecorded": "a result",
    "ExperimentStarted": "the start of an experiment",
    "ExperimentConcluded": "the conclusion of an experiment",
    "EvidenceAttached": "a piece of evidence",
    "NoteAdded": "a note",
    "RecordVoided": "a void",
}
COMMANDS = {
    "OpenRoadmap": "open the roadmap",
    "AddStakeholder": "enrol",
    "RemoveStakeholder": "record the leaving of",
    "GrantRole": "grant a role",
    "RevokeRole": "revoke a role",
    "EnrolKey": "enrol a key",
    "RetireKey": "retire a key",
    "ChangeLogKey": "change the log's key",
    "AdoptWorkflow": "adopt a workflow",
    "ErasePersonalData": "erase the personal data",
    "KeepForecast": "keep a forecast",
    "AnswerConsent": "answer a request",
    "DefineProblem": "define a problem",
    "AdoptInitiative": "adopt work under way",
    "ReframeProblem": "reframe the problem",
    "ChangeOwner": "change the owner",
    "PlaceInitiative": "place it in the plan",
    "AddDependency": "make it depend",
    "RemoveDependency": "remove a dependency",
    "ClassifyPurpose": "classify its purpose",
    "SetExpectation": "set the expectation",
    "TargetOutcome": "set a target",
    "MeasureOutcome": "record a measurement",
    "ConsultStakeholder": "check in",
    "AdvanceMilestone": "advance it",
    "ReviewBreakGlass": "review a break-glass",
    "ReturnMilestone": "go back",
    "WaiveRequirement": "waive a requirement",
    "BlockWork": "block the work",
    "UnblockWork": "unblock the work",
    "PauseWork": "pause the work",
    "ResumeWork": "resume the work",
    "StopInitiative": "stop it",
    "ReopenInitiative": "reopen it",
    "RetireInitiative": "retire the product",
    "SetRollout": "set the rollout",
    "RequestApproval": "request approval",
    "Approve": "approve",
    "Reject": "reject",
    "Abstain": "abstain",
    "WithdrawApproval": "withdraw a vote",
    "MeetCondition": "meet a condition",
    "LogRisk": "log a risk",
    "AssessRisk": "assess a risk",
    "MitigateRisk": "mitigate a risk",
    "AcceptRisk": "accept a risk",
    "CloseRisk": "close a risk",
    "ReopenRisk": "reopen a risk",
    "DefineFallback": "define the fallback",
    "TestFallback": "record a test of the fallback",
    "ActivateFallback": "activate the fallback",
    "DeactivateFallback": "deactivate the fallback",
    "DefineNotice": "define the notice",
    "DefineMonitor": "define the monitor",
    "LogEdgeCase": "log an edge case",
    "TriageEdgeCase": "triage an edge case",
    "ReviewEdgeCases": "record a review for edge cases",
    "OpenIncident": "open an incident",
    "ReportIncident": "report an incident",
    "CloseIncident": "close an incident",
    "SetCriterion": "set a criterion",
    "RetireCriterion": "retire a criterion",
    "RecordResult": "record a result",
    "StartExperiment": "start an experiment",
    "ConcludeExperiment": "conclude an experiment",
    "AttachEvidence": "attach evidence",
    "AddNote": "add a note",
    "VoidRecord": "void record",
}
UNTOLD = (
    "stream",
    "definition",
    "name_commitment",
    "address_commitment",
    "sha256",
    "subject",
    "shown",
    "held",
    "head",
    "lines",
)
"""Arguments that say nothing to a reader, or are said beside the rest."""


LEADING = frozenset({"title", "text", "description", "stakeholder", "problem", "risk", "metric"})
"""Arguments that are told first: by them the rest is known."""


def event_name(kind: str) -> str:
    """`a return` for `MilestoneReturned`."""
    return EVENTS.get(kind, kind)


def sentence_case(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def wish(command: str, arguments: Mapping[str, Any]) -> str:
    """What a command would do, from its arguments: `record a measurement: metric days, value 31`."""
    words = COMMANDS.get(command, command)
    if command == "VoidRecord":
        return f"{words} {arguments['position']}" if "position" in arguments else "void a record"
    told = ", ".join(
        f"{name.replace('_', ' ')} {_value(value)}"
        for name, value in sorted(arguments.items(), key=lambda each: each[0] not in LEADING)
        if name not in UNTOLD and value not in (None, False, "", [], ())
    )
    return f"{words}: {told}" if told else words


def _value(value: Any) -> str:
    if value is True:
        return "yes"
    if isinstance(value, list | tuple):
        return " and ".join(map(_value, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(each)}" for name, each in value.items() if each is not None)
    return str(value)
