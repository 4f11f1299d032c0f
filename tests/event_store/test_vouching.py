"""What is read is what its leaf says, and what an index finds is all there is; else it is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from roadlog.event_store.errors import Unreadable
from roadlog.event_store.log import Log
from roadlog.event_store.records import Row, StoredRecord
from roadlog.event_store.verify import verify_file
from roadlog.event_store.vouching import before_in, vouched, vouched_apart
from tests.event_store.samples import CODEC, Clock, Record, make_record, note, texts

OTHER: dict[str, Any] = {
    "position": 7,
    "stream": "AAAB",
    "version": 4,
    "type": "Counted",
    "recorded_at": "2026-03-02T09:00:09.000000Z",
    "state": b"{}",
    "leaf": "0" * 64,
}


@pytest.fixture
def noted(log: Log[Record]) -> Log[Record]:
    """AAAA at positions 1, 2 and 4, BBBB at 3."""
    note(log, "AAAA", "one", "two", at=0, command="1")
    note(log, "BBBB", "one", at=0, command="2")
    note(log, "AAAA", "three", at=2, command="3")
    return log


def read(log: Log[Record], records: list[StoredRecord]) -> list[StoredRecord]:
    return list(vouched(records, unread, lambda row, _: StoredRecord(*row), before_in(lambda: log.reader)))


def unread(*_: Any, **__: Any) -> None:
    """What a body says is nothing to these tests."""


def test_what_was_stored_is_read(noted: Log[Record]) -> None:
    records = list(noted.reader.scan())
    assert read(noted, records) == records


@pytest.mark.parametrize("after", range(5))
def test_from_any_position_on(noted: Log[Record], after: int) -> None:
    records = list(noted.reader.scan(after))
    assert read(noted, records) == records


@pytest.mark.parametrize("column", OTHER)
@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_record_with_another_value_is_refused(noted: Log[Record], place: int, column: str) -> None:
    records = list(noted.reader.scan())
    records[place] = records[place]._replace(**{column: OTHER[column]})
    with pytest.raises(Unreadable, match=r"not what its leaf says|is missing"):
        read(noted, records)


@pytest.mark.parametrize("column", OTHER)
def test_a_value_of_another_kind_is_refused(noted: Log[Record], column: str) -> None:
    records = list(noted.reader.scan())
    others: list[dict[str, Any]] = [{column: None}, {column: 1.5}]
    for other in others:
        with pytest.raises(Unreadable, match=r"another kind of value|not what its leaf says|is missing"):
            read(noted, [records[0]._replace(**other)])


def test_a_record_whose_predecessor_is_missing_is_refused(noted: Log[Record]) -> None:
    first, _, *rest = noted.reader.scan()
    with pytest.raises(Unreadable, match="the record of AAAA at version 2 is missing"):
        read(noted, [first, *rest])


def test_what_reading_says_of_a_record_comes_first(noted: Log[Record]) -> None:
    def refuse(row: Row, _: object) -> None:
        raise Unreadable("no type is named so", position=row[0])

    rows = [next(noted.reader.scan())._replace(type="Unheard")]
    with pytest.raises(Unreadable, match="no type is named so"):
        list(vouched(rows, unread, refuse, before_in(lambda: noted.reader)))


# Records of any places


def apart(log: Log[Record], *positions: int) -> list[Row]:
    return list(vouched_apart(log.reader.apart(positions)))


def test_records_of_any_places_are_read_in_order(noted: Log[Record]) -> None:
    first, _, third, fourth = noted.reader.scan()
    assert apart(noted, 4, 1, 3, 9) == [tuple(first), tuple(third), tuple(fourth)]
    assert apart(noted) == []


@pytest.mark.parametrize("column", OTHER)
@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_record_read_apart_with_another_value_is_refused(
    noted: Log[Record], place: int, column: str
) -> None:
    found = list(noted.reader.apart([1, 2, 3, 4]))
    row, before = found[place]
    found[place] = StoredRecord(*row)._replace(**{column: OTHER[column]}), before
    with pytest.raises(Unreadable, match="not what its leaf says"):
        list(vouched_apart(found))


@pytest.mark.parametrize("before", [None, "", "-", "0" * 64])
def test_a_record_read_apart_from_what_was_not_before_it_is_refused(
    noted: Log[Record], before: str | None
) -> None:
    ((row, _),) = noted.reader.apart([4])
    with pytest.raises(Unreadable, match="not what its leaf says"):
        list(vouched_apart([(row, before)]))


def test_a_record_read_apart_whose_bytes_are_none_is_refused(noted: Log[Record]) -> None:
    ((row, before),) = noted.reader.apart([4])
    other = (*row[:5], None, row[6])
    with pytest.raises(Unreadable, match="another kind of value"):
        list(vouched_apart([(other, before)]))  # type: ignore[list-item]


# The index

Edit = Callable[[bytes, bytes], None]


@pytest.fixture
def edit(path: str, clock: Clock) -> Edit:
    """Changes bytes in the index of a log that holds AAAA 1 to 3, BBBB 1 and 2."""
    with Log.create(path, CODEC, make_record, clock) as log:
        note(log, "AAAA", "one", "two", "three", at=0, command="1")
        note(log, "BBBB", "one", "two", at=0, command="2")
    with closing(sqlite3.connect(path)) as store:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_stored_events_1'"
        (root,) = store.execute(query).fetchone()

    def edit(old: bytes, new: bytes) -> None:
        content = Path(path).read_bytes()
        start, end = (root - 1) * 4096, root * 4096
        assert content[start:end].count(old) == 1
        Path(path).write_bytes(content[:start] + content[start:end].replace(old, new) + content[end:])

    return edit


def entry(stream: bytes, version: int, kind: int = 21) -> bytes:
    """The middle of an entry: text of 4 bytes, an integer of one or the integer 1, a position, the values."""
    return bytes([kind, 9 if version == 1 else 1, 1]) + stream + (b"" if version == 1 else bytes([version]))


@pytest.mark.parametrize(
    ("old", "new", "hidden"),
    [
        (entry(b"AAAA", 3), entry(b"AAAB", 3), "AAAA"),
        (entry(b"AAAA", 3), entry(b"AAAA", 9), "AAAA"),
        (entry(b"AAAA", 3), entry(b"CAAA", 3), "AAAA"),
        (entry(b"BBBB", 2), entry(b"BBBC", 2), "BBBB"),
    ],
)
def test_a_last_record_that_the_index_hides_is_missed(
    edit: Edit, path: str, clock: Clock, old: bytes, new: bytes, hidden: str
) -> None:
    edit(old, new)
    with Log.open(path, CODEC, make_record, clock) as log:
        for look in (
            lambda: log.load(hidden, texts),
            lambda: log.version(hidden),
            lambda: list(log.reader.stream(hidden)),
        ):
            with pytest.raises(Unreadable, match="the index is damaged"):
                look()
    assert verify_file(path).verdict == "altered"


def test_an_index_that_is_whole_goes_on_everywhere(edit: Edit, path: str, clock: Clock) -> None:
    with Log.open(path, CODEC, make_record, clock) as log:
        assert [log.version(name) for name in ("", "A", "AAAA", "AB", "BBBB", "Z")] == [0, 0, 3, 0, 2, 0]
        assert [row.version for row in log.reader.stream("AAAA", after_version=1)] == [2, 3]
        assert [row.version for row in log.reader.stream("AAAA", upto=2)] == [1, 2]
        assert list(log.reader.stream("AAAA", after_version=8)) == []


def test_an_index_with_values_of_another_kind_is_altered(edit: Edit, path: str) -> None:
    edit(entry(b"AAAA", 3), entry(b"AAAA", 3, kind=20))
    assert verify_file(path).verdict == "altered"
