"""Checkpoints and anchors are kept beside the records, in the transaction that makes them due."""

import sqlite3

import pytest

from roadlog.event_store import sqlite
from roadlog.event_store.checkpoints import NO_CHECKPOINT, RootAt
from roadlog.event_store.errors import VersionConflict
from roadlog.event_store.log import Log, New
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import CommandMark, KeptCheckpoint
from roadlog.event_store.verify import verify_file
from tests.event_store.samples import CODEC, Clock, Record, make_record, note, noted


def said(last: KeptCheckpoint, size: int, made_at: str, root_at: RootAt) -> bytes:
    """A note that says what it was given."""
    return f"{last.id} {size} {made_at} {root_at(size).hex()}".encode()


def not_due(last: KeptCheckpoint, size: int, made_at: str, root_at: RootAt) -> None:
    """No note."""


def failing(last: KeptCheckpoint, size: int, made_at: str, root_at: RootAt) -> bytes:
    raise OSError("no key")


def append(log: Log[Record], at: int, sign: object, count: int = 1) -> None:
    new = [New("A", "Noted", noted()) for _ in range(count)]
    log.append(new, expected={"A": at}, command=CommandMark(f"{at}", "digest"), sign=sign)  # type: ignore[arg-type]


def test_a_checkpoint_is_kept_with_the_records_that_it_is_about(log: Log[Record]) -> None:
    append(log, 0, said, count=2)
    append(log, 2, not_due)
    made = log.checkpoint(said)
    first, second = log.reader.checkpoints()
    assert made == second
    assert [(each.id, each.size) for each in (first, second)] == [(1, 2), (2, 3)]
    for kept, before in ((first, NO_CHECKPOINT), (second, first)):
        last, size, made_at, root = kept.note.decode().split()
        assert (int(last), int(size), made_at) == (before.id, kept.size, kept.made_at)
        assert len(root) == 64
    assert verify_root(log) == second.note.decode().split()[-1]


def verify_root(log: Log[Record]) -> str:
    from roadlog.event_store.verify import verify

    return verify(log.reader).root


def test_what_keeps_it_from_being_signed_keeps_the_records_out_too(log: Log[Record]) -> None:
    with pytest.raises(OSError, match="no key"):
        append(log, 0, failing)
    append(log, 0, said)
    assert [each.size for each in log.reader.checkpoints()] == [1]


def test_a_refused_append_makes_no_checkpoint(log: Log[Record]) -> None:
    append(log, 0, said)
    with pytest.raises(VersionConflict):
        append(log, 0 + 5, said)
    assert [each.size for each in log.reader.checkpoints()] == [1]


def test_a_command_that_comes_again_makes_none(log: Log[Record]) -> None:
    append(log, 0, said)
    append(log, 0, said)
    assert [each.size for each in log.reader.checkpoints()] == [1]


def test_no_checkpoint_is_made_before_the_last_one(log: Log[Record], clock: Clock) -> None:
    append(log, 0, said)
    first = log.checkpoint(said)
    clock.now = clock.now.replace(year=2020)
    second = log.checkpoint(said)
    assert first is not None
    assert second is not None
    assert second.made_at > first.made_at


def test_an_anchor_is_kept_beside_them(log: Log[Record]) -> None:
    append(log, 0, said)
    made = [log.anchor("file", 1, b"note"), log.anchor("witness", 1, b"other")]
    assert list(log.reader.anchors()) == made
    assert [(each.id, each.kind, each.size, each.content) for each in made] == [
        (1, "file", 1, b"note"),
        (2, "witness", 1, b"other"),
    ]


def test_another_process_goes_on_from_the_last_one(path: str, on_disk: Log[Record]) -> None:
    append(on_disk, 0, said)
    with Log.open(path, CODEC, make_record, Clock()) as other:
        other.checkpoint(said)
    on_disk.checkpoint(said)
    assert [each.id for each in on_disk.reader.checkpoints()] == [1, 2, 3]


def test_nothing_of_them_is_changed_or_deleted(path: str, on_disk: Log[Record]) -> None:
    append(on_disk, 0, said)
    on_disk.anchor("file", 1, b"note")
    connection = sqlite3.connect(path)
    for table in ("checkpoints", "anchors"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET size = 9"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)
    connection.close()


def first_schema(path: str) -> None:
    """A store as it was made before there were checkpoints."""
    sqlite.create(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE checkpoints")
    connection.execute("DROP TABLE anchors")
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def test_an_older_store_is_read_as_it_is(path: str) -> None:
    first_schema(path)
    with Reader(path) as reader:
        assert (list(reader.checkpoints()), list(reader.anchors()), reader.faults()) == ([], [], [])
    assert verify_file(path).problems == []


def test_an_older_store_gets_what_it_lacks_when_it_is_written(path: str) -> None:
    first_schema(path)
    with Log.open(path, CODEC, make_record, Clock()) as log:
        note(log, "A", "before", at=0, command="1")
        log.checkpoint(said)
        assert [each.size for each in log.reader.checkpoints()] == [1]
    with Reader(path) as reader:
        assert reader.faults() == []


def test_an_upgrade_waits_for_nobody_who_did_it_already(path: str) -> None:
    first_schema(path)
    clock = Clock()
    logs = [Log.open(path, CODEC, make_record, clock) for _ in range(3)]
    for number, log in enumerate(logs):
        note(log, f"{number}", "said", at=0, command=f"{number}")
    with Reader(path) as reader:
        assert (reader.head().position, reader.faults()) == (3, [])
    for log in logs:
        log.close()
