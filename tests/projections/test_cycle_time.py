"""The report of flow metrics: percentiles, windows, filters, ages and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from roadlog.domain.events import (
    InitiativeAdopted,
    InitiativeRetired,
    InitiativeStopped,
    StakeholderConsulted,
)
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.cycle_time import Filter, initiative_answer, metrics, nearest_rank, summary
from roadlog.projections.moment import Moment
from tests.domain.spec import KEY, By, by
from tests.projections.histories import back, case, day, defined, moved, on, rekeyed, short

DAY = 86400.0
WORKFLOW = short()
FINISHED = (on(0, defined()), on(1, moved("learn")), on(3, moved("build")), on(5, moved("run")))


def moment(at: float) -> Moment:
    return Moment(as_of=day(at), known_at=day(at), position=140, head="ab" * 32)


def report(*histories: tuple[By, ...], at: float = 60, zone: tzinfo = UTC, **chosen: Any) -> dict[str, Any]:
    """The metrics of SUP-1, SUP-2, … with these histories."""
    states = {}
    roadmap: RoadmapState = case()[1]
    for number, steps in enumerate(histories, start=1):
        states[f"SUP-{number}"] = rekeyed(case(*steps)[0], f"SUP-{number}")
    return metrics(roadmap, states, moment(at), Filter(**chosen), zone)


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
        "n": 2,
        "p50": None,
        "p85": None,
        "p95": None,
        "items": [{"key": "SUP-1", "seconds": 3 * DAY}, {"key": "SUP-2", "seconds": 9 * DAY}],
    }


def test_five_have_nearest_rank_percentiles() -> None:
    answer = report(*(taking(days) for days in (9, 1, 5, 3, 7)))
    assert answer["cycle_time"] == {"n": 5, "p50": 5 * DAY, "p85": 9 * DAY, "p95": 9 * DAY}


@pytest.mark.parametrize(
    ("p", "n", "rank"),
    [(0.5, 5, 3), (0.5, 6, 3), (0.85, 20, 17), (0.95, 20, 19), (0.95, 100, 95), (0.07, 100, 7)],
)
def test_the_nearest_rank_is_the_ceiling_of_p_times_n(p: float, n: int, rank: int) -> None:
    assert nearest_rank(list(range(1, n + 1)), p) == rank


@draw(st.lists(st.floats(0, 1e9), min_size=5, max_size=60), st.sampled_from([0.5, 0.85, 0.95]))
def test_a_percentile_is_one_of_the_values_with_enough_at_or_below_it(values: list[float], p: float) -> None:
    found = nearest_rank(sorted(values), p)
    assert found in values
    assert sum(each <= found for each in values) >= round(p * len(values), 9)
    assert sum(each < found for each in values) < round(p * len(values), 9)
    assert summary([("SUP-1", each) for each in values])["p50"] == nearest_rank(sorted(values), 0.5)


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
        answer = initiative_answer(case(*steps)[0], WORKFLOW, day(at))
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


def test_a_roadmap_without_a_workflow_is_not_measured() -> None:
    with pytest.raises(ValueError, match="workflow"):
        metrics(RoadmapState(), {}, moment(1))


def test_the_same_states_give_the_same_report_at_every_later_time_once_all_has_finished() -> None:
    def stripped(at: datetime) -> dict[str, Any]:
        state, roadmap = case(*FINISHED)
        answer = metrics(roadmap, {KEY: state}, Moment(as_of=at, known_at=at, position=1, head="-"))
        return {key: value for key, value in answer.items() if key not in ("as_of", "known_at")}

    assert stripped(day(5)) == stripped(day(5) + timedelta(days=900))
