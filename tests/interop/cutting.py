"""Imports that are cut short: between two transactions, or killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from roadlog.application import Application
from roadlog.event_store.verify import verify_file
from tests.interop.logs import Store

ROOT = Path(__file__).parents[2]


class Stopped(Exception):
    """The power went off."""


def cut_short(batches: int, imports: Callable[[], object]) -> None:
    """Carries out an import that ends after so many transactions."""
    record = Application.record_history

    def few(self, *events):  # type: ignore[no-untyped-def]
        for number, each in enumerate(record(self, *events), start=1):
            yield each
            if number == batches:
                raise Stopped

    with patch.object(Application, "record_history", few), pytest.raises(Stopped):
        imports()


IMPORT = """
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from roadlog import application
from roadlog.application import Application, Wish
from roadlog.event_store.appending import Appender
from roadlog.interop import csv_log, jira_log
from roadlog.interop.importing import import_log
from roadlog.interop.preparation import Choices
application.BATCH = 50
careless = sys.argv[3:] == ["careless"]  # writes without its transaction

def tell(place):
    print(place, flush=True)
    sys.stdin.readline()

def growing(self, cursor, *given, grow=Appender._grow_tree):
    if careless:
        cursor.execute("COMMIT")
    tell("within")
    if careless:
        cursor.execute("BEGIN")
    return grow(self, cursor, *given)

def waiting(what):
    return nullcontext((lambda *_: tell("after")) if what == "Recording" else None)

Appender._grow_tree = growing
file, now = Path(sys.argv[2]), datetime.now(UTC)
columns = csv_log.Columns(case="case", activity="activity", time="time", actor="who")
history = jira_log.log([file], now=now) if file.suffix == ".json" else csv_log.log([file], columns, now=now)
with Application.open(Path(sys.argv[1])) as opened:
    import_log(opened, history, Choices(infer_workflow=True), Wish(actor="paula"), bars=waiting)
"""
"""An import that waits for a line within each transaction, its records written, and after each."""


def killed(store: Store, path: Path, place: str, batch: int, *careless: str) -> str:
    """The verdict on the log after an import was killed within, or after, its transaction of that number."""
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(store.store), str(path), *careless],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        met = 0
        while met < batch:
            told = process.stdout.readline().strip()
            assert told in ("within", "after")
            met += told == place
            if met < batch:
                process.stdin.write("\n")
                process.stdin.flush()
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    return str(verify_file(str(store.store / "events.db")).verdict)
