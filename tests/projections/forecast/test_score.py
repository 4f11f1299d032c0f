"""What came true: each question with what happened, what is open, what is not scored, and the calibration."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from roadlog.domain.events import ForecastKept, Lines
from roadlog.domain.roadmap import Forecast
from roadlog.projections.forecast.score import score
from tests.projections.forecast.synthetic import BEGIN, Life, Stayed, as_of

MADE = BEGIN + timedelta(days=10, hours=9)
HELD = dict.fromkeys(("p50", "p70", "p85", "p95"))


def day(number: float) -> date:
    return (BEGIN + timedelta(days=number)).date()


def said(**asked: Any) -> ForecastKept:
    return ForecastKept(
        **{
            "computed_as": "forecast/1",
            "key": None,
            "by": None,
            "count": None,
            "window_from": None,
            "window_to": None,
            "zone": "UTC",
            "seed": 1,
            "trials": 10_000,
            "as_of": MADE,
            "position": 1,
            "head": "ab" * 32,
            "n": 12,
            "lines": Lines(p50=day(15), p70=day(20), p85=day(25), p95=day(30)),
            **asked,
        }
    )


COUNTS = Lines(p50=5, p70=4, p85=3, p95=1)
BY = said(by=day(30), lines=COUNTS)
COUNT = said(count=2)
ONE = said(key="SUP-1")


def lives(*spans: tuple[float, float], stopped: tuple[int, ...] = ()) -> list[Life]:
    """One initiative each, from a day to another."""
    return [
        Life(
            f"SUP-{number}",
            (Stayed("build", BEGIN + timedelta(days=start), BEGIN + timedelta(days=end)),),
            finished=number not in stopped,
        )
        for number, (start, end) in enumerate(spans, start=1)
    ]


def scored(made: list[Life], at: float, *kept: ForecastKept, recorded: datetime = MADE) -> dict[str, Any]:
    forecasts = [
        Forecast(position=place, by="dan", kept_at=recorded, recorded_at=recorded, said=each)
        for place, each in enumerate(kept, start=7)
    ]
    again = {each.position: {"result": "same", "why": None} for each in forecasts}
    return score(forecasts, as_of(made, BEGIN + timedelta(days=at)), again)


def one(made: list[Life], at: float, kept: ForecastKept, **more: Any) -> dict[str, Any]:
    items: list[dict[str, Any]] = scored(made, at, kept, **more)["forecasts"]
    return items[0]


THREE = lives((0, 9), (1, 12.5), (2, 30.9), (3, 30.99), (4, 31))
"""Finished: one before the forecast was made, three until its day was over, one at the moment after."""


def test_by_a_day_it_came_true_when_so_many_had_finished_until_it_was_over() -> None:
    item = one(THREE, 31, BY)
    assert (item["state"], item["happened"]) == ("scored", 3)
    assert item["held"] == {"p50": False, "p70": False, "p85": True, "p95": True}
    assert one(THREE, 30.999, BY)["state"] == "open"


def test_for_so_many_it_came_true_when_they_had_finished_until_the_day_was_over() -> None:
    item = one(THREE, 40, COUNT)
    assert (item["state"], item["happened"]) == ("scored", day(30).isoformat())
    assert item["held"] == {"p50": False, "p70": False, "p85": False, "p95": True}
    assert one(THREE, 30.5, COUNT)["state"] == "open"


def test_for_one_it_came_true_when_the_cycle_had_finished_until_the_day_was_over() -> None:
    item = one(lives((0, 20.9)), 21, ONE)
    assert (item["state"], item["happened"]) == ("scored", day(20).isoformat())
    assert item["held"] == {"p50": False, "p70": True, "p85": True, "p95": True}


@pytest.mark.parametrize("kept", [COUNT, ONE])
def test_what_has_not_happened_when_the_last_day_is_over_came_not_true(kept: ForecastKept) -> None:
    late = lives((0, 99))
    assert one(late, 30.9, kept)["state"] == "open"
    item = one(late, 31, kept)
    assert (item["state"], item["happened"]) == ("scored", None)
    assert item["held"] == dict.fromkeys(HELD, False)


def test_a_line_that_was_not_told_neither_held_nor_failed() -> None:
    item = one(lives((0, 12)), 20, replace(ONE, lines=Lines(p50=day(15), p70=None, p85=None, p95=None)))
    assert item["held"] == {"p50": True, "p70": None, "p85": None, "p95": None}


def test_that_at_least_none_finish_cannot_fail_and_does_not_count() -> None:
    item = one(THREE, 31, replace(BY, lines=Lines(p50=2, p70=1, p85=0, p95=0)))
    assert item["held"] == {"p50": True, "p70": True, "p85": None, "p95": None}


def test_what_was_stopped_is_not_scored() -> None:
    item = one(lives((0, 12), stopped=(1,)), 40, ONE)
    assert (item["state"], item["held"]) == ("not scored", HELD)
    assert item["why"] == "SUP-1 was stopped or retired: of that its lines said nothing"


def test_a_miss_stays_one_when_what_is_late_is_stopped() -> None:
    late = lives((0, 31), stopped=(1,))
    for at in (31, 40):
        item = one(late, at, ONE)
        assert (item["state"], item["happened"], item["held"]) == ("scored", None, dict.fromkeys(HELD, False))
    assert one(lives((0, 30.999), stopped=(1,)), 40, ONE)["state"] == "not scored"


def test_a_cycle_that_is_not_known_any_more_is_not_scored() -> None:
    assert (
        one(lives((11, 12)), 40, ONE)["why"] == "no cycle of SUP-1 is known any more that was under way then"
    )
    assert one([], 40, ONE)["state"] == "not scored"


@pytest.mark.parametrize("kept", [BY, COUNT, ONE])
def test_what_was_recorded_when_its_answer_could_be_seen_is_not_scored(kept: ForecastKept) -> None:
    made = lives((0, 12), (0, 13))
    before, after = (BEGIN + timedelta(days=days) for days in (11, 32))
    assert one(made, 40, kept, recorded=before)["state"] == "scored"
    item = one(made, 40, kept, recorded=after)
    assert (item["state"], item["why"]) == (
        "not scored",
        "it was recorded when its answer could be seen already",
    )


def test_days_end_in_the_zone_of_the_forecast() -> None:
    late = lives((0, 30 + 20 / 24))  # 20:00 UTC is the next day in Auckland
    assert one(late, 40, ONE)["held"]["p95"] is True
    assert one(late, 40, replace(ONE, zone="Pacific/Auckland"))["held"]["p95"] is False
    unknown = one(late, 40, replace(ONE, zone="Moon/Base"))["why"]
    assert unknown == "its zone 'Moon/Base' is not known on this machine"


def test_lines_that_name_no_day_are_not_scored() -> None:
    assert one(THREE, 40, replace(ONE, lines=COUNTS))["why"] == "it names no day"


def test_five_are_scored_before_a_rate_is_told() -> None:
    four = scored(THREE, 40, BY, BY, BY, COUNT, ONE)
    assert four["n"] == 4  # SUP-1 had finished before
    assert {line: each["rate"] for line, each in four["calibration"].items()} == HELD
    five = scored(THREE, 40, BY, BY, BY, COUNT, replace(ONE, key="SUP-2"))
    assert five["n"] == 5
    assert five["calibration"] == {
        "p50": {"n": 5, "held": 1, "rate": 0.2},
        "p70": {"n": 5, "held": 1, "rate": 0.2},
        "p85": {"n": 5, "held": 4, "rate": 0.8},
        "p95": {"n": 5, "held": 5, "rate": 1.0},
    }
    assert scored([], 40)["calibration"]["p50"] == {"n": 0, "held": 0, "rate": None}
