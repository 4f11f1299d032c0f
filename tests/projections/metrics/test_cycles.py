"""Cycles and visits: the times that metrics/1 defines on them, and laws over any history."""

from __future__ import annotations

from datetime import UTC, timedelta, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given as draw
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.events import (
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.workflow import Milestone
from roadlog.projections.metrics.cycles import cycles, open_cycle
from roadlog.projections.metrics.grown import in_zone
from roadlog.projections.metrics.measured import backward_moves, visit_answer
from roadlog.projections.metrics.measured import measured as measured_on
from tests.domain.spec import START
from tests.projections.histories import back, case, day, defined, measured, moved, on
from tests.projections.metrics.histories import AT_BUILD, DAY, WORKFLOW, answer_of, cycle, histories


def test_a_cycle_that_finished_is_measured_whole() -> None:
    answer = cycle(
        *AT_BUILD,
        on(4, measured(765)),
        on(5, back("learn", loop="rework")),
        on(9, moved("build", iteration=2, visit=2)),
        on(10, measured(630)),
        on(11, moved("run", iteration=2)),
    )
    assert answer["visits"] == [
        visit("learn", 1, 1, None, 1, 3),
        visit("build", 1, 1, None, 3, 5),
        visit("learn", 2, 2, "rework", 5, 9),
        visit("build", 2, 2, None, 9, 11),
    ]
    del answer["visits"]
    assert answer == {
        "cycle": 1,
        "started_at": "2026-03-03T09:00:00.000000Z",
        "finished_at": "2026-03-13T09:00:00.000000Z",
        "ended_at": None,
        "outcome": "finished",
        "cycle_time": 10 * DAY,
        "inclusive_days": None,
        "waiting": 0.0,
        "paused": 0.0,
        "active": 10 * DAY,
        "rework": 6 * DAY,
        "catch_up": 4 * DAY,
        "backward_moves": {"learning": 0, "rework": 1, "drift": 0, "rejection": 0, "scope": 0},
        "iterations": [
            {
                "iteration": 1,
                "from": "2026-03-03T09:00:00.000000Z",
                "to": "2026-03-07T09:00:00.000000Z",
                "ended_at": "2026-03-07T09:00:00.000000Z",
                "time": 4 * DAY,
                "progress": 0.5,
                "gain": 0.5,
                "risk_exposure": 0,
            },
            {
                "iteration": 2,
                "from": "2026-03-07T09:00:00.000000Z",
                "to": "2026-03-13T09:00:00.000000Z",
                "ended_at": None,
                "time": 6 * DAY,
                "progress": 1.0,
                "gain": 0.5,
                "risk_exposure": 0,
            },
        ],
        "time_in_milestone": {"learn": 6 * DAY, "build": 4 * DAY},
    }


def visit(
    milestone: str, number: int, iteration: int, loop: str | None, start: float, end: float
) -> dict[str, Any]:
    def text(moment: float) -> str:
        return day(moment).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    return {
        "milestone": milestone,
        "visit": number,
        "iteration": iteration,
        "loop": loop,
        "entered_at": text(start),
        "left_at": text(end),
        "seconds": (end - start) * DAY,
    }


def test_a_cycle_under_way_has_no_cycle_time_and_its_last_visit_is_open() -> None:
    answer = cycle(*AT_BUILD, at=7)
    assert (answer["finished_at"], answer["cycle_time"], answer["inclusive_days"]) == (None, None, None)
    assert (answer["active"], answer["visits"][-1]["left_at"], answer["visits"][-1]["seconds"]) == (
        6 * DAY,
        None,
        4 * DAY,
    )
    assert answer["iterations"][-1]["to"] is None


def test_a_first_visit_in_a_later_iteration_is_no_rework() -> None:
    answer = cycle(
        on(0, defined()),
        on(1, moved("learn")),
        on(3, back("learn")),
        on(4, moved("build", iteration=2)),
        on(9, moved("run", iteration=2)),
    )
    assert (answer["rework"], answer["catch_up"]) == (DAY, 0.0)


def test_days_are_counted_in_the_zone_of_the_report() -> None:
    state, _ = case(on(0, defined()), on(1.6, moved("learn")), on(2, moved("run")))

    def days(zone: tzinfo) -> int:
        [found] = in_zone(measured_on(state, WORKFLOW, day(9)), zone)["cycles"]
        counted: int = found["inclusive_days"]
        return counted

    assert days(UTC) == 2
    assert days(ZoneInfo("Pacific/Auckland")) == 1


def test_a_backward_move_from_the_finish_begins_the_next_cycle() -> None:
    state, _ = case(*AT_BUILD, on(5, moved("run")), on(9, back("learn", cycle=2, loop="drift")))
    first, second = cycles(state, WORKFLOW)
    assert [each.milestone for each in first.visits] == ["learn", "build"]
    assert (first.finished, second.started, second.finished) == (day(5), day(9), None)
    assert open_cycle(state, WORKFLOW) == second
    answer = answer_of(second, state, day(12))
    assert (answer["active"], answer["backward_moves"]["drift"]) == (3 * DAY, 1)


def test_a_return_to_the_finish_itself_is_a_cycle_of_no_time() -> None:
    state, _ = case(*AT_BUILD, on(5, moved("run")), on(9, back("run", cycle=2)))
    second = cycles(state, WORKFLOW)[1]
    answer = answer_of(second, state, day(12))
    assert (answer["cycle_time"], answer["visits"], answer["iterations"]) == (0.0, [], [])
    assert answer["backward_moves"]["learning"] == 1


def test_who_goes_past_the_finish_has_finished() -> None:
    state, _ = case(*AT_BUILD, on(5, moved("run")))
    workflow = replace(WORKFLOW, finish="build")
    (only,) = cycles(state, workflow)
    assert ([each.milestone for each in only.visits], only.finished) == (["learn"], day(3))
    skipping, _ = case(on(0, defined()), on(1, moved("learn")), on(5, moved("run")))
    (only,) = cycles(skipping, workflow)
    assert (only.finished, open_cycle(skipping, workflow)) == (day(5), None)


def test_a_cycle_that_stands_stopped_says_since_when_and_its_last_visit_is_not_left() -> None:
    steps = (*AT_BUILD, on(5, InitiativeStopped()))
    answer = cycle(*steps, at=9)
    assert (answer["outcome"], answer["ended_at"]) == ("stopped", "2026-03-07T09:00:00.000000Z")
    assert (answer["waiting"], answer["active"], answer["visits"][-1]["seconds"]) == (0.0, 4 * DAY, 2 * DAY)
    reopened = cycle(*steps, on(7, InitiativeReopened()), at=9)
    assert (reopened["outcome"], reopened["ended_at"], reopened["waiting"]) == ("open", None, 2 * DAY)


def test_another_finish_takes_no_cycle_back_that_another_one_follows() -> None:
    state, _ = case(*AT_BUILD, on(5, moved("run")), on(9, back("learn", cycle=2)))
    longer = replace(WORKFLOW, finish="released", milestones=(*WORKFLOW.milestones, Milestone(id="released")))
    first, second = cycles(state, longer)
    assert (first.finished, first.outcome, second.outcome) == (day(5), "finished", "open")


def test_a_product_retired_in_a_cycle_ends_it_without_a_finish() -> None:
    steps = (*AT_BUILD, on(5, moved("run")), on(9, back("learn", cycle=2)), on(11, InitiativeRetired()))
    answer = cycle(*steps, number=2, at=30)
    assert (answer["finished_at"], answer["active"], answer["visits"][0]["seconds"]) == (
        None,
        2 * DAY,
        2 * DAY,
    )
    state, _ = case(*steps)
    assert open_cycle(state, WORKFLOW) is None


def test_before_the_start_there_is_no_cycle() -> None:
    assert cycles(case(on(0, defined()))[0], WORKFLOW) == ()
    early = case(on(0, defined()), on(1, moved("learn", cycle=0)))[0]
    assert (cycles(early, WORKFLOW), open_cycle(early, WORKFLOW)) == ((), None)


def test_a_visit_not_left_is_measured_up_to_the_moment() -> None:
    state, _ = case(*AT_BUILD)
    assert visit_answer(state.visits[-1], day(3.5))["seconds"] == DAY / 2


def test_imported_moves_of_no_stated_kind_are_counted_as_such() -> None:
    state, _ = case(
        *AT_BUILD, on(5, back("learn", loop=None)), on(6, back("learn", loop="scope", iteration=3))
    )
    assert backward_moves(state.visits) == {
        "learning": 0,
        "rework": 0,
        "drift": 0,
        "rejection": 0,
        "scope": 1,
        "unstated": 1,
    }


@draw(histories, st.integers(0, 500))
def test_the_visits_of_a_cycle_tile_it(state: InitiativeState, later: int) -> None:
    at = max([START, *state.touched.values()]) + timedelta(hours=later)
    for found in cycles(state, WORKFLOW):
        if found.visits:
            assert found.visits[0].entered_at == found.started
            assert (found.visits[-1].left_at or found.until(at)) == found.until(at)
        for before, after in pairwise(found.visits):
            assert before.left_at == after.entered_at
        answer = answer_of(found, state, at)
        elapsed = (found.until(at) - found.started).total_seconds()
        assert sum(each["seconds"] for each in answer["visits"]) == elapsed
        assert sum(answer["time_in_milestone"].values()) == elapsed
        assert sum(each["time"] for each in answer["iterations"]) == elapsed


@draw(histories, st.integers(0, 500))
def test_waiting_and_active_make_up_the_cycle_time(state: InitiativeState, later: int) -> None:
    at = max([START, *state.touched.values()]) + timedelta(hours=later)
    for found in cycles(state, WORKFLOW):
        answer = answer_of(found, state, at)
        elapsed = (found.until(at) - found.started).total_seconds()
        assert answer["waiting"] + answer["active"] == elapsed
        assert answer["cycle_time"] == (elapsed if found.finished else None)
        assert 0 <= answer["paused"] <= answer["waiting"] <= elapsed
        assert 0 <= answer["rework"] <= elapsed
        assert 0 <= answer["catch_up"] <= elapsed


@draw(histories)
def test_cycles_follow_each_other_and_all_but_the_last_have_finished(state: InitiativeState) -> None:
    found = cycles(state, WORKFLOW)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    for before, after in pairwise(found):
        assert before.finished is not None
        assert before.finished <= after.started
    assert sum(backward_moves(state.visits).values()) == max(state.iteration - 1, 0)


def test_the_item_that_other_tools_count_in_other_ways() -> None:
    """The last table of docs/metrics.md: four days, four, back for four, six."""
    answer = cycle(
        on(0, defined()),
        on(0, moved("learn")),
        on(4, moved("build")),
        on(8, back("learn")),
        on(12, moved("build", iteration=2, visit=2)),
        on(18, moved("run", iteration=2)),
    )
    assert answer["time_in_milestone"] == {"learn": 8 * DAY, "build": 10 * DAY}
    figures = ("cycle_time", "catch_up", "rework")
    assert tuple(answer[name] / DAY for name in figures) == (18, 4, 10)
