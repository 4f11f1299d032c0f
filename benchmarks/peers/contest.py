"""The contest: roadlog and one peer at a time at the same work, in turn, each in a process of its own.

A note is the event: 75 characters and who wrote them. Each takes it in with what it stores by itself:
roadlog an envelope of 490 bytes, a leaf and its part of the tree, the others their ids and times. All write
to SQLite with WAL and `synchronous=FULL`, on the same disk; all read from a warm cache. Where a peer has two
ways it goes the faster one; what it cannot do likewise is said in its own module. Roadlog's own projections
are all that it has, into a file; a peer's is a counter.

A peer that is not installed is not measured, and the table says so: `make peers` installs them.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from benchmarks.command import plain_environ
from benchmarks.figures import Figure, Group, Size
from benchmarks.peers.answering import Task
from benchmarks.timing import in_turn, over

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / "build" / "peers"
PYTHON = INSTALLED / "python" / "bin" / "python"
NODE = INSTALLED / "node"
ABSENT = "not installed; make peers"

WORKS = {
    "append": "durable appends a second, one event a commit, each decided on its loaded stream",
    "append-many": "events appended a second, many at once",
    "load": "loads a second of a stream of 1,000 events, folded",
    "read-all": "events read a second, all of the store, each as what it is",
    "project": "events a second through its own projections",
}
TURNS = {"append": 4}
"""Rounds in place of one, each of a fraction of the commits: the disk changes its pace quickly."""
PEERS = ("eventsourcing", "eventsource-py", "emmett")


def _figure(peer: str, work: str) -> Figure:
    what = f"{WORKS[work]}: roadlog ÷ {peer}"
    return Figure(name=f"{peer}-{work}", what=what, bound="at least", limit=None, aim=2.0)


FIGURES = tuple(_figure(peer, work) for peer in PEERS for work in WORKS)


class Failed(Exception):
    """A contestant gave up; what it said last."""


class Contestant(NamedTuple):
    """A process that does works when it is asked, and what it says on the side."""

    process: subprocess.Popen[str]
    complaint: IO[bytes]

    def seconds(self, work: str) -> float:
        """What a work took. Raises Failed."""
        try:
            print(work, file=self.process.stdin, flush=True)
            return float(json.loads(self.process.stdout.readline() if self.process.stdout else ""))
        except (BrokenPipeError, json.JSONDecodeError) as error:
            self.process.wait()
            self.complaint.seek(0)
            said = self.complaint.read().decode(errors="replace").split("\n")
            raise Failed(
                next((line for line in reversed(said) if line.strip()), "it said nothing")
            ) from error


def _measure(folder: Path, size: Size, rounds: int) -> Mapping[str, Sequence[float] | str]:
    values: dict[str, Sequence[float] | str] = {}
    for peer in PEERS:
        command = command_of(peer)
        found = command if isinstance(command, str) else _contest(folder / peer, peer, command, size, rounds)
        for work in WORKS:
            values[f"{peer}-{work}"] = found if isinstance(found, str) else found[work]
    return values


def command_of(name: str) -> list[str] | str:
    """How a contestant is started; why it cannot be, where it cannot."""
    script = Path(__file__).with_name("with_emmett.mjs")
    match name:
        case "roadlog":
            return [sys.executable, "-m", "benchmarks.peers.with_roadlog"]
        case "emmett":
            node = shutil.which("node")
            if node is None:
                return "node is not installed"
            return [node, str(script)] if (NODE / "node_modules").exists() else ABSENT
        case _:
            module = f"benchmarks.peers.with_{name.replace('-', '_')}"
            return [str(PYTHON), "-m", module] if PYTHON.exists() else ABSENT


def _contest(
    folder: Path, peer: str, command: list[str], size: Size, rounds: int
) -> dict[str, list[float]] | str:
    roadlog = command_of("roadlog")
    task = Task(
        streams=10,
        before=20,
        commits=size.commits // TURNS["append"] or 1,
        each=size.records * 10,
        events=size.events,
        loads=size.loads,
    )
    values = {}
    try:
        with (
            started(list(roadlog), folder / "roadlog", task) as ours,
            started(command, folder / peer, task) as theirs,
        ):
            for work in WORKS:
                turns = {"ours": partial(ours.seconds, work), "theirs": partial(theirs.seconds, work)}
                taken = in_turn(turns, rounds * TURNS.get(work, 1))
                values[work] = over(taken["theirs"], taken["ours"])
    except Failed as error:
        return str(error)
    return values


@contextmanager
def started(command: list[str], folder: Path, task: Task) -> Iterator[Contestant]:
    """A contestant with a folder of its own; it ends when nobody asks any more."""
    folder.mkdir(parents=True)
    given = [str(folder), json.dumps(task._asdict()), str(NODE)]
    with (
        TemporaryFile() as complaint,
        subprocess.Popen(
            [*command, *given],
            cwd=ROOT,
            env=plain_environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaint,
            text=True,
        ) as process,
    ):
        yield Contestant(process, complaint)


GROUP = Group(name="peers", figures=FIGURES, rounds=5, measure=_measure)
