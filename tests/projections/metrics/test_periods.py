"""Periods of a window: they tile it, at most so many, in days that a zone's clock makes longer or shorter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from roadlog.domain.moments import instant, rfc3339
from roadlog.projections.metrics.periods import periods

ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo")
BEGIN = datetime(1990, 1, 1, tzinfo=UTC)
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.timedeltas(timedelta(0), timedelta(days=33_000)).map(lambda later: BEGIN + later)


@draw(times, st.timedeltas(timedelta(0), timedelta(days=20_000)), zones)
def test_periods_tile_the_window_and_begin_at_midnight(
    start: datetime, long: timedelta, zone: ZoneInfo
) -> None:
    first, end = rfc3339(start), rfc3339(start + long)
    found = periods(first, end, zone)
    if not long:
        assert found == []
        return
    assert (found[0][0], found[-1][1]) == (first, end)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(begun < over for begun, over in found)
    assert len(found) <= 62
    for begun, _ in found[1:]:
        local = instant(begun).astimezone(zone)
        assert local.hour <= 1  # where midnight is left out, the day begins at one
        before = (instant(begun) - timedelta(microseconds=1)).astimezone(zone)
        assert before.date() < local.date()


def bounds(start: str, end: str, zone: str = "UTC") -> list[str]:
    found = periods(rfc3339(instant(start)), rfc3339(instant(end)), ZoneInfo(zone))
    return [begun[:16] for begun, _ in found]


def test_the_day_on_which_the_clock_is_put_forward_is_an_hour_shorter() -> None:
    assert bounds("2026-03-28T12:00Z", "2026-03-30T12:00Z", "Europe/Berlin") == [
        "2026-03-28T12:00",
        "2026-03-28T23:00",
        "2026-03-29T22:00",
    ]


def test_a_leap_day_is_a_day() -> None:
    days = bounds("2028-02-28T00:00Z", "2028-03-02T00:00Z")
    assert days == ["2028-02-28T00:00", "2028-02-29T00:00", "2028-03-01T00:00"]


@pytest.mark.parametrize(
    ("days", "second", "count"),
    [
        (60, "2026-01-02T00:00", 60),
        (61, "2026-01-05T00:00", 10),  # the Monday
        (421, "2026-02-01T00:00", 14),
        (1_801, "2027-01-01T00:00", 5),
    ],
)
def test_days_weeks_months_or_years_whichever_are_few_enough(days: int, second: str, count: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = bounds(start.isoformat(), (start + timedelta(days=days)).isoformat())
    assert (found[1], len(found)) == (second, count)
