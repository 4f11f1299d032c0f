"""Typing a line: runs `roadlog` in this process, on one store, as one person, and keeps what it said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from roadlog.cli.main import roadlog as program

NOW = "2026-03-18T15:30:00Z"


class Line:
    """A terminal. `line("note", "SUP-1", "hi", by="dan")` gives what it prints; it must exit 0."""

    def __init__(self, folder: Path, *, named: bool = True) -> None:
        self.folder = folder
        self._named = str(folder) if named else None

    def run(self, *args: str, by: str = "paula", typed: str | None = None) -> Result:
        """Whatever comes of it."""
        environ = {"ROADLOG_STORE": self._named, "ROADLOG_ACTOR": by, "NO_COLOR": "1", "COLUMNS": "100"}
        return CliRunner(env=environ).invoke(program, list(args), input=typed)

    def __call__(self, *args: str, by: str = "paula") -> str:
        """What a line that succeeds prints."""
        result = self.run(*args, by=by)
        assert result.exit_code == 0, f"{args}: {result.exit_code} {result.stderr}"
        return result.stdout

    def json(self, *args: str, by: str = "paula") -> Any:
        """What a line that succeeds answers in JSON."""
        return json.loads(self(*args, "--json", by=by))

    def fails(self, code: int, *args: str, by: str = "paula") -> str:
        """What a line that fails with this exit code says on stderr; stdout stays empty."""
        result = self.run(*args, by=by)
        assert result.exit_code == code, f"{args}: {result.exit_code} {result.stdout}{result.stderr}"
        assert result.stdout == ""
        return result.stderr

    def error(self, *args: str, by: str = "paula") -> dict[str, Any]:
        """The error object of a line that fails; its `exit` is the exit code."""
        result = self.run(*args, "--json", by=by)
        assert result.stdout == ""
        said: dict[str, Any] = json.loads(result.stderr)
        assert list(said) == ["error"]
        error: dict[str, Any] = said["error"]
        assert error["exit"] == result.exit_code
        assert all(each.startswith("roadlog ") for each in error["try"]), error["try"]
        return error

    def records(self) -> int:
        """How many records the log holds."""
        import sqlite3

        connection = sqlite3.connect(self.folder / "events.db")
        try:
            return int(connection.execute("SELECT count(*) FROM stored_events").fetchone()[0])
        finally:
            connection.close()
