"""The projections' own file: folded states, board rows and trail entries, and the position they stand at.

It can be deleted at any time: everything in it is computed from the records. The only place of the read side
that speaks SQL.
"""

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

import roadlog

VERSION = f"{roadlog.__version__}/5"
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
    position INTEGER PRIMARY KEY, stream TEXT, type TEXT, actor TEXT, effective_at TEXT, voids INTEGER,
    about TEXT, entry TEXT
);
CREATE INDEX IF NOT EXISTS trail_stream ON trail (stream, position);
CREATE INDEX IF NOT EXISTS trail_about ON trail (about, position) WHERE about IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_voids ON trail (voids) WHERE voids IS NOT NULL;
"""
ROWS = "rows"
TABLES = ("states", ROWS, "trail")
WAIT = 5.0
"""Seconds to wait for another process that is catching up."""

COPIES = 20
"""Times that a copy is tried while others are writing the file."""

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


class NoRoom(Exception):
    """There is no space to copy the projections to, where they can be looked at."""


def _patience() -> Callable[[int, int, int], None]:
    """For a backup, which tries for ever where somebody else holds the file: gives up when WAIT is over."""
    until = monotonic() + WAIT

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > until:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = status
            raise error

    return give_up


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

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(SCHEMA)

    @classmethod
    def open(cls, path: Path, *, wait: float = WAIT) -> Self:
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
    def in_memory(cls) -> Self:
        return cls(sqlite3.connect(":memory:", isolation_level=None))

    @classmethod
    def copy_of(cls, path: Path) -> Self:
        """What the file holds, copied into memory. The file is read as bytes, nothing is put beside it.

        SQLite itself makes files beside one in WAL mode, or folds them into it. Raises OSError where it
        cannot be read, sqlite3.Error where it is no database or others write it without a pause, NoRoom.
        """
        import tempfile

        try:
            place = tempfile.TemporaryDirectory()
        except OSError as error:
            raise NoRoom(error.strerror) from error
        with place as folder:
            copy = Path(folder) / path.name
            try:
                _copy_whole(path, copy)
                return cls._loaded(copy)
            except (sqlite3.Error, OSError) as error:
                if is_full(error):
                    raise NoRoom(f"no space left in {tempfile.gettempdir()}") from error
                raise

    @classmethod
    def _loaded(cls, path: Path) -> Self:
        with closing(sqlite3.connect(path)) as source:
            memory = sqlite3.connect(":memory:", isolation_level=None)
            try:
                source.backup(memory)
                return cls(memory)
            except sqlite3.Error:
                memory.close()
                raise

    def close(self) -> None:
        self._connection.close()

    def begin(self) -> None:
        """From here on nobody else catches up; what is written shows all at once at `commit`."""
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def hold(self) -> tuple[int, str] | None:
        """The mark, after which everything is read as it stands now, until `rollback` or `close`."""
        self._connection.execute("BEGIN")
        return self.mark()

    def mark(self) -> tuple[int, str] | None:
        """The position folded and its leaf; None when nothing of this version was folded."""
        row = self._connection.execute("SELECT version, position, leaf FROM mark").fetchone()
        return (row[1], row[2]) if row and row[0] == VERSION else None

    def set_mark(self, position: int, leaf: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?)", (VERSION, position, leaf))

    def clear(self) -> None:
        for table in ("mark", *TABLES):
            self._connection.execute(f"DELETE FROM {table}")

    def copy_to(self, path: Path) -> None:
        """Makes the file at `path` hold all that this one holds, in one step: nobody ever sees half of it.

        Raises sqlite3.Error where it cannot be written, or is no database.
        """
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as target:
            target.execute("PRAGMA journal_mode = WAL")
            self._connection.backup(target, progress=_patience(), sleep=0.05)

    def state(self, stream: str) -> bytes | None:
        row = self._connection.execute("SELECT state FROM states WHERE stream = ?", (stream,)).fetchone()
        return row[0] if row else None

    def states(self) -> Iterator[tuple[str, bytes]]:
        """Every stream's folded state."""
        yield from self._connection.execute("SELECT stream, state FROM states")

    def put_states(self, states: Iterable[tuple[str, bytes]]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO states VALUES (?, ?)", states)

    def rows(self) -> list[Row]:
        """Board rows in key order: (key, age from, good from, good until, row as JSON)."""
        return self._connection.execute(
            "SELECT key, age_from, good_from, good_until, row FROM rows ORDER BY number"
        ).fetchall()

    def has(self, key: str) -> bool:
        """Whether there is an initiative of that key."""
        return self._connection.execute("SELECT 1 FROM rows WHERE key = ?", (key,)).fetchone() is not None

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Each (number, key, age from, good from, good until or None, row as JSON)."""
        self._connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", rows)

    def put_trail(self, entries: Iterable[Row]) -> None:
        """Each (position, stream, type, actor, effective time, position voided, about, entry as JSON).

        `about` is the initiative that a consent of the roadmap's own stream speaks of.
        """
        self._connection.executemany("INSERT OR REPLACE INTO trail VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)

    def trail(
        self,
        *,
        upto: int,
        as_of: str,
        stream: str | None,
        kind: str | None,
        actor: str | None,
        since: str | None,
    ) -> list[tuple[str, int | None]]:
        """Entries as JSON, each with the position of the record that voids it, oldest first."""
        return self._connection.execute(
            """
            SELECT t.entry,
              (SELECT v.position FROM trail v WHERE v.voids = t.position AND v.position <= :upto)
            FROM trail t
            WHERE t.position <= :upto AND t.effective_at <= :as_of
              AND (:stream IS NULL OR t.stream = :stream OR t.about = :stream)
              AND (:kind IS NULL OR t.type = :kind)
              AND (:actor IS NULL OR t.actor = :actor) AND (:since IS NULL OR t.effective_at >= :since)
            ORDER BY t.position
            """,
            {"upto": upto, "as_of": as_of, "stream": stream, "kind": kind, "actor": actor, "since": since},
        ).fetchall()

    def contents(self) -> Iterator[tuple[str, Row]]:
        """Every row of every table, in a fixed order: what `projections check` compares."""
        for table in TABLES:
            for row in self.all_of(table):
                yield table, row

    def all_of(self, table: str) -> Iterator[Row]:
        """Every row of one table, all columns, by its first column."""
        yield from self._connection.execute(f"SELECT * FROM {table} ORDER BY 1")

    def counts(self) -> dict[str, int]:
        return {
            table: self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES
        }


def _copy_whole(path: Path, copy: Path) -> None:
    """Copies a database and what SQLite keeps beside it; once more where others changed them meanwhile."""
    from shutil import copyfile

    for _ in range(COPIES):
        before = _stamps(path)
        for suffix, stamp in before.items():
            target = copy.with_name(copy.name + suffix)
            target.unlink(missing_ok=True)
            if stamp is not None:
                with suppress(FileNotFoundError):
                    copyfile(path.with_name(path.name + suffix), target)
        if _stamps(path) == before:
            path.stat()
            return
    raise sqlite3.OperationalError("others are writing it without a pause")


def _stamps(path: Path) -> dict[str, tuple[int, int, int] | None]:
    """By suffix, what changes when a file is written; None where there is none."""
    stamps: dict[str, tuple[int, int, int] | None] = dict.fromkeys(("", "-wal", "-journal"))
    for suffix in stamps:
        with suppress(FileNotFoundError):
            found = path.with_name(path.name + suffix).stat()
            stamps[suffix] = (found.st_ino, found.st_size, found.st_mtime_ns)
    return stamps
