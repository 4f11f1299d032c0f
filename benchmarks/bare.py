"""Bare SQLite: the rows of a log read and written with nothing of roadlog's in between.

What roadlog takes is divided by what this takes, which stays where it is when roadlog becomes slower.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

Row = tuple[int, str, int, str, str, bytes]
"""Position, stream, version, type, recorded time, bytes."""

COLUMNS = "position, originator_id, originator_version, topic, recorded_at, state"
TABLE = """
CREATE TABLE stored_events (
    position           INTEGER PRIMARY KEY,
    originator_id      TEXT    NOT NULL,
    originator_version INTEGER NOT NULL,
    topic              TEXT    NOT NULL,
    recorded_at        TEXT    NOT NULL,
    state              BLOB    NOT NULL,
    UNIQUE (originator_id, originator_version)
) STRICT
"""
"""The table of roadlog's log without the leaf, and without the tree and the commands beside it."""
INSERT = f"INSERT INTO stored_events ({COLUMNS}) VALUES (?,?,?,?,?,?)"
SELECT = f"SELECT {COLUMNS} FROM stored_events ORDER BY position"
SELECT_STREAM = f"SELECT {COLUMNS} FROM stored_events WHERE originator_id = ? ORDER BY originator_version"


@contextmanager
def new_file(folder: Path) -> Iterator[sqlite3.Connection]:
    """An empty table in a file that is gone afterwards; each commit is on disk when it returns."""
    with TemporaryDirectory(dir=folder) as place, opened(Path(place) / "bare.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(TABLE)
        yield connection


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A file, without transactions but those that are begun."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def rows(path: Path) -> list[Row]:
    """The rows of a log, in order."""
    with opened(path) as connection:
        return connection.execute(SELECT).fetchall()


def insert_each(connection: sqlite3.Connection, new: Sequence[Row]) -> None:
    """One commit a row."""
    for row in new:
        connection.execute(INSERT, row)


def insert_many(connection: sqlite3.Connection, new: Sequence[Row], together: int) -> None:
    """So many rows a commit, and the file closed, which folds the write-ahead log into it."""
    for start in range(0, len(new), together):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, new[start : start + together])
        connection.execute("COMMIT")
    connection.close()
