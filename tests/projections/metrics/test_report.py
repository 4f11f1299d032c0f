"""The report of flow metrics: percentiles, filters, ages, what is left out, and unusual histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from roadlog.domain.events import (
    InitiativeAdopted,
    InitiativeRetired,
    InitiativeStopped,
    StakeholderConsulted,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.projections.metrics.measured import measured
from roadlog.projections.moment import Moment
from tests.domain.spec import KEY, By, by
from tests.projections.histories import (
    back,
    case,
    day,
    defined,
    moved,
    on,
)
from tests.projections.metrics.histories import DAY, WORKFLOW
from tests.projections.metrics.reports import FINISHED, report, reported, taking


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


def test_flow_efficiency_is_a_ratio_of_sums() -> None:
    waits = (*FINISHED[:2], on(2, WorkBlocked(by="law")), on(4, WorkUnblocked()), on(5, moved("run")))
    pauses = (*FINISHED[:2], on(2, WorkPaused()), on(3, WorkResumed()), on(11, moved("run")))
    assert report(waits, pauses)["flow_efficiency"] == {
        "including_pauses": (2 + 9) / (4 + 10),
        "excluding_pauses": (2 + 9) / (4 + 9),
    }
    assert report(FINISHED[:2])["flow_efficiency"] == {"including_pauses": None, "excluding_pauses": None}


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
