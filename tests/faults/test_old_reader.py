"""Somebody who goes on reading an older state while much is recorded: what grows on disk, and who is told."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from roadlog import application as application_module
from roadlog.event_store import appending, sqlite
from roadlog.event_store.reading import Reader
from tests.cli.line import Line
from tests.conftest import Figure, Times
from tests.faults import careless, checked, work
from tests.faults.counts import MEANWHILE

COLUMNS = ("--case", "case", "--activity", "activity", "--time", "time", "--actor", "who")
MEGABYTE = 1024 * 1024
TOLD = "cannot be folded into events.db, because some process still reads an older state"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(work.opened(tmp_path))


def recorded(line: Line, records: int) -> int:
    """Imports about so many records in short transactions; how large the write-ahead log was in the end."""
    log = line.folder.parent / work.LOG
    log.write_text(work.log_of(records // 7), encoding="utf-8")
    with patch.object(application_module, "BATCH", work.BATCH):
        line("import", "csv", str(log), *COLUMNS, "--infer-workflow")
    wal = line.folder / "events.db-wal"
    return wal.stat().st_size if wal.exists() else 0


@pytest.fixture
def meanwhile(times: Times, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many records; so many reach the limit from which on somebody is told."""
    records = times(MEANWHILE)
    monkeypatch.setattr(sqlite, "WAL_LIMIT", min(sqlite.WAL_LIMIT, records * 1600))
    return records


def beside_an_old_reader(line: Line, records: int) -> int:
    """They read on what they read at first, everybody is told, and nothing is left of it when they end."""
    with Reader(str(line.folder / work.EVENTS)) as reader, reader.snapshot():
        old = reader.head()
        size = recorded(line, records)
        told = line.run("note", "SUP-1", "Who reads?")
        assert told.exit_code == 0
        assert TOLD in told.stderr
        assert TOLD in line.json("note", "SUP-1", "Who reads?")["warnings"][0]
        assert line.json("board")["position"] > records * 0.9
        assert (reader.head(), len(list(reader.scan()))) == (old, old.position)
    assert line.run("note", "SUP-1", "They left").stderr == ""
    assert not (line.folder / "events.db-wal").exists()
    assert checked.faults(line.folder, {}) == []
    assert size > sqlite.WAL_LIMIT
    return size


def beside_another_reader(line: Line, records: int) -> int:
    """Nothing grows, and nobody is told, where somebody reads who looks at the present state."""
    with Reader(str(line.folder / work.EVENTS)) as reader:
        reader.head()
        size = recorded(line, records)
        assert line.run("note", "SUP-1", "Who reads?").stderr == ""
    assert size < min(sqlite.WAL_KEPT, sqlite.WAL_LIMIT)
    return size


def test_an_old_reader_keeps_its_state_and_everybody_is_told(
    line: Line, meanwhile: int, figure: Figure
) -> None:
    size = beside_an_old_reader(line, meanwhile)
    figure(
        f"{line.records():,} records beside an old reader: {size / MEGABYTE:,.0f} MiB of write-ahead log, "
        f"told from {sqlite.WAL_LIMIT / MEGABYTE:,.0f} MiB on, folded in when the reader ends"
    )


def test_without_an_old_reader_nothing_grows(line: Line, meanwhile: int, figure: Figure) -> None:
    size = beside_another_reader(line, meanwhile)
    figure(f"{line.records():,} records without: {size / MEGABYTE:,.0f} MiB")


def test_who_tells_nobody_is_found(line: Line, meanwhile: int) -> None:
    """A control: whatever grows, it is nothing."""
    with patch.object(appending, "held_back", lambda *_: 0), pytest.raises(AssertionError, match=TOLD):
        beside_an_old_reader(line, meanwhile)


def test_who_lets_the_log_grow_is_found(line: Line, meanwhile: int) -> None:
    """A control: the write-ahead log is not folded into the file, though nobody holds it back."""
    with careless.connections("Boundless"), pytest.raises(AssertionError):
        beside_another_reader(line, meanwhile)


def test_a_large_log_that_nobody_holds_back_is_no_warning(line: Line) -> None:
    """One transaction may be larger than the limit."""
    with patch.object(sqlite, "WAL_LIMIT", 0):
        assert line.run("note", "SUP-1", "Alone").stderr == ""
