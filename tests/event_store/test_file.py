"""The file: made whole or not at all, opened only when it is ours, and each way in which it is no use."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from roadlog.event_store import sqlite
from roadlog.event_store.errors import (
    NewerSchema,
    NotAStore,
    StoreError,
    StoreExists,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    StoreUnwritable,
    Unreadable,
    WrittenMeanwhile,
)
from roadlog.event_store.log import Appended, Log, New
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import EMPTY_LOG, CommandMark
from roadlog.event_store.verify import verify_file
from tests.event_store.samples import CODEC, Clock, Record, make_record, note, noted, texts


def test_a_new_store_is_ours_durable_and_empty(path: str) -> None:
    sqlite.create(path)
    connection = sqlite.open_for_writing(path)
    pragmas = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "application_id", "user_version")
    }
    connection.close()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "application_id": 0x52444C47,
        "user_version": 2,
    }
    with Reader(path) as reader:
        assert reader.head() == EMPTY_LOG
        assert reader.faults() == []


def test_a_write_ahead_log_that_grew_is_cut_once_it_is_folded_in(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 100_000
    monkeypatch.setattr(sqlite, "WAL_KEPT", limit)
    sqlite.create(path)
    with Log.open(path, CODEC, make_record, Clock()) as log:
        note(log, "AAAA", *("long " * 10_000 for _ in range(100)), at=0, command="1")
        grown = Path(f"{path}-wal").stat().st_size
        note(log, "AAAA", "short", at=100, command="2")
        assert grown > 5 * limit >= 5 * Path(f"{path}-wal").stat().st_size


def test_a_store_is_never_made_over_something(path: str) -> None:
    Path(path).write_text("precious")
    with pytest.raises(StoreExists):
        sqlite.create(path)
    assert Path(path).read_text() == "precious"


def test_making_a_store_leaves_nothing_else_behind(tmp_path: Path) -> None:
    sqlite.create(str(tmp_path / "events.db"))
    with pytest.raises(StoreExists):
        sqlite.create(str(tmp_path / "events.db"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["events.db"]


def test_making_a_store_in_no_folder_fails(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        sqlite.create(str(tmp_path / "none" / "events.db"))


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "a#b.db", "ü.db"])
def test_any_path_will_do(tmp_path: Path, clock: Clock, name: str) -> None:
    with Log.create(str(tmp_path / name), CODEC, make_record, clock) as log:
        note(log, "A", "x", at=0, command="1")
        assert log.load("A", texts) == ("x",)
        assert log.head().position == 1
    assert verify_file(str(tmp_path / name)).size == 1


@pytest.mark.parametrize("open_it", [sqlite.open_for_reading, sqlite.open_for_writing])
class TestWhatIsNoStore:
    def test_nothing_there(self, open_it: type, path: str) -> None:
        with pytest.raises(StoreMissing, match="there is no store here"):
            open_it(path)
        assert not os.path.exists(path)

    @pytest.mark.parametrize("content", [b"", b"some text, not a database\n" * 50])
    def test_another_file(self, open_it: type, path: str, content: bytes) -> None:
        Path(path).write_bytes(content)
        with pytest.raises(NotAStore):
            open_it(path)
        assert Path(path).read_bytes() == content

    def test_a_folder(self, open_it: type, tmp_path: Path) -> None:
        with pytest.raises(StoreError):
            open_it(str(tmp_path))

    def test_another_programs_database(self, open_it: type, path: str) -> None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE stored_events (x)")
        other.close()
        with pytest.raises(NotAStore, match="not one that this program made"):
            open_it(path)

    def test_a_newer_schema(self, open_it: type, path: str) -> None:
        sqlite.create(path)
        newer = sqlite3.connect(path)
        newer.execute("PRAGMA user_version=3")
        newer.close()
        with pytest.raises(NewerSchema, match="its schema is 3, this version reads 2: use a newer version"):
            open_it(path)


def test_a_locked_store_is_waited_for_and_then_reported(
    on_disk: Log[Record], path: str, clock: Clock
) -> None:
    note(on_disk, "A", "x", at=0, command="1")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Log.open(path, CODEC, make_record, clock, lock_timeout=0.05) as waiting:
        with pytest.raises(StoreLocked, match="another process is writing"):
            note(waiting, "A", "y", at=1, command="2")
        assert waiting.load("A", texts) == ("x",)
        holder.execute("ROLLBACK")
        note(waiting, "A", "y", at=1, command="2")
    holder.close()


def test_an_exclusively_locked_store_cannot_be_read(path: str, clock: Clock) -> None:
    sqlite.create(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked):
        Reader(path, lock_timeout=0.05)
    holder.close()


def test_the_log_is_append_only_to_sql(on_disk: Log[Record], path: str) -> None:
    note(on_disk, "A", "x", "y", at=0, command="1")
    connection = sqlite3.connect(path, isolation_level=None)
    for table in ("stored_events", "tree", "commands"):
        column = {"stored_events": "topic", "tree": "node", "commands": "digest"}[table]
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(sqlite3.IntegrityError, match="the log is append-only"):
                connection.execute(statement)
    connection.close()


def test_a_reader_cannot_write(path: str) -> None:
    sqlite.create(path)
    with Reader(path) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.connection.execute("INSERT INTO tree VALUES (1, x'00')")


def test_a_damaged_record_is_unreadable_not_a_traceback(
    on_disk: Log[Record], path: str, clock: Clock
) -> None:
    note(on_disk, "A", *(["x" * 500] * 40), at=0, command="1")
    on_disk.close()
    content = Path(path).read_bytes()
    Path(path).write_bytes(content[:16384] + bytes(len(content) - 16384))
    with Log.open(path, CODEC, make_record, clock) as log, pytest.raises(Unreadable):
        log.load("A", texts)
    with Reader(path) as reader, pytest.raises((Unreadable, StoreError)):
        list(reader.scan())


def test_a_reader_sees_one_moment(on_disk: Log[Record], path: str) -> None:
    note(on_disk, "A", "x", at=0, command="1")
    with Reader(path) as reader:
        with reader.snapshot():
            assert reader.head().position == 1
            note(on_disk, "A", "y", at=1, command="2")
            assert reader.head().position == 1
        assert reader.head().position == 2


@contextmanager
def without_rights(folder: Path, mode: int) -> Iterator[None]:
    """As a user who may list the folder, and do with its files what `mode` says."""
    for entry in folder.iterdir():
        entry.chmod(mode)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that other users can reach; pytest's own are closed to them."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_read_only_store_is_read_and_not_written(shared: Path, clock: Clock) -> None:
    path = str(shared / "events.db")
    with Log.create(path, CODEC, make_record, clock) as log:
        note(log, "A", "x", at=0, command="1")
    with without_rights(shared, 0o444):
        assert verify_file(path).verdict == "intact-unanchored"
        with Reader(path) as reader:
            assert reader.head().position == 1
        with Log.open(path, CODEC, make_record, clock) as log, pytest.raises(StoreReadOnly):
            note(log, "A", "y", at=1, command="2")
        with pytest.raises(StoreReadOnly, match="cannot be opened"):
            sqlite.create(str(shared / "other.db"))
    assert verify_file(path).size == 1


def test_a_file_without_read_rights_is_refused(shared: Path) -> None:
    path = str(shared / "events.db")
    sqlite.create(path)
    with without_rights(shared, 0o000), pytest.raises(StoreReadOnly, match="permissions"):
        Reader(path)


def test_a_full_disk_is_told_and_loses_nothing(on_disk: Log[Record], path: str, clock: Clock) -> None:
    """SQLite's own page limit answers as a full disk does."""
    note(on_disk, "A", "x", at=0, command="1")
    connection = on_disk._appending._connection  # type: ignore[attr-defined]
    connection.execute("PRAGMA max_page_count=20")
    with pytest.raises(StoreUnwritable, match="the disk is full, nothing more was recorded"):
        note(on_disk, "A", *(["x" * 9000] * 20), at=1, command="2")
    assert on_disk.load("A", texts) == ("x",)
    connection.execute("PRAGMA max_page_count=2000000")
    note(on_disk, "A", *(["x" * 9000] * 20), at=1, command="2")
    assert verify_file(path).size == 21


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("roadlog.event_store.reading", ("eventsourcing", "orjson", "threading", "urllib")),
        ("roadlog.event_store.log", ("eventsourcing", "urllib", "psycopg")),
    ],
)
def test_what_reading_and_writing_import(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(absent) & set(done.stdout.split())


def test_what_cannot_be_folded_into_the_file_is_counted(
    on_disk: Log[Record], path: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_disk.held_back() == 0
    note(on_disk, "A", "x", at=0, command="1")
    monkeypatch.setattr(sqlite, "WAL_LIMIT", 0)
    assert on_disk.held_back() == 0
    with Reader(path) as reader, reader.snapshot():
        reader.head()
        note(on_disk, "A", *(["x" * 9000] * 20), at=1, command="2")
        assert on_disk.held_back() > 180_000
    assert on_disk.held_back() == 0


def test_counting_it_never_fails(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded is recorded, whatever the disk does afterwards."""
    monkeypatch.setattr(sqlite, "WAL_LIMIT", -1)
    sqlite.create(path)
    connection = sqlite.open_for_writing(path)
    connection.close()
    assert sqlite.held_back(connection, path) == 0


def test_what_somebody_wrote_meanwhile_is_noticed_by_who_says_as_of_when_he_decided(path: str) -> None:
    sqlite.create(path)

    def add(log: Log[Record], stream: str, at: int, as_of: int | None) -> Appended[Record]:
        mark = CommandMark(f"{stream} {at}", "digest")
        return log.append(
            [New(stream, "Noted", noted("x"))], expected={stream: at}, command=mark, as_of=as_of
        )

    clock = Clock()
    with (
        Log.open(path, CODEC, make_record, clock) as ours,
        Log.open(path, CODEC, make_record, clock) as theirs,
    ):
        as_of = ours.written_by_others()
        add(ours, "A", 0, as_of)
        add(ours, "A", 1, as_of)  # what one wrote oneself is no news
        add(theirs, "B", 0, None)
        with pytest.raises(WrittenMeanwhile):
            add(ours, "A", 2, as_of)
        assert add(ours, "A", 1, as_of).replayed  # a repeated command is answered before
        add(ours, "A", 2, ours.written_by_others())
        assert [record.stored.stream for record in ours.scan()] == ["A", "A", "B", "A"]
