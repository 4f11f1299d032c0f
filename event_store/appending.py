"""Appending to SQLite: everything that an append checks and writes, in one transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import starmap
from threading import Lock
from typing import Any, Protocol

from roadlog.event_store.errors import CommandReused, Unreadable
from roadlog.event_store.merkle import grow, peaks_needed
from roadlog.event_store.reading import END, SELECT_HEAD, SELECT_RANGE, SELECT_STREAM, as_head, check_index
from roadlog.event_store.records import (
    EMPTY_LOG,
    EMPTY_STREAM,
    CommandMark,
    Head,
    NewRecord,
    Sealed,
    StoredRecord,
    Tail,
    recorded_time,
)
from roadlog.event_store.sealing import check_expected, check_names, seal
from roadlog.event_store.sqlite import LOCK_TIMEOUT, held_back, meaning, open_for_writing

INSERT_RECORD = (
    "INSERT INTO stored_events (position, originator_id, originator_version, topic, recorded_at, state, leaf)"
    " VALUES (?,?,?,?,?,?,?)"
)
INSERT_NODE = "INSERT INTO tree (node, hash) VALUES (?,?)"
INSERT_COMMAND = "INSERT INTO commands (id, digest, first, last) VALUES (?,?,?,?)"
SELECT_TAIL = (
    "SELECT originator_version, leaf FROM stored_events WHERE originator_id = ?"
    " ORDER BY originator_version DESC LIMIT 1"
)
SELECT_COMMAND = "SELECT digest, first, last FROM commands WHERE id=?"
SELECT_NODE = "SELECT hash FROM tree WHERE node = ?"


class Appending(Protocol):
    """What every backend does besides being read."""

    def append(
        self,
        new: Sequence[NewRecord],
        *,
        expected: Mapping[str, int] | None = None,
        command: CommandMark | None = None,
    ) -> Sealed:
        """Store `new` and the command's mark, all or nothing; see `Log.append` for the rules."""

    def select_records(
        self, stream: str, *, gt: int | None = None, lte: int | None = None
    ) -> list[StoredRecord]:
        """A stream's records above version `gt`, up to and including `lte`, in order."""

    def tail(self, stream: str) -> Tail:
        """The last record of a stream, `EMPTY_STREAM` when it has none."""

    def held_back(self) -> int:
        """Bytes that grow on disk because somebody still reads an older state; 0 while they are few."""

    def close(self) -> None:
        """Let go of the store."""


class Appender:
    """Appends to a store's file; threads that share it take turns."""

    def __init__(
        self, path: str, clock: Callable[[], datetime], *, lock_timeout: float = LOCK_TIMEOUT
    ) -> None:
        self.path = path
        self._clock = clock
        self._lock_timeout = lock_timeout
        self._connection: sqlite3.Connection | None = None
        self._turn = Lock()

    def append(
        self,
        new: Sequence[NewRecord],
        *,
        expected: Mapping[str, int] | None = None,
        command: CommandMark | None = None,
    ) -> Sealed:
        check_names(new)
        with self._transaction("BEGIN IMMEDIATE") as cursor:
            return self._append(cursor, new, expected or {}, command)

    def select_records(
        self, stream: str, *, gt: int | None = None, lte: int | None = None
    ) -> list[StoredRecord]:
        sql = SELECT_STREAM.format(upto="originator_version")
        bounds = (stream, -1 if gt is None else gt, END if lte is None else lte)
        with self._transaction("BEGIN") as cursor:
            records = list(starmap(StoredRecord, cursor.execute(sql, bounds)))
            if records or gt is None:
                self._check_index(cursor, stream, records[-1].version if records else 0)
            return records

    def tail(self, stream: str) -> Tail:
        with self._transaction("BEGIN") as cursor:
            tail = self._tail(cursor, stream)
            self._check_index(cursor, stream, tail.version)
            return tail

    def held_back(self) -> int:
        with self._turn:
            return held_back(self._connection, self.path) if self._connection else 0

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _append(
        self,
        cursor: sqlite3.Cursor,
        new: Sequence[NewRecord],
        expected: Mapping[str, int],
        command: CommandMark | None,
    ) -> Sealed:
        if command is not None:
            first_time = cursor.execute(SELECT_COMMAND, (command.id,)).fetchone()
            if first_time is not None:
                return self._replay(cursor, command, *first_time)
        streams = dict.fromkeys([*expected, *(record.stream for record in new)])
        tails = {stream: self._tail(cursor, stream) for stream in streams}
        check_expected(expected, tails)
        records: tuple[StoredRecord, ...] = ()
        if new:
            row = cursor.execute(SELECT_HEAD).fetchone()
            head = as_head(row) if row else EMPTY_LOG
            records = seal(
                new, head=head, tails=tails, recorded_at=recorded_time(self._clock(), head.recorded_at)
            )
            cursor.executemany(INSERT_RECORD, map(_columns, records))
            self._grow_tree(cursor, head, [record.leaf for record in records])
        if command is not None:
            bounds = (records[0].position, records[-1].position) if records else (None, None)
            cursor.execute(INSERT_COMMAND, (command.id, command.digest, *bounds))
        return Sealed(records, replayed=False)

    def _replay(
        self, cursor: sqlite3.Cursor, command: CommandMark, digest: str, first: int | None, last: int | None
    ) -> Sealed:
        """The first result of a command that came again."""
        if digest != command.digest:
            raise CommandReused(command.id, command.digest, digest)
        rows: Iterable[Any] = () if first is None else cursor.execute(SELECT_RANGE, (first - 1, last))
        return Sealed(tuple(starmap(StoredRecord, rows)), replayed=True)

    def _check_index(self, cursor: sqlite3.Cursor, stream: str, version: int) -> None:
        check_index(lambda sql, given: cursor.execute(sql, given).fetchone(), stream, version)

    def _tail(self, cursor: sqlite3.Cursor, stream: str) -> Tail:
        row = cursor.execute(SELECT_TAIL, (stream,)).fetchone()
        return Tail(*row) if row else EMPTY_STREAM

    def _grow_tree(self, cursor: sqlite3.Cursor, head: Head, leaves: list[str]) -> None:
        """Keep the subtrees that these leaves complete: one row a leaf on average, O(log n) at most."""
        rightmost = []
        for peak in peaks_needed(head.position, len(leaves)):
            if peak.level == 0:
                rightmost.append(bytes.fromhex(head.leaf))
            else:
                node = cursor.execute(SELECT_NODE, (peak.number,)).fetchone()
                if node is None:
                    raise Unreadable(f"node {peak.number} of the tree is missing")
                rightmost.append(node[0])
        nodes = grow(head.position, rightmost, map(bytes.fromhex, leaves))
        try:
            cursor.executemany(INSERT_NODE, nodes)
        except sqlite3.IntegrityError as error:
            raise Unreadable(f"the tree holds nodes beyond record {head.position}, the last one") from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Cursor]:
        """A transaction on our own connection, one thread at a time; committed unless something is raised."""
        with self._turn:
            try:
                if self._connection is None:
                    self._connection = open_for_writing(self.path, lock_timeout=self._lock_timeout)
                cursor = self._connection.execute(begin)
                yield cursor
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise meaning(error, self.path) from error
            finally:
                if self._connection is not None and self._connection.in_transaction:
                    with suppress(sqlite3.Error):  # what stopped the transaction is raised already
                        self._connection.rollback()


def _columns(record: StoredRecord) -> tuple[int, str, int, str, str, bytes, str]:
    return (
        record.position,
        record.stream,
        record.version,
        record.type,
        record.recorded_at,
        record.state,
        record.leaf,
    )
