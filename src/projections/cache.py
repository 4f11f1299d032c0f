"""The projections' own file: folded states, board rows and trail entries, and the position they stand at.

It can be deleted at any time: everything in it is computed from the records. The only place of the read side
that speaks SQL.
"""

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Self
from zlib import crc32

import roadlog

VERSION = f"{roadlog.__version__}/7"
"""What is stored and how: the program's version, and a number for changes in between. Another: build anew."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (
    only INTEGER PRIMARY KEY CHECK (only = 1), version TEXT, position INTEGER, leaf TEXT
);
CREATE TABLE IF NOT EXISTS states (stream TEXT PRIMARY KEY, state BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    number INTEGER PRIMARY KEY, key TEXT UNIQUE, age_from TEXT, good_from TEXT, good_until TEXT, row TEXT
);
CREATE TABLE IF NOT EXISTS trail (
    position INTEGER PRIMARY KEY, stream TEXT, type TEXT, actor TEXT, effective_at INTEGER, voids INTEGER,
    about TEXT, entry TEXT
);
CREATE TABLE IF NOT EXISTS answers (
    question TEXT PRIMARY KEY, good_from TEXT, good_until TEXT, answer TEXT
) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS trail_stream ON trail (stream, position);
CREATE INDEX IF NOT EXISTS trail_about ON trail (about, position) WHERE about IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_voids ON trail (voids) WHERE voids IS NOT NULL;
"""
ROWS, TRAIL, ANSWERS = "rows", "trail", "answers"
TABLES = ("states", ROWS, TRAIL)
"""What a fold from zero fills."""
KEPT = (*TABLES, ANSWERS)
"""Those, and what was answered since, for whoever asks again."""
WAIT = 5.0
"""Seconds to wait for another process that is catching up."""

UNUSABLE = frozenset(
    {
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""What SQLite says of a file that cannot be used here and now, whatever it holds."""

Row = tuple[Any, ...]
Place = str | os.PathLike[str]


class NoRoom(Exception):
    """There is no space to copy the projections to, where they can be looked at."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether what the file holds is to blame, so that building it anew helps."""
    return (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF) not in UNUSABLE


def is_full(error: Exception) -> bool:
    """Whether a disk without space is to blame."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class Cache:
    """One projections file, or the same tables in memory where no file can be written."""

    def __init__(
        self, connection: sqlite3.Connection, *, in_memory: bool = False, indexed: bool = True
    ) -> None:
        self.connection = connection
        self.is_in_memory = in_memory
        connection.executescript(SCHEMA)
        if indexed:
            self.index()

    @classmethod
    def open(cls, path: Place, *, wait: float = WAIT) -> Self:
        """Raises sqlite3.Error where the file cannot be opened or written, or is no database."""
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            return cls(connection)
        except sqlite3.Error:
            connection.close()
            raise

    @classmethod
    def scratch(cls, path: Place) -> Self:
        """A file to fill from nothing and then copy: no journal, no waiting for the disk, no index yet."""
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            return cls(connection, indexed=False)
        except sqlite3.Error:
            connection.close()
            raise

    def index(self) -> None:
        """Makes the indexes: of many entries at once, when they are all there, they cost a third."""
        self.connection.executescript(INDEXES)

    @classmethod
    def in_memory(cls) -> Self:
        return cls(sqlite3.connect(":memory:", isolation_level=None), in_memory=True)

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        """From here on nobody else catches up; what is written shows all at once at `commit`."""
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def hold(self) -> tuple[int, str] | None:
        """The mark, after which everything is read as it stands now, until `rollback` or `close`."""
        self.connection.execute("BEGIN")
        return self.mark()

    def mark(self) -> tuple[int, str] | None:
        """The position folded and its leaf; None when nothing of this version was folded."""
        row = self.connection.execute("SELECT version, position, leaf FROM mark").fetchone()
        return (row[1], row[2]) if row and row[0] == VERSION else None

    def set_mark(self, position: int, leaf: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?)", (VERSION, position, leaf))

    def clear(self) -> None:
        for table in ("mark", *KEPT):
            self.connection.execute(f"DELETE FROM {table}")

    def state(self, stream: str) -> bytes | None:
        row = self.connection.execute("SELECT state FROM states WHERE stream = ?", (stream,)).fetchone()
        return row[0] if row else None

    def states(self) -> Iterator[tuple[str, bytes]]:
        """Every stream's folded state."""
        yield from self.connection.execute("SELECT stream, state FROM states")

    def put_states(self, states: Iterable[tuple[str, bytes]]) -> None:
        self.connection.executemany("INSERT OR REPLACE INTO states VALUES (?, ?)", states)

    def rows(self) -> list[Row]:
        """Board rows in key order: (key, age from, good from, good until, row as JSON)."""
        found = self.connection.execute(
            "SELECT key, age_from, good_from, good_until, row FROM rows ORDER BY number"
        )
        return [(*rest, _unsealed(row)) for *rest, row in found]

    def has(self, key: str) -> bool:
        """Whether there is an initiative of that key."""
        return self.connection.execute("SELECT 1 FROM rows WHERE key = ?", (key,)).fetchone() is not None

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Each (number, key, age from, good from, good until or None, row as JSON)."""
        found = ((*rest, sealed(row)) for *rest, row in rows)
        self.connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", found)

    def put_trail(self, entries: Iterable[Row], links: Iterable[Row]) -> None:
        """Each entry (position, stream, type, actor, effective time), without its line yet.

        Each link (position voided or None, initiative that a consent of the roadmap's own stream is about or
        None, position): few entries have one, and binding a None costs more than a value.
        """
        columns = "position, stream, type, actor, effective_at"
        self.connection.executemany(
            f"INSERT OR REPLACE INTO trail ({columns}) VALUES (?, ?, ?, ?, ?)", entries
        )
        self.connection.executemany("UPDATE trail SET voids = ?, about = ? WHERE position = ?", links)

    def put_lines(self, lines: Iterable[tuple[int, str]]) -> None:
        """Each (position, line as JSON)."""
        found = ((sealed(line), position) for position, line in lines)
        self.connection.executemany("UPDATE trail SET entry = ? WHERE position = ?", found)

    def told(self) -> set[int]:
        """The positions whose lines are told."""
        found = self.connection.execute("SELECT position FROM trail WHERE entry IS NOT NULL")
        return {position for (position,) in found}

    def answer(self, question: str) -> Row | None:
        """(good from, good until, answer as JSON); None where it was not asked since anything was folded."""
        row = self.connection.execute(
            "SELECT good_from, good_until, answer FROM answers WHERE question = ?", (question,)
        ).fetchone()
        return (row[0], row[1], _unsealed(row[2])) if row else None

    def put_answers(self, answers: Iterable[Row]) -> None:
        """Each (question, good from, good until or None, answer as JSON)."""
        found = ((*rest, sealed(answer)) for *rest, answer in answers)
        self.connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", found)

    def forget_answers(self) -> None:
        """Something was folded: any answer may be another now."""
        self.connection.execute("DELETE FROM answers")

    def trail(
        self,
        *,
        upto: int,
        as_of: int,
        stream: str | None,
        kind: str | None,
        actor: str | None,
        since: int | None,
    ) -> list[tuple[int, str, str | None, int | None]]:
        """(position, stream, line as JSON or None, position of the record that voids it), oldest first.

        `as_of` and `since` are microseconds since 1970, as effective times are kept.
        """
        found = self.connection.execute(
            """
            SELECT t.position, t.stream, t.entry,
              (SELECT v.position FROM trail v WHERE v.voids = t.position AND v.position <= :upto)
            FROM trail t
            WHERE t.position <= :upto AND t.effective_at <= :as_of
              AND (:stream IS NULL OR t.stream = :stream OR t.about = :stream)
              AND (:kind IS NULL OR t.type = :kind)
              AND (:actor IS NULL OR t.actor = :actor) AND (:since IS NULL OR t.effective_at >= :since)
            ORDER BY t.position
            """,
            {"upto": upto, "as_of": as_of, "stream": stream, "kind": kind, "actor": actor, "since": since},
        )
        return [
            (position, stream, line if line is None else _unsealed(line), voided_by)
            for position, stream, line, voided_by in found
        ]

    def contents(self) -> Iterator[tuple[str, Row]]:
        """Every row of every table, in a fixed order: what `projections check` compares."""
        for table in KEPT:
            for row in self.all_of(table):
                yield table, row

    def all_of(self, table: str) -> Iterator[Row]:
        """Every row of one table, all columns, by its first column."""
        yield from self.connection.execute(f"SELECT * FROM {table} ORDER BY 1")

    def counts(self) -> dict[str, int]:
        return {
            table: self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES
        }


def sealed(text: str) -> str:
    """The text behind its CRC-32, in hex: it is given out as it is, and somebody may edit it."""
    return f"{crc32(text.encode()):08x}{text}"


def _unsealed(kept: Any) -> str:
    """The text, as it was put in. Raises ValueError for one that is not."""
    if not isinstance(kept, str) or kept != sealed(kept[8:]):
        raise ValueError("it is not what was put in")
    return kept[8:]
