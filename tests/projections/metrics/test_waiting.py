"""When work could not go on, and how long roles take to answer."""

from __future__ import annotations

from datetime import datetime

from roadlog.domain.events import (
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.projections.metrics.cycles import cycles
from roadlog.projections.metrics.waiting import waiting, waits
from tests.domain.spec import By
from tests.projections.histories import asked, back, case, day, defined, moved, on
from tests.projections.metrics.histories import AT_BUILD, DAY, WORKFLOW, answer_of, approving, cycle


def test_times_in_which_work_could_not_go_on_count_once() -> None:
    answer = cycle(
        *AT_BUILD,
        on(4, WorkBlocked(by="law")),
        on(5, WorkPaused()),
        on(7, WorkUnblocked()),
        on(8, WorkResumed()),
        on(10, InitiativeStopped()),
        on(15, InitiativeReopened()),
        on(21, moved("run")),
    )
    assert (answer["cycle_time"], answer["waiting"], answer["paused"], answer["active"]) == (
        20 * DAY,
        9 * DAY,
        3 * DAY,
        11 * DAY,
    )


def test_what_waits_still_waits_until_now() -> None:
    state, _ = case(*AT_BUILD, on(4, WorkBlocked(by="law")), on(5, asked("data-science")))
    assert waiting(waits(state), day(9)) == {
        "blocked": [(day(4), day(9))],
        "paused": [],
        "stopped": [],
        "awaiting": [(day(5), day(9))],
    }


def awaited_until(state: InitiativeState) -> datetime | None:
    """Until when its first request waits."""
    return next(each for each in waits(state) if each.kind == "awaiting").to


def awaited(*steps: By, milestone: str = "build") -> datetime | None:
    state, _ = case(*AT_BUILD, on(4, asked("data-science", "compliance", milestone=milestone)), *steps)
    return awaited_until(state)


def test_a_request_waits_until_every_role_that_it_names_approved() -> None:
    one = on(5, approving("data-science"), "dan")
    assert awaited(one) is None
    assert awaited(one, on(7, approving("compliance"), "carla")) == day(7)
    assert awaited(one, on(7, approving("compliance", "learn"), "carla")) is None


def test_a_request_that_names_no_role_waits_for_nobody() -> None:
    state, _ = case(*AT_BUILD, on(4, asked()))
    assert awaited_until(state) == day(4)


def test_a_request_waits_until_another_takes_its_place() -> None:
    assert awaited(on(6, asked("data-science", request="Q2"))) is None
    assert awaited(on(6, asked("compliance", "data-science", request="Q2"))) == day(6)


def test_a_request_waits_until_its_milestone_is_left() -> None:
    assert awaited(on(6, back("learn")), on(8, moved("build", visit=2))) == day(6)
    assert awaited(on(6, InitiativeRetired())) == day(6)
    assert awaited(on(6, back("learn")), milestone="learn") is None


def test_a_request_in_the_backlog_waits_until_work_starts() -> None:
    state, _ = case(on(0, defined()), on(1, asked("product", milestone=None)), on(3, moved("learn")))
    assert awaited_until(state) == day(3)
    assert answer_of(cycles(state, WORKFLOW)[0], state, day(9))["waiting"] == 0.0
