"""The contestant's side: makes its stores, then does each work that it is asked for, and says the seconds.

It runs in the contestant's own environment and imports nothing but the standard library. Asked for a work by
a line with its name, it answers with a line: the seconds that the work alone took.
"""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol, TypeVar

TEXT = "The queue for refunds is handled by hand until the policy is in the dataset"
BY = "paula"
FULL = 2
"""`PRAGMA synchronous`, as a number."""
Key = TypeVar("Key")


class Task(NamedTuple):
    """How much work it is: stores of so many streams with so many events, and what is done to them.

    streams: of the stores that are appended to and read whole; each begins with `before` events
    commits: of one event each, round the streams
    each: events of a stream where many are appended at once, or all are read
    events: of the one stream that is loaded, `loads` times
    """

    streams: int
    before: int
    commits: int
    each: int
    events: int
    loads: int


class Contestant(Protocol[Key]):
    """One library at work. Every method opens the store in a folder, and closes it again.

    The works give the seconds between having opened it and having done the work.
    """

    def make(self, folder: Path, streams: int, each: int) -> list[Key]:
        """Makes a store in an empty folder, so many streams with so many events each; their keys."""

    def append(self, folder: Path, keys: list[Key], commits: int) -> float:
        """Notes, each loaded for, decided and committed by itself, going round the streams."""

    def append_many(self, folder: Path, streams: int, each: int) -> float:
        """So many events to each of so many new streams, in as few commits as the library has it."""

    def load(self, folder: Path, key: Key, times: int) -> float:
        """The state of one stream from all its events, so many times."""

    def read_all(self, folder: Path, streams: int, each: int) -> float:
        """Every event of a store of that size, read as what it is and counted; another count raises."""

    def project(self, folder: Path, streams: int, each: int) -> float:
        """Every event of a store of that size through the library's own projections."""


def answer(contestant: Contestant[Key]) -> None:
    """Serves until nobody asks any more. Takes the folder and the task from the command line."""
    folder, task = Path(sys.argv[1]), Task(**json.loads(sys.argv[2]))
    keys = contestant.make(_new(folder / "some"), task.streams, task.before)
    check_durable(folder / "some" / "default.db")
    whole = contestant.make(_new(folder / "whole"), 1, task.events)
    contestant.make(_new(folder / "many"), task.streams, task.each)
    works: dict[str, Callable[[Path], float]] = {
        "append": lambda place: contestant.append(_copy(folder / "some", place), keys, task.commits),
        "append-many": lambda place: contestant.append_many(place, task.streams, task.each),
        "load": lambda _: contestant.load(folder / "whole", whole[0], task.loads),
        "read-all": lambda _: contestant.read_all(folder / "many", task.streams, task.each),
        "project": lambda _: contestant.project(folder / "many", task.streams, task.each),
    }
    for line in sys.stdin:
        with TemporaryDirectory(dir=folder) as place:
            sys.stdout.write(f"{works[line.strip()](Path(place))}\n")
            sys.stdout.flush()


def check_durable(path: Path) -> None:
    """Raises where SQLite, left alone, does not wait for the disk: who leaves it alone would win by it."""
    with closing(sqlite3.connect(path)) as connection:
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    path.unlink(missing_ok=True)
    if synchronous < FULL:
        raise RuntimeError(
            "SQLite's default here is not synchronous=FULL, so that commits cannot be compared"
        )


def check_count(found: int, expected: int) -> None:
    """Raises when a contestant did not do its whole work."""
    if found != expected:
        raise RuntimeError(f"{found} events were read, not {expected}")


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _copy(store: Path, place: Path) -> Path:
    return Path(shutil.copytree(store, place, dirs_exist_ok=True))
