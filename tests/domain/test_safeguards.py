"""The rules of safeguards: fallback, notice, monitor, edge cases and incidents."""

from datetime import timedelta

import pytest

from roadlog.domain.commands import (
    ActivateFallback,
    CloseIncident,
    Command,
    DeactivateFallback,
    DefineFallback,
    DefineMonitor,
    DefineNotice,
    LogEdgeCase,
    OpenIncident,
    ReportIncident,
    ReviewEdgeCases,
    TestFallback,
    TriageEdgeCase,
)
from roadlog.domain.events import (
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    FallbackActivated,
    FallbackDeactivated,
    FallbackDefined,
    FallbackTested,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    MonitorDefined,
    NoticeDefined,
    WorkPaused,
)
from tests.domain.part_events import DEFINED, FALLBACK, attached, edge_case, risk_logged
from tests.domain.spec import NOW, given

DEFINE = DefineFallback(kind="human-handoff", description="Talk to a human", trigger="confidence below 0.6")
NOTICE = NoticeDefined(text="Written with AI; check it.", placement="above the answer", locale="en")
MONITOR = MonitorDefined(signal="handover rate", where="Grafana", owner="erin")
INCIDENT = IncidentOpened(
    incident="I1", description="Refunds promised to everybody", aware_at=NOW, severity=5, case=None
)
OPEN = OpenIncident(description="Refunds promised to everybody", aware_at=NOW, severity=5)


def test_a_fallback_is_defined_and_the_same_again_changes_nothing() -> None:
    given(DEFINED).when(DEFINE).then(FALLBACK)
    given(DEFINED, FALLBACK).when(DEFINE).then()


def test_another_fallback_replaces_the_one_before() -> None:
    command = DefineFallback(kind="disable", description="Switch it off", trigger="confidence below 0.6")
    given(DEFINED, FALLBACK).when(command).then(
        FallbackDefined(
            kind="disable", description="Switch it off", trigger="confidence below 0.6", owner=None
        )
    )


def test_a_fallback_is_owned_by_somebody_on_the_roadmap() -> None:
    def owned(owner: str) -> DefineFallback:
        return DefineFallback(kind="disable", description="Switch it off", trigger="errors", owner=owner)

    given(DEFINED).when(owned("otta")).then_refused("unknown-stakeholder", saying="Did you mean otto?")
    given(DEFINED).when(owned("otto")).then(
        FallbackDefined(kind="disable", description="Switch it off", trigger="errors", owner="otto")
    )


@pytest.mark.parametrize("command", [TestFallback(passed=True), ActivateFallback()])
def test_a_fallback_is_defined_before_it_is_tested_or_activated(command: Command) -> None:
    refusal = given(DEFINED).when(command, because="outage").then_refused("fallback", saying="SUP-1")
    assert refusal.try_ == ("roadlog fallback define SUP-1 TEXT --kind human-handoff --trigger TEXT",)


def test_a_fallback_is_tested_as_often_as_one_likes() -> None:
    passed = FallbackTested(passed=True, evidence=None)
    given(DEFINED, FALLBACK, passed).when(TestFallback(passed=True)).then(passed)
    given(DEFINED, FALLBACK, passed).when(TestFallback(passed=False)).then(
        FallbackTested(passed=False, evidence=None)
    )


def test_a_test_names_evidence_that_is_there() -> None:
    command = TestFallback(passed=True, evidence="D1")
    given(DEFINED, FALLBACK).when(command).then_refused("unknown-evidence")
    given(DEFINED, FALLBACK, attached()).when(command).then(FallbackTested(passed=True, evidence="D1"))


def test_a_fallback_is_activated_with_a_reason() -> None:
    given(DEFINED, FALLBACK).when(ActivateFallback()).then_refused("reason")
    given(DEFINED, FALLBACK).when(ActivateFallback(), because="outage").then(FallbackActivated())


def test_an_active_fallback_is_not_activated_again() -> None:
    given(DEFINED, FALLBACK, FallbackActivated()).when(ActivateFallback(), because="outage").then()


def test_only_an_active_fallback_is_deactivated() -> None:
    given(DEFINED, FALLBACK, FallbackActivated()).when(DeactivateFallback()).then(FallbackDeactivated())
    given(DEFINED, FALLBACK).when(DeactivateFallback()).then()
    given(DEFINED).when(DeactivateFallback()).then()


def test_a_notice_is_defined_and_the_same_again_changes_nothing() -> None:
    command = DefineNotice(text="Written with AI; check it.", placement="above the answer", locale="en")
    given(DEFINED).when(command).then(NOTICE)
    given(DEFINED, NOTICE).when(command).then()
    moved = DefineNotice(text="Written with AI; check it.", placement="in the footer", locale="en")
    given(DEFINED, NOTICE).when(moved).then(
        NoticeDefined(text="Written with AI; check it.", placement="in the footer", locale="en")
    )


def test_a_monitor_is_watched_by_somebody_on_the_roadmap() -> None:
    stranger = DefineMonitor(signal="handover rate", where="Grafana", owner="eric")
    given(DEFINED).when(stranger).then_refused("unknown-stakeholder", saying="Did you mean erin?")
    command = DefineMonitor(signal="handover rate", where="Grafana", owner="erin")
    given(DEFINED).when(command).then(MONITOR)
    given(DEFINED, MONITOR).when(command).then()


def test_an_edge_case_gets_the_next_id_also_for_the_same_words() -> None:
    command = LogEdgeCase(description="Sarcasm read as praise", severity=4)
    given(DEFINED).when(command).then(edge_case("E1"))
    given(DEFINED, edge_case("E1")).when(command).then(edge_case("E2"))


@pytest.mark.parametrize("severity", [0, 6])
def test_severities_outside_1_to_5_are_refused(severity: int) -> None:
    given(DEFINED).when(LogEdgeCase(description="x", severity=severity)).then_refused(
        "scale", saying="severity"
    )
    incident = OpenIncident(description="x", aware_at=NOW, severity=severity)
    given(DEFINED).when(incident, because="outage").then_refused("scale", saying="severity")


@pytest.mark.parametrize("severity", [1, 5])
def test_severities_from_1_to_5_are_taken(severity: int) -> None:
    command = LogEdgeCase(description="Sarcasm read as praise", severity=severity)
    given(DEFINED).when(command).then(edge_case("E1", severity=severity))


def test_an_edge_case_names_a_risk_that_is_there() -> None:
    command = LogEdgeCase(description="Sarcasm read as praise", severity=4, risk="R1")
    given(DEFINED).when(command).then_refused("unknown-risk")
    given(DEFINED, risk_logged()).when(command).then(edge_case("E1", risk="R1"))


def test_an_edge_case_is_triaged_and_may_be_triaged_otherwise() -> None:
    story = given(DEFINED, edge_case(), EdgeCaseTriaged(case="E1", outcome="fix"))
    story.when(TriageEdgeCase(case="E1", outcome="fix")).then()
    story.when(TriageEdgeCase(case="E1", outcome="wont-fix")).then(
        EdgeCaseTriaged(case="E1", outcome="wont-fix")
    )
    story.when(TriageEdgeCase(case="E2", outcome="fix")).then_refused("unknown-edge-case", saying="E1")


@pytest.mark.parametrize(("sample", "found"), [(1, 0), (1, 1), (200, 14)])
def test_a_review_finds_from_none_to_all_of_its_sample(sample: int, found: int) -> None:
    given(DEFINED).when(ReviewEdgeCases(source="chat logs of May", sample=sample, found=found)).then(
        EdgeCasesReviewed(source="chat logs of May", sample=sample, found=found)
    )


@pytest.mark.parametrize(
    ("sample", "found", "rule"), [(0, 0, "count"), (-5, 0, "count"), (10, 11, "found"), (10, -1, "found")]
)
def test_a_review_of_nothing_or_finding_more_than_there_was_is_refused(
    sample: int, found: int, rule: str
) -> None:
    given(DEFINED).when(ReviewEdgeCases(source="chat logs", sample=sample, found=found)).then_refused(rule)


@pytest.mark.parametrize("source", ["", "  "])
def test_a_review_says_where_one_looked(source: str) -> None:
    given(DEFINED).when(ReviewEdgeCases(source=source, sample=10, found=0)).then_refused("malformed-source")


def test_an_incident_is_opened_with_a_reason_and_gets_the_next_id() -> None:
    given(DEFINED).when(OPEN).then_refused("reason")
    given(DEFINED).when(OPEN, because="customers called").then(INCIDENT)


def test_we_are_aware_of_an_incident_when_it_is_opened_or_before() -> None:
    early = NOW - timedelta(days=30)
    given(DEFINED).when(OpenIncident(description="x", aware_at=early, severity=5), because="calls").then(
        IncidentOpened(incident="I1", description="x", aware_at=early, severity=5, case=None)
    )
    late = NOW + timedelta(seconds=1)
    given(DEFINED).when(
        OpenIncident(description="x", aware_at=late, severity=5), because="calls"
    ).then_refused("aware")


def test_an_incident_names_an_edge_case_that_is_there() -> None:
    command = OpenIncident(description="x", aware_at=NOW, severity=5, case="E1")
    given(DEFINED).when(command, because="calls").then_refused("unknown-edge-case")
    given(DEFINED, edge_case()).when(command, because="calls").then(
        IncidentOpened(incident="I1", description="x", aware_at=NOW, severity=5, case="E1")
    )


def test_an_incident_is_reported_also_again_and_after_it_was_closed() -> None:
    reported = IncidentReported(incident="I1", to="market surveillance authority")
    command = ReportIncident(incident="I1", to="market surveillance authority")
    given(DEFINED).when(command).then_refused("unknown-incident")
    given(DEFINED, INCIDENT).when(command).then(reported)
    given(DEFINED, INCIDENT, reported, IncidentClosed(incident="I1")).when(command).then(reported)


def test_an_incident_is_closed_once() -> None:
    given(DEFINED, INCIDENT).when(CloseIncident(incident="I1")).then_refused("reason")
    given(DEFINED, INCIDENT).when(CloseIncident(incident="I1"), because="fixed").then(
        IncidentClosed(incident="I1")
    )
    closed = given(DEFINED, INCIDENT, IncidentClosed(incident="I1"))
    closed.when(CloseIncident(incident="I1"), because="fixed").then()


def test_what_is_learned_while_paused_is_recorded() -> None:
    story = given(DEFINED, WorkPaused())
    story.when(LogEdgeCase(description="Sarcasm read as praise", severity=4)).then(edge_case("E1"))
    story.when(OPEN, because="customers called").then(INCIDENT)
