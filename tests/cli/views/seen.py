"""What a person sees: a line's output at a width, and how wide its lines are."""

from __future__ import annotations

import re

from click.testing import CliRunner
from rich.cells import cell_len

from roadlog.cli.main import roadlog
from tests.cli.line import Line


def seen(line: Line, *args: str, columns: int = 100, by: str = "paula", exit_code: int = 0) -> str:
    """What the line prints, with the hashes of the head taken out, as they name who ran the test."""
    environ = {"ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": by, "COLUMNS": str(columns)}
    result = CliRunner(env=environ).invoke(roadlog, list(args))
    assert result.exit_code == exit_code, f"{args}: {result.exit_code} {result.stderr}"
    return re.sub(r"head [0-9a-f]{8}\b", "head HASH", result.stdout)


def widest(text: str) -> int:
    """Columns of the widest line, commands to copy left out."""
    return max(cell_len(each) for each in text.splitlines() if not each.strip().startswith("roadlog "))
