"""What to know before a forecast is believed."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from roadlog.projections.forecast.forecasting import forecast
from roadlog.projections.forecast.question import Question
from tests.projections.forecast.synthetic import BEGIN, House, Life, Stayed, as_of, lives

NOW = BEGIN + timedelta(days=121)
SINCE = (BEGIN, None)


def cycles(*spans: tuple[float, float]) -> list[Life]:
    """One initiative each, from a day to another."""
    return [
        Life(
            f"SUP-{number}",
            (Stayed("build", BEGIN + timedelta(days=start), BEGIN + timedelta(days=end)),),
            finished=True,
        )
        for number, (start, end) in enumerate(spans, start=1)
    ]


def steady(older: int, newer: int, under_way: int = 0, at_once: float = 0.0) -> list[Life]:
    """So many finish in the first 60 days and in the 60 after them, each after `at_once` days of work."""
    halves = [(60 * (each + 0.5) / older) for each in range(older)]
    halves += [60 + 60 * (each + 0.5) / newer for each in range(newer)]
    open_ones = [(119.0, 999.0)] * under_way
    return cycles((0, 0), *((max(0.0, end - at_once), end) for end in halves[1:]), *open_ones)


def told(made: list[Life], *, window: Any = SINCE, **asked: Any) -> list[tuple[str, str]]:
    answer = forecast(as_of(made, NOW), Question(trials=50, window=window, **asked))
    assert answer["insufficient"] is None
    return [(each["finding"], each["text"]) for each in answer["quality"]]


def test_a_steady_history_of_enough_finishes_has_no_finding() -> None:
    assert told(steady(20, 20)) == []


def test_few_finishes() -> None:
    few = ("few-finishes", "fewer than 20 cycles finished in its history: a few others move every line")
    assert told(steady(10, 9)) == [few]
    assert told(steady(10, 10)) == []


@pytest.mark.parametrize(("older", "newer", "changed"), [(30, 12, True), (12, 30, True), (27, 14, False)])
def test_a_history_whose_halves_differ_by_more_than_chance(older: int, newer: int, changed: bool) -> None:
    said = f"its history changed: {older} finished in the older half of its days, {newer} in the newer"
    assert told(steady(older, newer)) == ([("changed", said)] if changed else [])


def test_a_steady_house_is_called_changed_in_about_one_of_twenty() -> None:
    """The control: a house that works faster from its middle on is called so nearly always."""

    def changed(arrivals: tuple[float, float], seed: int) -> bool:
        chance = Random(seed)
        made, day = [], 0.0
        while day < 120:
            day += chance.expovariate(arrivals[day >= 60])
            made.append((day, day))
        return "changed" in dict(told(cycles((0, 0), *made)))

    assert sum(changed((0.8, 0.8), seed) for seed in range(200)) <= 20
    assert sum(changed((0.5, 1.5), seed) for seed in range(50)) >= 45


def test_work_in_progress_far_from_the_usual() -> None:
    """Each takes 15 days, 40 in 120 days: about 5 at once."""
    wip = dict(told(steady(20, 20, under_way=12, at_once=15)))["work-in-progress"]
    assert wip == "12 are under way now, where 4.8 were on average"
    assert "work-in-progress" not in dict(told(steady(20, 20, under_way=5, at_once=15)))
    assert dict(told(steady(20, 20, under_way=1, at_once=15)))["work-in-progress"] == (
        "1 is under way now, where 4.7 were on average"
    )
    assert told(steady(20, 20, under_way=2)) == [], "two where hardly any are usual is not far away"


def test_left_out_initiatives_and_what_metrics_say_of_their_records() -> None:
    late = {"finding": "backdated", "text": "moves were recorded late", "keys": ["SUP-2"]}
    figure = {"finding": "few-finishes", "text": "no percentile is given", "keys": []}
    answer = as_of(steady(20, 20), NOW) | {
        "left_out": [{"key": "SUP-3", "why": "adopted when it had finished"}],
        "quality": [late, {**figure, "finding": "all-active"}, figure],
    }
    assert forecast(answer, Question(trials=50, window=SINCE))["quality"] == [
        {
            "finding": "left-out",
            "text": "first cycles that are not on this record are no part of the history",
            "keys": ["SUP-3"],
        },
        late,
    ]


def test_one_initiative_has_the_same_findings_and_nothing_that_is_not_told_is_doubted() -> None:
    made = steady(30, 12, under_way=1)
    assert told(made, key=made[-1].key) == told(made)
    assert forecast(as_of(made, NOW), Question(key="SUP-1"))["quality"] == []
    nine = forecast(as_of(cycles(*((0, each) for each in range(9))), NOW), Question())
    assert (nine["quality"], nine["insufficient"] is None) == ([], False)


def test_made_up_houses_of_any_kind_are_doubted_without_a_fault() -> None:
    for seed in range(20):
        made = lives(House(arrivals=0.5), Random(seed), 200)
        answer = forecast(as_of(made, BEGIN + timedelta(days=150)), Question(trials=50))
        assert all(set(each) == {"finding", "text", "keys"} for each in answer["quality"])
