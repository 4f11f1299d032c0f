"""The gate's requirements but for votes (`test_votes.py`): unmet, met, and waived (rules 1, 6 and 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from roadlog.domain.events import (
    CriterionRetired,
    EdgeCaseLogged,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    Event,
    EvidenceAttached,
    EvidenceKind,
    ExpectationSet,
    ExperimentConcluded,
    ExperimentDecision,
    ExperimentStarted,
    FallbackDefined,
    FallbackTested,
    GateWaived,
    InitiativeAdopted,
    MonitorDefined,
    NoticeDefined,
    Outcome,
    OutcomeTargeted,
    PurposeClassified,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskLogged,
    RiskMitigated,
)
from roadlog.domain.gate import NotCounted, Requirement, evaluate, owed_roles, split
from roadlog.domain.workflow import Milestone, Workflow
from tests.domain.gate_steps import (
    TICKETS,
    Steps,
    advanced,
    asking,
    criterion,
    defined,
    gate_of,
    last,
    line,
    result,
    returned,
    standing_at,
)
from tests.domain.spec import AI_PRODUCT, FIRST, KEY, NOW, START, By, by, given, with_policy


def evidence(name: str, kind: EvidenceKind) -> EvidenceAttached:
    return EvidenceAttached(
        evidence=name, kind=kind, title="A file", uri=None, media_type=None, sha256="a" * 64, size=None
    )


def risk(name: str = "R1", *, category: str = "bias", likelihood: int = 4, impact: int = 4) -> RiskLogged:
    return RiskLogged(
        risk=name,
        category=category,
        description="Worse for new users",
        likelihood=likelihood,
        impact=impact,
        owner=None,
        catalogue=None,
    )


def asked(requirement: str, *steps: Event | By, at: datetime = NOW) -> Requirement:
    """That requirement alone, of an initiative in training where these things happened."""
    return line(requirement, (*standing_at("training"), *steps), workflow=asking(requirement), at=at)


FALLBACK = FallbackDefined(
    kind="human-handoff", description="Talk to a human", trigger="Low score", owner=None
)
PASSED = FallbackTested(passed=True, evidence=None)
FAILED = FallbackTested(passed=False, evidence=None)
REVIEWED = EdgeCasesReviewed(source="Chats of March", sample=200, found=3)
SEVERE = EdgeCaseLogged(case="E1", description="Refused a refund", severity=4, source=None, risk=None)
STARTED = ExperimentStarted(
    experiment="X1", hypothesis="Fewer tickets", metric="tickets", variants=("a", "b")
)


def concluded(decision: ExperimentDecision, experiment: str = "X1") -> ExperimentConcluded:
    return ExperimentConcluded(experiment=experiment, decision=decision, summary="So it is", variants=())


# The gate as a whole


def test_a_gate_is_open_when_every_requirement_holds() -> None:
    workflow = asking("notice", "evidence:model")
    closed = gate_of((*standing_at("training"), evidence("D1", "model")), workflow=workflow)
    assert not closed.open
    assert [each.id for each in closed.missing] == ["notice"]
    notice = NoticeDefined(text="Assistance", placement="Chat", locale=None)
    opened = gate_of((*standing_at("training"), evidence("D1", "model"), notice), workflow=workflow)
    assert opened.open
    assert (opened.key, opened.milestone, opened.next, opened.missing) == (KEY, "training", "live", ())


def test_a_gate_lists_its_requirements_in_the_workflows_order() -> None:
    gate = gate_of(standing_at("training"))
    assert tuple(each.id for each in gate.requirements) == AI_PRODUCT.milestone("training").requires
    assert [each.kind for each in gate.requirements] == ["criteria", "evidence", "risk", "risk", "approval"]


def test_the_finish_has_an_open_gate_that_leads_nowhere() -> None:
    gate = gate_of(standing_at("live"))
    assert (gate.open, gate.next, gate.requirements) == (True, None, ())


def test_the_backlog_has_the_entry_gate_which_leads_to_the_start() -> None:
    gate = gate_of((defined(),))
    assert (gate.milestone, gate.next, gate.open) == (None, "feasibility", True)
    assert [each.id for each in gate.requirements] == ["problem"]


def test_every_requirement_of_the_built_in_workflow_names_its_remedy() -> None:
    for milestone in AI_PRODUCT.order:
        for each in gate_of((defined(outcome=None), advanced(milestone))).requirements:
            assert each.met or (each.try_ or "").startswith("roadlog "), each.id


def test_a_met_requirement_needs_no_remedy() -> None:
    assert asked("evidence:model", evidence("D1", "model")).try_ is None


def test_owed_roles_are_those_whose_approval_is_missing() -> None:
    assert owed_roles(gate_of(standing_at("feasibility"))) == ("data-science", "compliance")


def test_a_requirement_of_no_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="magic"):
        split("magic:wand")
    assert split("result-or-evidence:prototype") == ("result-or-evidence", "prototype")


# Rule 1: the problem, the baseline


def test_problem_is_met_with_title_problem_metric_and_target() -> None:
    found = line("problem", (defined(),))
    assert (found.met, found.by, found.text) == (True, (FIRST,), "Problem stated, with metric and target")


def test_problem_names_the_metric_and_target_that_are_missing() -> None:
    found = line("problem", (defined(outcome=None),))
    assert not found.met
    assert found.text == "Problem: metric and target are missing"
    assert found.try_ == "roadlog target SUP-1 METRIC --unit UNIT --target N"


def test_problem_names_the_target_that_is_missing() -> None:
    found = line("problem", (defined(outcome=replace(TICKETS, target=None, metric="open tickets")),))
    assert found.text == "Problem: target is missing"
    assert found.try_ == "roadlog target SUP-1 'open tickets' --unit UNIT --target N"


def test_problem_of_adopted_work_is_missing_until_it_is_defined() -> None:
    adopted = InitiativeAdopted(
        key=KEY,
        title="Onboarding",
        milestone="training",
        since=START,
        owner=None,
        origin="under-way",
        cycle=1,
        iteration=1,
        visit=1,
    )
    workflow = asking("problem")
    found = line("problem", (adopted,), workflow=workflow)
    assert found.text == "Problem: problem, metric and target are missing"
    assert found.try_ == "roadlog define Onboarding --problem TEXT --for SUP-1"
    assert line("problem", (adopted, defined()), workflow=workflow).met


def test_a_target_of_zero_is_a_target_and_a_baseline_of_zero_is_known() -> None:
    zero = Outcome(metric="errors", unit=None, baseline=0, target=0, relative=False, by=None)
    steps = (defined(outcome=zero), advanced("feasibility"))
    assert line("problem", (defined(outcome=zero),)).met
    assert line("baseline", steps).met


def test_baseline_is_unmet_until_the_first_outcome_has_one() -> None:
    steps: Steps = (defined(outcome=replace(TICKETS, baseline=None)), advanced("feasibility"))
    found = line("baseline", steps)
    assert (found.met, found.text) == (False, "Baseline of tickets: not known yet")
    assert found.try_ == "roadlog target SUP-1 tickets --baseline N"
    second = OutcomeTargeted(outcome=replace(TICKETS, metric="csat"))
    assert not line("baseline", (*steps, second)).met
    known = (*steps, OutcomeTargeted(outcome=TICKETS))
    assert line("baseline", known).by == (last(known),)


def test_baseline_of_no_outcome_is_unmet() -> None:
    found = line("baseline", (defined(outcome=None), advanced("feasibility")))
    assert (found.met, found.text) == (False, "Baseline: there is no outcome yet")


# One record is enough


@pytest.mark.parametrize(
    ("requirement", "event", "text", "remedy"),
    [
        (
            "classification",
            PurposeClassified(
                purpose="Answer tickets",
                affected="Customers",
                risk_class="limited",
                our_role=None,
                basis="Art. 50",
            ),
            "Purpose classified: limited risk",
            "roadlog classify SUP-1 --purpose TEXT --affected TEXT --class CLASS --basis TEXT",
        ),
        (
            "expectation",
            ExpectationSet(iterations_from=3, iterations_to=5, outcome_from=None, outcome_to=None, told=()),
            "Expectation set: 3 to 5 iterations",
            "roadlog expect SUP-1 --iterations 3-5",
        ),
        (
            "evidence:dataset",
            evidence("D1", "dataset"),
            "Evidence: dataset",
            "roadlog evidence attach SUP-1 FILE --kind dataset",
        ),
        (
            "result-or-evidence:prototype",
            evidence("D1", "prototype"),
            "Evidence: prototype",
            "roadlog evidence attach SUP-1 FILE --kind prototype",
        ),
        (
            "risk:bias",
            risk(),
            "Risk of bias logged",
            "roadlog risk log SUP-1 TEXT --category bias --likelihood N --impact N",
        ),
        (
            "notice",
            NoticeDefined(text="An assistant wrote this", placement="Chat", locale=None),
            "Notice to users defined",
            "roadlog notice define SUP-1 TEXT --where TEXT",
        ),
        (
            "monitor",
            MonitorDefined(signal="Wrong answers", where="Dashboard", owner="erin"),
            "Monitor watched by erin",
            "roadlog monitor define SUP-1 TEXT --where TEXT --owner HANDLE",
        ),
        (
            "edge-cases",
            REVIEWED,
            "Edge cases reviewed and triaged",
            "roadlog edge-case review SUP-1 --source TEXT --sample N --found N",
        ),
    ],
)
def test_one_record_meets_it(requirement: str, event: Event, text: str, remedy: str) -> None:
    before = asked(requirement)
    assert (before.met, before.by, before.try_) == (False, (), remedy)
    after = asked(requirement, event)
    assert (after.met, after.by, after.text, after.try_) == (True, (FIRST + 2,), text, None)


def test_evidence_of_another_kind_does_not_do() -> None:
    assert not asked("evidence:dataset", evidence("D1", "document")).met


def test_a_risk_of_another_category_does_not_do_and_a_closed_one_was_thought_of() -> None:
    assert not asked("risk:hallucination", risk()).met
    assert asked("risk:bias", risk(), RiskClosed(risk="R1")).met


# Rule 6: criteria and results


def test_result_or_evidence_is_met_by_a_result_that_counts() -> None:
    found = asked("result-or-evidence:prototype", criterion(), result(verdict="missed"))
    assert (found.met, found.by) == (True, (FIRST + 3,))
    assert not asked("result-or-evidence:prototype", criterion(), result(), criterion(threshold=0.7)).met


def test_criteria_need_at_least_one() -> None:
    found = asked("criteria")
    assert (found.met, found.text) == (False, "Criteria: none set yet")
    assert found.try_ == (
        "roadlog criterion set SUP-1 ID --milestone training --metric METRIC --operator '>=' --threshold N"
    )


def test_criteria_are_met_by_a_result_after_the_criterion() -> None:
    found = asked("criteria", criterion(), result())
    assert (found.met, found.by, found.text) == (True, (FIRST + 2, FIRST + 3), "Criteria met: F1")


def test_criteria_without_a_result_are_unmet() -> None:
    found = asked("criteria", criterion())
    assert found.text == "Criteria: F1 (f1 >= 0.8) has no result that counts"
    assert found.try_ == "roadlog result SUP-1 F1 VALUE"


def test_the_latest_result_decides() -> None:
    missed = result(value=0.7, verdict="missed")
    assert asked("criteria", criterion(), missed, result()).met
    found = asked("criteria", criterion(), result(), missed)
    assert (found.met, found.text) == (False, "Criteria: F1 (f1 >= 0.8) missed with 0.7")


def test_the_latest_result_is_the_latest_in_the_world_not_in_the_log() -> None:
    steps: Steps = (*standing_at("training"), criterion(), by("dan", result(), at=NOW))
    late = by("dan", result(value=0.7, verdict="missed"), at=NOW - timedelta(hours=1))
    assert line("criteria", (*steps, late), workflow=asking("criteria")).met
    tie = by("dan", result(value=0.7, verdict="missed"), at=NOW)
    assert not line("criteria", (*steps, tie), workflow=asking("criteria")).met


def test_an_inconclusive_result_does_not_do() -> None:
    assert not asked("criteria", criterion(), result(verdict="inconclusive")).met


def test_a_result_counts_only_for_a_criterion_set_at_an_earlier_position() -> None:
    found = asked("criteria", criterion(), result(value=0.75, verdict="missed"), criterion(threshold=0.7))
    assert not found.met
    assert found.text == (
        "Criteria: F1 (f1 >= 0.7) has no result that counts (threshold moved after result: F1)"
    )
    assert found.not_counted == (NotCounted(position=FIRST + 3, why="threshold of F1 moved after result"),)


def test_a_threshold_moved_by_another_id_is_named_too() -> None:
    steps = (criterion(threshold=0.9), result(value=0.85, verdict="missed"), CriterionRetired(criterion="F1"))
    found = asked("criteria", *steps, criterion("F2"), result("F2", value=0.85))
    assert found.met
    assert found.text == (
        f"Criteria met: F2 (threshold moved after result: F1 was retired at #{FIRST + 4} after missing)"
    )
    unmet = asked("criteria", *steps)
    assert unmet.text == (
        f"Criteria: none set yet (threshold moved after result: F1 was retired at #{FIRST + 4} after missing)"
    )


def test_a_criterion_retired_before_any_result_says_nothing() -> None:
    early = (criterion(), CriterionRetired(criterion="F1"), criterion("F2"), result("F2"))
    assert asked("criteria", *early).text == "Criteria met: F2"


def test_a_retired_criterion_of_another_milestone_says_nothing() -> None:
    elsewhere = (criterion(milestone="live"), result(), CriterionRetired(criterion="F1"))
    assert asked("criteria", *elsewhere, criterion("F2"), result("F2")).text == "Criteria met: F2"


def test_a_milestone_with_a_blank_is_quoted_for_the_shell() -> None:
    workflow = Workflow(
        name="films",
        version=1,
        start="first cut",
        finish="out",
        milestones=(Milestone(id="first cut", requires=("criteria",)), Milestone(id="out")),
    )
    found = line("criteria", (defined(), advanced("first cut")), workflow=workflow)
    assert found.try_ is not None
    assert "--milestone 'first cut' --metric METRIC" in found.try_


def test_what_is_prohibited_is_not_built() -> None:
    prohibited = PurposeClassified(
        purpose="Score citizens", affected="everybody", risk_class="prohibited", our_role=None, basis="Art. 5"
    )
    found = asked("classification", prohibited)
    assert (found.met, found.by) == (False, ())
    assert found.text == "Purpose: prohibited, so it may not be built"
    assert found.try_ == "roadlog stop SUP-1 --because WHY"
    assert asked("classification", replace(prohibited, risk_class="high")).met


def test_an_acceptance_does_not_outlive_a_worse_assessment() -> None:
    mild = RiskLogged(
        risk="R1", category="bias", description="?", likelihood=3, impact=4, owner=None, catalogue=None
    )
    accepted = RiskAccepted(risk="R1", until=NOW + timedelta(days=30), role="compliance")
    worse = RiskAssessed(risk="R1", likelihood=5, impact=5)
    assert asked("risks", mild, by("carla", accepted)).met
    assert not asked("risks", mild, by("carla", accepted), worse).met
    assert asked("risks", mild, by("carla", accepted), worse, by("carla", accepted)).met


def test_a_threshold_moved_after_a_result_shows_even_when_met_anew() -> None:
    missed = result(value=0.75, verdict="missed")
    found = asked("criteria", criterion(), missed, criterion(threshold=0.7), result(value=0.75))
    assert (found.met, found.by) == (True, (FIRST + 4, FIRST + 5))
    assert found.text == "Criteria met: F1 (threshold moved after result: F1)"


def test_every_criterion_of_the_gate_must_be_met_but_retired_ones() -> None:
    both = (criterion(), criterion("Recall"), result())
    assert not asked("criteria", *both).met
    assert asked("criteria", *both, CriterionRetired(criterion="Recall")).met
    assert not asked("criteria", criterion(), result(), CriterionRetired(criterion="F1")).met


def test_only_results_of_the_criterion_itself_show_that_its_threshold_moved() -> None:
    other = criterion("Recall")
    assert asked("criteria", other, result("Recall"), criterion(), result()).not_counted == ()


def test_criteria_of_another_milestone_are_not_asked_here() -> None:
    assert not asked("criteria", criterion(milestone="live"), result()).met
    assert asked("criteria", criterion(), result(), criterion("Live", milestone="live")).met


def segmented(*steps: Event) -> Requirement:
    start: Steps = (defined(segments=("new", "returning", "the teams")), advanced("training"))
    return line("criteria", (*start, *steps), workflow=asking("criteria"))


def test_criteria_need_one_for_each_segment() -> None:
    found = segmented(criterion(segment="new"), result())
    assert not found.met
    assert found.text == "Criteria: none met for returning and the teams"
    assert (found.try_ or "").endswith("--threshold N --segment returning")


def test_criteria_are_met_with_one_for_each_segment() -> None:
    steps = [
        step
        for name, segment in (("A", "new"), ("B", "returning"), ("C", "the teams"))
        for step in (criterion(name, segment=segment), result(name))
    ]
    assert segmented(*steps).met
    found = segmented(*steps[:-1])
    assert found.text == ("Criteria: none met for the teams; C (f1 >= 0.8) has no result that counts")
    assert found.try_ == "roadlog result SUP-1 C VALUE"


def test_a_criterion_for_all_together_covers_no_segment() -> None:
    found = segmented(criterion(), result())
    assert not found.met
    assert found.text == "Criteria: none met for new, returning and the teams"


# Rule 7: safeguards, risks, the experiment


def test_the_fallback_must_be_defined_tested_and_have_passed() -> None:
    assert asked("fallback").text == "Fallback: none defined yet"
    assert asked("fallback", FALLBACK).text == "Fallback: defined, not tested yet"
    assert asked("fallback", FALLBACK, PASSED, FAILED).text == "Fallback: its latest test failed"
    assert asked("fallback", FALLBACK).try_ == "roadlog fallback test SUP-1 --passed"
    found = asked("fallback", FALLBACK, FAILED, PASSED)
    assert (found.met, found.by, found.text) == (True, (FIRST + 2, FIRST + 4), "Fallback tested")


def test_a_new_fallback_must_be_tested_anew() -> None:
    assert not asked("fallback", FALLBACK, PASSED, replace(FALLBACK, trigger="Any doubt")).met


def test_the_fallback_must_be_tested_after_the_latest_model() -> None:
    found = asked("fallback", FALLBACK, PASSED, evidence("D4", "model"))
    assert (found.met, found.text) == (False, "Fallback: not tested since the latest model (D4)")
    assert found.not_counted == (NotCounted(position=FIRST + 3, why="tested before the latest model (D4)"),)
    again = asked("fallback", FALLBACK, PASSED, evidence("D4", "model"), PASSED)
    assert (again.met, again.text) == (True, "Fallback tested after the latest model (D4)")
    assert asked("fallback", FALLBACK, PASSED, evidence("D4", "dataset")).met


def test_the_latest_of_several_models_is_the_one_to_test_after() -> None:
    first, second = evidence("D4", "model"), evidence("D5", "model")
    found = asked("fallback", FALLBACK, first, PASSED, second)
    assert found.text == "Fallback: not tested since the latest model (D5)"
    assert asked("fallback", FALLBACK, first, second, PASSED).met


def test_a_model_attached_late_is_as_old_as_it_is_in_the_world() -> None:
    steps: Steps = (*standing_at("training"), FALLBACK, PASSED)
    late = by("dan", evidence("D4", "model"), at=START)
    assert line("fallback", (*steps, late), workflow=asking("fallback")).met


def test_severe_edge_cases_must_be_triaged() -> None:
    found = asked("edge-cases", REVIEWED, SEVERE)
    assert (found.met, found.text) == (False, "Edge cases: E1 of severity 4 or more not triaged")
    assert found.try_ == "roadlog edge-case triage SUP-1 E1 --outcome OUTCOME"
    assert asked("edge-cases", REVIEWED, SEVERE, EdgeCaseTriaged(case="E1", outcome="fix")).met
    assert asked("edge-cases", REVIEWED, replace(SEVERE, severity=3)).met


def test_the_policy_says_how_severe_an_edge_case_must_be() -> None:
    workflow = with_policy(asking("edge-cases"), edge_case_severity=3)
    steps: Steps = (*standing_at("training"), REVIEWED, replace(SEVERE, severity=3))
    assert not line("edge-cases", steps, workflow=workflow).met


def test_an_edge_case_review_of_nothing_does_not_do() -> None:
    assert not asked("edge-cases", replace(REVIEWED, sample=0)).met


def test_no_open_risk_at_the_threshold_may_be_untreated() -> None:
    found = asked("risks", risk(likelihood=3, impact=4))
    assert (found.met, found.text) == (False, "Risks: R1 (12) untreated, limit is below 12")
    assert found.try_ == "roadlog risk mitigate SUP-1 R1 --treatment TEXT --likelihood N --impact N"
    assert asked("risks", risk(likelihood=2, impact=5)).met
    assert asked("risks").met
    assert asked("risks", risk(), RiskClosed(risk="R1")).met
    assert asked("risks", risk(), RiskAssessed(risk="R1", likelihood=1, impact=4)).met


def test_a_risk_is_treated_when_what_remains_is_below_the_threshold() -> None:
    mitigated = RiskMitigated(risk="R1", treatment="Balanced", likelihood=2, impact=4)
    found = asked("risks", risk(), mitigated)
    assert (found.met, found.by) == (True, (FIRST + 2, FIRST + 3))
    assert not asked("risks", risk(), replace(mitigated, likelihood=3)).met


def test_a_risk_is_treated_while_its_acceptance_lasts() -> None:
    accepted = RiskAccepted(risk="R1", until=NOW, role="compliance")
    before = asked("risks", risk(), accepted, at=NOW - timedelta(microseconds=1))
    assert (before.met, before.by) == (True, (FIRST + 2, FIRST + 3))
    found = asked("risks", risk(), accepted, at=NOW)
    assert (found.met, found.text) == (False, "Risks: R1 (lapsed 2026-03-06) untreated, limit is below 12")
    assert found.not_counted == (
        NotCounted(position=FIRST + 3, why="the acceptance of R1 lapsed 2026-03-06"),
    )


def test_a_lapsed_acceptance_of_a_small_risk_is_still_a_lapsed_acceptance_until_mitigated() -> None:
    small = risk(likelihood=2, impact=2)
    accepted = RiskAccepted(risk="R1", until=NOW, role="compliance")
    assert not asked("risks", small, accepted).met
    mitigated = RiskMitigated(risk="R1", treatment="Balanced", likelihood=1, impact=1)
    assert asked("risks", small, accepted, mitigated).met


def test_the_experiment_must_be_concluded_with_ship() -> None:
    assert asked("experiment").text == "Experiment: none concluded in this cycle yet"
    running = asked("experiment", STARTED)
    assert running.try_ == "roadlog experiment conclude SUP-1 X1 --decision ship --summary TEXT"
    iterate = asked("experiment", STARTED, concluded("iterate"))
    assert iterate.text == "Experiment: X1, the latest, was concluded iterate, not ship"
    assert iterate.not_counted == ()
    found = asked("experiment", STARTED, concluded("ship"))
    assert (found.met, found.by, found.text) == (True, (FIRST + 3,), "Experiment X1 concluded: ship")


def test_the_latest_concluded_experiment_decides() -> None:
    second = replace(STARTED, experiment="X2")
    both = (STARTED, second, concluded("ship"))
    assert asked("experiment", *both).met
    assert not asked("experiment", *both, concluded("stop", "X2")).met


def test_an_experiment_of_an_earlier_cycle_does_not_do() -> None:
    shipped = (STARTED, concluded("ship"))
    same_cycle = asked("experiment", *shipped, returned("training", iteration=2))
    assert same_cycle.met
    found = asked("experiment", *shipped, returned("training", cycle=2, iteration=2))
    running = asked("experiment", STARTED, returned("training", cycle=2, iteration=2))
    assert (running.try_ or "").startswith("roadlog experiment start SUP-1 ID")
    assert not found.met
    assert found.not_counted == (NotCounted(position=FIRST + 3, why="X1 belongs to an earlier cycle"),)


# Waivers


def waived(until: datetime, requirement: str = "notice", milestone: str = "training") -> GateWaived:
    return GateWaived(milestone=milestone, requirement=requirement, until=until)


def test_a_waiver_meets_a_requirement_until_it_lapses() -> None:
    until = NOW + timedelta(days=2)
    found = asked("notice", waived(until))
    assert (found.met, found.by, found.waiver, found.try_) == (True, (), FIRST + 2, None)
    assert found.text == "Notice: none defined yet — waived until 2026-03-08"
    lapsed = asked("notice", waived(until), at=until)
    assert (lapsed.met, lapsed.waiver) == (False, None)
    assert lapsed.not_counted == (NotCounted(position=FIRST + 2, why="waiver expired on 2026-03-08"),)


def test_a_waiver_is_for_one_requirement_of_one_milestone() -> None:
    until = NOW + timedelta(days=2)
    assert not asked("notice", waived(until, requirement="monitor")).met
    assert not asked("notice", waived(until, milestone="live")).met


def test_a_waiver_is_not_named_where_a_record_meets_the_requirement() -> None:
    notice = NoticeDefined(text="Assistance", placement="Chat", locale=None)
    found = asked("notice", waived(NOW + timedelta(days=2)), notice)
    assert (found.met, found.by, found.waiver) == (True, (FIRST + 3,), None)
    assert found.text == "Notice to users defined"


def test_the_waiver_that_lasts_longest_is_named() -> None:
    found = asked("notice", waived(NOW + timedelta(days=9)), waived(NOW + timedelta(days=2)))
    assert found.waiver == FIRST + 2


def test_any_milestones_gate_can_be_asked_for() -> None:
    case = given(*standing_at("feasibility"))
    gate = evaluate(case.state(), AI_PRODUCT, "integration", NOW, case.roadmap_state())
    assert (gate.milestone, gate.next) == ("integration", "experimentation")


def test_a_milestone_that_the_workflow_dropped_asks_for_nothing_and_nothing_follows() -> None:
    case = given(*standing_at("feasibility"))
    gate = evaluate(case.state(), AI_PRODUCT, "nowhere", NOW, case.roadmap_state())
    assert (gate.milestone, gate.next, gate.requirements) == ("nowhere", None, ())
