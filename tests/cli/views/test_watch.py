"""`roadlog watch`: the log as it grows, whoever records."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from tests.cli.line import Line

ROADLOG = (sys.executable, "-c", "from roadlog.cli.main import main; main()")


def lines(text: str) -> list[Any]:
    return [json.loads(each) for each in text.splitlines()]


class Watch:
    """`roadlog watch`, as a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def told(self, count: int = 1) -> list[Any]:
        """So many records more."""
        assert self.process.stdout
        return [json.loads(self.process.stdout.readline()) for _ in range(count)]

    def interrupted(self) -> tuple[int, str, str]:
        """What it ends with on Ctrl-C: the exit code, and what it says besides."""
        self.process.send_signal(signal.SIGINT)
        said, complained = self.process.communicate(timeout=60)
        return self.process.returncode, said, complained


@pytest.fixture
def watching(line: Line) -> Iterator[Callable[..., Watch]]:
    """Starts `roadlog watch --json`; when the test is over, its pipes are closed, too."""
    with ExitStack() as started:

        def watch(*words: str) -> Watch:
            environ = {**os.environ, "ROADLOG_STORE": str(line.folder)}
            pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            process = subprocess.Popen([*ROADLOG, "watch", "--json", *words], env=environ, **pipes)
            started.enter_context(process)
            started.callback(process.kill)
            return Watch(process)

        yield watch


def test_watch_tells_records_as_they_land(line: Line, watching: Callable[..., Watch]) -> None:
    watch = watching("--position", "62")
    assert [each["position"] for each in watch.told(2)] == [63, 64]
    line("note", "SUP-1", "one")
    line("note", "SUP-2", "two")
    told = watch.told(2)
    assert [(each["position"], each["stream"], each["data"]["text"]) for each in told] == [
        (65, "SUP-1", "one"),
        (66, "SUP-2", "two"),
    ]
    assert watching("--position", "65").told() == told[1:]
    assert watch.interrupted() == (0, "", "")


def test_watch_begins_with_what_comes_unless_it_is_told_where(line: Line) -> None:
    assert lines(line("watch", "--json", "--position", "60", "--count", "2"))[1]["position"] == 62
    (said,) = line("watch", "--position", "63", "--count", "1").splitlines()
    assert said.startswith("#64  2026-")
    assert line.error("watch", "--position", "65")["exit"] == 4


def test_watch_holds_nothing_that_lets_the_log_grow(line: Line, watching: Callable[..., Watch]) -> None:
    watch = watching("--position", "63")
    watch.told()
    files = [line.folder / name for name in ("events.db", "projections.db")]
    for count in range(3):
        line("note", "SUP-1", f"note {count}")
        line("board")
        watch.told()
        for file in files:
            with closing(sqlite3.connect(file, timeout=0)) as connection:
                answer = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert answer[0] == 0, f"somebody reads an old state of {file.name}"
            wal = file.with_name(f"{file.name}-wal")
            assert not wal.exists() or wal.stat().st_size == 0


def test_a_log_that_became_shorter_ends_the_watch(line: Line, watching: Callable[..., Watch]) -> None:
    watch = watching("--position", "63")
    watch.told()
    with closing(sqlite3.connect(line.folder / "events.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM stored_events WHERE position > 60")
    _, complained = watch.process.communicate(timeout=60)
    assert watch.process.returncode == 4
    assert json.loads(complained)["error"]["rule"] == "missing"
