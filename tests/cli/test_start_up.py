"""What a command imports decides how long one waits for it: nothing but what is listed in `allowed.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.cli.allowed import OTHERS, OURS
from tests.cli.line import Line

SCRIPT = """
import sys
from roadlog.cli.main import roadlog
try:
    roadlog.main()
except SystemExit as leave:
    assert not leave.code, leave.code
print(*sys.modules, file=sys.stderr)
"""
BARE = "import click, sqlite3, orjson, sys; print(*sys.modules)"
TYPED = {
    "help": ("--help",),
    "board": ("board", "--json"),
    "log": ("log", "--json"),
    "diff": ("diff", "3", "now", "--json"),
    "gate": ("gate", "SUP-1", "--json"),
    "show": ("show", "SUP-1", "--json"),
    "next": ("next", "--json"),
    "digest": ("digest", "--for", "paula", "--after", "8", "--json"),
    "search": ("search", "support", "--json"),
    "note": ("note", "SUP-1", "x"),
}


def imported(folder: Path, *args: str) -> set[str]:
    """The modules that one run of the program imports, in a process of its own."""
    environ = {**os.environ, "ROADLOG_STORE": str(folder), "ROADLOG_ACTOR": "paula"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *args], env=environ, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.fixture(scope="module")
def bare() -> set[str]:
    """The packages that a process has which only imports click, sqlite3 and orjson."""
    done = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True)
    return {each.partition(".")[0] for each in done.stdout.split()}


def beyond(command: str, found: set[str], bare: set[str]) -> set[str]:
    """What a command imported and may not. Insides of packages, named with an underscore, do not count."""
    ours = {each for each in found if each.startswith("roadlog.")}
    packages = {each.partition(".")[0] for each in found - ours} - bare - {"roadlog"}
    return {each.removeprefix("roadlog.") for each in ours} - set(OURS[command].split()) | {
        each for each in packages - set(OTHERS[command].split()) if not each.startswith("_")
    }


@pytest.mark.parametrize("command", TYPED)
def test_asked_again_it_imports_only_what_is_listed(command: str, line: Line, bare: set[str]) -> None:
    line("projections", "rebuild")
    imported(line.folder, *TYPED[command])
    found = imported(line.folder, *TYPED[command])
    assert beyond(command, found, bare) == set()


@pytest.mark.parametrize("question", ["gate", "show", "next", "digest"])
def test_a_question_that_nobody_asked_before_takes_the_domain(
    question: str, line: Line, bare: set[str]
) -> None:
    line("projections", "rebuild")
    assert beyond(question, imported(line.folder, *TYPED[question]), bare) >= {"msgspec", "domain.gate"}


@pytest.mark.parametrize(
    ("typed", "unlisted"),
    [
        (("board",), {"rich", "cli.views", "cli.views.board"}),
        (("board", "--json", "--as-of", "2 days ago"), {"dateparser"}),
        (("board", "--json", "--position", "8"), {"msgspec", "domain.evolve"}),
        (("digest", "--json", "--after", "7"), {"msgspec", "domain.events", "projections.happened"}),
        (("digest", "--after", "8"), {"rich", "cli.views.digest"}),
    ],
)
def test_what_is_not_listed_is_found(
    typed: tuple[str, ...], unlisted: set[str], line: Line, bare: set[str]
) -> None:
    line("projections", "rebuild")
    assert beyond("board", imported(line.folder, *typed), bare) >= unlisted


@pytest.mark.parametrize("typed", [("--help",), ("risk", "--help"), ("--version",)])
def test_help_imports_no_command(typed: tuple[str, ...], tmp_path: Path, bare: set[str]) -> None:
    found = imported(tmp_path, *typed)
    assert beyond("help", found, bare) == set()
    assert found & {"sqlite3", "orjson", "dataclasses"} == set()


def test_rows_whose_time_is_over_are_computed_once(line: Line) -> None:
    with freeze_time("2030-01-01"):
        line("projections", "rebuild")
    assert "roadlog.projections.kept" in imported(line.folder, "board", "--json")
    assert "roadlog.projections.kept" not in imported(line.folder, "board", "--json")
