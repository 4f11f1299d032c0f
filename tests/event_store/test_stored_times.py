"""A time that somebody put into the store: what comes after it is refused in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from roadlog.event_store.errors import Unreadable
from roadlog.event_store.log import Log
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import later_time, recorded_time
from tests.event_store.samples import Record, note

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("stored", ["x", "9999-99-99", "9999-12-31T23:59:59.999999Z"])
def test_what_is_no_time_is_unreadable(stored: str) -> None:
    with pytest.raises(Unreadable):
        later_time(NOW, "", stored)
    with pytest.raises(Unreadable):
        recorded_time(NOW, stored)


def test_a_later_time_is_followed_by_a_microsecond() -> None:
    assert later_time(NOW, "", "2026-03-02T00:00:00.000000Z") == "2026-03-02T00:00:00.000001Z"


def test_a_time_of_another_kind_is_unreadable(
    on_disk: Log[Record], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged page can give a number where the schema lets only texts in."""
    note(on_disk, "A", "one", "two", at=0, command="1")
    with Reader(path) as reader:
        ask = reader._one

        def damaged(sql: str, parameters: tuple[object, ...] = ()) -> tuple[object, ...] | None:
            return (5,) if sql.startswith("SELECT recorded_at") else ask(sql, parameters)

        monkeypatch.setattr(reader, "_one", damaged)
        with pytest.raises(Unreadable, match="another kind of value"):
            reader.position_at("2026-03-02T09:00:00.000000Z")
