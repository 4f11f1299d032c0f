"""What the events of safeguards, edge cases and incidents do to the state, field by field."""

from msgspec.structs import replace

from roadlog.domain.events import (
    EdgeCaseLogged,
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
)
from roadlog.domain.initiative import (
    EdgeCase,
    EdgeCaseReview,
    Fallback,
    FallbackTest,
    Incident,
    Monitor,
    Notice,
)
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, at
from tests.domain.test_evolve_problem import DEFINED

FALLBACK = FallbackDefined(
    kind="human-handoff", description="talk to a human", trigger="two misses", owner="otto"
)
TESTED = FallbackTested(passed=True, evidence="D1")
PLAN = Fallback(
    position=FIRST + 1,
    kind="human-handoff",
    description="talk to a human",
    trigger="two misses",
    owner="otto",
)
TEST = FallbackTest(position=FIRST + 2, at=at(2), passed=True, evidence="D1")
LOGGED = EdgeCaseLogged(case="E1", description="sarcasm", severity=4, source="chat", risk="R1")
CASE = EdgeCase(
    id="E1", position=FIRST + 1, at=at(1), description="sarcasm", severity=4, source="chat", risk="R1"
)
OPENED = IncidentOpened(incident="I1", description="wrong refunds", aware_at=at(0), severity=5, case="E1")
INCIDENT = Incident(
    id="I1",
    position=FIRST + 1,
    at=at(1),
    description="wrong refunds",
    aware_at=at(0),
    severity=5,
    case="E1",
)


def test_a_fallback_is_defined_untested() -> None:
    assert changed(DEFINED, FALLBACK) == {"fallback": PLAN}


def test_tests_of_the_fallback_are_kept_in_order() -> None:
    failed = replace(TESTED, passed=False, evidence=None)
    second = FallbackTest(position=FIRST + 3, at=at(3), passed=False, evidence=None)
    assert changed(DEFINED, FALLBACK, TESTED) == {"fallback": replace(PLAN, tests=(TEST,))}
    assert changed(DEFINED, FALLBACK, TESTED, failed) == {"fallback": replace(PLAN, tests=(TEST, second))}


def test_a_new_definition_begins_without_tests_and_stays_active() -> None:
    disable = replace(FALLBACK, kind="disable", owner=None)
    assert changed(DEFINED, FALLBACK, TESTED, FallbackActivated(), disable) == {
        "fallback": replace(PLAN, position=FIRST + 4, kind="disable", owner=None, active_since=at(3))
    }


def test_the_fallback_is_active_until_it_is_deactivated() -> None:
    assert changed(DEFINED, FALLBACK, FallbackActivated()) == {"fallback": replace(PLAN, active_since=at(2))}
    assert changed(DEFINED, FALLBACK, FallbackActivated(), FallbackDeactivated()) == {"fallback": PLAN}


def test_without_a_fallback_there_is_nothing_to_test_or_activate() -> None:
    assert changed(DEFINED, TESTED) == {}
    assert changed(DEFINED, FallbackActivated()) == {}


def test_notice_and_monitor_are_the_latest() -> None:
    notice = NoticeDefined(text="may be wrong", placement="below the answer", locale="en")
    monitor = MonitorDefined(signal="csat", where="dashboard", owner="dan")
    assert changed(DEFINED, notice) == {
        "notice": Notice(position=FIRST + 1, text="may be wrong", placement="below the answer", locale="en")
    }
    assert changed(DEFINED, monitor, replace(monitor, owner="erin")) == {
        "monitor": Monitor(position=FIRST + 2, signal="csat", where="dashboard", owner="erin")
    }


def test_an_edge_case_is_logged_and_triaged() -> None:
    assert changed(DEFINED, LOGGED) == {"edge_cases": {"E1": CASE}, "numbers": {"E": 1}}
    assert changed(DEFINED, LOGGED, EdgeCaseTriaged(case="E1", outcome="dataset")) == {
        "edge_cases": {"E1": replace(CASE, outcome="dataset", triaged_by=103)}
    }
    assert changed(DEFINED, LOGGED, EdgeCaseTriaged(case="E2", outcome="fix")) == {}


def test_every_review_of_edge_cases_is_kept() -> None:
    event = EdgeCasesReviewed(source="chat", sample=200, found=3)
    review = EdgeCaseReview(position=FIRST + 1, at=at(1), source="chat", sample=200, found=3)
    assert changed(DEFINED, event) == {"edge_case_reviews": (review,)}
    assert changed(DEFINED, event, replace(event, found=0)) == {
        "edge_case_reviews": (review, replace(review, position=FIRST + 2, at=at(2), found=0))
    }


def test_an_incident_is_opened_reported_and_closed() -> None:
    regulator = IncidentReported(incident="I1", to="regulator")
    customers = IncidentReported(incident="I1", to="customers")
    reported = replace(INCIDENT, reported=(("regulator", at(2)), ("customers", at(3))))
    assert changed(DEFINED, OPENED) == {"incidents": {"I1": INCIDENT}, "numbers": {"I": 1}}
    assert changed(DEFINED, OPENED, regulator, customers) == {"incidents": {"I1": reported}}
    assert changed(DEFINED, OPENED, regulator, customers, IncidentClosed(incident="I1")) == {
        "incidents": {"I1": replace(reported, closed_at=at(4))}
    }


def test_a_report_or_an_end_of_an_incident_that_is_not_there_changes_nothing() -> None:
    assert changed(DEFINED, IncidentReported(incident="I1", to="regulator")) == {}
    state = state_after(DEFINED, IncidentClosed(incident="I1"))
    assert state.incidents == {}
