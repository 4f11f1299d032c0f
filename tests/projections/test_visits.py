"""Cycles, iterations and visits: laws of intervals, and the times that metrics/1 defines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given as draw
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.events import (
    Event,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    MilestoneAdvanced,
    MilestoneReturned,
    StakeholderApproved,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.evolve import evolve
from roadlog.domain.initiative import InitiativeState
from roadlog.projections.intervals import Interval, clip, total, union
from roadlog.projections.visits import (
    awaited_until,
    backward_moves,
    cycle_answer,
    cycles,
    open_cycle,
    visit_answer,
    waiting,
)
from tests.domain.spec import FIRST, START, By, record
from tests.projections.histories import asked, back, case, day, defined, measured, moved, on, short

DAY = 86400.0
WORKFLOW = short()
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(3, moved("build")))


def cycle(*steps: By, number: int = 1, at: float = 30) -> dict[str, Any]:
    state, _ = case(*steps)
    found = {each.number: each for each in cycles(state, WORKFLOW)}
    return cycle_answer(found[number], state, WORKFLOW, day(at), UTC)


def approving(role: str, milestone: str | None = "build") -> StakeholderApproved:
    return StakeholderApproved(
        milestone=milestone,
        role=role,
        subject="-",
        shown={},
        statement=None,
        conditions=(),
        valid_until=None,
        signature=None,
    )


# Intervals

moments = st.integers(0, 30).map(day)
intervals = st.lists(
    st.tuples(moments, moments)
    .map(lambda pair: (min(pair), max(pair)))
    .filter(lambda pair: pair[0] < pair[1]),
    max_size=8,
)
windows = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))


def hours(spans: list[Interval]) -> set[datetime]:
    """The half-days that the spans cover: what the laws are checked against."""
    return {
        START + timedelta(hours=12 * n)
        for n in range(70)
        if any(a <= START + timedelta(hours=12 * n) < b for a, b in spans)
    }


@draw(intervals)
def test_a_union_covers_the_same_times_in_order_and_without_overlaps(spans: list[Interval]) -> None:
    merged = union(spans)
    assert hours(merged) == hours(spans)
    assert all(merged[n][1] < merged[n + 1][0] for n in range(len(merged) - 1))
    assert union(merged) == merged


@draw(intervals, windows)
def test_a_clip_covers_what_lies_in_the_window(spans: list[Interval], window: Interval) -> None:
    assert hours(clip(spans, window)) == hours(spans) & hours([window])
    assert clip(clip(spans, window), window) == clip(spans, window)


@draw(intervals, intervals, windows)
def test_a_total_counts_overlaps_once(
    first: list[Interval], second: list[Interval], window: Interval
) -> None:
    assert total(first) == len(hours(first)) * DAY / 2
    assert max(total(first), total(second)) <= total([*first, *second]) <= total(first) + total(second)
    assert total(clip(first, window)) <= min(total(first), total([window]))


# Cycles and visits


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
        "cycle_time": 10 * DAY,
        "inclusive_days": 11,
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
                "time": 4 * DAY,
                "progress": 0.5,
            },
            {
                "iteration": 2,
                "from": "2026-03-07T09:00:00.000000Z",
                "to": "2026-03-13T09:00:00.000000Z",
                "time": 6 * DAY,
                "progress": 1.0,
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
        "cycle": 1,
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
    [found] = cycles(state, WORKFLOW)
    assert cycle_answer(found, state, WORKFLOW, day(9), UTC)["inclusive_days"] == 2
    auckland = ZoneInfo("Pacific/Auckland")
    assert cycle_answer(found, state, WORKFLOW, day(9), auckland)["inclusive_days"] == 1


def test_a_backward_move_from_the_finish_begins_the_next_cycle() -> None:
    state, _ = case(*AT_BUILD, on(5, moved("run")), on(9, back("learn", cycle=2, loop="drift")))
    first, second = cycles(state, WORKFLOW)
    assert [each.milestone for each in first.visits] == ["learn", "build"]
    assert (first.finished, second.started, second.finished) == (day(5), day(9), None)
    assert open_cycle(state, WORKFLOW) == second
    answer = cycle_answer(second, state, WORKFLOW, day(12), UTC)
    assert (answer["active"], answer["backward_moves"]["drift"]) == (3 * DAY, 1)


def test_a_return_to_the_finish_itself_is_a_cycle_of_no_time() -> None:
    state, _ = case(*AT_BUILD, on(5, moved("run")), on(9, back("run", cycle=2)))
    second = cycles(state, WORKFLOW)[1]
    answer = cycle_answer(second, state, WORKFLOW, day(12), UTC)
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


# Waiting


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
    assert waiting(state, day(9)) == {
        "blocked": [(day(4), day(9))],
        "paused": [],
        "stopped": [],
        "awaiting": [(day(5), day(9))],
    }


def awaited(*steps: By, milestone: str = "build") -> datetime | None:
    state, _ = case(*AT_BUILD, on(4, asked("data-science", "compliance", milestone=milestone)), *steps)
    return awaited_until(state, state.requests[0])


def test_a_request_waits_until_every_role_that_it_names_approved() -> None:
    one = on(5, approving("data-science"), "dan")
    assert awaited(one) is None
    assert awaited(one, on(7, approving("compliance"), "carla")) == day(7)
    assert awaited(one, on(7, approving("compliance", "learn"), "carla")) is None


def test_a_request_waits_until_another_takes_its_place() -> None:
    assert awaited(on(6, asked("data-science", request="Q2"))) is None
    assert awaited(on(6, asked("compliance", "data-science", request="Q2"))) == day(6)


def test_a_request_waits_until_its_milestone_is_left() -> None:
    assert awaited(on(6, back("learn")), on(8, moved("build", visit=2))) == day(6)
    assert awaited(on(6, InitiativeRetired())) == day(6)
    assert awaited(on(6, back("learn")), milestone="learn") is None


def test_a_request_in_the_backlog_waits_until_work_starts() -> None:
    state, _ = case(on(0, defined()), on(1, asked("product", milestone=None)), on(3, moved("learn")))
    assert awaited_until(state, state.requests[0]) == day(3)
    assert cycle_answer(cycles(state, WORKFLOW)[0], state, WORKFLOW, day(9), UTC)["waiting"] == 0.0


# Laws over any history

KINDS = (
    "forward",
    "backward",
    "block",
    "unblock",
    "pause",
    "resume",
    "stop",
    "reopen",
    "ask",
    "approve",
    "retire",
)


def history(choices: list[tuple[str, int, int]]) -> InitiativeState:
    """A history in which each move is numbered as the rules number it."""
    state, when = InitiativeState(), START
    for number, (kind, place, later) in enumerate([("define", 0, 0), *choices]):
        when += timedelta(hours=later)
        event = chosen(state, kind, place)
        if event is not None:
            state = evolve(state, record(event, position=FIRST + number, version=number + 1, at=when))
    return state


def chosen(state: InitiativeState, kind: str, place: int) -> Event | None:
    """The event of that kind which may happen here; None where none may."""
    order, here = WORKFLOW.order, WORKFLOW.index(state.milestone)
    plain: dict[str, Event] = {
        "block": WorkBlocked(by="law"),
        "unblock": WorkUnblocked(),
        "pause": WorkPaused(),
        "resume": WorkResumed(),
        "stop": InitiativeStopped(),
        "reopen": InitiativeReopened(),
        "ask": asked("data-science", milestone=state.milestone),
        "approve": approving("data-science", state.milestone),
    }
    if kind == "define":
        return defined()
    if state.retired:
        return None
    if kind == "retire":
        return InitiativeRetired() if any(each.milestone == "run" for each in state.visits) else None
    if kind in plain:
        return plain[kind]
    backward = kind == "backward"
    if here < 0 if backward else here == len(order) - 1:
        return None
    to = order[place % (here + 1)] if backward else order[here + 1 + place % (len(order) - 1 - here)]
    cycle, iteration, visit = numbers_after(state, WORKFLOW, to, backward=backward)
    if backward:
        return MilestoneReturned(
            from_=state.milestone or "",
            to=to,
            loop="learning",
            learned=None,
            change=None,
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        )
    return MilestoneAdvanced(
        from_=state.milestone,
        to=to,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
        break_glass=False,
        gate=(),
    )


histories = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 50)), max_size=25
).map(history)


@draw(histories, st.integers(0, 500))
def test_the_visits_of_a_cycle_tile_it(state: InitiativeState, later: int) -> None:
    at = max([START, *state.touched.values()]) + timedelta(hours=later)
    for found in cycles(state, WORKFLOW):
        if found.visits:
            assert found.visits[0].entered_at == found.started
            assert (found.visits[-1].left_at or at) == found.until(at)
        for before, after in pairwise(found.visits):
            assert before.left_at == after.entered_at
        answer = cycle_answer(found, state, WORKFLOW, at, UTC)
        elapsed = (found.until(at) - found.started).total_seconds()
        assert sum(each["seconds"] for each in answer["visits"]) == elapsed
        assert sum(answer["time_in_milestone"].values()) == elapsed
        assert sum(each["time"] for each in answer["iterations"]) == elapsed


@draw(histories, st.integers(0, 500))
def test_waiting_and_active_make_up_the_cycle_time(state: InitiativeState, later: int) -> None:
    at = max([START, *state.touched.values()]) + timedelta(hours=later)
    for found in cycles(state, WORKFLOW):
        answer = cycle_answer(found, state, WORKFLOW, at, UTC)
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
