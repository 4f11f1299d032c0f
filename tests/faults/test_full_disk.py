"""A disk with no room, or some: what a command does then, and after space was freed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import Result
from freezegun import freeze_time

from roadlog import application as application_module
from roadlog.directory import Directory
from roadlog.verification.verdict import INTACT, verify
from tests.cli.line import NOW, Line
from tests.conftest import Figure, Times
from tests.faults import careless
from tests.faults.counts import ROOMS
from tests.faults.work import BATCH, LOG, log_of

PAGE = 4096
SIZE = 4 * 1024 * 1024
ROOMIEST = 160 * PAGE
FULL = re.compile(r"disk is full|No space left on device|no space left")
COLUMNS = "--case case --activity activity --time time --actor who"
RECORDING = (
    "note SUP-1 LONG",
    "stakeholder add zoe --role product --name Zoe",
    "define Late --problem LONG",
    f"import csv {LOG} {COLUMNS} --infer-workflow",
)
READING = (
    "board",
    "show SUP-1",
    "log --type NoteAdded",
    "gate SUP-1",
    "next",
    "search a",
    "projections check",
)
"""Whose answers are the same with room and without."""
OTHERS = ("verify", "projections status", "projections rebuild")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk cannot be mounted here: that takes root, and the right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose projections are some notes behind, and a log to import."""
    folder = tmp_path_factory.mktemp("seed")
    line = Line(folder / ".roadlog")
    with freeze_time(NOW):
        line("init", "--key", "SUP", "--name", "Support AI")
        line("define", "Reduce support load", "--problem", "Customers wait 9 hours for a first answer")
        line("board")
        for number in range(20):
            line("note", "SUP-1", f"{number} " * 100)
    (folder / LOG).write_text(log_of(40), encoding="utf-8")
    return folder


class Tried:
    """A command on a disk with so much room, and again when all of it is free."""

    def __init__(self, disk: Path, seed: Path, command: str, room: int) -> None:
        for each in disk.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        shutil.copytree(seed, disk, dirs_exist_ok=True)
        line, filler = Line(disk / ".roadlog"), disk / "filler"
        words = [{"LONG": "long " * 1500, LOG: str(disk / LOG)}.get(each, each) for each in command.split()]
        before = line.records()
        self.command = command
        filler.write_bytes(bytes(max(0, _room(disk) - room)))
        self.first = line.run(*words, "--json")
        filler.unlink()
        self.recorded = line.records() - before
        self.verdict = verify(line.folder, now=datetime.now(UTC))["verdict"]
        self.stand = line.json("projections", "status")["state"]
        self.again = line.run(*words, "--json")
        self.in_the_end = line.records() - before
        self.names = set(Directory.entries(line.folder))


def _room(disk: Path) -> int:
    left = os.statvfs(disk)
    return left.f_bavail * left.f_frsize


def rooms(count: int) -> list[int]:
    """From none to more than anything here needs, closer to each other where there is little."""
    return [ROOMIEST * step**2 // (count - 1) ** 2 for step in range(count)]


@pytest.fixture
def tried(disk: Path, seed: Path, tmp_path: Path) -> Iterator[Callable[[str, int], Tried]]:
    """Tries a command on the disk, where temporary files are, too."""
    with (
        freeze_time(NOW),
        patch.object(tempfile, "tempdir", str(disk)),
        patch.object(application_module, "BATCH", BATCH),
    ):
        yield lambda command, room: Tried(disk, seed, command, room)


Try = Callable[[str, int], Tried]


def refused(result: Result) -> bool:
    """Whether a command said that the disk is full, and nothing else went wrong."""
    if result.exit_code != 6:
        return False
    if result.stderr:
        assert result.stdout == ""
        said = json.loads(result.stderr)["error"]["message"]
    else:  # the answer of `verify`
        said = json.loads(result.stdout)["problems"][0]["found"]
    assert FULL.search(said), said
    return True


def is_refused_or_recorded(now: Tried, usual: Tried) -> bool:
    """Whether a command that records was refused; then nothing is lost, and the next try makes up for it."""
    full = refused(now.first)
    if full:
        assert now.in_the_end == usual.recorded
    else:
        assert (now.first.exit_code, now.recorded) == (0, usual.recorded)
    assert (now.verdict, now.names) == (INTACT, usual.names)
    assert now.again.exit_code == 0, now.again.stderr
    return full


@pytest.mark.parametrize("command", RECORDING)
def test_what_a_full_disk_does_not_take_is_said_and_taken_later(
    tried: Try, times: Times, figure: Figure, command: str
) -> None:
    usual = tried(command, SIZE)
    full = 0
    for room in rooms(times(ROOMS)):
        now = tried(command, room)
        full += is_refused_or_recorded(now, usual)
        if now.first.exit_code == 6 and not command.startswith("import"):
            assert now.recorded == 0
    figure(f"{times(ROOMS)} rooms, {full} too small: exit 6, nothing lost, resumed")
    assert 0 < full < times(ROOMS)


def is_refused_or_answered(now: Tried, usual: Tried) -> bool:
    """Whether a command that records nothing was refused; else it did what it does with room."""
    full = refused(now.first)
    if not full:
        assert now.first.exit_code == usual.first.exit_code, (now.first.stdout, now.first.stderr)
        assert now.first.stdout == usual.first.stdout or now.command in OTHERS
        assert now.stand == "current" or now.command != "projections rebuild"
    assert (now.verdict, now.recorded) == (INTACT, 0)
    assert now.again.stdout == usual.again.stdout
    return full


@pytest.mark.parametrize("command", [*READING, *OTHERS])
def test_what_is_asked_on_a_full_disk_is_answered_rightly_or_not_at_all(
    tried: Try, times: Times, figure: Figure, command: str
) -> None:
    usual = tried(command, SIZE)
    full = sum(is_refused_or_answered(tried(command, room), usual) for room in rooms(times(ROOMS)))
    figure(f"{times(ROOMS)} rooms, {full} too small: exit 6; all other answers the same")


@pytest.mark.parametrize(
    ("command", "judge", "carelessness"),
    [
        (RECORDING[0], is_refused_or_recorded, partial(careless.connections, "Deaf")),
        (RECORDING[-1], is_refused_or_recorded, partial(careless.connections, "Deaf")),
        ("show SUP-1", is_refused_or_answered, careless.projections_as_they_are),
        ("projections rebuild", is_refused_or_answered, careless.copies_unheard),
    ],
    ids=["recording", "importing", "catching up", "rebuilding"],
)
def test_who_does_not_hear_that_the_disk_is_full_is_found(
    tried: Try,
    command: str,
    judge: Callable[[Tried, Tried], bool],
    carelessness: Callable[[], AbstractContextManager[None]],
) -> None:
    """The controls: done or answered, it is said, what there was no room for."""
    usual = tried(command, SIZE)
    with carelessness(), pytest.raises(AssertionError):
        sum(judge(tried(command, room), usual) for room in rooms(2 * ROOMS.test))


def test_a_store_is_made_on_a_full_disk_whole_or_not_at_all(disk: Path, times: Times, figure: Figure) -> None:
    made = 0
    for room in rooms(times(ROOMS)):
        filler, folder = disk / "filler", disk / ".roadlog"
        filler.write_bytes(bytes(_room(disk) - room))
        first = Line(folder).run("init", "--key", "SUP", "--json")
        filler.unlink()
        if refused(first):
            assert list(disk.iterdir()) == [], room
        else:
            made += 1
            assert (first.exit_code, verify(folder, now=datetime.now(UTC))["verdict"]) == (0, INTACT)
            shutil.rmtree(folder)
    figure(f"{times(ROOMS)} rooms, {times(ROOMS) - made} too small: exit 6, nothing left behind")
    assert 0 < made < times(ROOMS)


def test_an_import_that_fills_the_disk_says_what_is_recorded(tried: Try) -> None:
    now = tried(RECORDING[-1], 200 * 1024)
    assert now.recorded > BATCH
    assert "What was recorded until then is whole; the same import again adds" in now.first.stderr
