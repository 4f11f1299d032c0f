"""The projections' own file: folded states, board rows and trail entries, and the position they stand at.

It can be deleted at any time: everything in it is computed from the records. The only place of the read side
that speaks SQL. What it gives out is what was put in, or it raises CacheFailure: states, rows, pages of
the trail, lines and answers are sealed.
"""

import errno
import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self
from zlib import crc32

import orjson

import roadlog

VERSION = f"{roadlog.__version__}/18"
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
CREATE TABLE IF NOT EXISTS late (
    position INTEGER PRIMARY KEY, number INTEGER, from_at INTEGER, to_at INTEGER, seal TEXT
);
CREATE TABLE IF NOT EXISTS answers (
    question TEXT PRIMARY KEY, good_from TEXT, good_until TEXT, answer TEXT
) WITHOUT ROWID;
"""
ROWS, TRAIL, LINES, ANSWERS = "rows", "trail", "lines", "answers"
TABLES = ("states", ROWS, TRAIL, LINES, "snapshots", "late")
"""What a fold from zero fills."""
PAGE = 200
"""Entries of the trail that are kept, and sealed, together: one by one they cost ten times as much."""
STREAM = 1 << 40
"""From an initiative's snapshots to the next one's, so that they stand together: beyond any position."""
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

COUNTS = {
    "states": "SELECT count(*) FROM states",
    "snapshots": "SELECT count(*) FROM snapshots",
    ROWS: "SELECT count(*) FROM rows",
    TRAIL: f"""
        SELECT coalesce(
            (SELECT (count(*) - 1) * {PAGE} FROM trail)
            + (
                SELECT iif(json_valid(substr(entries, 9)), json_array_length(substr(entries, 9)), 0)
                FROM trail ORDER BY first DESC LIMIT 1
            ), 0)
    """,
}
"""How many there are of each; of the trail's pages all but the last are full, and stand behind a seal."""

Row = tuple[Any, ...]


Snapshot = tuple[str, int, int, str, bytes]
"""An initiative's key and number, and the version, leaf and state of a snapshot."""


class Entry(NamedTuple):
    """What is known of a line of the trail before it is told."""

    position: int
    stream: str
    actor: str
    typed_by: str | None
    voided_by: int | None


Place = str | os.PathLike[str]


class CacheFailure(Exception):
    """The file cannot be used, or what it holds is not what was put in.

    anew: what it holds is to blame, so that building it anew helps
    full: a disk without space is to blame
    """

    def __init__(self, why: str, *, anew: bool = True, full: bool = False) -> None:
        super().__init__(why)
        self.anew = anew
        self.full = full


class NoRoom(Exception):
    """There is no space to copy the projections to, where they can be looked at."""


@contextmanager
def translated() -> Iterator[None]:
    """Turns what comes of using the file, here and nowhere else, into CacheFailure."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        full = code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE
        raise CacheFailure(str(error), anew=(code & 0xFF) not in UNUSABLE, full=full) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise CacheFailure(str(error), anew=False, full=full) from error
    except (UnicodeError, MemoryError, SystemError) as error:  # a damaged schema's text, or a length
        raise CacheFailure(str(error)) from error


class Cache:
    """One projections file, or the same tables in memory where no file can be written."""

    def __init__(self, connection: sqlite3.Connection, *, in_memory: bool = False) -> None:
        self.connection = connection
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
        return cls(_connected(path, wait, "journal_mode = WAL", "synchronous = NORMAL"))

    @classmethod
    def scratch(cls, path: Place) -> Self:
        """A file to fill from nothing and then copy: no journal, no waiting for the disk."""
        return cls(_connected(path, WAIT, "journal_mode = OFF", "synchronous = OFF"))

    @classmethod
    def in_memory(cls) -> Self:
        return cls(sqlite3.connect(":memory:", isolation_level=None), in_memory=True)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, sql: str, *values: Any) -> list[Row]:
        with translated():
            return self.connection.execute(sql, values).fetchall()

    def _put(self, sql: str, rows: Iterable[Row]) -> None:
        with translated():
            self.connection.executemany(sql, rows)

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

    def set_mark(self, position: int, leaf: str, *more: int) -> None:
        """What was folded, and how many rows, snapshots and late times came to it: so none goes missing."""
        before = self._ask("SELECT rows, snapshots, late FROM mark") or [(0, 0, 0)]
        counts = [each + new for each, new in zip(before[0], more or (0, 0, 0), strict=True)]
        self._ask(
            "INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?, ?, ?, ?)", VERSION, position, leaf, *counts
        )

    def clear(self) -> None:
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
        return _unsealed_bytes(state, stream, reached), reached

    def put_states(self, states: Iterable[Row]) -> None:
        """Each (stream, latest effective time, state)."""
        self._put("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", map(_with_seal, states))

    def rows(self) -> list[Row]:
        """Board rows in key order: (key, age from, good from, good until, row as JSON)."""
        found = self._ask("SELECT * FROM rows ORDER BY number")
        self._check_counts(ROWS)
        return [(*rest, _unsealed(row, number, *rest)) for number, *rest, row in found]

    def has(self, key: str) -> bool:
        """Whether there is an initiative of that key."""
        if self._ask("SELECT 1 FROM states WHERE stream = ?", key):
            return True
        return any(key == row[0] for row in self.rows())

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Each (number, key, age from, good from, good until or None, row as JSON)."""
        found = ((*rest, sealed(row, *rest)) for *rest, row in rows)
        self._put("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", found)

    def open_page(self, position: int) -> tuple[int, list[Row]]:
        """The page of the trail that goes on after a position: where it begins, and its entries so far."""
        number = position % PAGE
        first = position - number + 1
        found = self._ask("SELECT entries FROM trail WHERE first = ?", first)
        entries = _entries(first, found[0][0]) if found else []
        if len(entries) != number:
            raise CacheFailure("entries of the trail are missing")
        return first, entries

    def put_pages(self, pages: Iterable[tuple[int, Sequence[Row]]]) -> None:
        """Each page of the trail: the position of its first entry, and an entry for each record from there.

        Each entry (stream, type, actor, account that typed it, effective time in microseconds since 1970,
        position that it voids or None, initiative that a consent of the roadmap's stream is about or None).
        """
        found = ((first, sealed(orjson.dumps(entries).decode(), first)) for first, entries in pages)
        self._put("INSERT OR REPLACE INTO trail VALUES (?, ?)", found)

    def put_snapshots(self, snapshots: Iterable[Row]) -> None:
        """Each (number times STREAM plus position, number, latest effective time, version, leaf, state)."""
        self._put("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?)", map(_with_seal, snapshots))

    def put_late(self, late: Iterable[Row]) -> None:
        """Each (position, number, from when, to when)."""
        found = ((*each, sealed("", *each)) for each in late)
        self._put("INSERT OR REPLACE INTO late VALUES (?, ?, ?, ?, ?)", found)

    def initiatives(self) -> int:
        """How many there are."""
        ((count,),) = self._ask("SELECT rows FROM mark") or [(0,)]
        return int(count)

    def snapshots(self, position: int, at: int, number: int = 0, of: int = 1) -> list[Snapshot]:
        """The last snapshot up to a moment of each initiative whose number, divided by `of`, leaves `number`.

        Of one that was not there yet, none. In key order.
        """
        found = self._ask(
            """
            SELECT rows.key, rows.number, found.* FROM rows CROSS JOIN snapshots found ON found.id = (
                SELECT id FROM snapshots
                WHERE number = rows.number AND reached <= ? AND id <= rows.number * ? + ?
                ORDER BY reached DESC, id DESC LIMIT 1
            ) WHERE rows.number % ? = ? ORDER BY rows.number
            """,
            at,
            STREAM,
            position,
            of,
            number,
        )
        self._check_counts(ROWS, "snapshots")
        self._check_found({row[1] for row in found}, position, at, number, of)
        snapshots = []
        for key, its_number, id_, kept_number, reached, version, leaf, state in found:
            if kept_number != its_number or reached > at or id_ > its_number * STREAM + position:
                raise CacheFailure("the index of the snapshots is damaged")
            content = _unsealed_bytes(state, id_, kept_number, reached, version, leaf)
            snapshots.append((key, its_number, version, leaf, content))
        return snapshots

    def _check_found(self, found: set[int], position: int, at: int, number: int, of: int) -> None:
        """That the index is damaged must not hide who was there: without it, too, there is no snapshot."""
        firsts = self._ask(
            """
            SELECT number, (SELECT reached FROM snapshots WHERE id = first), first FROM (
                SELECT rows.number AS number, (
                    SELECT min(id) FROM snapshots NOT INDEXED WHERE id >= rows.number * ?1
                ) AS first FROM rows
                WHERE rows.number % ?2 = ?3 AND rows.number NOT IN (SELECT value FROM json_each(?4))
            )
            """,
            STREAM,
            of,
            number,
            orjson.dumps(list(found)).decode(),
        )
        for each, reached, first in firsts:
            if reached is None or (reached <= at and first <= each * STREAM + position):
                raise CacheFailure("the index of the snapshots is damaged")

    def late(self, position: int, at: int) -> set[int]:
        """The numbers of the initiatives whose snapshots are of no use at a moment.

        Every entry is looked at: one that is damaged would not be found by what it says.
        """
        self._check_counts("late")
        numbers = set()
        for place, number, from_at, to_at, seal in self._ask("SELECT * FROM late"):
            _unsealed(seal, place, number, from_at, to_at)
            if place <= position and from_at <= at < to_at:
                numbers.add(number)
        return numbers

    def _check_counts(self, *tables: str) -> None:
        for table in tables:
            counted, said = self._ask(f"SELECT count(*) FROM {table}"), self._ask(f"SELECT {table} FROM mark")
            if counted != (said or [(0,)]):
                raise CacheFailure(f"entries of {table} are missing")

    def put_lines(self, lines: Iterable[tuple[int, str]]) -> None:
        """Each (position, line as JSON)."""
        found = ((position, sealed(line, position)) for position, line in lines)
        self._put("INSERT OR REPLACE INTO lines VALUES (?, ?)", found)

    def told(self) -> set[int]:
        """The positions whose lines are told."""
        return {position for (position,) in self._ask("SELECT position FROM lines")}

    def answer(self, question: str) -> Row | None:
        """(good from, good until, answer as JSON); None where it was not asked since anything was folded."""
        found = self._ask("SELECT good_from, good_until, answer FROM answers WHERE question = ?", question)
        if not found:
            return None
        ((good_from, good_until, answer),) = found
        return good_from, good_until, _unsealed(answer, question, good_from, good_until)

    def put_answers(self, answers: Iterable[Row]) -> None:
        """Each (question, good from, good until or None, answer as JSON)."""
        found = ((*rest, sealed(answer, *rest)) for *rest, answer in answers)
        self._put("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", found)

    def forget_answers(self) -> None:
        """Something was folded: any answer may be another now."""
        self._ask("DELETE FROM answers")

    def trail(
        self,
        *,
        upto: int,
        as_of: int,
        stream: str | None,
        kind: str | None,
        actor: str | None,
        since: int | None,
        last: int | None = None,
        after: int = 0,
    ) -> list[Entry]:
        """The trail's entries beyond a position, oldest first; only the last so many, where `last` says so.

        `as_of` and `since` are microseconds since 1970, as effective times are kept.
        """
        voided_by: dict[int, int] = {}
        found: deque[Entry] = deque()
        for place, (of, what, who, typist, at, voids, about) in self._back_from(upto):
            if place <= after:
                break
            if voids:
                voided_by.setdefault(voids, place)
            if (
                at <= as_of
                and (stream is None or stream in (of, about))
                and (kind is None or kind == what)
                and (actor is None or actor == who)
                and (since is None or since <= at)
            ):
                found.appendleft(Entry(place, of, who, typist, voided_by.get(place)))
                if len(found) == last:
                    break
        return list(found)

    def _back_from(self, upto: int) -> Iterator[tuple[int, Row]]:
        """Each position and what is kept of it, from the last to the first.

        Raises CacheFailure where one is missing.
        """
        place = upto
        with translated():
            pages = self.connection.execute(
                "SELECT * FROM trail WHERE first <= ? ORDER BY first DESC", (upto,)
            )
            for first, page in pages:
                entries = _entries(first, page)[: upto - first + 1]
                if not place or first + len(entries) != place + 1:
                    break
                for entry in reversed(entries):
                    yield place, entry
                    place -= 1
        if place:
            raise CacheFailure("entries of the trail are missing")

    def lines(self, positions: Sequence[int]) -> dict[int, str]:
        """Those lines that are told, as JSON, by position."""
        places = orjson.dumps(positions).decode()
        found = self._ask("SELECT * FROM lines WHERE position IN (SELECT value FROM json_each(?))", places)
        return {position: _unsealed(line, position) for position, line in found}

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


def _connected(path: Place, wait: float, *pragmas: str) -> sqlite3.Connection:
    with translated():
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
        try:
            for each in pragmas:
                connection.execute(f"PRAGMA {each}")
        except BaseException:
            connection.close()
            raise
        return connection


def sealed(text: str, *beside: Any) -> str:
    """The text behind the CRC-32, in hex, of itself and of what stands beside it, which may be damaged."""
    return f"{crc32(f'{beside}{text}'.encode()):08x}{text}"


def _unsealed(kept: Any, *beside: Any) -> str:
    """The text, as it was put in beside the same. Raises CacheFailure for one that is not."""
    if not isinstance(kept, str) or kept != sealed(kept[8:], *beside):
        raise CacheFailure("it is not what was put in")
    return kept[8:]


def _entries(first: int, page: Any) -> list[Row]:
    entries: list[Row] = orjson.loads(_unsealed(page, first))
    return entries


def _bytes_seal(content: bytes, *beside: Any) -> bytes:
    return crc32(content, crc32(f"{beside}".encode())).to_bytes(4)


def _with_seal(row: Row) -> Row:
    """With its last value, which is bytes, behind the CRC-32 of itself and of what stands beside it."""
    *beside, content = row
    return *beside, _bytes_seal(content, *beside) + content


def _unsealed_bytes(kept: Any, *beside: Any) -> bytes:
    """The bytes as they were put in beside the same. Raises CacheFailure for others."""
    if not isinstance(kept, bytes) or kept[:4] != _bytes_seal(kept[4:], *beside):
        raise CacheFailure("it is not what was put in")
    return kept[4:]
