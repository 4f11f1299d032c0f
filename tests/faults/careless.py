"""Known-bad controls, most of them connections to SQLite; and connections that fold their log back sooner."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from time import sleep
from typing import Any
from unittest.mock import patch

from roadlog.projections import copies
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure, Place
from roadlog.upkeep import Upkeep


class Hasty(sqlite3.Connection):
    """No control: folds the write-ahead log into the file every few commands, so that a short work does."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        super().execute("PRAGMA wal_autocheckpoint=25")


class Boundless(sqlite3.Connection):
    """Never folds the write-ahead log into the file while it is open."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        super().execute("PRAGMA wal_autocheckpoint=0")


class Unsynced(Hasty):
    """Does not wait until a commit is on disk."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), parameters)


class WithoutTransactions(sqlite3.Connection):
    """Writes each row in a transaction of its own."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return super().execute("SELECT 1" if sql.startswith(("BEGIN", "COMMIT")) else sql, parameters)


class ProjectionsWithoutTransactions(sqlite3.Connection):
    """Writes the log as ever, and each row of the projections in a transaction of its own, slowly."""

    def __init__(self, database: Any, *given: Any, **named: Any) -> None:
        super().__init__(database, *given, **named)
        self._careless = "projections" in str(database)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        ignored = self._careless and sql.startswith(("BEGIN", "COMMIT"))
        return super().execute("SELECT 1" if ignored else sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        if self._careless:
            sleep(0.005)
        return super().executemany(sql, parameters)


class Deaf(sqlite3.Connection):
    """Does not hear that a commit failed."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError:
            if sql != "COMMIT":
                raise
            return super().execute("SELECT 1")


KINDS: dict[str, type[sqlite3.Connection]] = {
    kind.__name__: kind
    for kind in (Hasty, Boundless, Unsynced, WithoutTransactions, ProjectionsWithoutTransactions, Deaf)
}


@contextmanager
def connections(kind: str | None) -> Iterator[None]:
    """Every connection that is made meanwhile is of that kind; ours, where it is None."""
    if kind is None:
        yield
        return
    with patch("sqlite3.connect", partial(sqlite3.connect, factory=KINDS[kind])):
        yield


@contextmanager
def projections_as_they_are() -> Iterator[None]:
    """Where projections cannot be caught up, what they held before is the answer."""

    def as_they_are(self: Upkeep, _: Exception) -> Cache:
        memory = sqlite3.connect(":memory:", isolation_level=None)
        with closing(sqlite3.connect(f"file:{self._path}?immutable=1", uri=True)) as kept:
            kept.backup(memory)
        return Cache(memory, in_memory=True)

    with patch.object(Upkeep, "_made_good", as_they_are):
        yield


@contextmanager
def copies_unheard() -> Iterator[None]:
    """Whether a rebuild took the place of what was there, nobody asks."""
    copy_over = copies.copy_over

    def unheard(path: Place, held: Cache) -> None:
        with suppress(CacheFailure):
            copy_over(path, held)

    with patch.object(copies, "copy_over", unheard):
        yield
