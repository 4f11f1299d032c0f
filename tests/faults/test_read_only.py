"""A store that may not be written, or not even be looked at, by an ordinary user."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import pytest
from click.testing import Result
from freezegun import freeze_time

from roadlog.application import Application
from roadlog.event_store import sqlite
from roadlog.verification.verdict import INTACT
from tests.cli.line import NOW, Line
from tests.faults import careless, work

NOBODY = 65534
"""The user who owns nothing. Permissions mean nothing to root."""
READING = (
    "board",
    "show SUP-1",
    "gate SUP-1",
    "log",
    "next",
    "digest",
    "metrics",
    "audit SUP-1 --control soc2",
    "search behind",
    "projections check",
)
WRITING = (
    "note SUP-1 x",
    "stakeholder add zoe --role product --name Zoe",
    "undo --because mistake",
    "projections rebuild",
    "import csv LOG --case case --activity activity --time time --infer-workflow",
)
READABLE = {
    "all read-only": (0o555, 0o444),
    "folder read-only": (0o555, 0o666),
    "files read-only": (0o777, 0o444),
}
CLOSED = {"files closed": (0o755, 0o000), "folder closed": (0o000, 0o644)}
TOLD = re.compile(r"may not be written|cannot be opened|cannot be read|unable to open|readonly database")

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="acting as an ordinary user takes root")
pytestmark = needs_root


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user reaches; pytest's own are closed to others."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def line(place: Path) -> Line:
    """A store whose projections are a note behind."""
    with freeze_time("2026-03-02T09:00:00Z"):
        line = Line(work.opened(place))
        line("board")
        line("note", "SUP-1", "behind")
    (place / work.LOG).write_text(work.log_of(3), encoding="utf-8")
    return line


Ask = Callable[[str], Result]


@pytest.fixture
def ask(line: Line, place: Path) -> Ask:
    """What comes of a command; all of it was asked of a copy before, so that nothing must be imported."""

    def asked(line: Line, words: str) -> Result:
        with freeze_time(NOW):
            return line.run(
                *[str(place / work.LOG) if each == "LOG" else each for each in words.split()], "--json"
            )

    for words in (*READING, *WRITING, "verify"):
        copy = Line(Path(shutil.copytree(line.folder, place / "copy" / ".roadlog")))
        assert asked(copy, words).exit_code == (words == "verify")
        shutil.rmtree(place / "copy")

    def ask(words: str) -> Result:
        os.seteuid(NOBODY)
        try:
            return asked(line, words)
        finally:
            os.seteuid(0)

    return ask


def close(folder: Path, modes: tuple[int, int]) -> None:
    for each in folder.iterdir():
        each.chmod(modes[1])
    folder.chmod(modes[0])


def digests(folder: Path) -> dict[str, str]:
    """What is there, but for what SQLite keeps beside a file while it is read."""
    return {
        each.name: sha256(each.read_bytes()).hexdigest()
        for each in folder.iterdir()
        if each.stat().st_size and not each.name.endswith("-shm")
    }


def told(result: Result) -> bool:
    return result.exit_code == 6 and bool(TOLD.search(json.loads(result.stderr)["error"]["message"]))


@pytest.fixture
def usual(line: Line) -> dict[str, str]:
    """What is answered where all may be written."""
    answers = {}
    for words in READING:
        copy = Line(Path(shutil.copytree(line.folder, line.folder.parent / "usual" / ".roadlog")))
        with freeze_time(NOW):
            answers[words] = copy.run(*words.split(), "--json").stdout
        shutil.rmtree(copy.folder.parent)
    return answers


@pytest.mark.parametrize("modes", READABLE.values(), ids=READABLE)
def test_what_may_be_read_is_answered_and_what_may_not_be_written_is_told(
    line: Line, usual: dict[str, str], ask: Ask, modes: tuple[int, int]
) -> None:
    before = digests(line.folder)
    close(line.folder, modes)
    assert {words: ask(words).stdout for words in READING} == usual
    assert json.loads(ask("verify").stdout)["verdict"] == INTACT
    for words in WRITING:
        result = ask(words)
        assert told(result), (words, result.stderr)
        assert result.stdout == ""
    line.folder.chmod(0o755)
    assert {name: digest for name, digest in digests(line.folder).items() if name in before} == before
    assert set(digests(line.folder)) - set(before) <= {"directory.db"}


def test_who_answers_from_what_cannot_be_caught_up_is_found(
    line: Line, usual: dict[str, str], ask: Ask
) -> None:
    """A control: the projections, a note behind, are believed where they may not be written."""
    close(line.folder, READABLE["all read-only"])
    with careless.projections_as_they_are():
        assert {words for words in READING if ask(words).stdout != usual[words]} >= {"show SUP-1", "log"}


@pytest.mark.parametrize("modes", CLOSED.values(), ids=CLOSED)
def test_what_may_not_be_looked_at_is_told(line: Line, ask: Ask, modes: tuple[int, int]) -> None:
    before = digests(line.folder)
    close(line.folder, modes)
    for words in (*READING, *WRITING):
        result = ask(words)
        assert told(result), (words, result.stderr)
    assert ask("verify").exit_code == 6
    assert ask("init").exit_code == 5
    line.folder.chmod(0o755)
    assert digests(line.folder) == before


@pytest.fixture
def killed(line: Line) -> Line:
    """A store in which a killed process left a third initiative, in the write-ahead log alone."""
    aside = line.folder.parent / "aside"
    with Application.open(line.folder) as application:
        application.execute(work.PAULA, work.PROBLEM)
        shutil.copytree(line.folder, aside)
    shutil.rmtree(line.folder)
    aside.rename(line.folder)
    (line.folder / "events.db-shm").unlink()
    return line


def left_out(killed: Line, ask: Ask) -> list[str]:
    """Where what the killed process left is not read, and nobody is told."""
    found = []
    for name, modes in READABLE.items():
        close(killed.folder, modes)
        result = ask("board")
        if not told(result) and len(json.loads(result.stdout)["initiatives"]) != 3:
            found.append(name)
        killed.folder.chmod(0o755)
    return found


def test_what_a_killed_process_left_is_read_or_it_is_told_that_it_cannot_be(ask: Ask, killed: Line) -> None:
    assert left_out(killed, ask) == []


def test_who_reads_the_file_alone_is_found(ask: Ask, killed: Line) -> None:
    """A control: what may not be written is taken for a store that nobody was writing."""
    with patch.object(sqlite, "_size", lambda _: 0):
        assert left_out(killed, ask) == ["all read-only", "folder read-only"]


def test_permissions_mean_nothing_to_root(line: Line) -> None:
    """A control: without becoming an ordinary user nothing of this would be tested."""
    close(line.folder, READABLE["all read-only"])
    assert line.run("note", "SUP-1", "x").exit_code == 0
