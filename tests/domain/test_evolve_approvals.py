"""What requests and votes do to the state, field by field."""

from datetime import UTC, date, datetime

from msgspec.structs import replace

from roadlog.domain.events import (
    ApprovalRequested,
    ApprovalWithdrawn,
    Condition,
    ConditionMet,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.initiative import ConditionState, Request, Vote
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, at, by
from tests.domain.test_evolve_milestones import RETURNED, STARTED
from tests.domain.test_evolve_problem import DEFINED

SHOWN = {"title": "aa", "problem": "bb"}
APPROVED = StakeholderApproved(
    milestone="feasibility",
    role="data-science",
    subject="ff",
    shown=SHOWN,
    statement="the data is there",
    conditions=(
        Condition(id="C1", text="sample again", due=date(2026, 4, 1)),
        Condition(id="C2", text="tell me", due=None),
    ),
    valid_until=datetime(2026, 6, 1, tzinfo=UTC),
    signature="sig",
)
REJECTED = StakeholderRejected(milestone="feasibility", role="data-science", subject="ff", shown=SHOWN)
ABSTAINED = StakeholderAbstained(milestone="feasibility", role="data-science", subject="ff", shown=SHOWN)
WITHDRAWN = ApprovalWithdrawn(milestone="feasibility", role="data-science")

VOTE = Vote(
    position=FIRST + 2,
    at=at(2),
    stakeholder="dan",
    kind="human",
    role="data-science",
    held=True,
    milestone="feasibility",
    cycle=1,
    iteration=1,
    decision="rejected",
    subject="ff",
    shown=SHOWN,
    reason="too thin",
)


def test_a_request_is_appended_as_it_was_made() -> None:
    event = ApprovalRequested(
        request="Q1",
        milestone="feasibility",
        roles=("data-science", "compliance"),
        subject="ff",
        shown=SHOWN,
        valid_days=30,
    )
    asked = Request(
        request="Q1",
        position=FIRST + 2,
        at=at(2),
        by="paula",
        milestone="feasibility",
        cycle=1,
        iteration=1,
        roles=("data-science", "compliance"),
        subject="ff",
        valid_days=30,
    )
    assert changed(DEFINED, STARTED, event) == {"requests": (asked,), "numbers": {"Q": 1}}
    again = replace(asked, request="Q2", position=FIRST + 3, at=at(3))
    assert changed(DEFINED, STARTED, event, replace(event, request="Q2")) == {
        "requests": (asked, again),
        "numbers": {"Q": 2},
    }


def test_an_approval_keeps_what_was_said_and_gives_out_its_conditions() -> None:
    assert changed(DEFINED, STARTED, by("dan", APPROVED, reason=None)) == {
        "approvals": (
            replace(
                VOTE,
                decision="approved",
                reason=None,
                statement="the data is there",
                conditions=(
                    ConditionState(id="C1", text="sample again", due=date(2026, 4, 1)),
                    ConditionState(id="C2", text="tell me", due=None),
                ),
                valid_until=datetime(2026, 6, 1, tzinfo=UTC),
                signature="sig",
            ),
        ),
        "heard": {"data-science": at(2)},
        "numbers": {"C": 2},
    }


def test_a_rejection_and_an_abstention_are_votes_too() -> None:
    heard = {"data-science": at(2)}
    assert changed(DEFINED, STARTED, by("dan", REJECTED, reason="too thin")) == {
        "approvals": (VOTE,),
        "heard": heard,
    }
    assert changed(DEFINED, STARTED, by("dan", ABSTAINED, reason="too thin")) == {
        "approvals": (replace(VOTE, decision="abstained"),),
        "heard": heard,
    }


def test_a_vote_says_whether_the_role_was_held_and_by_what_kind_of_actor() -> None:
    held = state_after(DEFINED, STARTED, by("bot", replace(REJECTED, role="engineering"))).approvals[0]
    assert (held.kind, held.held) == ("agent", True)
    assert not state_after(DEFINED, STARTED, by("carla", REJECTED)).approvals[0].held


def test_the_latest_vote_of_a_stakeholder_in_a_role_supersedes_their_earlier_one() -> None:
    first, second, third = state_after(
        DEFINED, STARTED, by("dan", REJECTED), by("dan", ABSTAINED), by("dan", APPROVED)
    ).approvals
    assert (first.superseded_by, second.superseded_by, third.superseded_by) == (FIRST + 3, FIRST + 4, None)


def test_votes_of_others_in_other_roles_and_on_other_gates_stand() -> None:
    votes = state_after(
        DEFINED,
        STARTED,
        by("dan", REJECTED),
        by("erin", REJECTED),
        by("dan", replace(REJECTED, role="engineering")),
        by("dan", replace(REJECTED, milestone="prototype")),
    ).approvals
    assert [vote.superseded_by for vote in votes] == [None] * 4


def test_a_vote_of_an_earlier_cycle_stands_as_it_was() -> None:
    back = replace(RETURNED, cycle=2, iteration=2)
    votes = state_after(DEFINED, STARTED, by("dan", APPROVED), back, by("dan", REJECTED)).approvals
    assert [(vote.cycle, vote.superseded_by) for vote in votes] == [(1, None), (2, None)]


def test_a_vote_in_the_backlog_is_about_no_milestone() -> None:
    vote = state_after(DEFINED, by("dan", replace(REJECTED, milestone=None))).approvals[0]
    assert (vote.milestone, vote.cycle, vote.iteration) == (None, 0, 0)


def test_a_withdrawal_marks_the_standing_vote() -> None:
    steps = (DEFINED, STARTED, by("dan", REJECTED), by("dan", APPROVED), by("dan", WITHDRAWN))
    votes = state_after(*steps).approvals
    assert [(vote.superseded_by, vote.withdrawn_by) for vote in votes] == [
        (FIRST + 3, None),
        (None, FIRST + 4),
    ]
    assert changed(*steps, by("dan", WITHDRAWN)) == {}


def test_a_vote_after_a_withdrawal_stands_and_leaves_the_withdrawn_one_so() -> None:
    steps = (DEFINED, STARTED, by("dan", REJECTED), by("dan", WITHDRAWN), by("dan", APPROVED))
    votes = state_after(*steps).approvals
    assert [(vote.superseded_by, vote.withdrawn_by) for vote in votes] == [(None, FIRST + 3), (None, None)]


def test_nobody_withdraws_the_vote_of_another_or_of_an_earlier_cycle() -> None:
    assert changed(DEFINED, STARTED, by("dan", REJECTED), by("erin", WITHDRAWN)) == {}
    back = replace(RETURNED, cycle=2, iteration=2)
    assert changed(DEFINED, STARTED, by("dan", REJECTED), back, by("dan", WITHDRAWN)) == {}


def test_a_condition_is_met_in_whichever_vote_has_it() -> None:
    other = replace(APPROVED, role="compliance", conditions=(Condition(id="C3", text="ask us", due=None),))
    steps = (DEFINED, STARTED, by("dan", APPROVED), by("carla", other))
    before = state_after(*steps).approvals
    met = replace(before[0].conditions[1], met_by=FIRST + 4)
    assert changed(*steps, ConditionMet(condition="C2")) == {
        "approvals": (replace(before[0], conditions=(before[0].conditions[0], met)), before[1])
    }
    assert changed(*steps, ConditionMet(condition="C9")) == {}
