"""The rule book of moves: forward through gates, backward with a loop kind, break-glass; their numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import (
    AdvanceMilestone,
    ReturnMilestone,
    ReviewBreakGlass,
)
from roadlog.domain.events import (
    BreakGlassReviewed,
    GateWaived,
    LoopKind,
    MilestoneAdvanced,
    Outcome,
    OutcomeTargeted,
    RiskAssessed,
    RiskLogged,
)
from tests.domain.gate_steps import Steps, asking, standing_at, voted
from tests.domain.history import (
    BROKEN,
    FILMS,
    GLASS,
    LIVE,
    NOTICE,
    OPEN,
    TRAINING,
    adopted,
    advanced,
    line,
    problem,
    returned,
)
from tests.domain.spec import FIRST, NOW, START, TEAM, at, by, given, with_policy

LATER = datetime(2026, 6, 1, tzinfo=UTC)
TWO = {**TEAM, "otto": ("engineering",)}
FREE = replace(OPEN, entry=("problem",))
"""No gate but the entry's."""


def back_to(to: str, loop: LoopKind = "learning") -> ReturnMilestone:
    return ReturnMilestone(to=to, loop=loop)


# Rule 2: forward, through the gate


def test_rule_2_from_the_backlog_it_enters_the_start_when_problem_metric_and_target_are_there() -> None:
    given(problem()).when(AdvanceMilestone()).then(
        advanced(None, "feasibility", gate=(line(None, "problem", FIRST),))
    )


def test_rule_1_without_metric_and_target_it_stays_in_the_backlog() -> None:
    refused = (
        given(problem(complete=False)).when(AdvanceMilestone()).then_refused("gate", saying="the backlog")
    )
    assert refused.missing == ("Problem: metric and target are missing",)
    assert refused.try_ == ("roadlog target SUP-1 METRIC --unit UNIT --target N",)


def test_rule_1_a_target_found_later_lets_it_start() -> None:
    outcome = Outcome(metric="tickets", unit=None, baseline=None, target=600, relative=False, by=None)
    found = OutcomeTargeted(outcome=outcome)
    given(problem(complete=False), found).when(AdvanceMilestone()).then(
        advanced(None, "feasibility", gate=(line(None, "problem", FIRST, FIRST + 1),))
    )


def test_rule_2_it_goes_to_the_next_milestone_when_the_gate_holds() -> None:
    given(problem(), advanced(None, "script"), NOTICE, workflow=FILMS).when(AdvanceMilestone()).then(
        advanced("script", "shooting", gate=(line("script", "notice", FIRST + 2),))
    )


def test_rule_2_it_is_refused_when_the_gate_does_not_hold_and_names_all_that_is_missing() -> None:
    refused = given(problem(), advanced(None, "feasibility")).when(AdvanceMilestone()).then_refused("gate")
    assert refused.message == (
        "SUP-1 cannot advance to prototype: 5 requirements are not met to leave feasibility."
    )
    assert len(refused.missing) == 5
    assert len(refused.try_) == 5
    assert all(command.startswith("roadlog ") and "SUP-1" in command for command in refused.try_)


def test_rule_2_a_move_typed_later_counts_on_nothing_that_happened_after_it() -> None:
    history = given(problem(), advanced(None, "script"), NOTICE, workflow=FILMS)
    history.when(AdvanceMilestone(), at=at(1) + timedelta(minutes=30), now=NOW).then_refused("gate")
    history.when(AdvanceMilestone(), at=at(2), now=NOW).then(
        advanced("script", "shooting", gate=(line("script", "notice", FIRST + 2),))
    )


def rejected_later() -> Steps:
    """Approved at step 3, rejected by another engineer at step 4: open then, closed now."""
    steps: Steps = (problem(), advanced(None, "shooting"), NOTICE)
    steps = voted(steps, "erin", "engineering", workflow=FILMS, team=TWO)
    return voted(steps, "otto", "engineering", "rejected", workflow=FILMS, team=TWO)


def test_rule_2_a_move_typed_later_is_held_up_by_what_is_known_by_now() -> None:
    history = given(*rejected_later(), workflow=FILMS, team=TWO)
    refused = history.when(AdvanceMilestone(), at=at(3), now=NOW).then_refused(
        "gate",
        saying="1 requirement is not met to leave shooting as it stands now; at 2026-03-02T12:00:00Z it was "
        "open.",
    )
    assert refused.missing == ("Approval by engineering: rejected by otto; it stands until otto votes again",)
    open_still = given(*rejected_later()[:-1], workflow=FILMS, team=TWO)
    (moved,) = open_still.when(AdvanceMilestone(), at=at(3), now=NOW).events()
    assert isinstance(moved, MilestoneAdvanced)
    assert [each.by for each in moved.gate] == [(FIRST + 2,), (FIRST + 3,)]


def test_rule_2_a_move_typed_later_says_which_gate_is_closed() -> None:
    history = given(problem(), advanced(None, "script"), NOTICE, workflow=FILMS)
    soon = at(1) + timedelta(minutes=30)
    refused = history.when(AdvanceMilestone(), at=soon, now=NOW).then_refused(
        "gate", saying="as it stood at 2026-03-02T10:30:00Z; it has been opened since, so"
    )
    assert refused.try_ == ("roadlog advance SUP-1 --to shooting",)
    both = given(problem(), advanced(None, "script"), workflow=FILMS)
    refused = both.when(AdvanceMilestone(), at=soon, now=NOW).then_refused(
        "gate", saying="as it stands now; at 2026-03-02T10:30:00Z it was closed too."
    )
    assert refused.try_ == ("roadlog notice define SUP-1 TEXT --where TEXT",)


def test_rule_2_a_risk_that_grew_since_holds_up_a_move_typed_later() -> None:
    risk = RiskLogged(
        risk="R1",
        category="bias",
        description="worse in Spanish",
        likelihood=1,
        impact=1,
        owner=None,
        catalogue=None,
    )
    grown = RiskAssessed(risk="R1", likelihood=5, impact=5)
    workflow = asking("risks")
    history = given(*standing_at("training"), risk, grown, workflow=workflow)
    history.when(AdvanceMilestone(), at=at(2), now=NOW).then_refused("gate", saying="as it stands now")


def test_rule_8_a_move_before_the_last_one_is_out_of_order_whatever_the_gates_say() -> None:
    history = (problem(), advanced(None, "script"), NOTICE, advanced("script", "shooting"))
    short = replace(FILMS, milestones=tuple(each for each in FILMS.milestones if each.id != "script"))
    for workflow in (FILMS, replace(short, start="shooting")):
        given(*history, workflow=workflow).when(AdvanceMilestone(), at=at(2), now=NOW).then_refused("order")


# Rule 1: work that was under way


def test_rule_1_adopted_work_owes_the_entry_gate_before_its_first_move_forward() -> None:
    refused = given(adopted("prototype"), workflow=FREE).when(AdvanceMilestone()).then_refused("gate")
    assert refused.missing == ("Problem: problem, metric and target are missing",)
    assert refused.try_ == ("roadlog define 'Support load' --problem TEXT --for SUP-1",)
    stated = given(adopted("prototype"), problem(), workflow=FREE)
    stated.when(AdvanceMilestone()).then(
        advanced("prototype", "training", gate=(line("prototype", "problem", FIRST + 1),))
    )


def test_rule_1_adopted_work_that_went_back_first_owes_it_still_and_once_forward_no_more() -> None:
    back = returned("training", "prototype", 1, 2, 1)
    given(adopted("training"), back, workflow=FREE).when(AdvanceMilestone()).then_refused("gate")
    moved = advanced("training", "integration")
    given(adopted("training"), moved, workflow=FREE).when(AdvanceMilestone()).then(
        advanced("integration", "experimentation")
    )


def test_rule_2_one_requirement_missing_is_one() -> None:
    refused = given(problem(), advanced(None, "script"), workflow=FILMS).when(AdvanceMilestone())
    refused.then_refused("gate", saying="1 requirement is not met to leave script.")


def test_rule_2_nothing_starts_before_it_was_defined() -> None:
    refused = given(problem()).when(AdvanceMilestone(), at=START - timedelta(hours=1), now=NOW)
    refused.then_refused("order")


def test_rule_2_it_may_start_the_moment_it_was_defined() -> None:
    given(problem()).when(AdvanceMilestone(), at=START, now=NOW).then(
        advanced(None, "feasibility", gate=(line(None, "problem", FIRST),))
    )


@pytest.mark.parametrize("to", [None, "feasibility", "live"])
def test_rule_2_at_the_finish_advance_is_refused_naming_return_and_retire(to: str | None) -> None:
    refused = given(*LIVE, workflow=OPEN).when(AdvanceMilestone(to=to)).then_refused("finish", saying="live")
    assert refused.try_ == (
        "roadlog return SUP-1 feasibility --loop learning --because WHY",
        "roadlog retire SUP-1 --because WHY",
    )


def test_rule_2_forward_moves_end_at_the_finish() -> None:
    refused = given(*LIVE[:2], workflow=replace(OPEN, finish="training")).when(AdvanceMilestone(to="live"))
    assert refused.then_refused("finish").try_ == ("roadlog advance SUP-1 --to training",)


@pytest.mark.parametrize("to", ["training", "feasibility"])
def test_rule_2_advancing_to_the_same_or_an_earlier_milestone_is_a_return(to: str) -> None:
    refused = given(*TRAINING, workflow=OPEN).when(AdvanceMilestone(to=to)).then_refused("forward")
    assert refused.try_ == (f"roadlog return SUP-1 {to} --loop learning --because WHY",)


def test_an_unknown_milestone_offers_the_nearest() -> None:
    given(*TRAINING).when(AdvanceMilestone(to="intergation")).then_refused(
        "unknown-milestone", saying="Did you mean integration?"
    )


def test_rule_2_to_skips_a_milestone_whose_gate_holds_or_is_waived() -> None:
    waived = GateWaived(milestone="shooting", requirement="approval:engineering", until=LATER)
    history = (problem(), advanced(None, "script"), NOTICE, by("erin", waived))
    given(*history, workflow=FILMS).when(AdvanceMilestone(to="screening")).then(
        advanced(
            "script",
            "screening",
            gate=(
                line("script", "notice", FIRST + 2),
                line("shooting", "notice", FIRST + 2),
                line("shooting", "approval:engineering", waiver=FIRST + 3),
            ),
        )
    )


def test_rule_2_to_is_refused_when_one_skipped_gate_does_not_hold() -> None:
    history = (problem(), advanced(None, "script"), NOTICE)
    refused = given(*history, workflow=FILMS).when(AdvanceMilestone(to="screening")).then_refused("gate")
    assert refused.message.endswith("1 requirement is not met to leave shooting.")


def test_rule_2_what_is_missing_at_several_gates_is_named_with_its_milestone() -> None:
    refused = given(problem(), workflow=FILMS).when(AdvanceMilestone(to="screening")).then_refused("gate")
    assert [text.split(":")[0] for text in refused.missing] == ["script", "shooting", "shooting"]


def test_rule_2_from_the_backlog_a_later_milestone_passes_all_gates_from_the_start() -> None:
    given(problem(), NOTICE, workflow=FILMS).when(AdvanceMilestone(to="shooting")).then(
        advanced(None, "shooting", gate=(line(None, "problem", FIRST), line("script", "notice", FIRST + 1)))
    )


# Cycles, iterations and visits


def test_before_the_start_no_cycle_is_open_and_entering_the_start_opens_the_first() -> None:
    idea = advanced(None, "idea", 0, gate=(line(None, "problem", FIRST),))
    given(problem(), workflow=FILMS).when(AdvanceMilestone(to="idea")).then(idea)
    given(problem(), idea, workflow=FILMS).when(AdvanceMilestone()).then(advanced("idea", "script", 1))


def test_rule_3_backward_ends_the_iteration_and_visits_are_counted_within_the_cycle() -> None:
    given(*TRAINING, workflow=OPEN).when(
        ReturnMilestone(to="prototype", loop="rework", learned="Too few examples", change="Label 500 more"),
        because="accuracy is too low",
    ).then(
        returned(
            "training",
            "prototype",
            1,
            2,
            2,
            loop="rework",
            learned="Too few examples",
            change="Label 500 more",
        )
    )


def test_rule_3_the_same_milestone_again_is_a_backward_move() -> None:
    given(*TRAINING, workflow=OPEN).when(back_to("training", "drift"), because="new tickets").then(
        returned("training", "training", 1, 2, 2, loop="drift")
    )


def test_rule_3_forward_again_stays_in_the_iteration_and_is_the_second_visit() -> None:
    history = (*TRAINING, returned("training", "prototype", 1, 2, 2))
    given(*history, workflow=OPEN).when(AdvanceMilestone()).then(advanced("prototype", "training", 1, 2, 2))


def test_rule_3_from_the_finish_a_cycle_begins_and_its_visits_count_from_one() -> None:
    back = returned("live", "training", 2, 2, 1, loop="drift")
    given(*LIVE, workflow=OPEN).when(back_to("training", "drift"), because="answers got worse").then(back)
    given(*LIVE, back, workflow=OPEN).when(AdvanceMilestone()).then(
        advanced("training", "integration", 2, 2, 1)
    )


def test_rule_3_backward_within_the_second_cycle_stays_in_it() -> None:
    history = (*LIVE, returned("live", "training", 2, 2, 1))
    given(*history, workflow=OPEN).when(back_to("prototype"), because="one more look").then(
        returned("training", "prototype", 2, 3, 1)
    )


def test_rule_3_what_was_adopted_at_the_finish_begins_its_second_cycle() -> None:
    given(adopted("live"), workflow=OPEN).when(back_to("training"), because="answers got worse").then(
        returned("live", "training", 2, 2, 1)
    )


def test_rule_3_backward_needs_a_reason() -> None:
    given(*TRAINING, workflow=OPEN).when(back_to("prototype")).then_refused("reason")


def test_rule_3_there_is_no_way_back_from_the_backlog() -> None:
    refused = given(problem()).when(back_to("feasibility"), because="a look").then_refused("backlog")
    assert refused.try_ == ("roadlog advance SUP-1",)


def test_rule_3_a_return_to_a_later_milestone_is_an_advance() -> None:
    refused = given(*TRAINING, workflow=OPEN).when(back_to("live"), because="a look").then_refused("backward")
    assert refused.try_ == ("roadlog advance SUP-1 --to live",)


def test_an_unknown_milestone_to_return_to_offers_the_nearest() -> None:
    given(*TRAINING).when(back_to("protoype"), because="a look").then_refused(
        "unknown-milestone", saying="Did you mean prototype?"
    )


# Rule 9: break-glass


def test_rule_9_break_glass_with_a_reason_passes_a_closed_gate_and_says_what_did_not_hold() -> None:
    given(problem(), advanced(None, "script"), workflow=FILMS).when(
        AdvanceMilestone(break_glass=True), because="outage"
    ).then(BROKEN)


def test_rule_9_break_glass_without_a_reason_is_refused() -> None:
    refused = given(problem(), advanced(None, "script"), workflow=FILMS).when(
        AdvanceMilestone(break_glass=True)
    )
    assert refused.then_refused("reason").try_ == ("roadlog advance SUP-1 --break-glass --because WHY",)


def test_rule_9_break_glass_passes_only_the_gate_being_left() -> None:
    given(problem(), advanced(None, "script"), workflow=FILMS).when(
        AdvanceMilestone(to="screening", break_glass=True), because="outage"
    ).then_refused("gate", saying="to leave shooting")


def test_rule_10_break_glass_needs_the_role_that_may() -> None:
    history = given(problem(), advanced(None, "script"), workflow=FILMS)
    history.when(AdvanceMilestone(break_glass=True), by="dan", because="outage").then_refused("authority")
    may = with_policy(FILMS, may_break_glass=("data-science",))
    given(problem(), advanced(None, "script"), workflow=may).when(
        AdvanceMilestone(break_glass=True), by="dan", because="outage"
    ).then(BROKEN)


def test_rule_10_while_alone_one_may_break_glass_and_review_it() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("engineering",)}
    given(problem(), advanced(None, "script"), workflow=FILMS, team=team).when(
        AdvanceMilestone(break_glass=True), because="outage"
    ).then(BROKEN)
    agents = {**team, "bot": ("product",)}
    given(problem(), advanced(None, "script"), workflow=FILMS, team=agents).when(
        AdvanceMilestone(break_glass=True), by="bot", because="outage"
    ).then_refused("human", saying="bot (agent) may not break glass")
    given(*GLASS, workflow=FILMS, team=team).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=True), because="it was an outage"
    ).then(BreakGlassReviewed(move=FIRST + 2, upheld=True))
