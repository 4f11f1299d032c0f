"""Reading the log: what any backend can be asked, and how SQLite answers. It needs no `eventsourcing`."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, starmap
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from roadlog.event_store.errors import Unreadable
from roadlog.event_store.records import (
    EMPTY_LOG,
    CommandResult,
    Head,
    KeptAnchor,
    KeptCheckpoint,
    Row,
    Share,
    StoredRecord,
)
from roadlog.event_store.sqlite import LOCK_TIMEOUT, OBJECTS, check_schema, open_for_reading, translated

if TYPE_CHECKING:
    from roadlog.event_store.merkle import Subtree

SELECT_RECORDS = (
    "SELECT position, originator_id, originator_version, topic, recorded_at, state, leaf FROM stored_events"
)
"""Columns in the order of `StoredRecord`'s fields."""
SELECT_HEAD = "SELECT position, leaf, recorded_at FROM stored_events ORDER BY position DESC LIMIT 1"
SELECT_LAST = SELECT_RECORDS + " ORDER BY position DESC LIMIT 1"
SELECT_RANGE = SELECT_RECORDS + " WHERE position > ? AND position <= ? ORDER BY position"
SELECT_SHARE = (
    SELECT_RECORDS
    + " INDEXED BY sqlite_autoindex_stored_events_1"
    + " WHERE position <= ? AND unicode(substr(originator_id, -1)) % 10 BETWEEN ? AND ?"
    + " ORDER BY originator_id, originator_version"
)
SELECT_LEAF = "SELECT leaf FROM stored_events WHERE position = ?"
SELECT_NODE = "SELECT hash FROM tree WHERE node = ?"
SELECT_CHECKPOINTS = "SELECT id, size, made_at, note FROM checkpoints ORDER BY id"
SELECT_ANCHORS = "SELECT id, kind, size, content FROM anchors ORDER BY id"
SELECT_FOLLOWING = (
    "SELECT position, originator_id, originator_version, topic, recorded_at, state, leaf"
    " FROM json_each(?) AS wanted CROSS JOIN stored_events INDEXED BY sqlite_autoindex_stored_events_1"
    " ON originator_id = wanted.value ->> 0"
    " AND originator_version > wanted.value ->> 1 AND originator_version <= wanted.value ->> 1 + ?"
    " WHERE position <= ?"
)
SELECT_STREAM = (
    SELECT_RECORDS
    + " WHERE originator_id = ? AND originator_version > ? AND {upto} <= ? ORDER BY originator_version"
)
SELECT_APART = (
    SELECT_RECORDS.replace(
        " FROM",
        ", (SELECT before.leaf FROM stored_events AS before"
        " WHERE before.originator_id = found.originator_id"
        " AND before.originator_version = found.originator_version - 1) FROM",
    )
    + " AS found WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position"
)
SELECT_PLACE = "SELECT originator_id, originator_version, position FROM stored_events"
SELECT_AFTER = (
    SELECT_PLACE
    + " WHERE (originator_id, originator_version) > (?, ?) ORDER BY originator_id, originator_version LIMIT 1"
)
SELECT_BEFORE = (
    SELECT_PLACE
    + " WHERE (originator_id, originator_version) < (?, ?)"
    + " ORDER BY originator_id DESC, originator_version DESC LIMIT 1"
)
SELECT_AT = (
    "SELECT originator_id, originator_version, position FROM stored_events NOT INDEXED WHERE position = ?"
)
SELECT_PLACES = "SELECT originator_id, originator_version, position FROM stored_events ORDER BY 1, 2"
COUNTS = (
    "SELECT (SELECT count(*) FROM stored_events INDEXED BY sqlite_autoindex_stored_events_1),"
    " (SELECT coalesce(max(position), 0) FROM stored_events)"
)
BATCH = 100
HASH = re.compile("[0-9a-f]{64}")
END = 2**63 - 1
"""Beyond every position and version."""


class Fault(NamedTuple):
    """A difference between the container and what it should be."""

    what: str
    expected: str | None
    found: str | None


def as_head(row: tuple[Any, ...]) -> Head:
    """The last row as the head. Raises `Unreadable` for zeros and nulls, as which a damaged page reads."""
    head = Head(*row)
    if head.position < 1 or not HASH.fullmatch(str(head.leaf)):
        raise Unreadable("the last record has no position or no leaf hash", position=head.position or None)
    return head


def check_index(ask: Callable[[str, tuple[Any, ...]], Any], stream: str, version: int) -> None:
    """Raise `Unreadable` where the index does not go on after a stream's last version as the table does.

    Damage can hide a stream's last records, or all of them, from whoever looks them up. Then what stands
    beside them in the index is not what the table says, or does not stand beside. `ask` gives a query's first
    row, all from one snapshot.
    """
    after = ask(SELECT_AFTER, (stream, version))
    before = ask(SELECT_BEFORE, after[:2] if after else (chr(0x10FFFF), END))
    for found in (before, after):
        if found is not None and ask(SELECT_AT, found[2:]) != found:
            raise Unreadable(f"the index is damaged beside stream {stream}")
    place = before[:2] if before else ("", 0)
    if place > (stream, version) or (version and place != (stream, version)):
        raise Unreadable(f"the index is damaged after version {version} of stream {stream}")


def check_count(ask: Callable[[str], Any]) -> None:
    """Raise `Unreadable` where the index of the streams has not an entry for each record.

    A page of it that counts fewer than it holds hides streams' last records from whoever looks them up, and
    the table's other rules rest on it. Asked once a connection: half a millisecond for 100,000 records.
    """
    entries, records = ask(COUNTS)
    if entries != records:
        raise Unreadable(f"the index of the streams has {entries} entries for {records} records")


def node_at(ask: Callable[[str, tuple[Any, ...]], Any], place: "Subtree") -> bytes:
    """The hash of a complete subtree; of level 0, the leaf's. Raises `Unreadable` where there is none."""
    sql, number = (SELECT_NODE, place.number) if place.level else (SELECT_LEAF, place.nth + 1)
    try:
        (kept,) = ask(sql, (number,))
        return kept if isinstance(kept, bytes) else bytes.fromhex(kept)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"the tree's node {place.nth} of level {place.level} is damaged") from error


class Reading(Protocol):
    """What can be read from a log, whatever keeps it."""

    def head(self) -> Head:
        """The last record, `EMPTY_LOG` when there is none."""

    def scan(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRecord]:
        """The records at positions above `after` up to and including `upto`, in order, streamed."""

    def rows(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """What `scan` gives, as plain tuples."""

    def apart(self, positions: Sequence[int]) -> Iterator[tuple[Row, str | None]]:
        """The rows at some positions, in order, each with the leaf of its stream's record before it."""

    def places(self) -> Iterator[tuple[str, int, int]]:
        """(stream, version, position) of every record, in that order, as loading a stream finds them."""

    def stream(self, name: str, after_version: int = 0, upto: int | None = None) -> Iterator[StoredRecord]:
        """One stream's records above a version, at positions up to and including `upto`, in order."""

    def streams(self) -> list[str]:
        """The names of all streams, sorted."""

    def command(self, command_id: str) -> CommandResult | None:
        """What a command did, None when the id was never used."""

    def commands(self) -> Iterator[CommandResult]:
        """All commands, in the order of their records; those that recorded nothing first."""

    def nodes(self) -> Iterator[tuple[int, bytes]]:
        """The kept nodes of the tree: (number, hash), in order."""

    def node(self, place: "Subtree") -> bytes:
        """The hash of a complete subtree; of level 0, the leaf's. Raises `Unreadable` where there is none."""

    def checkpoints(self) -> Iterator[KeptCheckpoint]:
        """The checkpoints that were made, in order."""

    def anchors(self) -> Iterator[KeptAnchor]:
        """The anchors, in order."""

    def position_at(self, moment: str) -> int:
        """The last position recorded at or before `moment` (the form of `rfc3339`), 0 when there is none."""

    def snapshot(self) -> AbstractContextManager[None]:
        """All reads inside see the log at one moment, whatever is appended meanwhile."""

    def faults(self) -> list[Fault]:
        """What is wrong with the container itself, apart from the records: nothing, when all is well."""

    def close(self) -> None:
        """Let go of the store."""


class Reader:
    """Reads a store's file, and cannot write it."""

    def __init__(self, path: str, *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        """Raises `StoreError` (missing, locked, not a store, newer schema) and `Unreadable` (damaged)."""
        self.path = path
        self.connection = open_for_reading(path, lock_timeout=lock_timeout)
        self._is_counted = False

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        self._one("BEGIN")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self._one("ROLLBACK")

    def faults(self) -> list[Fault]:
        objects = OBJECTS[self._schema()]
        found = dict(self._rows("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        differing = [name for name in {**objects, **found} if objects.get(name) != found.get(name)]
        return [Fault(f"schema object {name}", objects.get(name), found.get(name)) for name in differing]

    def head(self) -> Head:
        row = self._one(SELECT_HEAD)
        return as_head(row) if row else EMPTY_LOG

    def scan(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRecord]:
        return starmap(StoredRecord, self.rows(after, upto))

    def rows(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        return self._rows(SELECT_RANGE, (after, END if upto is None else upto))

    def share(self, share: Share, upto: int) -> Iterator[Row]:
        """The rows of some of the streams, up to and including a position: stream after stream."""
        self._count()
        return self._rows(SELECT_SHARE, (upto, share.first, share.end - 1))

    def following(self, versions: Sequence[tuple[str, int]], most: int, upto: int) -> Iterator[Row]:
        """Of each stream the rows that follow a version, so many at most and up to a position, in order.

        Stream after stream as they were given. That there are no more, nobody looks after.
        """
        import orjson

        self._count()
        return self._rows(SELECT_FOLLOWING, (orjson.dumps(versions).decode(), most, upto))

    def apart(self, positions: Sequence[int]) -> Iterator[tuple[Row, str | None]]:
        for *row, previous in self._rows(SELECT_APART, (str(list(positions)),)):
            yield tuple(row), previous

    def places(self) -> Iterator[tuple[str, int, int]]:
        return self._rows(SELECT_PLACES)

    def stream(self, name: str, after_version: int = 0, upto: int | None = None) -> Iterator[StoredRecord]:
        sql = SELECT_STREAM.format(upto="position")
        last = 0
        for row in self._rows(sql, (name, after_version, END if upto is None else upto)):
            last = row[2]
            yield StoredRecord(*row)
        if last or not after_version:
            with nullcontext() if self.connection.in_transaction else self.snapshot():
                check_index(self._one, name, last)
            self._count()

    def streams(self) -> list[str]:
        return [name for (name,) in self._rows("SELECT DISTINCT originator_id FROM stored_events ORDER BY 1")]

    def command(self, command_id: str) -> CommandResult | None:
        row = self._one("SELECT id, digest, first, last FROM commands WHERE id = ?", (command_id,))
        return CommandResult(*row) if row else None

    def commands(self) -> Iterator[CommandResult]:
        sql = "SELECT id, digest, first, last FROM commands ORDER BY first, last"
        return starmap(CommandResult, self._rows(sql))

    def nodes(self) -> Iterator[tuple[int, bytes]]:
        return self._rows("SELECT node, hash FROM tree ORDER BY node")

    def node(self, place: "Subtree") -> bytes:
        return node_at(self._one, place)

    def checkpoints(self) -> Iterator[KeptCheckpoint]:
        return starmap(KeptCheckpoint, self._rows(SELECT_CHECKPOINTS) if self._schema() > 1 else ())

    def anchors(self) -> Iterator[KeptAnchor]:
        return starmap(KeptAnchor, self._rows(SELECT_ANCHORS) if self._schema() > 1 else ())

    def position_at(self, moment: str) -> int:
        low, high = 0, self.head().position
        while low < high:
            middle = (low + high + 1) // 2
            row = self._one("SELECT recorded_at FROM stored_events WHERE position = ?", (middle,))
            if row is not None and type(row[0]) is not str:
                raise Unreadable("its time is another kind of value", position=middle)
            if row is not None and row[0] <= moment:
                low = middle
            else:
                high = middle - 1
        return low

    def _schema(self) -> int:
        """The file's schema now: 1 knows neither checkpoints nor anchors."""
        with translated(self.path):
            return check_schema(self.connection, self.path)

    def _count(self) -> None:
        if not self._is_counted:
            check_count(self._one)
            self._is_counted = True

    def _one(self, sql: str, parameters: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        with translated(self.path):
            row: tuple[Any, ...] | None = self.connection.execute(sql, parameters).fetchone()
            return row

    def _rows(self, sql: str, parameters: tuple[str | int, ...] = ()) -> Iterator[Any]:
        """The rows of a query, streamed; taken by the hundred, which costs a third of one by one."""
        return chain.from_iterable(self._batches(sql, parameters))

    def _batches(self, sql: str, parameters: tuple[str | int, ...]) -> Iterator[list[Any]]:
        with translated(self.path):
            cursor = self.connection.execute(sql, parameters)
            while batch := cursor.fetchmany(BATCH):
                yield batch
