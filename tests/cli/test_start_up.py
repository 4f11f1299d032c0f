"""What a reading with --json imports when there is nothing to catch up: it decides how long one waits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.cli.line import Line

SCRIPT = """
import sys
from roadlog.cli.main import roadlog
try:
    roadlog.main()
except SystemExit as leave:
    assert not leave.code, leave.code
print("\\n".join(sys.modules), file=sys.stderr)
"""
OURS = {
    "roadlog",
    "roadlog.cli",
    "roadlog.cli.arguments",
    "roadlog.cli.asking",
    "roadlog.cli.errors",
    "roadlog.cli.frame",
    "roadlog.cli.main",
    "roadlog.cli.output",
    "roadlog.cli.program",
    "roadlog.cli.questions",
    "roadlog.cli.story",
    "roadlog.cli.terminal",
    "roadlog.cli.times",
    "roadlog.domain",
    "roadlog.domain.moments",
    "roadlog.domain.refusals",
    "roadlog.event_store",
    "roadlog.event_store.errors",
    "roadlog.event_store.reading",
    "roadlog.event_store.records",
    "roadlog.event_store.sqlite",
    "roadlog.failures",
    "roadlog.machine",
    "roadlog.projections",
    "roadlog.projections.answers",
    "roadlog.projections.cache",
    "roadlog.projections.moment",
    "roadlog.reading",
    "roadlog.rows",
    "roadlog.store",
    "roadlog.upkeep",
}
"""Whoever adds a module here adds its time to every board."""
HEAVY = {
    "asyncio",
    "csv",
    "dateparser",
    "difflib",
    "eventsourcing",
    "hashlib",
    "rich",
    "secrets",
    "tomllib",
    "zoneinfo",
}
"""Modules of others that each cost milliseconds."""


def imported(folder: Path, *args: str) -> set[str]:
    """The modules that one run of the program imports, in a process of its own."""
    environ = {**os.environ, "ROADLOG_STORE": str(folder), "ROADLOG_ACTOR": "paula"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *args], env=environ, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_the_board_in_json_with_nothing_to_catch_up_imports_little(line: Line) -> None:
    line("projections", "rebuild")
    found = imported(line.folder, "board", "--json")
    assert {each for each in found if each.partition(".")[0] == "roadlog"} == OURS
    assert found & HEAVY == set()


def test_rows_whose_time_is_over_are_computed_once(line: Line) -> None:
    with freeze_time("2030-01-01"):
        line("projections", "rebuild")
    assert "roadlog.projections.kept" in imported(line.folder, "board", "--json")
    assert "roadlog.projections.kept" not in imported(line.folder, "board", "--json")


@pytest.mark.parametrize(
    "words", ["show SUP-1", "gate SUP-1", "next", "next --for paula", "log", "log SUP-1"]
)
def test_what_was_asked_before_imports_no_more_than_the_board(line: Line, words: str) -> None:
    line("projections", "rebuild")
    first, again = (imported(line.folder, *words.split(), "--json") for _ in range(2))
    assert ("roadlog.domain.events" in first) == (not words.startswith("log"))
    assert {each for each in again if each.partition(".")[0] == "roadlog"} == OURS
    assert again & HEAVY == set()


def test_people_s_board_imports_what_draws(line: Line) -> None:
    assert "rich" in imported(line.folder, "board")
