"""What a refusal has to be: its exit code, its words, one error object, and a store left as it was."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from tests.cli.line import Line

Damage = Callable[[Path], None]


def digest(folder: Path) -> dict[str, str]:
    """Every file of the store but the projections, and what SQLite keeps beside a file that is open."""
    kept = (each for each in folder.rglob("*") if each.is_file() and "projections" not in each.name)
    return {
        each.name: sha256(each.read_bytes()).hexdigest()
        for each in kept
        if not each.name.endswith("-shm") and each.stat().st_size
    }


def refused(line: Line, code: int, *args: str, by: str = "paula") -> dict[str, object]:
    """The error object of a line; as text it says the same, and the store is left as it was."""
    before = digest(line.folder)
    said, error = line.fails(code, *args, by=by), line.error(*args, by=by)
    assert digest(line.folder) == before
    assert list(error) == ["exit", "rule", "message", "missing", "try"]
    assert error["exit"] == code
    assert "defect" not in said
    assert "\nTry: roadlog" in said
    assert error["try"]
    return error


def typed(line: Line, words: str, *, before: str = "") -> subprocess.CompletedProcess[str]:
    """A line typed at a shell, in a process of its own; `before` is Python that it runs first."""
    environ = {**os.environ, "ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "paula", "NO_COLOR": "1"}
    code = f"{before}\nfrom roadlog.cli.main import main\nmain()"
    command = f"exec {sys.executable} -c '{code}' {words}"
    return subprocess.run(
        ["bash", "-c", command], env=environ, capture_output=True, text=True, timeout=10, check=False
    )


def edited(*statements: str) -> Damage:
    """By somebody with write access and the patience to drop the triggers first."""

    def damage(events: Path) -> None:
        with closing(sqlite3.connect(events, isolation_level=None)) as store:
            for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                store.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                store.execute(statement)

    return damage
