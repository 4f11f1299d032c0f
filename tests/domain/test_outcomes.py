"""The rule book of outcomes: targets and what replaces them, measurements, expectations."""

from datetime import date

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import MeasureOutcome, SetExpectation, TargetOutcome
from roadlog.domain.events import (
    EvidenceAttached,
    ExpectationSet,
    InitiativeStopped,
    Outcome,
    OutcomeMeasured,
    OutcomeTargeted,
)
from tests.domain.history import problem
from tests.domain.spec import given

SUMMER = date(2026, 6, 30)
TICKETS = Outcome(metric="tickets", unit="a week", baseline=900, target=-30, relative=True, by=None)
CSAT = Outcome(metric="csat", unit=None, baseline=None, target=4.5, relative=False, by=SUMMER)
REPORT = EvidenceAttached(
    evidence="D1",
    kind="evaluation",
    title="Week 12",
    uri=None,
    media_type=None,
    sha256="0" * 64,
    size=None,
)


def test_a_further_metric_is_a_further_outcome() -> None:
    given(problem()).when(TargetOutcome(metric="csat", target=4.5, by=SUMMER)).then(
        OutcomeTargeted(outcome=CSAT)
    )


def test_an_adopted_baseline_or_day_is_added_to_what_the_outcome_says() -> None:
    added = given(problem(), OutcomeTargeted(outcome=CSAT))
    added.when(TargetOutcome(metric="csat", baseline=0, unit="points")).then(
        OutcomeTargeted(outcome=replace(CSAT, baseline=0, unit="points"))
    )
    given(problem()).when(TargetOutcome(metric="tickets", by=SUMMER)).then(
        OutcomeTargeted(outcome=replace(TICKETS, by=SUMMER))
    )


@pytest.mark.parametrize(
    "command",
    [
        TargetOutcome(metric="tickets"),
        TargetOutcome(metric="tickets", unit="a week", baseline=900, target=-30, relative=True),
        TargetOutcome(metric="tickets", target=-30.0, relative=True),
    ],
)
def test_a_target_that_says_nothing_new_records_nothing(command: TargetOutcome) -> None:
    given(problem()).when(command).then()


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        (TargetOutcome(metric="tickets", target=-20, relative=True), replace(TICKETS, target=-20)),
        (TargetOutcome(metric="tickets", target=-30), replace(TICKETS, relative=False)),
        (TargetOutcome(metric="tickets", target=600), replace(TICKETS, target=600, relative=False)),
    ],
)
def test_a_target_is_replaced_with_a_reason_only(command: TargetOutcome, outcome: Outcome) -> None:
    refused = given(problem()).when(command).then_refused("reason")
    assert refused.try_ == ("roadlog target SUP-1 tickets --target N --because WHY",)
    given(problem()).when(command, because="prices changed").then(OutcomeTargeted(outcome=outcome))


def test_a_target_s_day_is_replaced_with_a_reason_only() -> None:
    history = given(problem(), OutcomeTargeted(outcome=CSAT))
    later = TargetOutcome(metric="csat", by=date(2026, 9, 30))
    history.when(later).then_refused("reason")
    history.when(later, because="prices changed").then(
        OutcomeTargeted(outcome=replace(CSAT, by=date(2026, 9, 30)))
    )


def test_a_known_baseline_is_replaced_for_a_reason_as_a_relative_target_moves_with_it() -> None:
    command = TargetOutcome(metric="tickets", baseline=950)
    refused = given(problem()).when(command).then_refused("reason", saying="has a baseline already")
    assert refused.try_ == ("roadlog target SUP-1 tickets --baseline N --because WHY",)
    given(problem()).when(command, because="counted twice").then(
        OutcomeTargeted(outcome=replace(TICKETS, baseline=950))
    )


def test_a_baseline_that_was_not_known_needs_no_reason() -> None:
    unknown = OutcomeTargeted(outcome=replace(TICKETS, baseline=None))
    given(problem(), unknown).when(TargetOutcome(metric="tickets", baseline=950)).then(
        OutcomeTargeted(outcome=replace(TICKETS, baseline=950))
    )


def test_a_relative_target_needs_its_number() -> None:
    given(problem()).when(TargetOutcome(metric="tickets", relative=True)).then_refused("target")


def test_a_known_metric_is_measured_any_number_of_times() -> None:
    measured = OutcomeMeasured(metric="tickets", value=870, sample=None, evidence=None)
    given(problem()).when(MeasureOutcome(metric="tickets", value=870)).then(measured)
    given(problem(), measured).when(MeasureOutcome(metric="tickets", value=870)).then(measured)


def test_rule_4_stopped_work_is_measured_too() -> None:
    given(problem(), InitiativeStopped()).when(MeasureOutcome(metric="tickets", value=870)).then(
        OutcomeMeasured(metric="tickets", value=870, sample=None, evidence=None)
    )


def test_an_unknown_metric_offers_the_nearest_and_how_to_target_it() -> None:
    refused = (
        given(problem())
        .when(MeasureOutcome(metric="ticket", value=870))
        .then_refused("unknown-metric", saying="Did you mean tickets?")
    )
    assert refused.try_ == ("roadlog target SUP-1 METRIC --target N",)


def test_a_measurement_names_evidence_that_is_there() -> None:
    command = MeasureOutcome(metric="tickets", value=870, evidence="D1")
    given(problem()).when(command).then_refused("unknown-evidence")
    given(problem(), REPORT).when(command).then(
        OutcomeMeasured(metric="tickets", value=870, sample=None, evidence="D1")
    )


def test_a_measurement_rests_on_at_least_one_observation() -> None:
    given(problem()).when(MeasureOutcome(metric="tickets", value=870, sample=0)).then_refused("count")
    given(problem()).when(MeasureOutcome(metric="tickets", value=870, sample=1)).then(
        OutcomeMeasured(metric="tickets", value=870, sample=1, evidence=None)
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_measurement_is_a_number(value: float) -> None:
    given(problem()).when(MeasureOutcome(metric="tickets", value=value)).then_refused("malformed-value")


EXPECTED = ExpectationSet(
    iterations_from=3, iterations_to=5, outcome_from=None, outcome_to=None, told=("compliance", "product")
)


def expect(low: int, high: int, *told: str) -> SetExpectation:
    return SetExpectation(iterations_from=low, iterations_to=high, told=told)


def test_an_expectation_is_set_and_again_only_when_it_changes() -> None:
    given(problem()).when(expect(3, 5, "compliance", "product", "product")).then(EXPECTED)
    given(problem(), EXPECTED).when(expect(3, 5, "compliance", "product")).then()
    given(problem(), EXPECTED).when(expect(4, 6, "compliance", "product")).then(
        replace(EXPECTED, iterations_from=4, iterations_to=6)
    )


def test_an_expected_outcome_may_fall_or_rise() -> None:
    command = replace(expect(1, 1), outcome_from=700, outcome_to=600)
    given(problem()).when(command).then(
        ExpectationSet(iterations_from=1, iterations_to=1, outcome_from=700, outcome_to=600, told=())
    )


@pytest.mark.parametrize(("low", "high"), [(0, 3), (5, 3), (-1, -1)])
def test_iterations_count_from_one_upwards(low: int, high: int) -> None:
    given(problem()).when(expect(low, high)).then_refused("iterations")


def test_who_was_told_is_a_role_of_the_workflow() -> None:
    given(problem()).when(expect(3, 5, "complience")).then_refused(
        "unknown-role", saying="Did you mean compliance?"
    )
