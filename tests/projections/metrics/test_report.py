"""The report of flow metrics: percentiles, windows, filters, ages and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from roadlog.domain.events import (
    InitiativeAdopted,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    RiskClosed,
    StakeholderConsulted,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.initiative import Criterion, InitiativeState, Move
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.metrics.chosen import ALL, Filter
from roadlog.projections.metrics.measured import measured
from roadlog.projections.metrics.quality import doubts as doubts_of
from roadlog.projections.metrics.report import report as report_on
from roadlog.projections.moment import Moment
from roadlog.projections.standing import workflow_of
from tests.domain.spec import KEY, By, by
from tests.projections.histories import (
    asked,
    back,
    case,
    day,
    defined,
    expected,
    moved,
    on,
    rekeyed,
    risk,
    short,
)
from tests.projections.histories import measured as measured_value
from tests.projections.metrics.histories import approving, rejecting

DAY = 86400.0
WORKFLOW = short()
CRITERION = Criterion(
    id="C1",
    position=1,
    milestone="build",
    metric="accuracy",
    operator=">=",
    threshold=0.8,
    segment=None,
    dataset=None,
    set_by="dan",
)
FINISHED = (on(0, defined()), on(1, moved("learn")), on(3, moved("build")), on(5, moved("run")))


def moment(at: float) -> Moment:
    return Moment(as_of=day(at), known_at=day(at), position=140, head="ab" * 32)


def report(*histories: tuple[By, ...], at: float = 60, zone: tzinfo = UTC, **chosen: Any) -> dict[str, Any]:
    """The metrics of SUP-1, SUP-2, … with these histories."""
    states = {}
    roadmap: RoadmapState = case()[1]
    for number, steps in enumerate(histories, start=1):
        states[f"SUP-{number}"] = rekeyed(case(*steps)[0], f"SUP-{number}")
    return reported(roadmap, states, moment(at), Filter(**chosen), zone)


def reported(
    roadmap: RoadmapState,
    states: dict[str, InitiativeState],
    moment: Moment,
    chosen: Filter = ALL,
    zone: tzinfo = UTC,
) -> dict[str, Any]:
    workflow = workflow_of(roadmap)
    entries = [measured(state, workflow, moment.as_of) for state in states.values()]
    return report_on(entries, workflow, moment, chosen, zone)


def adopted(milestone: str, origin: Literal["under-way", "import"] = "under-way") -> InitiativeAdopted:
    return InitiativeAdopted(
        key=KEY,
        title="Route tickets",
        milestone=milestone,
        since=day(-10),
        owner=None,
        origin=origin,
        cycle=1,
        iteration=1,
        visit=1,
    )


def taking(days: float, finish: float = 40) -> tuple[By, ...]:
    return (on(0, defined()), on(finish - days, moved("learn")), on(finish, moved("run")))


def test_a_report_says_what_it_was_computed_from() -> None:
    answer = report(FINISHED, at=60, zone=ZoneInfo("Europe/Berlin"))
    stamp = {
        key: answer[key] for key in ("definition", "as_of", "known_at", "position", "head", "filter", "zone")
    }
    assert stamp == {
        "definition": "metrics/1",
        "as_of": "2026-05-01T09:00:00.000000Z",
        "known_at": "2026-05-01T09:00:00.000000Z",
        "position": 140,
        "head": "ab" * 32,
        "filter": {
            "key": None,
            "from": None,
            "to": None,
            "milestone": None,
            "role": None,
            "segment": None,
        },
        "zone": "Europe/Berlin",
    }
    assert report()["zone"] == "UTC"


def test_fewer_than_five_are_listed_and_have_no_percentiles() -> None:
    answer = report(taking(3), taking(9))
    assert (answer["n"], answer["unfinished"]) == (2, 0)
    assert answer["cycle_time"] == {
        "censored": 0,
        "survival_p50": None,
        "survival_p85": None,
        "survival_beyond": None,
        "n": 2,
        "p50": None,
        "p85": None,
        "p95": None,
        "items": [{"key": "SUP-1", "seconds": 3 * DAY}, {"key": "SUP-2", "seconds": 9 * DAY}],
    }


def test_five_have_nearest_rank_percentiles() -> None:
    answer = report(*(taking(days) for days in (9, 1, 5, 3, 7)))
    found = answer["cycle_time"]
    assert (found["n"], found["p50"], found["p85"], found["p95"]) == (5, 5 * DAY, 9 * DAY, 9 * DAY)
    assert "items" not in found


def test_a_cycle_belongs_to_the_window_that_holds_its_finish() -> None:
    histories = (taking(3, finish=10), taking(30, finish=40))
    inside = report(*histories, window=(day(40), day(50)))
    assert (inside["n"], inside["cycle_time"]["items"]) == (1, [{"key": "SUP-2", "seconds": 30 * DAY}])
    assert [each["key"] for each in inside["lead_time"]["items"]] == ["SUP-2"]
    assert report(*histories, window=(None, day(40)))["n"] == 1
    assert report(*histories, window=(day(10), None))["n"] == 2
    assert inside["filter"]["from"] == "2026-04-11T09:00:00.000000Z"


def test_a_report_can_be_about_some_initiatives_only() -> None:
    histories = (FINISHED, (on(0, defined()), on(1, moved("learn"))))
    assert [each["key"] for each in report(*histories, key="SUP-2")["initiatives"]] == ["SUP-2"]
    assert [each["key"] for each in report(*histories, milestone="build")["initiatives"]] == ["SUP-1"]
    heard = (*FINISHED, by("carla", StakeholderConsulted(role="compliance", said="Fine so far.")))
    assert [each["key"] for each in report(heard, FINISHED, role="compliance")["initiatives"]] == ["SUP-1"]
    assert report(*histories, role="compliance")["initiatives"] == []
    assert len(report(*histories, segment="new customers")["initiatives"]) == 2
    assert report(*histories, segment="nobody")["initiatives"] == []


def test_lead_time_runs_from_the_definition_or_the_earlier_adoption_to_the_first_finish() -> None:
    again = (*FINISHED, on(9, back("learn", cycle=2)), on(12, moved("run", cycle=2)))
    assert report(again)["initiatives"][0]["lead_time"] == 5 * DAY
    taken_over = (on(0, adopted("build")), on(2, defined()), on(4, moved("run")))
    assert report(taken_over)["initiatives"][0]["lead_time"] == 14 * DAY
    assert report((on(0, defined()),))["initiatives"][0]["lead_time"] is None


def test_work_adopted_when_it_had_finished_has_no_first_cycle_and_no_lead_time() -> None:
    answer = report((on(0, adopted("run")), on(3, back("learn", cycle=2)), on(7, moved("run", cycle=2))))
    [found] = answer["initiatives"]
    assert [each["cycle"] for each in found["cycles"]] == [2]
    assert (found["lead_time"], found["cycles"][0]["cycle_time"]) == (None, 4 * DAY)
    assert answer["left_out"] == [
        {"key": "SUP-1", "why": "adopted when it had finished: its first cycle is not on this record"}
    ]
    assert report((on(0, adopted("run")),))["initiatives"][0]["cycles"] == []


def test_ages_are_of_cycles_under_way() -> None:
    def ages(*steps: By, at: float) -> tuple[float | None, float | None]:
        answer = measured(case(*steps)[0], WORKFLOW, day(at))
        return answer["age"], answer["total_age"]

    again = (*FINISHED, on(9, back("learn", cycle=2)))
    assert ages(*FINISHED[:2], at=4) == (3 * DAY, 3 * DAY)
    assert ages(*again, at=12) == (3 * DAY, 11 * DAY)
    assert ages(*FINISHED, at=12) == (None, None)
    assert ages(*again, on(10, InitiativeStopped()), at=12) == (None, None)
    assert ages(*again, on(10, InitiativeRetired()), at=12) == (None, None)


def test_a_stop_is_neither_a_finish_nor_open() -> None:
    answer = report((*FINISHED[:2], on(4, InitiativeStopped())), FINISHED[:2])
    assert (answer["n"], answer["unfinished"]) == (0, 1)


def test_stays_in_the_finish_stand_apart() -> None:
    answer = report((*FINISHED, on(9, back("learn", cycle=2))))
    assert answer["initiatives"][0]["live"] == [
        {"entered_at": "2026-03-07T09:00:00.000000Z", "left_at": "2026-03-11T09:00:00.000000Z"}
    ]


def test_rework_is_a_share_of_all_cycle_time_and_backward_moves_are_counted_by_kind() -> None:
    looped = (
        *FINISHED[:3],
        on(5, back("build", loop="rejection")),
        on(6, moved("run", iteration=2)),
    )
    answer = report(looped, taking(15))
    assert answer["rework_ratio"] == 1 / 20
    assert answer["backward_moves"]["rejection"] == 1
    assert report(FINISHED[:2])["rework_ratio"] is None


def test_the_same_states_give_the_same_report_at_every_later_time_once_all_has_finished() -> None:
    moving = ("as_of", "known_at", "window", "period", "throughput", "wip")

    def stripped(at: datetime) -> dict[str, Any]:
        state, roadmap = case(*FINISHED)
        answer = reported(roadmap, {KEY: state}, Moment(as_of=at, known_at=at, position=1, head="-"))
        return {key: value for key, value in answer.items() if key not in moving}

    assert stripped(day(5)) == stripped(day(5) + timedelta(days=900))


# Windows, periods and what is counted in them


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


# Unfinished work


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


# Ratios


def test_flow_efficiency_is_a_ratio_of_sums() -> None:
    waits = (*FINISHED[:2], on(2, WorkBlocked(by="law")), on(4, WorkUnblocked()), on(5, moved("run")))
    pauses = (*FINISHED[:2], on(2, WorkPaused()), on(3, WorkResumed()), on(11, moved("run")))
    assert report(waits, pauses)["flow_efficiency"] == {
        "including_pauses": (2 + 9) / (4 + 10),
        "excluding_pauses": (2 + 9) / (4 + 9),
    }
    assert report(FINISHED[:2])["flow_efficiency"] == {"including_pauses": None, "excluding_pauses": None}


# Gates, buy-in, stops


def test_rejected_rounds_stand_apart_and_open_ones_are_counted() -> None:
    steps = (
        *FINISHED[:3],
        on(3.5, asked("data-science", "compliance")),
        on(4, rejecting("data-science"), "dan"),
        on(5, asked("data-science", request="Q2")),
        on(6, approving("data-science"), "dan"),
    )
    found = report(steps, at=9)["gate_latency"]
    assert found["data-science"] == {
        "n": 1,
        "p50": None,
        "p85": None,
        "items": [{"key": "SUP-1", "seconds": DAY}],
        "open": 0,
        "rejected": {"n": 1, "p50": None, "p85": None, "items": [{"key": "SUP-1", "seconds": DAY / 2}]},
    }
    assert (found["compliance"]["n"], found["compliance"]["open"]) == (0, 1)
    heard = report(steps, at=9, role="data-science")
    assert list(heard["gate_latency"]) == list(heard["buy_in"]) == ["data-science"]


def test_a_round_is_over_when_its_milestone_is_left() -> None:
    steps = (
        *FINISHED[:3],
        on(4, asked("data-science")),
        on(5, back("learn")),
        on(9, moved("build", iteration=2, visit=2)),
        on(10, approving("data-science"), "dan"),
    )
    found = report(steps, at=12)["gate_latency"]["data-science"]
    assert (found["n"], found["open"]) == (0, 0)


def test_what_is_dated_before_its_request_took_no_time() -> None:
    steps = (*FINISHED[:3], on(6, asked("data-science")), on(4, approving("data-science"), "dan"))
    answer = report(steps, at=12)
    assert answer["gate_latency"]["data-science"]["items"] == [{"key": "SUP-1", "seconds": 0.0}]
    [span] = answer["initiatives"][0]["spans"]
    assert span["from"] == span["to"]


def test_a_request_of_stopped_work_waits_for_nobody() -> None:
    steps = (*FINISHED[:3], on(4, asked("data-science")), on(5, InitiativeStopped()))
    assert report(steps)["gate_latency"]["data-science"]["open"] == 0


def test_the_longest_silence_of_a_role_may_be_the_present_one() -> None:
    steps = (*FINISHED[:2], on(3, StakeholderConsulted(role="compliance", said="Fine so far.")))
    assert report(steps, at=4)["buy_in"] == {
        "compliance": {
            "n": 0,
            "p50": None,
            "p85": None,
            "items": [],
            "longest": {"key": "SUP-1", "seconds": 2 * DAY, "open": False},
        }
    }
    assert report(steps, at=9)["buy_in"]["compliance"]["longest"] == {
        "key": "SUP-1",
        "seconds": 6 * DAY,
        "open": True,
    }


def test_a_stop_belongs_to_the_milestone_in_which_it_happened() -> None:
    stopped = (*FINISHED[:3], on(4, InitiativeStopped()))
    answer = report(stopped, FINISHED)
    assert answer["stops"] == {
        "learn": {"entered": 2, "stopped": 0, "rate": 0.0},
        "build": {"entered": 2, "stopped": 1, "rate": 0.5},
    }
    assert answer["time_to_stop"]["items"] == [{"key": "SUP-1", "seconds": 3 * DAY}]


def test_a_visit_that_was_stopped_twice_is_one_visit() -> None:
    stopped = (
        *FINISHED[:2],
        on(2, InitiativeStopped()),
        on(3, InitiativeReopened()),
        on(4, InitiativeStopped()),
    )
    assert report(stopped)["stops"]["learn"] == {"entered": 1, "stopped": 1, "rate": 1.0}
    outside = report(stopped, window=(day(1.5), None))
    assert outside["stops"]["learn"] == {"entered": 0, "stopped": 1, "rate": None}
    assert outside["time_to_stop"]["n"] == 2


# Iterations


def test_progress_and_risk_are_told_by_iteration() -> None:
    looped = (
        on(0, defined()),
        on(0.5, risk(likelihood=4, impact=4)),
        on(1, moved("learn")),
        on(2, measured_value(765)),
        on(3, back("learn")),
        on(4, measured_value(630)),
        on(5, risk("R2", likelihood=1, impact=2)),
        on(6, moved("run", iteration=2)),
    )
    answer = report(looped, FINISHED)
    assert answer["outcome_progress"] == [
        {"iteration": 1, "n": 1, "p50": 0.5, "gain": 0.5},
        {"iteration": 2, "n": 1, "p50": 1.0, "gain": 0.5},
    ]
    assert answer["risk_exposure"] == [
        {"iteration": 1, "value": 8.0, "n": 2},
        {"iteration": 2, "value": 18.0, "n": 1},
    ]


def test_what_was_measured_after_the_finish_belongs_to_the_iteration_that_led_there() -> None:
    live = (*FINISHED, on(20, measured_value(765)))
    assert report(live)["outcome_progress"] == [{"iteration": 1, "n": 1, "p50": 0.5, "gain": 0.5}]
    again = (*live, on(21, back("learn", cycle=2)), on(22, measured_value(630)))
    assert [each["gain"] for each in report(again)["outcome_progress"]] == [0.5, 0.5]


def test_risks_are_those_that_were_open_when_the_iteration_ended_whenever_that_was_typed() -> None:
    steps = (
        *FINISHED[:2],
        on(2, risk(likelihood=4, impact=4)),
        on(8, RiskClosed(risk="R1")),
        on(6, back("learn")),
        on(5, risk("R2", likelihood=3, impact=3)),
    )
    assert [each["value"] for each in report(steps, at=9)["risk_exposure"]] == [25.0, 9.0]


def test_iterations_are_held_against_what_was_expected() -> None:
    def told(*steps: By) -> str:
        [item] = report((on(-1, expected(2, 3)), *steps))["expectations"]["items"]
        return f"{item['actual']} {item['state']}"

    def finished(iterations: int) -> tuple[By, ...]:
        loops = (on(1 + n, back("learn", iteration=1 + n, visit=1 + n)) for n in range(1, iterations))
        return (*FINISHED[:2], *loops, on(9, moved("run", iteration=iterations)))

    assert [told(*finished(n)) for n in (1, 2, 3, 4)] == ["1 under", "2 within", "3 within", "4 over"]
    assert told(*finished(2)[:-1]) == "2 open"
    assert told(*finished(4)[:-1]) == "4 over"
    assert told(*finished(2)[:-1], on(9, InitiativeStopped())) == "2 stopped"
    assert report(FINISHED)["expectations"] == {
        "within": 0,
        "over": 0,
        "under": 0,
        "open": 0,
        "stopped": 0,
        "unset": 1,
        "items": [],
    }


# Data quality


def test_doubts_stand_beside_the_report() -> None:
    def doubts(*steps: By) -> list[str]:
        return [each["finding"] for each in report(steps)["quality"] if each["finding"] != "few-finishes"]

    assert doubts(*FINISHED) == ["all-active"]
    assert doubts(*FINISHED[:2]) == []
    assert doubts(on(0, defined()), on(1, moved("learn")), on(1, moved("build"))) == ["zero-length"]
    assert doubts(on(0, defined()), on(1, moved("learn", break_glass=True))) == ["excused"]
    assert report(FINISHED)["quality"][-1] == {
        "finding": "few-finishes",
        "text": "fewer than 5 cycles finished: no percentile is given",
        "keys": [],
    }
    assert all(each["finding"] != "few-finishes" for each in report(*[FINISHED] * 5)["quality"])


def test_what_was_typed_late_in_bulk_or_imported_is_told() -> None:
    def doubts(*moves: Move, moved: bool = False) -> list[str]:
        state = replace(case(*FINISHED)[0], moves=moves)
        if moved:
            state = replace(state, criteria={"C1": replace(CRITERION, moved=True)})
        return doubts_of(state)

    second, day_ = 1_000_000, 86_400_000_000
    plain = Move(recorded=0, late=0, imported=False)
    assert doubts(plain) == []
    assert doubts(replace(plain, late=day_)) == []
    assert doubts(replace(plain, late=day_ + 1)) == ["backdated"]
    assert doubts(replace(plain, late=9 * day_, imported=True)) == ["imported"]
    assert doubts(*(replace(plain, recorded=n * 15 * second) for n in range(5))) == ["bulk-entry"]
    assert doubts(*(replace(plain, recorded=n * 15 * second + n) for n in range(5))) == []
    assert doubts(*(replace(plain, recorded=n) for n in range(4))) == []
    assert doubts(plain, moved=True) == ["threshold-moved"]


def test_a_thousand_loops_are_measured() -> None:
    loops = (on(1 + n / 128, back("learn", iteration=n + 1, visit=n + 1)) for n in range(1, 1001))
    answer = report((*FINISHED[:2], *loops, on(12, moved("run", iteration=1001))))
    [cycle] = answer["initiatives"][0]["cycles"]
    assert (len(cycle["iterations"]), cycle["backward_moves"]["learning"]) == (1001, 1000)
    assert (cycle["cycle_time"], cycle["rework"]) == (11 * DAY, 11 * DAY - DAY / 128)
    assert sum(each["seconds"] for each in cycle["visits"]) == 11 * DAY


def test_a_window_outside_the_history_holds_nothing() -> None:
    for window in ((day(-90), day(-80)), (day(50), day(55))):
        answer = report(FINISHED, window=window)
        assert (answer["n"], answer["stops"], answer["gate_latency"]) == (0, {}, {})
        assert {each["cycles"] for each in answer["throughput"]} <= {0}
        assert {each["active"] for each in answer["wip"]} <= {0}


def test_an_empty_roadmap_and_one_of_stopped_or_unfinished_work_have_reports() -> None:
    stopped = (*FINISHED[:2], on(4, InitiativeStopped()))
    for histories in ((), (FINISHED[:1],), (FINISHED[:2],) * 6, (stopped,) * 6):
        answer = report(*histories)
        assert (answer["n"], answer["cycle_time"]["p50"], answer["rework_ratio"]) == (0, None, None)
        assert answer["cycle_time"]["survival_p50"] is None
