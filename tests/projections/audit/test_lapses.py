"""What moved, lapsed or fell silent: thresholds, accepted risks, roles, reports of incidents."""

from __future__ import annotations

import pytest

from roadlog.domain.events import (
    CriterionRetired,
    CriterionSet,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    InitiativeStopped,
    ResultRecorded,
    RiskClosed,
    RiskMitigated,
    StakeholderConsulted,
    WorkPaused,
)
from tests.domain.spec import By
from tests.projections.audit.found import BUILT, Found, found
from tests.projections.histories import DAN, accepted, day, on, risk

# Thresholds


def criterion(threshold: float, segment: str | None = None) -> CriterionSet:
    return CriterionSet(
        criterion="F1",
        milestone="build",
        metric="accuracy",
        operator=">=",
        threshold=threshold,
        segment=segment,
        dataset=None,
    )


RESULT = ResultRecorded(
    criterion="F1", value=0.8, sample=50, low=None, high=None, evidence=None, verdict="missed"
)


def moved_thresholds(*steps: By) -> Found:
    return found("threshold-moved", *BUILT, *steps)


def test_a_threshold_that_moves_before_its_result_is_nothing() -> None:
    assert moved_thresholds(on(3, criterion(0.9)), on(4, criterion(0.8)), on(5, RESULT)) == []


def test_a_threshold_that_moves_after_its_result_is_found_each_time() -> None:
    steps = (
        on(3, criterion(0.9)),
        on(4, RESULT),
        on(5, criterion(0.8)),
        on(6, RESULT),
        on(7, criterion(0.7)),
    )
    assert moved_thresholds(*steps) == [
        ("Criterion F1 was moved from >= 0.9 to >= 0.8 after its result was known", (105, 106)),
        ("Criterion F1 was moved from >= 0.8 to >= 0.7 after its result was known", (107, 108)),
    ]


def test_another_segment_after_the_result_is_found_too() -> None:
    steps = (on(3, criterion(0.9)), on(4, RESULT), on(5, criterion(0.9, "EU")))
    assert moved_thresholds(*steps) == [
        ("Criterion F1 was set anew after its result was known", (105, 106)),
    ]


def test_a_criterion_that_is_dropped_after_its_result_is_found() -> None:
    retired = on(5, CriterionRetired(criterion="F1"))
    assert moved_thresholds(on(3, criterion(0.9)), retired) == []
    assert moved_thresholds(on(3, criterion(0.9)), on(4, RESULT), retired) == [
        ("Criterion F1 was retired after its result was known", (105, 106)),
    ]


# Accepted risks


def acceptances(*steps: By, at: float = 60) -> Found:
    return found("acceptance-expired", *BUILT, on(3, risk()), *steps, at=day(at))


ACCEPTED = on(4, accepted(day(30)), "carla")
TREATED = RiskMitigated(risk="R1", treatment="Checked by people", likelihood=2, impact=2)


def test_an_acceptance_that_has_lapsed_while_the_risk_is_open_is_found() -> None:
    text = "The acceptance of R1 (bias) lapsed on 2026-04-01 and the risk is open"
    assert acceptances(ACCEPTED) == [(text, (105,))]
    assert acceptances(ACCEPTED, at=29) == []


@pytest.mark.parametrize("answer", [TREATED, RiskClosed(risk="R1"), InitiativeStopped()])
def test_what_was_done_about_the_risk_in_time_is_enough(answer: RiskMitigated | RiskClosed) -> None:
    assert acceptances(ACCEPTED, on(20, answer)) == []


def test_the_time_until_it_is_accepted_anew_is_found() -> None:
    anew = on(40, accepted(day(90)), "carla")
    text = "The acceptance of R1 (bias) lapsed on 2026-04-01, until 2026-04-11"
    assert acceptances(ACCEPTED, anew) == [(text, (105, 106))]
    assert acceptances(ACCEPTED, on(20, accepted(day(90)), "carla")) == []


# Quiet roles


def quiet(*steps: By, at: float) -> Found:
    return found("roles-quiet", *BUILT, *steps, at=day(at), workflow=DAN)


HEARD = on(5, StakeholderConsulted(role="data-science", said="Fine"), "dan")


def test_a_role_that_was_never_heard_is_quiet_two_weeks_after_the_start() -> None:
    text = "data-science was never heard, and the period ends 14 days later or more"
    assert quiet(at=14.9) == []
    assert quiet(at=15) == [(text, (102,))]


def test_a_role_is_quiet_two_weeks_after_it_was_heard_last() -> None:
    text = "data-science was last heard on 2026-03-07, and the period ends 14 days later or more"
    assert quiet(HEARD, at=18.9) == []
    assert quiet(HEARD, at=19) == [(text, (104,))]


def test_nobody_is_quiet_where_nobody_works() -> None:
    assert quiet(on(4, WorkPaused()), at=60) == []


# Incidents


def incident(severity: int, aware: float = 10) -> By:
    event = IncidentOpened(
        incident="I1", description="Wrong prices", aware_at=day(aware), severity=severity, case=None
    )
    return on(aware + 1, event)


def clock(*steps: By, at: float) -> Found:
    return found("incident-clock", *BUILT, *steps, at=day(at))


REPORTED = IncidentReported(incident="I1", to="the authority")


@pytest.mark.parametrize(("severity", "limit"), [(3, 15), (4, 10), (5, 2)])
def test_the_clock_of_an_incident_runs_from_when_we_became_aware(severity: int, limit: int) -> None:
    assert clock(incident(severity), at=10 + limit) == []
    (told,) = clock(incident(severity), at=10 + limit + 0.01)
    due = day(10 + limit).date()
    text = (
        f"Incident I1 of severity {severity}, known since 2026-03-12, is reported to nobody: its clock of "
        f"{limit} days ran out on {due}"
    )
    assert told == (text, (104,))


def test_a_report_in_time_stops_the_clock_and_a_late_one_is_found() -> None:
    assert clock(incident(5), on(12, REPORTED), at=60) == []
    text = (
        "Incident I1 of severity 5, known since 2026-03-12, was reported on 2026-03-15: its clock of 2 days "
        "ran out on 2026-03-14"
    )
    assert clock(incident(5), on(13, REPORTED), at=60) == [(text, (104, 105))]


def test_to_close_an_incident_is_not_to_report_it() -> None:
    (told,) = clock(incident(4), on(12, IncidentClosed(incident="I1")), at=60)
    assert told[1] == (104, 105)


@pytest.mark.parametrize("severity", [1, 2])
def test_what_is_not_serious_has_no_clock(severity: int) -> None:
    assert clock(incident(severity), at=300) == []
