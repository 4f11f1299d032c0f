"""What the events of a risk do to the state, field by field."""

from datetime import UTC, datetime

from msgspec.structs import replace

from roadlog.domain.events import (
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
)
from roadlog.domain.initiative import Acceptance, Risk
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, at, by
from tests.domain.test_evolve_problem import DEFINED

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)
LOGGED = RiskLogged(
    risk="R1",
    category="bias",
    description="worse answers in Spanish",
    likelihood=4,
    impact=5,
    owner="dan",
    catalogue="atlas-bias",
)
MITIGATED = RiskMitigated(risk="R1", treatment="Spanish data", likelihood=2, impact=3)
ACCEPTED = RiskAccepted(risk="R1", until=UNTIL, role="compliance")
RISK = Risk(
    id="R1",
    position=FIRST + 1,
    logged_at=at(1),
    category="bias",
    description="worse answers in Spanish",
    likelihood=4,
    impact=5,
    owner="dan",
    catalogue="atlas-bias",
)


def test_a_logged_risk_is_open_and_its_number_given_out() -> None:
    assert changed(DEFINED, LOGGED) == {"risks": {"R1": RISK}, "numbers": {"R": 1}}
    assert (RISK.score, RISK.residual, RISK.open) == (20, 20, True)


def test_treatment_leaves_a_residual() -> None:
    treated = replace(
        RISK, treatment="Spanish data", residual_likelihood=2, residual_impact=3, treated_by=103
    )
    assert changed(DEFINED, LOGGED, MITIGATED) == {"risks": {"R1": treated}}
    assert (treated.score, treated.residual) == (20, 6)


def test_a_later_assessment_is_of_the_whole_and_clears_the_residual() -> None:
    assessed = RiskAssessed(risk="R1", likelihood=3, impact=4)
    after = replace(RISK, likelihood=3, impact=4, treatment="Spanish data")
    assert changed(DEFINED, LOGGED, MITIGATED, assessed) == {"risks": {"R1": after}}
    assert after.residual == 12


def test_an_assessment_ends_an_acceptance_of_what_was_thought_before() -> None:
    worse = RiskAssessed(risk="R1", likelihood=5, impact=5)
    assert changed(DEFINED, LOGGED, by("carla", ACCEPTED), worse) == {
        "risks": {"R1": replace(RISK, likelihood=5, impact=5)}
    }


def test_an_acceptance_says_by_whom_as_what_and_until_when() -> None:
    acceptance = Acceptance(position=FIRST + 2, until=UNTIL, role="compliance", by="carla")
    assert changed(DEFINED, LOGGED, by("carla", ACCEPTED)) == {
        "risks": {"R1": replace(RISK, accepted=acceptance)}
    }


def test_a_reopened_risk_is_open_and_accepted_no_more() -> None:
    closed = state_after(DEFINED, LOGGED, ACCEPTED, RiskClosed(risk="R1")).risks["R1"]
    assert not closed.open
    assert closed.accepted is not None
    assert changed(DEFINED, LOGGED, ACCEPTED, RiskClosed(risk="R1"), RiskReopened(risk="R1")) == {
        "risks": {"R1": RISK}
    }


def test_other_risks_stay_as_they_are() -> None:
    other = replace(LOGGED, risk="R2")
    state = state_after(DEFINED, LOGGED, other, MITIGATED)
    assert state.risks["R2"] == replace(RISK, id="R2", position=FIRST + 2, logged_at=at(2))
    assert state.numbers == {"R": 2}


def test_an_entry_about_a_risk_that_is_not_there_changes_nothing() -> None:
    assert changed(DEFINED, MITIGATED) == {}


def test_what_remained_of_a_risk_is_kept_with_its_times() -> None:
    treated = RiskMitigated(risk="R1", treatment="Cite", likelihood=1, impact=2)
    late = by("paula", treated, at=at(0))
    state = state_after(DEFINED, LOGGED, RiskClosed(risk="R1"), late)
    assert [(when, left) for when, _, left in state.residuals] == [(at(0), 0), (at(1), 20), (at(2), 0)]
    assert (state.exposure(at(1)), state.exposure()) == (20, 0)
