"""Somebody who goes on reading an older state while much is recorded: what grows on disk, and who is told."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from roadlog import application as application_module
from roadlog.event_store import sqlite
from roadlog.event_store.reading import Reader
from tests.cli.line import Line
from tests.faults import checked, work
from tests.faults.conftest import Figure, Times
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


def test_an_old_reader_keeps_its_state_and_everybody_is_told(
    line: Line, times: Times, figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAL_LIMIT", min(sqlite.WAL_LIMIT, times(MEANWHILE) * 1400))
    events = str(line.folder / work.EVENTS)
    with Reader(events) as reader, reader.snapshot():
        old = reader.head()
        size = recorded(line, times(MEANWHILE))
        told = line.run("note", "SUP-1", "Who reads?")
        assert told.exit_code == 0
        assert TOLD in told.stderr
        assert TOLD in line.json("note", "SUP-1", "Who reads?")["warnings"][0]
        assert line.json("board")["position"] > times(MEANWHILE) * 0.9
        assert (reader.head(), len(list(reader.scan()))) == (old, old.position)
    assert line.run("note", "SUP-1", "They left").stderr == ""
    assert not (line.folder / "events.db-wal").exists()
    assert checked.faults(line.folder, {}) == []
    figure(
        f"{line.records():,} records beside an old reader: {size / MEGABYTE:,.0f} MiB of write-ahead log, "
        f"told from {sqlite.WAL_LIMIT / MEGABYTE:,.0f} MiB on, folded in when the reader ends"
    )
    assert size > sqlite.WAL_LIMIT


def test_without_an_old_reader_nothing_grows(line: Line, times: Times, figure: Figure) -> None:
    """The control: the same records, and a reader who looks at the present state."""
    with Reader(str(line.folder / work.EVENTS)) as reader:
        reader.head()
        size = recorded(line, times(MEANWHILE))
        assert line.run("note", "SUP-1", "Who reads?").stderr == ""
    figure(f"{line.records():,} records without: {size / MEGABYTE:,.0f} MiB")
    assert size < sqlite.WAL_KEPT


def test_a_large_log_that_nobody_holds_back_is_no_warning(line: Line) -> None:
    """One transaction may be larger than the limit."""
    with patch.object(sqlite, "WAL_LIMIT", 0):
        assert line.run("note", "SUP-1", "Alone").stderr == ""
