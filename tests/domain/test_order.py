"""Rule 8: what each event is about, for the order of time."""

from datetime import UTC, datetime

import pytest

from roadlog.domain.events import (
    CATALOGUE,
    ApprovalRequested,
    BreakGlassReviewed,
    ConditionMet,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    CriterionRetired,
    DependencyAdded,
    DependencyRemoved,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceAttached,
    ExpectationSet,
    ExperimentConcluded,
    ExperimentStarted,
    FallbackActivated,
    FallbackDeactivated,
    ForecastKept,
    GateWaived,
    IncidentClosed,
    IncidentReported,
    InitiativePlaced,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    KeyEnrolled,
    KeyRetired,
    LogKeyChanged,
    MonitorDefined,
    NoteAdded,
    NoticeDefined,
    OutcomeMeasured,
    OutcomeTargeted,
    OwnerChanged,
    PersonalDataErased,
    PurposeClassified,
    RecordVoided,
    RiskAssessed,
    RiskClosed,
    RiskReopened,
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    RolloutSet,
    StakeholderConsulted,
    StakeholderJoined,
    StakeholderLeft,
    WorkBlocked,
    WorkflowAdopted,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.order import subject_of
from tests.domain.changes import state_after
from tests.domain.spec import at, by
from tests.domain.test_evolve_approvals import ABSTAINED, APPROVED, REJECTED, WITHDRAWN
from tests.domain.test_evolve_experiments import RECORDED, SET
from tests.domain.test_evolve_milestones import ADVANCED, RETURNED
from tests.domain.test_evolve_problem import ADOPTED, CSAT, DEFINED, REFRAMED
from tests.domain.test_evolve_risks import ACCEPTED, LOGGED, MITIGATED
from tests.domain.test_evolve_safeguards import FALLBACK, OPENED, TESTED
from tests.domain.test_evolve_safeguards import LOGGED as CASE
from tests.golden.events import ADDED

MOMENT = datetime(2026, 4, 1, tzinfo=UTC)
FORECAST = next(each for each in ADDED if isinstance(each, ForecastKept))

SUBJECTS: tuple[tuple[Event, str | None], ...] = (
    # the roadmap
    (RoadmapOpened(key="SUP", name="Support AI"), None),
    (
        StakeholderJoined(
            stakeholder="dan", kind="human", roles=(), name_commitment=None, address_commitment=None
        ),
        "stakeholder:dan",
    ),
    (StakeholderLeft(stakeholder="dan"), "stakeholder:dan"),
    (LogKeyChanged(old="a", new="b", by_old="", by_new=""), "log key"),
    (PersonalDataErased(stakeholder="dan"), "erasure:dan"),
    (FORECAST, None),
    (RoleGranted(stakeholder="dan", role="product"), "stakeholder:dan"),
    (RoleRevoked(stakeholder="dan", role="product"), "stakeholder:dan"),
    (KeyEnrolled(stakeholder="dan", public_key="", valid_from=at(0), valid_until=None), "keys:dan"),
    (KeyRetired(stakeholder="dan", fingerprint="SHA256:x"), "keys:dan"),
    (WorkflowAdopted(name="lite", version=1, digest="aa", definition={}), "workflow"),
    (ConsentRequested(command="AddNote", arguments={}, stream="SUP-1", at=MOMENT, why="old"), None),
    (ConsentGiven(request=3), None),
    (ConsentRefused(request=3), None),
    # what and why
    (DEFINED, "problem"),
    (REFRAMED, "problem"),
    (ADOPTED, "status"),
    (OutcomeTargeted(outcome=CSAT), "target:csat"),
    (OutcomeMeasured(metric="csat", value=1, sample=None, evidence=None), None),
    (OwnerChanged(owner="dan"), "owner"),
    (InitiativePlaced(horizon="now", rank=1), "place"),
    (DependencyAdded(on="SUP-2"), "dependency:SUP-2"),
    (DependencyRemoved(on="SUP-2"), "dependency:SUP-2"),
    (
        PurposeClassified(purpose="p", affected="a", risk_class="minimal", our_role=None, basis="b"),
        "classification",
    ),
    (
        ExpectationSet(iterations_from=1, iterations_to=2, outcome_from=None, outcome_to=None, told=()),
        "expectation",
    ),
    (StakeholderConsulted(role="compliance", said="fine"), None),
    # moves and status, which forbid each other
    (ADVANCED, "status"),
    (RETURNED, "status"),
    (WorkBlocked(by="x"), "status"),
    (WorkUnblocked(), "status"),
    (WorkPaused(), "status"),
    (WorkResumed(), "status"),
    (InitiativeStopped(), "status"),
    (InitiativeReopened(), "status"),
    (InitiativeRetired(), "status"),
    (BreakGlassReviewed(move=7, upheld=True), "review:7"),
    (GateWaived(milestone="training", requirement="criteria", until=MOMENT), "waiver:training:criteria"),
    (RolloutSet(percent=5), "rollout"),
    # approvals
    (
        ApprovalRequested(
            request="Q1", milestone=None, roles=("product",), subject="s", shown={}, valid_days=None
        ),
        "request:backlog",
    ),
    (APPROVED, "vote:dan:data-science:feasibility"),
    (REJECTED, "vote:dan:data-science:feasibility"),
    (ABSTAINED, "vote:dan:data-science:feasibility"),
    (WITHDRAWN, "vote:dan:data-science:feasibility"),
    (ConditionMet(condition="C1"), "condition:C1"),
    # risks
    (LOGGED, "risk:R1"),
    (RiskAssessed(risk="R1", likelihood=1, impact=1), "risk:R1"),
    (MITIGATED, "risk:R1"),
    (ACCEPTED, "risk:R1"),
    (RiskClosed(risk="R1"), "risk:R1"),
    (RiskReopened(risk="R1"), "risk:R1"),
    # safeguards
    (FALLBACK, "fallback"),
    (TESTED, "fallback"),
    (FallbackActivated(), "fallback"),
    (FallbackDeactivated(), "fallback"),
    (NoticeDefined(text="t", placement="p", locale=None), "notice"),
    (MonitorDefined(signal="s", where="w", owner="dan"), "monitor"),
    (CASE, "case:E1"),
    (EdgeCaseTriaged(case="E1", outcome="fix"), "case:E1"),
    (EdgeCasesReviewed(source="chat", sample=1, found=0), "edge-cases"),
    (OPENED, "incident:I1"),
    (IncidentReported(incident="I1", to="regulator"), "incident:I1"),
    (IncidentClosed(incident="I1"), "incident:I1"),
    # criteria and experiments
    (SET, "criterion:F1"),
    (CriterionRetired(criterion="F1"), "criterion:F1"),
    (RECORDED, None),
    (ExperimentStarted(experiment="X1", hypothesis="h", metric="m", variants=()), "experiment:X1"),
    (ExperimentConcluded(experiment="X1", decision="ship", summary="s", variants=()), "experiment:X1"),
    # anything
    (
        EvidenceAttached(
            evidence="D1", kind="model", title="t", uri=None, media_type=None, sha256="aa", size=None
        ),
        None,
    ),
    (NoteAdded(text="x"), None),
    (RecordVoided(position=1), None),
)


@pytest.mark.parametrize(("event", "subject"), SUBJECTS, ids=[type(event).__name__ for event, _ in SUBJECTS])
def test_what_an_event_is_about(event: Event, subject: str | None) -> None:
    assert subject_of(event, "dan") == subject


def test_every_event_of_the_catalogue_is_in_the_table() -> None:
    assert {type(event) for event, _ in SUBJECTS} == set(CATALOGUE.values())


def test_votes_of_two_people_are_two_subjects() -> None:
    assert subject_of(APPROVED, "erin") == "vote:erin:data-science:feasibility"


@pytest.mark.parametrize("status", [WorkBlocked(by="x"), WorkPaused(), InitiativeStopped()])
def test_a_stop_pause_or_block_may_not_precede_the_last_move_nor_a_move_the_last_of_them(
    status: Event,
) -> None:
    moved = state_after(DEFINED, ADVANCED)
    assert moved.touched[subject_of(status, "paula") or ""] == at(1)
    halted = state_after(DEFINED, status)
    assert halted.touched[subject_of(RETURNED, "paula") or ""] == at(1)


def test_measurements_of_an_earlier_time_leave_the_target_s_time_alone() -> None:
    targeted = by("paula", OutcomeTargeted(outcome=CSAT), at=at(3))
    measured = by("paula", OutcomeMeasured(metric="csat", value=1, sample=None, evidence=None), at=at(9))
    assert state_after(DEFINED, targeted, measured).touched["target:csat"] == at(3)
