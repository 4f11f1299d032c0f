"""What is read to say what changed, and what is held while the log is followed."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from roadlog import history, upkeep
from roadlog.domain.commands import AddNote, ChangeOwner
from tests.stores import Store


class Read:
    """The streams and the ranges of the log that were read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.streams: list[str] = []
        self.ranges: list[tuple[int, int | None]] = []
        stream, records = upkeep.Upkeep.stream, upkeep.Upkeep.records

        def read_stream(one: upkeep.Upkeep, name: str, upto: int) -> Any:
            self.streams.append(name)
            return stream(one, name, upto)

        def read_range(one: upkeep.Upkeep, *, after: int = 0, upto: int | None = None) -> Any:
            self.ranges.append((after, upto))
            return records(one, after=after, upto=upto)

        monkeypatch.setattr(upkeep.Upkeep, "stream", read_stream)
        monkeypatch.setattr(upkeep.Upkeep, "records", read_range)


@pytest.fixture
def three(team: Store) -> Store:
    """Three initiatives, at positions 8 to 10; then one record of the second, one of the third."""
    keys = [team.define() for _ in range(3)]
    team.do(ChangeOwner(stream=keys[1], owner="dan"))
    team.do(AddNote(stream=keys[2], text="seen"))
    with team.reading() as reading:
        reading.moment()
    return team


def changed(team: Store, start: int, end: int) -> list[tuple[str, str]]:
    with team.reading() as reading:
        moments = reading.moment(position=start), reading.moment(position=end)
        return [(each["key"], each["field"]) for each in history.difference(reading, *moments)["changed"]]


def test_a_diff_of_what_was_told_reads_no_record(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = changed(three, 10, 11)
    read = Read(monkeypatch)
    assert changed(three, 10, 11) == first == [("SUP-2", "owner")]
    assert (read.streams, read.ranges) == ([], [])


def test_else_it_reads_the_streams_that_were_touched(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FEW", 0)
    with three.reading() as reading:
        reading.rebuild()
    read = Read(monkeypatch)
    assert changed(three, 10, 11) == [("SUP-2", "owner")]
    assert (set(read.streams), read.ranges) == ({"SUP", "SUP-2"}, [])
    assert changed(three, 10, 12) == [("SUP-2", "owner"), ("SUP-3", "notes")]
    assert set(read.streams) == {"SUP", "SUP-2", "SUP-3"}


def test_who_follows_reads_part_by_part_and_misses_nothing(
    three: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PART", 5)
    read = Read(monkeypatch)
    looks: list[int] = []

    def pause() -> None:
        looks.append(1)
        three.do(AddNote(stream="SUP-1", text=f"look {len(looks)}"))

    with three.reading() as reading:
        found = [each.position for each in islice(history.follow(reading, 0, pause), 14)]
    assert found == list(range(1, 15))
    assert read.ranges[:3] == [(0, 5), (5, 10), (10, 12)]
    assert looks == [1, 1]


def test_who_follows_from_now_on_reads_what_comes(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Read(monkeypatch)

    def pause() -> None:
        three.do(AddNote(stream="SUP-1", text="one more"))

    with three.reading() as reading:
        assert [each.position for each in islice(history.follow(reading, None, pause), 2)] == [13, 14]
    assert read.ranges == [(12, 13), (13, 14)]
