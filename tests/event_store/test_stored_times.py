"""A time that somebody put into the store: what comes after it is refused in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from roadlog.event_store.errors import Unreadable
from roadlog.event_store.records import later_time, recorded_time

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("stored", ["x", "9999-99-99", "9999-12-31T23:59:59.999999Z"])
def test_what_is_no_time_is_unreadable(stored: str) -> None:
    with pytest.raises(Unreadable):
        later_time(NOW, "", stored)
    with pytest.raises(Unreadable):
        recorded_time(NOW, stored)


def test_a_later_time_is_followed_by_a_microsecond() -> None:
    assert later_time(NOW, "", "2026-03-02T00:00:00.000000Z") == "2026-03-02T00:00:00.000001Z"
