"""Scales and ticks: nice numbers, whole counts, the starts of days, weeks, months and years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.charts.axes import aside, spread
from roadlog.charts.scales import (
    Scale,
    between,
    from_zero,
    nice_step,
    plain_number,
    ticks,
    time_scale,
    time_ticks,
)
from roadlog.charts.svg import wrapped
from roadlog.domain.moments import rfc3339
from roadlog.visible import plain

START = datetime(2025, 1, 6, tzinfo=UTC)
FINITE = st.floats(min_value=-1e9, max_value=1e9).filter(lambda x: x == 0 or abs(x) > 1e-6)


def labels(days: float, zone: str = "UTC", most: int = 6, start: datetime = START) -> list[tuple[str, str]]:
    window = (rfc3339(start), rfc3339(start + timedelta(days=days)))
    return [(each.label, each.under) for each in time_ticks(time_scale(window, 300), ZoneInfo(zone), most)]


@pytest.mark.parametrize(
    ("span", "step"), [(1, 0.2), (5, 1), (7, 2), (10, 2), (14, 5), (100, 20), (263, 100), (0.3, 0.1)]
)
def test_steps_are_one_two_or_five(span: float, step: float) -> None:
    assert nice_step(span) == pytest.approx(step)


def test_counts_have_no_halves() -> None:
    assert ticks(from_zero([1], 100, 0, whole=True), whole=True) == [0, 1]
    assert ticks(from_zero([3], 100, 0, whole=True), whole=True) == [0, 1, 2, 3]


def test_a_scale_without_values_is_one_long() -> None:
    scale = from_zero([], 100, 0)
    assert (scale.low, scale.high) == (0, 1)
    assert (scale(0), scale(1)) == (100, 0)


@given(FINITE, FINITE)
def test_a_scale_holds_its_values_and_has_few_ticks(one: float, other: float) -> None:
    low, high = sorted((one, other))
    scale = between(low, high, 200, 0)
    off = (high - low) * 1e-6 + abs(low) * 1e-12
    assert scale.low <= low + off
    assert scale.high >= high - off
    assert 1 <= len(ticks(scale)) <= 8
    assert scale(scale.low) == 200
    assert scale(scale.high) == pytest.approx(0)


def test_numbers_are_told_briefly() -> None:
    told = {0: "0", 0.00005: "0.00005", 0.5: "0.5", 1_200: "1,200", 0.1 + 0.2: "0.3", 250_000: "250,000"}
    told |= {8e11: "800,000,000,000", 8e32: "8e+32", -2.5e32: "-2.5e+32"}
    assert {value: plain_number(value) for value in told} == told


def test_an_hour_has_minutes_and_a_day_has_hours() -> None:
    assert labels(1 / 24)[:2] == [("00:00", "6 Jan 2025"), ("00:15", "")]
    assert labels(1)[0] == ("00:00", "6 Jan 2025")
    assert [said for said, _ in labels(1)] == ["00:00", "06:00", "12:00", "18:00", "00:00"]


def test_weeks_begin_on_mondays_and_the_year_is_told_once() -> None:
    assert labels(35) == [
        ("6 Jan", "2025"),
        ("13 Jan", ""),
        ("20 Jan", ""),
        ("27 Jan", ""),
        ("3 Feb", ""),
        ("10 Feb", ""),
    ]


def test_months_and_years() -> None:
    assert [said for said, _ in labels(300)] == ["Mar", "May", "Jul", "Sep", "Nov"]
    assert labels(480) == [("Apr", "2025"), ("Jul", ""), ("Oct", ""), ("Jan", "2026"), ("Apr", "")]
    assert labels(3_653) == [("2026", ""), ("2028", ""), ("2030", ""), ("2032", ""), ("2034", "")]


def test_days_begin_at_midnight_of_the_zone_through_a_change_of_the_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2025, 3, 28, 12, tzinfo=UTC)
    window = (rfc3339(start), rfc3339(start + timedelta(days=5)))
    found = [datetime.fromtimestamp(each.at, zone) for each in time_ticks(time_scale(window, 300), zone)]
    assert [(each.day, each.hour) for each in found] == [(29, 0), (30, 0), (31, 0), (1, 0), (2, 0)]
    assert found[2].timestamp() - found[1].timestamp() == 23 * 3_600


@given(st.floats(min_value=0.01, max_value=80_000), st.integers(min_value=2, max_value=12))
def test_no_window_has_too_many_ticks(days: float, most: int) -> None:
    found = labels(days, most=most)
    assert len(found) <= most
    assert days < 0.2 or found


def test_a_window_without_length_is_a_day() -> None:
    scale = time_scale((rfc3339(START), rfc3339(START)), 100)
    assert scale == Scale(START.timestamp(), START.timestamp() + 86_400, 0, 100)


def test_labels_keep_apart() -> None:
    assert spread([10, 11, 12], 10, 0, 100) == [10, 20, 30]
    assert spread([95, 96, 97], 10, 0, 100) == [80, 90, 100]
    assert spread([], 10, 0, 100) == []


@given(st.lists(st.floats(min_value=0, max_value=100), max_size=8))
def test_labels_that_fit_never_touch(wanted: list[float]) -> None:
    placed = spread(sorted(wanted), 12, 0, 100)
    assert all(b - a >= 12 - 1e-9 for a, b in pairwise(placed))
    assert all(-1e-9 <= each <= 100 for each in placed)


@given(st.lists(st.floats(min_value=0, max_value=40), max_size=30))
def test_points_cover_no_other_while_there_is_room(highs: list[float]) -> None:
    ordered = sorted(highs)
    placed = list(zip(aside(ordered, 1_000, 3), ordered, strict=True))
    for place, (x, y) in enumerate(placed):
        assert all(abs(x - a) >= 7 or abs(y - b) >= 7 for a, b in placed[place + 1 :])


def test_no_line_begins_with_what_separates() -> None:
    assert [plain(each) for each in wrapped("one two · three · four", 10, 60)] == [
        "one two ·",
        "three ·",
        "four",
    ]
