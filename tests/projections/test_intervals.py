"""Laws of intervals."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given as draw
from hypothesis import strategies as st

from roadlog.projections.intervals import Interval, clip, length, total, union, without
from tests.domain.spec import START
from tests.projections.histories import day

DAY = 86400.0


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


@draw(intervals, intervals)
def test_what_is_left_covers_what_lies_in_none_of_the_others(
    spans: list[Interval], others: list[Interval]
) -> None:
    left = without(spans, others)
    assert hours(left) == hours(spans) - hours(others)
    assert left == union(left)
    assert total(left) + total(others) == total([*spans, *others])


@draw(intervals)
def test_a_length_counts_each_and_is_exact_in_any_order(spans: list[Interval]) -> None:
    assert length(spans) == length(reversed(spans)) == sum((b - a).total_seconds() for a, b in spans)
    assert length(spans) >= total(spans)
