"""Asking, voting, withdrawing, meeting conditions: what is recorded, and what little is refused (rule 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from roadlog.domain import subject
from roadlog.domain.commands import (
    Abstain,
    Approve,
    Command,
    MeetCondition,
    Reject,
    RequestApproval,
    WithdrawApproval,
)
from roadlog.domain.events import (
    ApprovalRequested,
    ApprovalWithdrawn,
    Condition,
    ConditionMet,
    NoteAdded,
    OwnerChanged,
    ProblemReframed,
    RoleRevoked,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderJoined,
    StakeholderRejected,
)
from roadlog.domain.evolve import fold
from tests.domain.gate_steps import Steps, asking, defined, returned, standing_at, voted
from tests.domain.spec import (
    AI_PRODUCT,
    NOW,
    TEAM,
    By,
    Given,
    built_in,
    by,
    given,
    initiative_records,
    record,
)

FEASIBILITY = standing_at("feasibility")
RETITLED = ProblemReframed(
    title="Fewer tickets", problem=None, segments=None, approach=None, solution_words=()
)
BOTH = {**TEAM, "carla": ("data-science", "compliance")}


def digest(steps: Steps = FEASIBILITY) -> str:
    state = fold(initiative_records(steps))
    return subject.digest(state, AI_PRODUCT, state.milestone)


def shown(steps: Steps = FEASIBILITY) -> dict[str, str]:
    state = fold(initiative_records(steps))
    return subject.parts(state, AI_PRODUCT, state.milestone)


def requested(*roles: str, request: str = "Q1", valid_days: int | None = None) -> ApprovalRequested:
    return ApprovalRequested(
        request=request,
        milestone="feasibility",
        roles=roles,
        subject=digest(),
        shown=shown(),
        valid_days=valid_days,
    )


def approved(role: str = "data-science", steps: Steps = FEASIBILITY) -> StakeholderApproved:
    return StakeholderApproved(
        milestone="feasibility",
        role=role,
        subject=digest(steps),
        shown=shown(steps),
        statement=None,
        conditions=(),
        valid_until=None,
        signature=None,
    )


def rejected(role: str = "data-science") -> StakeholderRejected:
    return StakeholderRejected(milestone="feasibility", role=role, subject=digest(), shown=shown())


def abstained(role: str = "data-science") -> StakeholderAbstained:
    return StakeholderAbstained(milestone="feasibility", role=role, subject=digest(), shown=shown())


def after(*more: By) -> Given:
    return given(*FEASIBILITY, *more)


# Asking


def test_a_request_asks_the_roles_that_the_gate_owes() -> None:
    given(*FEASIBILITY).when(RequestApproval()).then(requested("data-science", "compliance"))
    after(by("dan", approved())).when(RequestApproval()).then(requested("compliance"))


def test_a_request_may_ask_roles_that_no_gate_asks() -> None:
    command = RequestApproval(roles=("customer-ops", "product", "customer-ops"))
    given(*FEASIBILITY).when(command).then(requested("customer-ops", "product"))


def test_a_request_in_the_backlog_is_about_no_milestone() -> None:
    steps: Steps = (defined(),)
    expected = replace(requested("compliance"), milestone=None, subject=digest(steps), shown=shown(steps))
    given(*steps).when(RequestApproval(roles=("compliance",))).then(expected)


def test_nothing_owed_is_refused_unless_roles_are_named() -> None:
    case = given(*standing_at("live"))
    refused = case.when(RequestApproval()).then_refused("nothing-owed", saying="live")
    assert refused.try_ == ("roadlog gate SUP-1", "roadlog request SUP-1 --role ROLE")
    assert len(case.when(RequestApproval(roles=("product",))).events()) == 1


def test_an_unknown_role_is_not_asked() -> None:
    given(*FEASIBILITY).when(RequestApproval(roles=("complience",))).then_refused(
        "unknown-role", saying="Did you mean compliance?"
    )


@pytest.mark.parametrize("command", [RequestApproval(valid_days=0), Approve(valid_days=0)])
def test_a_validity_of_no_days_is_malformed(command: Command) -> None:
    given(*FEASIBILITY).when(command, by="dan").then_refused("count", saying="from 1 on")


@pytest.mark.parametrize("command", [RequestApproval(valid_days=10**9), Approve(valid_days=10**9)])
def test_a_validity_beyond_the_calendar_is_malformed(command: Command) -> None:
    given(*FEASIBILITY).when(command, by="dan").then_refused("count", saying="beyond the calendar")


def test_requests_are_numbered() -> None:
    first = by("paula", requested("compliance"))
    after(first).when(RequestApproval(roles=("product",))).then(requested("product", request="Q2"))


def test_the_same_request_again_is_already_so() -> None:
    first = by("paula", requested("data-science"))
    command = RequestApproval(roles=("data-science",))
    after(first).when(command).then()
    after(first).when(RequestApproval(roles=("data-science",), valid_days=30)).then(
        requested("data-science", request="Q2", valid_days=30)
    )


def test_the_same_request_after_an_answer_asks_again() -> None:
    first, answer = by("paula", requested("data-science")), by("dan", rejected())
    after(first, answer).when(RequestApproval(roles=("data-science",))).then(
        requested("data-science", request="Q2")
    )


def test_a_vote_before_the_request_does_not_answer_it() -> None:
    vote, first = by("dan", rejected()), by("paula", requested("data-science"))
    after(vote, first).when(RequestApproval(roles=("data-science",))).then()


def test_a_vote_in_another_role_answers_no_request() -> None:
    first, other = by("paula", requested("data-science")), by("carla", approved("compliance"))
    after(first, other).when(RequestApproval(roles=("data-science",))).then()


def test_the_same_request_in_a_new_iteration_asks_again() -> None:
    first, back = by("paula", requested("data-science")), by("paula", returned("feasibility"))
    after(first, back).when(RequestApproval(roles=("data-science",))).then(
        requested("data-science", request="Q2")
    )


# Voting, and in which role


def test_a_vote_is_refused_without_the_role() -> None:
    case = given(*FEASIBILITY)
    refused = case.when(Approve(role="compliance"), by="dan").then_refused(
        "role", saying="dan (data-science) does not hold the role compliance, held by carla"
    )
    assert refused.exit_code == 5
    assert refused.try_ == ("roadlog request SUP-1 --role compliance",)
    case.when(Reject(role="compliance"), by="dan", because="No").then_refused("role")
    case.when(Abstain(role="compliance"), by="dan").then_refused("role")
    case.when(Approve(role="compliance"), by="carla").then(approved("compliance"))


def test_a_vote_by_nobody_known_is_refused() -> None:
    given(*FEASIBILITY).when(Approve(role="compliance"), by="zoe").then_refused("actor")


def test_a_vote_without_any_role_is_refused() -> None:
    case = given(*FEASIBILITY, team={**TEAM, "ines": ()})
    case.when(Approve(), by="ines").then_refused("role", saying="no role to vote in")


def test_a_vote_in_an_unknown_role_is_unknown() -> None:
    refused = given(*FEASIBILITY).when(Approve(role="data-sience"), by="dan").then_refused("unknown-role")
    assert refused.exit_code == 2
    assert "data-science" in refused.message


def test_the_role_defaults_to_the_only_one_owed_that_the_voter_holds() -> None:
    given(*FEASIBILITY).when(Approve(), by="dan").then(approved())
    case = given(*FEASIBILITY, by("dan", approved()), team=BOTH)
    case.when(Approve(), by="carla").then(approved("compliance"))


def test_several_roles_owed_must_be_told_apart() -> None:
    case = given(*FEASIBILITY, team=BOTH)
    refused = case.when(Approve(), by="carla").then_refused("which-role", saying="data-science or compliance")
    assert refused.exit_code == 2
    assert refused.try_ == (
        "roadlog approve SUP-1 --role data-science",
        "roadlog approve SUP-1 --role compliance",
    )
    case.when(Approve(role="compliance"), by="carla").then(approved("compliance"))


def test_where_no_role_is_owed_the_voters_own_is_meant() -> None:
    given(*FEASIBILITY, by("dan", approved())).when(Reject(), by="dan", because="Too little").then(rejected())
    given(*FEASIBILITY).when(Approve(), by="erin").then(approved("engineering"))
    anywhere = given(*FEASIBILITY, workflow=built_in("open"))
    assert len(anywhere.when(Approve(), by="erin").events()) == 1


def test_a_role_that_the_gate_asks_for_is_meant_before_one_it_does_not() -> None:
    team = {**TEAM, "dan": ("customer-ops", "data-science")}
    case = given(*FEASIBILITY, by("dan", approved()), team=team)
    case.when(Reject(), by="dan", because="Too little").then(rejected())


def test_votes_may_be_given_in_the_backlog() -> None:
    steps: Steps = (defined(),)
    expected = replace(approved("compliance", steps), milestone=None)
    given(*steps).when(Approve(role="compliance"), by="carla").then(expected)


def test_owners_agents_and_editors_may_vote_and_the_gate_judges() -> None:
    owned = standing_at("feasibility", owner="dan")
    assert len(given(*owned).when(Approve(), by="dan").events()) == 1
    assert len(given(*FEASIBILITY).when(Approve(), by="bot").events()) == 1
    assert len(given(*FEASIBILITY, by("dan", RETITLED)).when(Approve(), by="dan").events()) == 1


def test_a_rejection_needs_a_reason() -> None:
    case = given(*FEASIBILITY)
    case.when(Reject(), by="dan").then_refused("reason")
    case.when(Reject(), by="dan", because="Too little data").then(rejected())


def test_an_abstention_needs_none() -> None:
    given(*FEASIBILITY).when(Abstain(), by="dan").then(abstained())


def test_a_vote_is_about_exactly_what_stands_there() -> None:
    steps: Steps = (*FEASIBILITY, RETITLED)
    given(*steps).when(Approve(), by="dan").then(approved(steps=steps))
    assert approved(steps=steps).subject != approved().subject


# What an approval carries


def test_an_approval_keeps_statement_conditions_and_validity() -> None:
    command = Approve(
        statement="Good data", conditions=(("Retest", NOW.date()), ("Tell us", None)), valid_days=30
    )
    expected = replace(
        approved(),
        statement="Good data",
        conditions=(
            Condition(id="C1", text="Retest", due=NOW.date()),
            Condition(id="C2", text="Tell us", due=None),
        ),
        valid_until=NOW + timedelta(days=30),
    )
    given(*FEASIBILITY).when(command, by="dan").then(expected)


def test_conditions_are_numbered_over_all_votes() -> None:
    first = replace(approved("compliance"), conditions=(Condition(id="C1", text="Retest", due=None),))
    case = after(by("carla", first))
    (event,) = case.when(Approve(conditions=(("Tell us", None),)), by="dan").events()
    assert isinstance(event, StakeholderApproved)
    assert event.conditions == (Condition(id="C2", text="Tell us", due=None),)


def test_a_condition_due_before_the_vote_is_malformed() -> None:
    late = Approve(conditions=(("Retest", NOW.date() - timedelta(days=1)),))
    given(*FEASIBILITY).when(late, by="dan").then_refused("condition-due", saying="Retest")


def test_an_approval_holds_as_long_as_the_request_asks() -> None:
    case = after(by("paula", requested("data-science", valid_days=30)))
    case.when(Approve(), by="dan").then(replace(approved(), valid_until=NOW + timedelta(days=30)))
    case.when(Approve(valid_days=7), by="dan").then(replace(approved(), valid_until=NOW + timedelta(days=7)))
    case.when(Approve(), by="carla").then(approved("compliance"))


def test_a_request_of_another_cycle_says_nothing_about_validity() -> None:
    request = by("paula", requested("data-science", valid_days=30))
    case = after(request, by("paula", returned("feasibility", cycle=2)))
    case.when(Approve(), by="dan").then(approved())


# Saying it again


def test_the_same_approval_again_is_already_so() -> None:
    steps = voted(FEASIBILITY, "dan", "data-science")
    given(*steps).when(Approve(), by="dan", because="because").then()
    assert len(given(*steps).when(Approve(statement="Still"), by="dan", because="because").events()) == 1
    assert len(given(*steps).when(Approve(), by="dan", because="another reason").events()) == 1


def test_the_same_approval_with_its_open_condition_is_already_so_until_that_is_met() -> None:
    condition = Condition(id="C1", text="Retest", due=None)
    steps = voted(FEASIBILITY, "dan", "data-science", conditions=(condition,))
    again = Approve(role="data-science", conditions=(("Retest", None),))
    given(*steps).when(again, by="dan", because="because").then()
    met = given(*steps, ConditionMet(condition="C1"))
    assert len(met.when(again, by="dan", because="because").events()) == 1


def test_the_same_approval_on_a_changed_subject_is_a_new_one() -> None:
    steps: Steps = (*voted(FEASIBILITY, "dan", "data-science"), RETITLED)
    given(*steps).when(Approve(), by="dan", because="because").then(approved(steps=steps))


def test_the_same_approval_after_ones_own_edit_is_a_new_one() -> None:
    back = replace(RETITLED, title="Reduce support load")
    steps: Steps = (*voted(FEASIBILITY, "dan", "data-science"), by("dan", RETITLED), by("dan", back))
    given(*steps).when(Approve(), by="dan", because="because").then(approved())


def test_the_same_approval_in_a_new_iteration_is_a_new_one() -> None:
    steps: Steps = (*voted(FEASIBILITY, "dan", "data-science"), returned("feasibility"))
    given(*steps).when(Approve(role="data-science"), by="dan", because="because").then(approved())


def test_the_same_rejection_or_abstention_again_is_already_so() -> None:
    no = voted(FEASIBILITY, "dan", "data-science", "rejected")
    given(*no).when(Reject(), by="dan", because="because").then()
    given(*no).when(Reject(), by="dan", because="another reason").then(rejected())
    none = voted(FEASIBILITY, "dan", "data-science", "abstained")
    given(*none).when(Abstain(), by="dan", because="because").then()
    given(*none).when(Reject(), by="dan", because="because").then(rejected())


# Withdrawing


WITHDRAWN = ApprovalWithdrawn(milestone="feasibility", role="data-science")


def test_a_standing_vote_can_be_withdrawn() -> None:
    steps = voted(FEASIBILITY, "dan", "data-science", "rejected")
    given(*steps).when(WithdrawApproval(), by="dan", because="Data came").then(WITHDRAWN)
    given(*steps).when(WithdrawApproval(role="data-science"), by="dan", because="Data came").then(WITHDRAWN)


def test_withdrawing_needs_a_reason() -> None:
    steps = voted(FEASIBILITY, "dan", "data-science")
    given(*steps).when(WithdrawApproval(), by="dan").then_refused("reason")


def test_withdrawing_needs_a_standing_vote() -> None:
    steps = voted(FEASIBILITY, "dan", "data-science")
    given(*FEASIBILITY).when(WithdrawApproval(), by="dan", because="No more").then_refused(
        "no-vote", saying="the gate of feasibility"
    )
    given(*steps).when(WithdrawApproval(), by="carla", because="No more").then_refused("no-vote")
    withdrawn = given(*steps, by("dan", WITHDRAWN))
    withdrawn.when(WithdrawApproval(), by="dan", because="No more").then_refused("no-vote")
    next_cycle = given(*steps, returned("feasibility", cycle=2))
    next_cycle.when(WithdrawApproval(), by="dan", because="No more").then_refused("no-vote")
    unknown = given(*steps).when(WithdrawApproval(role="magic"), by="dan", because="No more")
    unknown.then_refused("unknown-role")


def test_which_of_two_votes_is_withdrawn_must_be_said() -> None:
    steps = voted(FEASIBILITY, "carla", "data-science", team=BOTH)
    steps = voted(steps, "carla", "compliance", team=BOTH)
    case = given(*steps, team=BOTH)
    case.when(WithdrawApproval(), by="carla", because="No more").then_refused("which-role")
    case.when(WithdrawApproval(role="data-science"), by="carla", because="No more").then(WITHDRAWN)


def test_who_lost_the_role_may_still_withdraw() -> None:
    revoked = record(
        RoleRevoked(stakeholder="dan", role="data-science"), position=99, stream="SUP", version=99
    )
    case = given(*voted(FEASIBILITY, "dan", "data-science"), roadmap=(revoked,))
    case.when(WithdrawApproval(), by="dan", because="No more").then(WITHDRAWN)


def test_who_votes_again_as_somebody_else_than_then_says_something_new() -> None:
    """An agent who joined again as a human, and an owner who handed over, vote anew."""
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "bot": ("engineering",)}
    steps = voted(FEASIBILITY, "bot", "engineering", team=team)
    human = StakeholderJoined(
        stakeholder="bot", kind="human", roles=("engineering",), name_commitment=None, address_commitment=None
    )
    case = given(*steps, team=team)
    case.when(Approve(role="engineering"), by="bot", because="because").then()
    rejoined = given(*steps, team=team, roadmap=(record(human, position=99, stream="SUP", version=99),))
    assert rejoined.when(Approve(role="engineering"), by="bot", because="because").events()

    owned = voted(standing_at("feasibility", owner="dan"), "dan", "data-science")
    given(*owned).when(Approve(role="data-science"), by="dan", because="because").then()
    handed = given(*owned, OwnerChanged(owner="erin"))
    assert handed.when(Approve(role="data-science"), by="dan", because="because").events()


# Conditions


def test_an_agent_does_not_say_that_a_condition_is_met() -> None:
    condition = Condition(id="C1", text="Retest", due=None)
    steps = voted(FEASIBILITY, "dan", "data-science", conditions=(condition,))
    given(*steps).when(MeetCondition(condition="C1"), by="bot").then_refused("human")


def test_a_vote_on_work_whose_milestone_the_workflow_dropped_is_recorded() -> None:
    short = asking("approval:engineering")
    (event,) = given(*FEASIBILITY, workflow=short).when(Reject(), by="erin", because="over").events()
    assert isinstance(event, StakeholderRejected)
    assert event.milestone == "feasibility"


def test_a_condition_is_met_once() -> None:
    condition = Condition(id="C1", text="Retest", due=None)
    steps = voted(FEASIBILITY, "dan", "data-science", conditions=(condition,))
    met = ConditionMet(condition="C1")
    given(*steps).when(MeetCondition(condition="C1")).then(met)
    given(*steps, met).when(MeetCondition(condition="C1")).then()


def test_a_condition_that_nobody_made_is_unknown() -> None:
    condition = Condition(id="C1", text="Retest", due=None)
    steps = voted(FEASIBILITY, "dan", "data-science", conditions=(condition,))
    given(*steps).when(MeetCondition(condition="C11")).then_refused("unknown-condition", saying="C1?")


def test_notes_between_do_not_make_a_vote_new() -> None:
    steps: Steps = (*voted(FEASIBILITY, "dan", "data-science"), NoteAdded(text="Fine"))
    given(*steps).when(Approve(), by="dan", because="because").then()


def test_a_vote_moves_with_its_gate() -> None:
    case = given(*standing_at("training"), workflow=asking("approval:engineering"))
    (event,) = case.when(Approve(), by="erin").events()
    assert isinstance(event, StakeholderApproved)
    assert (event.milestone, event.role) == ("training", "engineering")
