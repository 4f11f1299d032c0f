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

import pytest
from click.testing import Result
from freezegun import freeze_time

from roadlog.application import Application
from roadlog.verification import INTACT
from tests.cli.line import NOW, Line
from tests.faults import work

NOBODY = 65534
"""The user who owns nothing. Permissions mean nothing to root."""
READING = ("board", "show SUP-1", "gate SUP-1", "log", "next", "metrics", "projections check")
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


@pytest.mark.parametrize("modes", READABLE.values(), ids=READABLE)
def test_what_may_be_read_is_answered_and_what_may_not_be_written_is_told(
    line: Line, ask: Ask, modes: tuple[int, int]
) -> None:
    usual = {}
    for words in READING:
        copy = Line(Path(shutil.copytree(line.folder, line.folder.parent / "usual" / ".roadlog")))
        with freeze_time(NOW):
            usual[words] = copy.run(*words.split(), "--json").stdout
        shutil.rmtree(copy.folder.parent)
    before = digests(line.folder)
    close(line.folder, modes)
    for words in READING:
        assert ask(words).stdout == usual[words], words
    assert json.loads(ask("verify").stdout)["verdict"] == INTACT
    for words in WRITING:
        result = ask(words)
        assert told(result), (words, result.stderr)
        assert result.stdout == ""
    line.folder.chmod(0o755)
    assert {name: digest for name, digest in digests(line.folder).items() if name in before} == before
    assert set(digests(line.folder)) - set(before) <= {"directory.db"}


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


def test_what_a_killed_process_left_is_not_left_out(line: Line, ask: Ask) -> None:
    """Records that stand in the write-ahead log alone: they are read, or it is told that they cannot be."""
    aside = line.folder.parent / "aside"
    with Application.open(line.folder) as application:
        application.execute(work.PAULA, work.PROBLEM)
        shutil.copytree(line.folder, aside)
    shutil.rmtree(line.folder)
    aside.rename(line.folder)
    (line.folder / "events.db-shm").unlink()
    for name, modes in READABLE.items():
        close(line.folder, modes)
        result = ask("board")
        assert told(result) or len(json.loads(result.stdout)["initiatives"]) == 3, name
        line.folder.chmod(0o755)


def test_permissions_mean_nothing_to_root(line: Line) -> None:
    """The control: without becoming an ordinary user nothing of this would be tested."""
    close(line.folder, READABLE["all read-only"])
    assert line.run("note", "SUP-1", "x").exit_code == 0
