"""The projections' own file: folded states, board rows and trail entries, and the position they stand at.

It can be deleted at any time: everything in it is computed from the records. The only place of the read side
that speaks SQL. What it gives out is what was put in, or it raises CacheFailure: states, rows, pages of
the trail, lines and answers are sealed.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Self

import roadlog
from roadlog.projections.database import (
    CacheFailure,
    Place,
    Row,
    connected,
    sealed,
    translated,
    unsealed,
    unsealed_bytes,
    with_seal,
)
from roadlog.projections.kept_snapshots import KeptSnapshots
from roadlog.projections.kept_trail import ENTRIES, KeptTrail

VERSION = f"{roadlog.__version__}/32"
"""What is stored and how: the program's version, and a number for changes in between. Another: build anew."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (
    only INTEGER PRIMARY KEY CHECK (only = 1), version TEXT, position INTEGER, leaf TEXT,
    rows INTEGER, snapshots INTEGER, late INTEGER
);
CREATE TABLE IF NOT EXISTS states (stream TEXT PRIMARY KEY, reached INTEGER, state BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    number INTEGER PRIMARY KEY, key TEXT, age_from TEXT, good_from TEXT, good_until TEXT, row TEXT
);
CREATE TABLE IF NOT EXISTS trail (first INTEGER PRIMARY KEY, entries TEXT);
CREATE TABLE IF NOT EXISTS lines (position INTEGER PRIMARY KEY, line TEXT);
CREATE TABLE IF NOT EXISTS snapshots (
    id INTEGER PRIMARY KEY, number INTEGER, reached INTEGER, version INTEGER, leaf TEXT, state BLOB
);
CREATE INDEX IF NOT EXISTS snapshots_by_time ON snapshots (number, reached);
CREATE TABLE IF NOT EXISTS late (number INTEGER PRIMARY KEY, times TEXT);
CREATE TABLE IF NOT EXISTS measured (key TEXT PRIMARY KEY, at INTEGER, entry BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
    question TEXT PRIMARY KEY, good_from TEXT, good_until TEXT, answer TEXT
) WITHOUT ROWID;
"""
ROWS, TRAIL, LINES, ANSWERS, MEASURED = "rows", "trail", "lines", "answers", "measured"
TABLES = ("states", ROWS, TRAIL, LINES, "snapshots", "late")
"""What a fold from zero fills."""
KEPT = (*TABLES, ANSWERS, MEASURED)
"""Those, and what was answered since, for whoever asks again."""
WAIT = 5.0
"""Seconds to wait for another process that is catching up."""

COUNTS = {
    "states": "SELECT count(*) FROM states",
    "snapshots": "SELECT count(*) FROM snapshots",
    ROWS: "SELECT count(*) FROM rows",
    TRAIL: ENTRIES,
}
"""How many there are of each."""


class Cache(KeptTrail, KeptSnapshots):
    """One projections file, or the same tables in memory where no file can be written."""

    def __init__(self, connection: sqlite3.Connection, *, in_memory: bool = False) -> None:
        super().__init__(connection)
        self.is_in_memory = in_memory
        try:
            with translated():
                connection.executescript(SCHEMA)
        except CacheFailure:
            connection.close()
            raise

    @classmethod
    def open(cls, path: Place, *, wait: float = WAIT) -> Self:
        """Raises CacheFailure where the file cannot be opened or written, or is no database."""
        return cls(connected(path, wait, "journal_mode = WAL", "synchronous = NORMAL"))

    @classmethod
    def scratch(cls, path: Place) -> Self:
        """A file to fill from nothing and then copy: no journal, no waiting for the disk."""
        return cls(connected(path, WAIT, "journal_mode = OFF", "synchronous = OFF"))

    @classmethod
    def in_memory(cls) -> Self:
        return cls(sqlite3.connect(":memory:", isolation_level=None), in_memory=True)

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        """From here on nobody else catches up; what is written shows all at once at `commit`."""
        self._ask("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._ask("COMMIT")

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self._ask("ROLLBACK")

    def hold(self) -> tuple[int, str] | None:
        """The mark, after which everything is read as it stands now, until `rollback` or `close`."""
        self._ask("BEGIN")
        return self.mark()

    def mark(self) -> tuple[int, str] | None:
        """The position folded and its leaf; None when nothing of this version was folded."""
        found = self._ask("SELECT version, position, leaf FROM mark")
        return found[0][1:] if found and found[0][0] == VERSION else None

    def set_mark(self, position: int, leaf: str, rows: int = 0, snapshots: int = 0) -> None:
        """What was folded, and how many rows and snapshots came to it: so none of a table goes missing."""
        before = self._ask("SELECT rows, snapshots, late FROM mark") or [(0, 0, 0)]
        more = (rows, snapshots, self.late_added)
        counts = [each + new for each, new in zip(before[0], more, strict=True)]
        self.late_added = 0
        self._ask(
            "INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?, ?, ?, ?)", VERSION, position, leaf, *counts
        )

    def clear(self) -> None:
        self.late_added = 0
        for table in ("mark", *KEPT):
            self._ask(f"DELETE FROM {table}")

    def state(self, stream: str) -> bytes | None:
        return self.state_reached(stream)[0]

    def state_reached(self, stream: str) -> tuple[bytes | None, int | None]:
        """A state, and the latest effective time that it is of, in microseconds since 1970."""
        found = self._ask("SELECT state, reached FROM states WHERE stream = ?", stream)
        if not found:
            return None, None
        ((state, reached),) = found
        return unsealed_bytes(state, stream, reached), reached

    def put_states(self, states: Iterable[Row]) -> None:
        """Each (stream, latest effective time, state). What was measured on the state before is forgotten."""
        found = list(map(with_seal, states))
        self._put("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", found)
        self._put("DELETE FROM measured WHERE key = ?", ((stream,) for stream, *_ in found))

    def measured(self, key: str | None = None) -> Iterator[Row]:
        """Each (key, when it was measured in microseconds since 1970, entry as JSON), of one or of all."""
        which, values = ("", ()) if key is None else (" WHERE key = ?", (key,))
        for name, at, entry in self._ask(f"SELECT key, at, entry FROM measured{which}", *values):
            yield name, at, unsealed_bytes(entry, name, at)

    def put_measured(self, entries: Iterable[Row]) -> None:
        """Each (key, when, entry as JSON)."""
        self._put("INSERT OR REPLACE INTO measured VALUES (?, ?, ?)", map(with_seal, entries))

    def forget_measured(self) -> None:
        """Another workflow is in force: anything may be measured otherwise now."""
        self._ask("DELETE FROM measured")

    def rows(self) -> list[Row]:
        """Board rows in key order: (key, age from, good from, good until, row as JSON)."""
        found = self._ask("SELECT * FROM rows ORDER BY number")
        self.check_counts(ROWS)
        return [(*rest, unsealed(row, number, *rest)) for number, *rest, row in found]

    def has(self, key: str) -> bool:
        """Whether there is an initiative of that key."""
        if self._ask("SELECT 1 FROM states WHERE stream = ?", key):
            return True
        return any(key == row[0] for row in self.rows())

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Each (number, key, age from, good from, good until or None, row as JSON)."""
        found = ((*rest, sealed(row, *rest)) for *rest, row in rows)
        self._put("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", found)

    def initiatives(self) -> int:
        """How many there are."""
        ((count,),) = self._ask("SELECT rows FROM mark") or [(0,)]
        return int(count)

    def answer(self, question: str) -> Row | None:
        """(good from, good until, answer as JSON); None where it was not asked since anything was folded."""
        found = self._ask("SELECT good_from, good_until, answer FROM answers WHERE question = ?", question)
        if not found:
            return None
        ((good_from, good_until, answer),) = found
        return good_from, good_until, unsealed(answer, question, good_from, good_until)

    def put_answers(self, answers: Iterable[Row]) -> None:
        """Each (question, good from, good until or None, answer as JSON)."""
        found = ((*rest, sealed(answer, *rest)) for *rest, answer in answers)
        self._put("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", found)

    def forget_answers(self) -> None:
        """Something was folded: any answer may be another now."""
        self._ask("DELETE FROM answers")

    def contents(self) -> Iterator[tuple[str, Row]]:
        """Every row of every table, in a fixed order: what `projections check` compares."""
        for table in KEPT:
            for row in self.all_of(table):
                yield table, row

    def all_of(self, table: str) -> Iterator[Row]:
        """Every row of one table, all columns, by its first column."""
        with translated():
            yield from self.connection.execute(f"SELECT * FROM {table} ORDER BY 1")

    def counts(self) -> dict[str, int]:
        """How many states, board rows and entries of the trail there are."""
        return {table: self._ask(count)[0][0] for table, count in COUNTS.items()}
