"""Windows of a report, the periods in them, and work that was unfinished when they ended."""

from __future__ import annotations

from roadlog.domain.events import (
    InitiativeReopened,
    InitiativeStopped,
    WorkPaused,
    WorkResumed,
)
from tests.domain.spec import By
from tests.projections.histories import (
    back,
    day,
    defined,
    moved,
    on,
)
from tests.projections.metrics.histories import DAY
from tests.projections.metrics.reports import FINISHED, report, taking


def test_the_window_runs_from_the_first_start_to_now_unless_asked_otherwise() -> None:
    answer = report(FINISHED, (on(-9, defined()),), at=8)
    assert answer["window"] == ["2026-03-03T09:00:00.000000Z", "2026-03-10T09:00:00.000000Z"]
    assert report((on(-9, defined()),), at=8)["window"][0] == "2026-02-21T09:00:00.000000Z"
    assert report(at=8)["window"] == ["2026-03-10T09:00:00.000000Z"] * 2
    assert report(FINISHED, at=8, window=(day(2), day(4)))["window"] == [
        "2026-03-04T09:00:00.000000Z",
        "2026-03-06T09:00:00.000000Z",
    ]


def test_throughput_counts_first_finishes_and_all_and_a_reopening_takes_none_away() -> None:
    again = (*FINISHED, on(7.5, back("learn", cycle=2)), on(8, moved("run", cycle=2)))

    def counted(*steps: By) -> list[tuple[int, int]]:
        return [(each["initiatives"], each["cycles"]) for each in report(steps, at=9)["throughput"]]

    assert (
        counted(*FINISHED)
        == [(0, 0), (0, 0), (0, 0), (0, 0), (1, 1), (0, 0), (0, 0), (0, 0), (0, 0)][: len(counted(*FINISHED))]
    )
    assert sum(first for first, _ in counted(*again)) == 1
    assert sum(every for _, every in counted(*again)) == 2
    reopened = (*FINISHED, on(7.5, back("learn", cycle=2)))
    assert counted(*reopened) == counted(*FINISHED)


def test_work_in_progress_is_neither_finished_nor_stopped_and_paused_apart() -> None:
    running = (on(0, defined()), on(1, moved("learn")))
    paused = (*running, on(3, WorkPaused()), on(5, WorkResumed()))
    stopped = (*running, on(4, InitiativeStopped()), on(6, InitiativeReopened()))
    wip = {
        each["at"][:10]: (each["active"], each["paused"])
        for each in report(FINISHED, paused, stopped, at=8)["wip"]
    }
    assert wip == {
        "2026-03-04": (3, 0),
        "2026-03-05": (3, 0),
        "2026-03-06": (2, 1),
        "2026-03-07": (1, 1),
        "2026-03-08": (1, 0),
        "2026-03-09": (2, 0),
        "2026-03-10": (2, 0),
    }


def test_a_window_clips_time_in_milestones_but_never_cycle_time() -> None:
    answer = report(FINISHED, window=(day(2), day(6)))
    assert answer["cycle_time"]["items"] == [{"key": "SUP-1", "seconds": 4 * DAY}]
    assert answer["time_in_milestone"] == {
        "learn": [{"visit": 1, "n": 1, "seconds": DAY}],
        "build": [{"visit": 1, "n": 1, "seconds": 2 * DAY}],
    }


def test_a_window_clips_the_visit_that_goes_on() -> None:
    answer = report(FINISHED[:3], at=60, window=(None, day(10)))
    assert answer["time_in_milestone"] == {
        "learn": [{"visit": 1, "n": 1, "seconds": 2 * DAY}],
        "build": [{"visit": 1, "n": 1, "seconds": 7 * DAY}],
    }


def test_the_time_since_a_stop_is_in_no_milestone_of_the_roadmap() -> None:
    answer = report((*FINISHED[:2], on(4, InitiativeStopped())), at=30)
    assert answer["time_in_milestone"] == {"learn": [{"visit": 1, "n": 1, "seconds": 3 * DAY}]}


def test_stays_are_told_by_the_number_of_the_visit() -> None:
    looped = (*FINISHED[:3], on(5, back("learn")), on(6, moved("build", iteration=2, visit=2)))
    assert report(looped, at=9)["time_in_milestone"] == {
        "learn": [{"visit": 1, "n": 1, "seconds": 2 * DAY}, {"visit": 2, "n": 1, "seconds": DAY}],
        "build": [{"visit": 1, "n": 1, "seconds": 2 * DAY}, {"visit": 2, "n": 1, "seconds": 3 * DAY}],
    }


def test_backward_moves_are_counted_in_the_window() -> None:
    looped = (*FINISHED, on(9, back("learn", cycle=2, loop="drift")))
    assert report(looped)["backward_moves"]["drift"] == 1
    assert report(looped, window=(None, day(9)))["backward_moves"]["drift"] == 0
    assert report(looped, window=(day(9), None))["backward_moves"]["drift"] == 1


def test_unfinished_cycles_count_as_longer_than_their_age() -> None:
    finished = [taking(days) for days in (1, 2, 3, 4, 5)]
    old = (on(0, defined()), on(1, moved("learn")))
    found = report(*finished, old, old, old, old, old, at=60)["cycle_time"]
    assert (found["p50"], found["survival_p50"], found["survival_p85"]) == (3 * DAY, 5 * DAY, None)
    assert found["survival_beyond"] == 59 * DAY


def test_stopped_cycles_are_censored_at_their_stop() -> None:
    stopped = (on(0, defined()), on(1, moved("learn")), on(4.5, InitiativeStopped()))
    found = report(*map(taking, (1, 2, 3, 4, 5)), stopped, stopped, stopped, at=60)["cycle_time"]
    assert (found["survival_p50"], found["survival_p85"], found["censored"]) == (4 * DAY, 5 * DAY, 3)


def test_a_cycle_that_finished_after_the_window_was_unfinished_in_it() -> None:
    quick = [taking(days, finish=20) for days in (1, 2, 3, 4, 5)]
    late = [taking(30, finish=40)] * 3
    answer = report(*quick, *late, at=60, window=(None, day(30)))
    found = answer["cycle_time"]
    assert (found["n"], found["censored"], answer["unfinished"]) == (5, 3, 3)
    assert (found["p50"], found["survival_p50"], found["survival_p85"]) == (3 * DAY, 4 * DAY, None)
    assert found["survival_beyond"] == 20 * DAY


def test_of_fewer_than_five_finished_nothing_is_estimated() -> None:
    found = report(taking(3), (on(0, defined()), on(1, moved("learn"))), at=60)["cycle_time"]
    assert (found["survival_p50"], found["censored"]) == (None, 1)
