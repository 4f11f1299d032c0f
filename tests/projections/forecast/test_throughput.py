"""How many and when, beside the exact distribution: the daily counts convolved with themselves."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.projections.forecast.draws import UNDECIDED, Days, added
from roadlog.projections.forecast.lines import LEVELS
from roadlog.projections.forecast.throughput import how_many, when
from tests.conftest import Figure

TRIALS = 10_000
HISTORIES = {
    "a quiet month": [0] * 27 + [1, 1, 2],
    "two hundred days": [0, 0, 0, 0, 0, 1, 0, 2] * 25,
    "three years": [0, 0, 0, 1, 0, 0, 0, 0, 3, 0] * 109 + [5],
    "every day": [1, 2, 3] * 40,
    "a bulk import": [0, 0, 1] * 60 + [60, 400],
}
each_history = pytest.mark.parametrize("counts", HISTORIES.values(), ids=HISTORIES)


def convolved(counts: list[int], days: int) -> list[float]:
    """The probability of each sum of so many days."""
    daily = Counter(counts)
    shares = [daily[value] / len(counts) for value in range(max(counts) + 1)]
    sums = [1.0]
    for _ in range(days):
        longer = [0.0] * (len(sums) + len(shares) - 1)
        for value, share in enumerate(shares):
            if share:
                for place, mass in enumerate(sums):
                    longer[place + value] += mass * share
        sums = longer
    return sums


def at_least(sums: list[float], value: int) -> float:
    return sum(sums[value:])


def exact_line(sums: list[float], level: float) -> int:
    return max(value for value in range(len(sums)) if at_least(sums, value) >= level - 1e-12)


@each_history
@pytest.mark.parametrize("days", [1, 7, 30])
def test_how_many_is_the_exact_distribution_within_one(counts: list[int], days: int) -> None:
    sums = convolved(counts, days)
    lines = how_many(counts, days, TRIALS, Random(1))[-1][1]
    for line, level in LEVELS.items():
        # a line on the edge of a jump falls on either side of it: then both are the line
        low, high = exact_line(sums, level + 0.02) if level < 0.98 else 0, exact_line(sums, level - 0.02)
        exact = exact_line(sums, level)
        assert abs(lines[line] - exact) <= 1 or low <= lines[line] <= high


@each_history
def test_every_sum_has_its_probability_within_two_hundredths(counts: list[int], figure: Figure) -> None:
    days, chance = Days(Random(2), counts), [0] * TRIALS
    for _ in range(4):
        chance = added(chance, days.sums(7, TRIALS)[1])
    sums, drawn = convolved(counts, 28), Counter(chance)
    exact = list(accumulate(sums))
    found = list(accumulate(drawn[value] / TRIALS for value in range(len(sums))))
    worst = max(abs(one - other) for one, other in zip(exact, found, strict=True))
    figure(f"probabilities differ by at most {worst:.4f}")
    assert worst <= 0.02


@each_history
@pytest.mark.parametrize("count", [1, 5, 15])
def test_when_is_the_exact_distribution_within_a_day(counts: list[int], count: int) -> None:
    reached = when(counts, count, TRIALS, Random(3))
    for line, level in LEVELS.items():
        day = reached.lines[line]
        assert day is not None
        assert at_least(convolved(counts, day + 1), count) >= level
        assert at_least(convolved(counts, day - 2), count) < level if day > 2 else day > 0
        assert at_least(convolved(counts, day), count) >= level - 0.02


@given(st.lists(st.integers(0, 6), min_size=1, max_size=900).filter(any))
def test_every_day_has_its_exact_share(counts: list[int]) -> None:
    days = Days(Random(0), counts)
    lacking = [after - before for before, after in zip([0, *days._lacking], days._lacking, strict=False)]
    undecided = days._table.count(UNDECIDED)
    for value, lacks in zip(days._values, lacking, strict=True):
        assert days._table.count(value) * len(counts) + lacks == 256 * counts.count(value)
    assert sum(lacking) == undecided * len(counts)


def test_drawing_without_the_second_draw_is_told_apart() -> None:
    """The control: with what is undecided left at nothing, days are missing."""
    counts = HISTORIES["three years"]
    days = Days(Random(2), counts)
    days._table = days._table.replace(bytes([UNDECIDED]), bytes([3]))
    totals = [0] * TRIALS
    for _ in range(4):
        totals = added(totals, days.sums(7, TRIALS)[1])
    exact = list(accumulate(convolved(counts, 28)))
    drawn = Counter(totals)
    found = list(accumulate(drawn[value] / TRIALS for value in range(len(exact))))
    assert max(abs(one - other) for one, other in zip(exact, found, strict=True)) > 0.02


def test_the_fan_is_what_was_reached_week_by_week() -> None:
    counts = HISTORIES["two hundred days"]
    fan = how_many(counts, 17, TRIALS, Random(4))
    assert [days for days, _ in fan] == [0, 7, 14, 17]
    assert fan[0][1] == dict.fromkeys(LEVELS, 0)
    for before, after in pairwise(fan):
        assert all(before[1][line] <= after[1][line] for line in LEVELS)
        assert list(after[1].values()) == sorted(after[1].values(), reverse=True)


def test_what_lies_beyond_ten_years_is_not_told() -> None:
    reached = when([0] * 999 + [1], 4, 1_000, Random(5))
    assert reached.lines["p50"] is None or reached.lines["p50"] <= 3_652
    assert reached.lines["p95"] is None
    assert 0.05 < reached.beyond < 1


def test_no_day_is_left() -> None:
    assert how_many([1, 0], 0, TRIALS, Random(6)) == [(0, dict.fromkeys(LEVELS, 0))]
