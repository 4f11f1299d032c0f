"""Appending to SQLite: everything that an append checks and writes, in one transaction."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import chain
from threading import RLock
from typing import Protocol, TypeVar

from roadlog.event_store.checkpoints import NO_CHECKPOINT, Sign, next_checkpoint
from roadlog.event_store.errors import CommandReused, Unreadable, WrittenMeanwhile
from roadlog.event_store.merkle import grow, kept, peaks_needed
from roadlog.event_store.reading import (
    END,
    SELECT_ANCHORS,
    SELECT_CHECKPOINTS,
    SELECT_LAST,
    SELECT_NODE,
    SELECT_RANGE,
    SELECT_STREAM,
    as_head,
    check_count,
    check_index,
    node_at,
)
from roadlog.event_store.records import (
    EMPTY_LOG,
    EMPTY_STREAM,
    Between,
    CommandMark,
    Head,
    KeptAnchor,
    KeptCheckpoint,
    NewRecord,
    Row,
    Sealed,
    Tail,
    recorded_time,
)
from roadlog.event_store.sealing import check_expected, check_names, in_time, seal
from roadlog.event_store.sqlite import LOCK_TIMEOUT, held_back, meaning, open_for_writing, translated
from roadlog.event_store.vouching import vouched_row

T = TypeVar("T")
INSERT_RECORD = (
    "INSERT INTO stored_events (position, originator_id, originator_version, topic, recorded_at, state, leaf)"
    " VALUES (?,?,?,?,?,?,?)"
)
INSERT_NODE = "INSERT INTO tree (node, hash) VALUES (?,?)"
INSERT_COMMAND = "INSERT INTO commands (id, digest, first, last) VALUES (?,?,?,?)"
INSERT_CHECKPOINT = "INSERT INTO checkpoints (id, size, made_at, note) VALUES (?,?,?,?)"
INSERT_ANCHOR = "INSERT INTO anchors (id, kind, size, content) VALUES (?,?,?,?)"
LAST = " DESC LIMIT 1"
SELECT_TAIL = (
    "SELECT originator_version, leaf FROM stored_events WHERE originator_id = ?"
    " AND originator_version < ? ORDER BY originator_version DESC LIMIT 1"
)
SELECT_COMMAND = "SELECT digest, first, last FROM commands WHERE id=?"
SELECT_LAST_NODE = "SELECT max(node) FROM tree"
MOST_ENDS = 1000
"""Ends of streams, and nodes of the tree, that a process keeps in mind between two appends."""


class Appending(Protocol):
    """What every backend does besides being read."""

    def append(
        self,
        new: Sequence[NewRecord],
        *,
        expected: Mapping[str, int] | None = None,
        command: CommandMark | None = None,
        as_of: int | None = None,
        sign: Sign | None = None,
        between: Between | None = None,
    ) -> Sealed:
        """Store `new`, the command's mark and a checkpoint, all or nothing: by the rules of `Log.append`."""

    def keep_anchor(self, kind: str, size: int, content: bytes) -> KeptAnchor:
        """Keep what vouches for the first `size` records from outside."""

    def select_rows(self, stream: str, *, gt: int | None = None, lte: int | None = None) -> Sequence[Row]:
        """The rows of a stream's records above version `gt`, up to and including `lte`, in order."""

    def tail(self, stream: str) -> Tail:
        """The last record of a stream, `EMPTY_STREAM` when it has none."""

    def written_by_others(self) -> int:
        """A number that is another one as soon as anybody else has written the store."""

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
        self._turn = RLock()
        self._ends = _Ends()

    def append(
        self,
        new: Sequence[NewRecord],
        *,
        expected: Mapping[str, int] | None = None,
        command: CommandMark | None = None,
        as_of: int | None = None,
        sign: Sign | None = None,
        between: Between | None = None,
    ) -> Sealed:
        check_names(new)
        append = partial(
            self._append,
            new=new,
            expected=expected or {},
            command=command,
            as_of=as_of,
            sign=sign,
            between=between,
        )
        with self._turn:  # whoever comes next goes on from where this ended
            sealed, nodes = self._transaction("BEGIN IMMEDIATE", append)
            if not sealed.replayed:
                self._ends.follow(sealed.records, nodes)
                self._ends.checkpoint = sealed.checkpoint or self._ends.checkpoint
        return sealed

    def keep_anchor(self, kind: str, size: int, content: bytes) -> KeptAnchor:
        def keep(cursor: sqlite3.Cursor) -> KeptAnchor:
            row = cursor.execute(SELECT_ANCHORS + LAST).fetchone()
            anchor = KeptAnchor(KeptAnchor(*row).id + 1 if row else 1, kind, size, content)
            cursor.execute(INSERT_ANCHOR, anchor)
            return anchor

        return self._transaction("BEGIN IMMEDIATE", keep)

    def select_rows(self, stream: str, *, gt: int | None = None, lte: int | None = None) -> Sequence[Row]:
        sql = SELECT_STREAM.format(upto="originator_version")
        bounds = (stream, -1 if gt is None else gt, END if lte is None else lte)

        def select(cursor: sqlite3.Cursor) -> list[Row]:
            rows: list[Row] = cursor.execute(sql, bounds).fetchall()
            if rows or gt is None:
                self._check_index(cursor, stream, rows[-1][2] if rows else 0)
            return rows

        return self._transaction("BEGIN", select)

    def tail(self, stream: str) -> Tail:
        def last(cursor: sqlite3.Cursor) -> Tail:
            tail = _tail(cursor, stream)
            self._check_index(cursor, stream, tail.version)
            return tail

        return self._transaction("BEGIN", last)

    def written_by_others(self) -> int:
        with self._turn:
            try:
                return _written_by_others(self._opened().cursor())
            except sqlite3.Error as error:
                raise meaning(error, self.path) from error

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
        as_of: int | None,
        sign: Sign | None,
        between: Between | None,
    ) -> tuple[Sealed, list[tuple[int, bytes]]]:
        """What was recorded, and the nodes of the tree that became complete."""
        mark = _written_by_others(cursor)
        ends = self._ends.as_of(mark)
        head = ends.head or _head(cursor)
        if command is not None:
            bounds = (head.position + 1, head.position + len(new)) if new else (None, None)
            try:
                cursor.execute(INSERT_COMMAND, (command.id, command.digest, *bounds))
            except sqlite3.IntegrityError:
                return self._replay(cursor, command), []
        if as_of not in (None, mark):
            raise WrittenMeanwhile
        tails = ends.tails
        for stream in chain(expected, (record.stream for record in new)):
            if stream not in tails:
                tails[stream] = _tail(cursor, stream)
        check_expected(expected, tails)
        records: Sequence[Row] = ()
        nodes: list[tuple[int, bytes]] = []
        if new:
            recorded_at = recorded_time(in_time(self._clock(), between), head.recorded_at)
            records = seal(new, head=head, tails=tails, recorded_at=recorded_at)
            cursor.executemany(INSERT_RECORD, records)
            nodes = self._grow_tree(cursor, ends, head, [row[-1] for row in records])
            head = Head(head.position + len(new), records[-1][-1], recorded_at)
        checkpoint = self._checkpoint(cursor, ends, head, sign) if sign else None
        return Sealed(records, replayed=False, checkpoint=checkpoint), nodes

    def _checkpoint(
        self, cursor: sqlite3.Cursor, ends: "_Ends", head: Head, sign: Sign
    ) -> KeptCheckpoint | None:
        """The log's checkpoint as it stands with this append, where one is due."""
        if ends.checkpoint is None:
            row = cursor.execute(SELECT_CHECKPOINTS + LAST).fetchone()
            ends.checkpoint = KeptCheckpoint(*row) if row else NO_CHECKPOINT

        def root(size: int) -> bytes:
            from roadlog.event_store.proofs import root_at

            return root_at(size, partial(node_at, lambda sql, given: cursor.execute(sql, given).fetchone()))

        made = next_checkpoint(ends.checkpoint, head.position, self._clock(), head.recorded_at, root, sign)
        if made:
            cursor.execute(INSERT_CHECKPOINT, made)
        return made

    def _replay(self, cursor: sqlite3.Cursor, command: CommandMark) -> Sealed:
        """The first result of a command that came again."""
        digest, first, last = cursor.execute(SELECT_COMMAND, (command.id,)).fetchone()
        if digest != command.digest:
            raise CommandReused(command.id, command.digest, digest)
        rows = [] if first is None else cursor.execute(SELECT_RANGE, (first - 1, last)).fetchall()
        return Sealed(rows, replayed=True)

    def _check_index(self, cursor: sqlite3.Cursor, stream: str, version: int) -> None:
        check_index(lambda sql, given: cursor.execute(sql, given).fetchone(), stream, version)

    def _grow_tree(
        self, cursor: sqlite3.Cursor, ends: "_Ends", head: Head, leaves: list[str]
    ) -> list[tuple[int, bytes]]:
        """Keep the subtrees that these leaves complete: one row a leaf on average, O(log n) at most."""
        rightmost = [
            bytes.fromhex(head.leaf)
            if peak.level == 0
            else ends.nodes.get(peak.number) or _node(cursor, peak.number)
            for peak in peaks_needed(head.position, len(leaves))
        ]
        nodes = grow(head.position, rightmost, map(bytes.fromhex, leaves))
        try:
            cursor.executemany(INSERT_NODE, nodes)
        except sqlite3.IntegrityError as error:
            raise Unreadable(f"the tree holds nodes beyond record {head.position}, the last one") from error
        return nodes

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = open_for_writing(self.path, lock_timeout=self._lock_timeout)
            try:
                with translated(self.path):
                    check_count(lambda sql: connection.execute(sql).fetchone())
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _transaction(self, begin: str, work: Callable[[sqlite3.Cursor], T]) -> T:
        """Works on our own connection, one thread at a time; committed unless something is raised."""
        with self._turn:
            try:
                connection = self._opened()
                result = work(connection.execute(begin))
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise meaning(error, self.path) from error
            finally:
                if self._connection is not None and self._connection.in_transaction:
                    with suppress(sqlite3.Error):  # what stopped the transaction is raised already
                        self._connection.rollback()
        return result


class _Ends:
    """Where the log, its streams and its tree end: what this process wrote last, unless others wrote since.

    nodes: those of the tree that became complete last
    """

    def __init__(self) -> None:
        self._mark: int | None = None
        self.head: Head | None = None
        self.tails: dict[str, Tail] = {}
        self.nodes: dict[int, bytes] = {}
        self.checkpoint: KeptCheckpoint | None = None

    def as_of(self, mark: int) -> "_Ends":
        """These, or none where somebody else wrote since."""
        if mark != self._mark or len(self.tails) + len(self.nodes) > MOST_ENDS:
            self._mark, self.head, self.checkpoint = mark, None, None
            self.tails.clear()
            self.nodes.clear()
        return self

    def follow(self, records: Sequence[Row], nodes: list[tuple[int, bytes]]) -> None:
        """The log ends with these now."""
        if len(records) > MOST_ENDS:
            self.tails.clear()
        for position, stream, version, _, recorded_at, _, leaf in records[-MOST_ENDS:]:
            self.tails[stream] = Tail(version, leaf)
            self.head = Head(position, leaf, recorded_at)
        self.nodes.update(nodes[-MOST_ENDS:])


def _written_by_others(cursor: sqlite3.Cursor) -> int:
    """As of the transaction's beginning: https://www.sqlite.org/pragma.html#pragma_data_version."""
    (number,) = cursor.execute("PRAGMA data_version").fetchone()
    return int(number)


def _head(cursor: sqlite3.Cursor) -> Head:
    """The last record, held against its leaf. Raises `Unreadable`, also where the tree ends elsewhere."""
    row = cursor.execute(SELECT_LAST).fetchone()
    head = EMPTY_LOG
    if row:
        position, _, _, _, recorded_at, _, leaf = row
        head = as_head((position, leaf, recorded_at))
        vouched_row(row, lambda stream, version: _tail(cursor, stream, version))
    (last,) = cursor.execute(SELECT_LAST_NODE).fetchone()
    if (last or 0) != kept(head.position):
        raise Unreadable(f"record {head.position} is the last one, but not the last that the tree knows")
    return head


def _tail(cursor: sqlite3.Cursor, stream: str, before: int = END) -> Tail:
    """A stream's last record, or the last before a version."""
    row = cursor.execute(SELECT_TAIL, (stream, before)).fetchone()
    return Tail(*row) if row else EMPTY_STREAM


def _node(cursor: sqlite3.Cursor, number: int) -> bytes:
    row = cursor.execute(SELECT_NODE, (number,)).fetchone()
    if row is None:
        raise Unreadable(f"node {number} of the tree is missing")
    return bytes(row[0])
