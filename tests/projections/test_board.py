"""The board's row: what it says of an initiative, and for how long that stays so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from roadlog.domain.events import (
    Condition,
    Event,
    InitiativeAdopted,
    InitiativePlaced,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    RiskClosed,
    StakeholderConsulted,
    StakeholderRejected,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.projections.board import age_from, good_until, row
from tests.domain.spec import AI_PRODUCT, KEY
from tests.projections.histories import (
    Case,
    accepted,
    approved,
    asked,
    back,
    case,
    day,
    defined,
    expected,
    measured,
    moved,
    on,
    risk,
    short,
    waived,
)

DAN = short("approval:data-science")
BOTH = short("approval:data-science", "approval:compliance")
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(2, moved("build")))
LIVE = (*AT_BUILD, on(5, moved("run")))


def seen(history: Case, at: float) -> dict[str, Any]:
    state, roadmap = history
    return row(state, roadmap, day(at))


def test_a_row_has_every_key_with_the_values_of_the_moment() -> None:
    history = case(
        on(0, defined()),
        on(1, InitiativePlaced(horizon="now", rank=2)),
        on(1, expected(3, 5)),
        on(2, moved("learn")),
        on(3, moved("build")),
        on(4, back("learn")),
        on(5, risk("R1")),
        on(5, risk("R2")),
        on(6, RiskClosed(risk="R2")),
        on(7, measured(765)),
        on(8, moved("build", iteration=2, visit=2)),
        on(9, asked("data-science")),
        workflow=BOTH,
    )
    assert seen(history, 10) == {
        "key": KEY,
        "title": "Reduce support load",
        "milestone": "build",
        "milestone_number": 2,
        "milestones": 3,
        "status": "active",
        "cycle": 1,
        "iteration": 2,
        "visit": 2,
        "expected_iterations": [3, 5],
        "horizon": "now",
        "rank": 2,
        "owner": "paula",
        "age": 8 * 86400.0,
        "since": "2026-03-10T09:00:00.000000Z",
        "next": "run",
        "ready": False,
        "waiting_on": ["data-science", "compliance"],
        "requested": ["data-science"],
        "quiet": [],
        "unmeasured": False,
        "blocked_by": None,
        "break_glass": None,
        "open_incidents": 0,
        "fallback_active": False,
        "open_risks": 1,
        "untreated_risks": 1,
        "outcome": {
            "metric": "tickets",
            "unit": "per week",
            "baseline": 900,
            "target": -30,
            "relative": True,
            "goal": 630.0,
            "by": "2026-09-30",
            "latest": 765,
            "progress": 0.5,
        },
    }


def test_the_backlog_has_no_milestone_no_age_and_is_ready_when_its_gate_is_open() -> None:
    found = seen(case(on(0, defined(outcome=None))), 40)
    assert (found["milestone"], found["status"], found["age"], found["cycle"]) == (None, "backlog", None, 0)
    assert (found["next"], found["ready"], found["outcome"], found["quiet"]) == ("learn", True, None, [])
    closed = seen(case(on(0, defined(outcome=None)), workflow=short(entry=("problem",))), 40)
    assert closed["ready"] is False


@pytest.mark.parametrize(
    ("further", "status"),
    [
        ((), "active"),
        ((WorkBlocked(by="a contract"),), "blocked"),
        ((WorkBlocked(by="a contract"), WorkUnblocked()), "active"),
        ((WorkBlocked(by="a contract"), WorkPaused()), "paused"),
        ((WorkPaused(), WorkResumed()), "active"),
        ((WorkPaused(), InitiativeStopped()), "stopped"),
        ((InitiativeStopped(), InitiativeReopened()), "active"),
        ((moved("run"),), "live"),
        ((moved("run"), WorkPaused()), "paused"),
        ((moved("run"), InitiativeRetired()), "retired"),
    ],
)
def test_status_is_what_holds_it_up_and_else_where_it_is(further: tuple[Event, ...], status: str) -> None:
    assert seen(case(*AT_BUILD, *(on(3, each) for each in further)), 4)["status"] == status


def test_age_counts_from_the_start_of_the_cycle_under_way_pauses_included() -> None:
    assert seen(case(*AT_BUILD, on(3, WorkPaused())), 11)["age"] == 10 * 86400.0
    again = case(*LIVE, on(20, back("learn", cycle=2)))
    assert seen(again, 23)["age"] == 3 * 86400.0


@pytest.mark.parametrize("end", [(moved("run"),), (InitiativeStopped(),)])
def test_a_cycle_that_finished_or_was_stopped_has_no_age(end: tuple[Event, ...]) -> None:
    state, roadmap = case(*AT_BUILD, *(on(3, each) for each in end))
    assert row(state, roadmap, day(9))["age"] is None
    assert age_from(state, roadmap) is None


def test_a_product_retired_in_its_second_cycle_has_no_age() -> None:
    history = case(*LIVE, on(20, back("learn", cycle=2)), on(21, InitiativeRetired()))
    assert seen(history, 30)["age"] is None


def test_it_waits_for_no_vote_where_it_cannot_move() -> None:
    assert seen(case(*AT_BUILD, workflow=DAN), 3)["waiting_on"] == ["data-science"]
    assert seen(case(*AT_BUILD, on(3, WorkBlocked(by="law")), workflow=DAN), 4)["waiting_on"] == [
        "data-science"
    ]
    assert seen(case(*AT_BUILD, on(3, WorkPaused()), workflow=DAN), 4)["waiting_on"] == []
    assert seen(case(*LIVE, workflow=DAN), 6)["waiting_on"] == []


def test_a_request_of_an_earlier_visit_is_asked_no_more() -> None:
    history = case(
        *AT_BUILD,
        on(3, asked("data-science")),
        on(4, back("build")),
        workflow=DAN,
    )
    assert (seen(history, 5)["waiting_on"], seen(history, 5)["requested"]) == (["data-science"], [])


def test_a_role_is_quiet_once_it_was_silent_for_as_long_as_the_policy_says() -> None:
    history = case(*AT_BUILD, on(4, StakeholderConsulted(role="data-science", said="fine")), workflow=BOTH)
    assert seen(history, 14.9)["quiet"] == []
    assert seen(history, 15)["quiet"] == ["compliance"]
    assert seen(history, 18)["quiet"] == ["data-science", "compliance"]


def test_what_was_said_before_the_start_or_while_blocked_does_not_move_the_deadline() -> None:
    said = StakeholderConsulted(role="data-science", said="fine")
    early = case(on(0, defined()), on(0, said), on(10, moved("learn")), workflow=DAN)
    assert (seen(early, 23)["quiet"], seen(early, 24)["quiet"]) == ([], ["data-science"])
    blocked = case(*AT_BUILD, on(3, WorkBlocked(by="law")), on(9, WorkUnblocked()), workflow=DAN)
    assert seen(blocked, 15)["quiet"] == ["data-science"]


def test_a_vote_is_hearing_too() -> None:
    reject = StakeholderRejected(milestone="build", role="compliance", subject="-", shown={})
    history = case(*AT_BUILD, on(10, reject, "carla"), workflow=BOTH)
    assert seen(history, 20)["quiet"] == ["data-science"]


def test_nobody_is_quiet_while_nothing_is_under_way_and_silence_counts_anew_after_it() -> None:
    paused = (*AT_BUILD, on(3, WorkPaused()))
    assert seen(case(*paused, workflow=DAN), 60)["quiet"] == []
    resumed = case(*paused, on(60, WorkResumed()), workflow=DAN)
    assert (seen(resumed, 73)["quiet"], seen(resumed, 74)["quiet"]) == ([], ["data-science"])


def test_a_live_initiative_is_unmeasured_after_as_long_as_the_policy_says() -> None:
    assert [seen(case(*LIVE), at)["unmeasured"] for at in (34.9, 35)] == [False, True]
    again = case(*LIVE, on(20, measured(800)))
    assert [seen(again, at)["unmeasured"] for at in (49.9, 50)] == [False, True]
    assert seen(case(*AT_BUILD), 60)["unmeasured"] is False


def test_work_adopted_under_way_is_as_old_as_it_says() -> None:
    adopted = InitiativeAdopted(
        key=KEY,
        title="Route tickets",
        milestone="build",
        since=day(-100),
        owner=None,
        origin="under-way",
        cycle=1,
        iteration=1,
        visit=1,
    )
    found = seen(case(on(0, adopted)), 1)
    assert (found["age"], found["since"]) == (101 * 86400.0, "2025-11-22T09:00:00.000000Z")


def test_a_milestone_that_the_workflow_of_that_time_does_not_have_asks_for_nothing() -> None:
    found = seen(case(on(0, defined()), on(1, moved("elsewhere"))), 2)
    assert (found["status"], found["next"], found["ready"], found["waiting_on"]) == (
        "active",
        None,
        False,
        [],
    )


# For how long the row is good


def turned(history: Case, at: float) -> datetime | None:
    state, roadmap = history
    return good_until(state, roadmap, day(at))


def changes_at(history: Case, moment: datetime) -> set[str]:
    """The keys that differ just before and at the moment."""
    state, roadmap = history
    before = row(state, roadmap, moment - timedelta(microseconds=1))
    return {key for key, value in row(state, roadmap, moment).items() if before[key] != value} - {"age"}


def test_a_row_without_deadlines_is_good_for_ever() -> None:
    assert turned(case(on(0, defined())), 1) is None
    assert turned(case(*AT_BUILD), 3) is None


def test_it_is_good_until_a_vote_expires() -> None:
    history = case(*approved(*AT_BUILD, at=3, valid_until=day(8)), workflow=DAN)
    assert seen(history, 4)["ready"] is True
    assert turned(history, 4) == day(8)
    assert changes_at(history, day(8)) == {"waiting_on", "ready"}
    assert turned(history, 8) == day(17)


def test_it_is_good_until_the_day_after_a_condition_was_due() -> None:
    condition = Condition(id="C1", text="sign the contract", due=date(2026, 3, 8))
    history = case(*approved(*AT_BUILD, at=3, conditions=(condition,)), workflow=DAN)
    midnight = day(7).replace(hour=0)
    assert turned(history, 4) == midnight
    assert changes_at(history, midnight) == {"waiting_on", "ready"}


def test_it_is_good_until_a_waiver_lapses() -> None:
    history = case(*AT_BUILD, on(3, waived("approval:data-science", day(6))), workflow=DAN)
    assert turned(history, 4) == day(6)
    assert changes_at(history, day(6)) == {"waiting_on", "ready"}


def test_it_is_good_until_an_acceptance_lapses() -> None:
    history = case(
        on(0, defined()),
        on(1, risk()),
        on(1, accepted(day(9)), "carla"),
        on(2, moved("build")),
        workflow=short("risks"),
    )
    assert turned(history, 4) == day(9)
    assert changes_at(history, day(9)) == {"ready", "untreated_risks"}


def test_it_is_good_until_a_role_falls_quiet_or_a_measurement_is_due() -> None:
    history = case(*LIVE, workflow=DAN)
    assert [turned(history, at) for at in (6, 15, 35)] == [day(15), day(35), None]
    assert changes_at(history, day(15)) == {"quiet"}
    assert changes_at(history, day(35)) == {"unmeasured"}


def test_the_built_in_workflow_has_a_row_at_every_milestone() -> None:
    steps = [on(0, defined())]
    for number, milestone in enumerate(AI_PRODUCT.order, start=1):
        steps.append(on(number, moved(milestone)))
        found = seen(case(*steps, workflow=AI_PRODUCT), number)
        assert found["milestone"] == milestone
        assert found["next"] == AI_PRODUCT.next_after(milestone)
