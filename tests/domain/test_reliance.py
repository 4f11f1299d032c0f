"""The rules of reliance: what later moves, votes and entries rest on is not voided; what they do not is."""

from collections.abc import Sequence

import pytest

from roadlog.domain.events import (
    ApprovalWithdrawn,
    CriterionRetired,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    FallbackTested,
    IncidentOpened,
    NoteAdded,
    OutcomeMeasured,
    RecordVoided,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskMitigated,
)
from roadlog.domain.refusals import Refused
from tests.domain.part_events import (
    DATASET,
    DEFINED,
    FALLBACK,
    LATER,
    OTHER,
    advanced,
    approved,
    attached,
    criterion_set,
    edge_case,
    rejected,
    result,
    risk_logged,
    voiding,
)
from tests.domain.spec import FIRST, NOW, By, at, by, given

NOTE = NoteAdded(text="Legal wants to see the prompt")
MEASURED = OutcomeMeasured(metric="tickets", value=840, sample=None, evidence=None)
REVIEWED = EdgeCasesReviewed(source="chat logs", sample=200, found=3)
TRIAGED = EdgeCaseTriaged(case="E1", outcome="fix")
MITIGATED = RiskMitigated(risk="R1", treatment="A person checks", likelihood=2, impact=2)
ACCEPTED = RiskAccepted(risk="R1", until=LATER, role="product")
CLOSED = RiskClosed(risk="R1")
IN_TRAINING = advanced("training", left="prototype")


def check_relied_on(*steps: Event | By, target: int, by: Sequence[int]) -> Refused:
    """The target-th record cannot be voided, because of exactly these."""
    refusal = given(*steps).when(voiding(target), because="mistake").then_refused("relied-on")
    assert refusal.missing == tuple(str(FIRST + step) for step in by)
    assert isinstance(refusal, Refused)
    return refusal


def check_voidable(*steps: Event | By, target: int) -> None:
    given(*steps).when(voiding(target), because="mistake").then(RecordVoided(position=FIRST + target))


# What later moves rely on


def test_what_a_gate_was_satisfied_by_stays() -> None:
    moved = advanced("prototype", ("evidence:dataset", (FIRST + 1,)), left="feasibility")
    refusal = check_relied_on(DEFINED, attached(), moved, target=1, by=[2])
    assert f"It stays: the move at position {FIRST + 2} went through on it." in refusal.message
    assert refusal.try_ == ("roadlog note SUP-1 TEXT",)


def test_what_no_gate_needed_may_go() -> None:
    moved = advanced("prototype", ("evidence:dataset", (FIRST + 1,)), left="feasibility")
    check_voidable(DEFINED, attached(), attached("D2", sha256=OTHER), moved, target=2)


@pytest.mark.parametrize("settled", [MITIGATED, ACCEPTED, CLOSED], ids=lambda each: type(each).__name__)
def test_a_gate_that_wants_no_risk_open_rests_on_what_settled_them(settled: Event) -> None:
    check_relied_on(DEFINED, risk_logged(), settled, advanced("live", ("risks", ())), target=2, by=[3])
    check_voidable(DEFINED, risk_logged(), settled, advanced("live", ("notice", ())), target=2)


def test_a_gate_that_wants_no_edge_case_waiting_rests_on_their_triage() -> None:
    check_relied_on(DEFINED, edge_case(), TRIAGED, advanced("live", ("edge-cases", ())), target=2, by=[3])
    check_voidable(DEFINED, edge_case(), TRIAGED, advanced("live", ("notice", ())), target=2)


def test_a_waived_requirement_rests_on_nothing() -> None:
    check_voidable(
        DEFINED, edge_case(), TRIAGED, advanced("live", ("edge-cases", ()), waiver=FIRST), target=2
    )


def test_a_move_before_the_record_does_not_rest_on_it() -> None:
    check_voidable(DEFINED, edge_case(), advanced("live", ("edge-cases", ())), TRIAGED, target=3)


# What later votes rely on


@pytest.mark.parametrize("vote", [approved(), rejected()], ids=lambda each: type(each).__name__)
def test_evidence_that_a_vote_was_about_stays(vote: Event) -> None:
    refusal = check_relied_on(DEFINED, IN_TRAINING, attached(), by("carla", vote), target=2, by=[3])
    assert "A vote is withdrawn by its voter: carla." in refusal.message
    assert refusal.try_ == ("roadlog withdraw SUP-1 --role compliance --because TEXT",)


def test_evidence_that_came_after_the_vote_may_go() -> None:
    check_voidable(DEFINED, by("carla", approved()), attached(), target=2)


def test_what_a_withdrawn_vote_was_about_may_go() -> None:
    withdrawn = ApprovalWithdrawn(milestone="training", role="compliance")
    check_voidable(DEFINED, attached(), by("carla", approved()), by("carla", withdrawn), target=1)


def test_of_a_voters_votes_the_latest_stands() -> None:
    check_relied_on(DEFINED, attached(), by("carla", approved()), by("carla", rejected()), target=1, by=[3])


def test_what_a_move_went_through_on_stays_though_the_vote_was_withdrawn() -> None:
    moved = advanced("integration", ("approval:compliance", (FIRST + 2,)), left="training")
    withdrawn = ApprovalWithdrawn(milestone="training", role="compliance")
    steps = (DEFINED, attached(), by("carla", approved()), moved, by("carla", withdrawn))
    refusal = check_relied_on(*steps, target=1, by=[2])
    assert f"It stays: the move at position {FIRST + 3} went through on carla's vote." in refusal.message
    assert refusal.try_ == ("roadlog note SUP-1 TEXT",)


def test_what_a_vote_on_another_gate_was_about_stays_as_nobody_can_withdraw_that() -> None:
    steps = (DEFINED, IN_TRAINING, attached(), by("carla", approved("training")), advanced("live"))
    refusal = check_relied_on(*steps, target=2, by=[3])
    assert "It stays: carla's vote is about the gate of training" in refusal.message
    assert refusal.try_ == ("roadlog note SUP-1 TEXT",)


def test_a_result_of_a_retired_criterion_is_shown_to_nobody() -> None:
    retired = CriterionRetired(criterion="F1")
    steps = (DEFINED, criterion_set(), retired, result(), by("carla", approved()))
    check_voidable(*steps, target=3)


def test_a_result_stays_for_a_vote_on_its_own_gate_only() -> None:
    steps = (DEFINED, criterion_set(milestone="training"), result())
    check_relied_on(*steps, by("carla", approved("training")), target=2, by=[3])
    check_voidable(*steps, by("carla", approved("integration")), target=2)


def test_a_result_belongs_to_the_gate_its_criterion_was_moved_to() -> None:
    steps = (DEFINED, criterion_set(milestone="training"), criterion_set(milestone="integration"), result())
    check_relied_on(*steps, by("carla", approved("integration")), target=3, by=[4])
    check_voidable(*steps, by("carla", approved("training")), target=3)


def test_a_result_that_a_later_one_replaced_before_the_vote_may_go() -> None:
    steps = (DEFINED, criterion_set(), result(value=0.19, verdict="missed"), result())
    check_voidable(*steps, by("carla", approved()), target=2)
    check_relied_on(*steps, by("carla", approved()), target=3, by=[4])


def test_the_latest_result_is_the_one_measured_last() -> None:
    late = by("dan", result(), at=at(5))
    early = by("paula", result(value=0.19, verdict="missed"), at=at(3))
    steps = (DEFINED, criterion_set(), late, early, by("carla", approved(), at=at(6)))
    check_voidable(*steps, target=3)


def test_risks_that_reach_the_policys_score_are_what_votes_are_about() -> None:
    check_relied_on(DEFINED, risk_logged(likelihood=3, impact=4), by("carla", approved()), target=1, by=[2])
    check_voidable(DEFINED, risk_logged(likelihood=3, impact=3), by("carla", approved()), target=1)


def test_a_risk_that_was_high_once_counts_as_high() -> None:
    lowered = RiskAssessed(risk="R1", likelihood=1, impact=1)
    check_relied_on(
        DEFINED, risk_logged(likelihood=3, impact=4), lowered, by("carla", approved()), target=2, by=[3]
    )


@pytest.mark.parametrize(
    "event", [NOTE, MEASURED, edge_case(), REVIEWED], ids=lambda each: type(each).__name__
)
def test_votes_are_not_about_notes_measurements_and_edge_cases(event: Event) -> None:
    check_voidable(DEFINED, event, by("carla", approved()), target=1)


# What later entries of the same subject rely on

NAMING_EVIDENCE: tuple[tuple[tuple[Event, ...], Event], ...] = (
    ((), OutcomeMeasured(metric="tickets", value=840, sample=None, evidence="D1")),
    ((criterion_set(),), result(evidence="D1")),
    ((FALLBACK,), FallbackTested(passed=True, evidence="D1")),
    ((), criterion_set(dataset=DATASET)),
)


@pytest.mark.parametrize(("before", "naming"), NAMING_EVIDENCE, ids=lambda each: type(each).__name__)
def test_evidence_that_a_later_record_names_stays(before: tuple[Event, ...], naming: Event) -> None:
    check_relied_on(DEFINED, *before, attached(), naming, target=1 + len(before), by=[2 + len(before)])
    check_voidable(DEFINED, *before, attached(), attached("D2", sha256=OTHER), naming, target=2 + len(before))


def test_only_a_dataset_is_what_a_criterion_names() -> None:
    check_voidable(DEFINED, attached(kind="model"), criterion_set(dataset=DATASET), target=1)


def test_evidence_whose_naming_was_voided_may_go() -> None:
    measured = OutcomeMeasured(metric="tickets", value=840, sample=None, evidence="D1")
    check_voidable(DEFINED, attached(), measured, RecordVoided(position=FIRST + 2), target=1)


def test_a_result_after_which_the_threshold_moved_stays() -> None:
    steps = (DEFINED, criterion_set(), result())
    check_relied_on(*steps, criterion_set(threshold=0.8), target=2, by=[3])
    check_relied_on(*steps, CriterionRetired(criterion="F1"), target=2, by=[3])
    check_voidable(*steps, criterion_set("F2"), target=2)


@pytest.mark.parametrize(
    "later",
    [RiskAssessed(risk="R1", likelihood=1, impact=1), MITIGATED, ACCEPTED, CLOSED, edge_case(risk="R1")],
    ids=lambda each: type(each).__name__,
)
def test_a_risk_with_later_entries_stays(later: Event) -> None:
    check_relied_on(DEFINED, risk_logged(), later, target=1, by=[2])


def test_entries_of_another_risk_do_not_matter() -> None:
    check_voidable(DEFINED, risk_logged("R2"), risk_logged(), CLOSED, edge_case(risk="R1"), target=1)


def test_of_a_risks_entries_the_last_is_voided_first() -> None:
    steps = (DEFINED, risk_logged(), MITIGATED, CLOSED)
    refusal = check_relied_on(*steps, target=2, by=[3])
    assert refusal.try_ == (f"roadlog void {FIRST + 3} --because TEXT",)
    refusal = check_relied_on(*steps, target=1, by=[2, 3])
    assert refusal.try_ == tuple(f"roadlog void {FIRST + step} --because TEXT" for step in (3, 2))
    check_voidable(*steps, target=3)
    check_voidable(*steps, RecordVoided(position=FIRST + 3), target=2)


def test_an_edge_case_with_a_triage_or_an_incident_stays() -> None:
    incident = IncidentOpened(incident="I1", description="x", aware_at=NOW, severity=5, case="E1")
    check_relied_on(DEFINED, edge_case(), TRIAGED, TRIAGED, incident, target=1, by=[2, 3, 4])
    check_relied_on(DEFINED, edge_case(), TRIAGED, TRIAGED, incident, target=2, by=[3])
    check_voidable(DEFINED, edge_case(), edge_case("E2"), TRIAGED, incident, target=2)
