"""Percentiles by nearest rank, and what unfinished work says about them."""

from __future__ import annotations

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from roadlog.projections.metrics.summary import median, nearest_rank, summary, survival, with_survival


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
    assert summary([("SUP-1", values)])["p50"] == nearest_rank(sorted(values), 0.5)


def test_the_estimate_of_kaplan_and_meier_is_the_one_of_the_textbook() -> None:
    """Remission times of Freireich et al. 1963 with 6-mercaptopurine, median 23 weeks."""
    finished = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert survival(finished, censored, (0.5, 0.85)) == [23, None]
    assert survival(finished, censored, (0.14, 0.15, 0.19, 0.2)) == [6, 7, 7, 10]
    answer = with_survival([("SUP-1", finished)], censored)
    assert (answer["survival_p50"], answer["survival_p85"], answer["survival_beyond"]) == (23, None, 35)


values = st.lists(st.integers(0, 50), min_size=1, max_size=40)


@draw(values, st.sampled_from([0.5, 0.85, 0.95]))
def test_where_nothing_is_unfinished_both_estimates_are_the_same(finished: list[int], p: float) -> None:
    assert survival(finished, [], [p]) == [nearest_rank(sorted(finished), p)]


@draw(values, values)
def test_unfinished_work_never_makes_it_look_faster(finished: list[int], censored: list[int]) -> None:
    alone, beside = survival(finished, [], [0.5]), survival(finished, censored, [0.5])
    assert beside[0] is None or (alone[0] is not None and beside[0] >= alone[0])


def test_of_nothing_nothing_is_said() -> None:
    assert with_survival([], []) == {
        "n": 0,
        "p50": None,
        "p85": None,
        "p95": None,
        "items": [],
        "censored": 0,
        "survival_p50": None,
        "survival_p85": None,
        "survival_beyond": None,
    }
    assert median([]) is None
