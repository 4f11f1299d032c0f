"""The file: where it is, how it is made and opened, its schema, and what SQLite's errors mean to us."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from roadlog.event_store.errors import (
    EventStoreError,
    NewerSchema,
    NotAStore,
    StoreError,
    StoreExists,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    StoreUnwritable,
    Unreadable,
)

APPLICATION_ID = 0x52444C47
"""`RDLG` in the file's header: https://www.sqlite.org/fileformat.html#application_id."""
SCHEMA = 2
"""The number of the schema below, kept in `user_version`. The tables of `_SINCE_2` came with 2."""
LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process to finish its transaction."""
NOT_OURS = ("no such table", "no such column", "has no column named", "decode")
"""In what SQLite says of a schema that somebody changed and of text that is not UTF-8, which have no code."""
WAL_KEPT = 16 * 1024 * 1024
"""Bytes that the write-ahead log keeps on disk once it has been folded into the file."""
WAL_LIMIT = 4 * WAL_KEPT
"""Bytes from which on somebody is told that the write-ahead log is not folded into the file."""
CLOSED = "it cannot be opened: look at its folder's and its file's permissions"

_TABLES = {
    "stored_events": """
        CREATE TABLE stored_events (
            position           INTEGER PRIMARY KEY CHECK (position > 0),
            originator_id      TEXT    NOT NULL,
            originator_version INTEGER NOT NULL,
            topic              TEXT    NOT NULL,
            recorded_at        TEXT    NOT NULL,
            state              BLOB    NOT NULL,
            leaf               TEXT    NOT NULL,
            UNIQUE (originator_id, originator_version)
        ) STRICT""",
    "tree": """
        CREATE TABLE tree (
            node INTEGER PRIMARY KEY,
            hash BLOB NOT NULL
        ) STRICT""",
    "commands": """
        CREATE TABLE commands (
            id     TEXT PRIMARY KEY NOT NULL,
            digest TEXT NOT NULL,
            first  INTEGER,
            last   INTEGER
        ) STRICT, WITHOUT ROWID""",
}
"""`stored_events` has the column names of the `eventsourcing` library, whose recorder reads it."""
_SINCE_2 = {
    "checkpoints": """
        CREATE TABLE checkpoints (
            id      INTEGER PRIMARY KEY CHECK (id > 0),
            size    INTEGER NOT NULL,
            made_at TEXT    NOT NULL,
            note    BLOB    NOT NULL
        ) STRICT""",
    "anchors": """
        CREATE TABLE anchors (
            id      INTEGER PRIMARY KEY CHECK (id > 0),
            kind    TEXT    NOT NULL,
            size    INTEGER NOT NULL,
            content BLOB    NOT NULL
        ) STRICT""",
}


def _append_only(tables: dict[str, str]) -> dict[str, str]:
    """The tables, and the triggers that let nobody change or delete a row, as SQLite keeps their SQL."""
    triggers = {
        f"{table}_no_{change.lower()}": f"""
        CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: {change} on {table} is refused'); END"""
        for table in tables
        for change in ("UPDATE", "DELETE")
    }
    return {name: sql.strip() for name, sql in (tables | triggers).items()}


OBJECTS = {1: _append_only(_TABLES), 2: _append_only(_TABLES | _SINCE_2)}
"""Of each schema every table and trigger by name, with its SQL: the schema's fingerprint."""


def create(path: str) -> None:
    """Make an empty store at `path`, whole or not at all, even when killed midway.

    Raises `StoreExists` where something already is, else `StoreError`.
    """
    made = f"{path}.{os.getpid()}.new"
    if os.path.lexists(path):
        raise StoreExists(path, "there is something here already; nothing was changed")
    try:
        with translated(path):
            connection = sqlite3.connect(made, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                lay_out(connection)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # closing would not say that it failed
            finally:
                connection.close()
        os.link(made, path)
        _sync_folder(path)
    except FileExistsError as error:
        raise StoreExists(path, "somebody else made it just now; nothing was changed") from error
    except OSError as error:
        raise StoreUnwritable(path, f"the store cannot be made here: {error.strerror}") from error
    finally:
        for leftover in (made, f"{made}-wal", f"{made}-shm"):
            with suppress(FileNotFoundError):
                os.unlink(leftover)


def lay_out(connection: sqlite3.Connection) -> None:
    """Put the schema into an empty database, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in OBJECTS[SCHEMA].values():
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA}")
    connection.execute("COMMIT")


def open_for_writing(path: str, *, lock_timeout: float = LOCK_TIMEOUT) -> sqlite3.Connection:
    """A connection that appends durably: a commit is on disk when it returns (WAL, `synchronous=FULL`)."""
    connection = _connect(path, "mode=rw", lock_timeout)
    try:
        with translated(path):
            schema = check_schema(connection, path)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(f"PRAGMA journal_size_limit={WAL_KEPT}")
            if schema < SCHEMA:
                _upgrade(connection, path)
    except EventStoreError:
        connection.close()
        raise
    return connection


def open_for_reading(path: str, *, lock_timeout: float = LOCK_TIMEOUT) -> sqlite3.Connection:
    """A connection that cannot write. It works in a folder that may not be written, too."""
    connection = _connect(path, "mode=ro", lock_timeout)
    try:
        with translated(path):
            check_schema(connection, path)
    except StoreReadOnly:
        connection.close()
        if _size(f"{path}-wal"):
            raise
        # Reading a WAL database makes its -shm file. Where that cannot be made and nothing is in the WAL,
        # nobody can be writing either, and the file alone is the whole store.
        connection = _connect(path, "immutable=1", lock_timeout)
        with translated(path):
            check_schema(connection, path)
    except EventStoreError:
        connection.close()
        raise
    return connection


def _upgrade(connection: sqlite3.Connection, path: str) -> None:
    """Add what came with later schemas, in one transaction; nothing that is there is changed."""
    connection.execute("BEGIN IMMEDIATE")
    there = OBJECTS[check_schema(connection, path)]
    for name, statement in OBJECTS[SCHEMA].items():
        if name not in there:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={SCHEMA}")
    connection.execute("COMMIT")


def check_schema(connection: sqlite3.Connection, path: str) -> int:
    """The number of its schema. Raise `NotAStore` or `NewerSchema` unless this version reads the file."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != APPLICATION_ID or schema < 1:
        raise NotAStore(path, "an SQLite database, but not one that this program made")
    if schema > SCHEMA:
        raise NewerSchema(path, f"its schema is {schema}, this version reads {SCHEMA}: use a newer version")
    return int(schema)


def check_there(path: str) -> None:
    """Raise `StoreMissing` unless there is something, and `StoreReadOnly` where one may not even look."""
    try:
        os.stat(path)
    except PermissionError as error:
        raise StoreReadOnly(path, CLOSED) from error
    except OSError as error:
        raise StoreMissing(path, "there is no store here") from error


def _connect(path: str, mode: str, lock_timeout: float) -> sqlite3.Connection:
    check_there(path)
    if not os.path.isfile(path):
        raise NotAStore(path, "this is no file, and a store is one")
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    with translated(path):
        return sqlite3.connect(
            f"file:{quoted}?{mode}",
            uri=True,
            timeout=lock_timeout,
            isolation_level=None,
            check_same_thread=False,  # the library's pool hands a connection to one thread at a time
        )


def held_back(connection: sqlite3.Connection, path: str) -> int:
    """Bytes of the write-ahead log that cannot be folded into the file, as somebody reads an older state.

    0 while it is small. It grows as long as they read: only they can end that.
    """
    if _size(f"{path}-wal") <= WAL_LIMIT:
        return 0
    try:
        _, frames, folded = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        (page,) = connection.execute("PRAGMA page_size").fetchone()
    except sqlite3.Error:  # what was recorded is recorded, whatever keeps it from being folded
        return 0
    return int((frames - folded) * page)


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Turn SQLite's errors, here and nowhere else, into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise meaning(error, path) from error
    except UnicodeDecodeError as error:  # from the text of SQLite's message about a damaged schema
        raise damaged(path, error) from error


def meaning(error: sqlite3.Error, path: str) -> EventStoreError:
    """What an error of SQLite means to somebody who wants to read or write the store."""
    whole = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if whole == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the memory that readers share
        whole = sqlite3.SQLITE_FULL
    match whole & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(path, "another process is writing; try again when it is done")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreReadOnly(path, "the file or its folder may not be written")
        case sqlite3.SQLITE_NOTADB:
            return NotAStore(path, "not an SQLite database")
        case sqlite3.SQLITE_CORRUPT:
            return damaged(path, error)
        case sqlite3.SQLITE_FULL:
            return StoreUnwritable(
                path, "the disk is full, nothing more was recorded: free some space and try again"
            )
        case sqlite3.SQLITE_IOERR:
            return StoreUnwritable(path, f"the device failed ({error}); nothing more was recorded")
        case sqlite3.SQLITE_CANTOPEN:
            return StoreReadOnly(path, CLOSED)
        case _ if any(said in str(error) for said in NOT_OURS):
            return damaged(path, error)
        case _:
            return StoreError(path, f"SQLite says: {error}")


def damaged(path: str, error: Exception) -> Unreadable:
    """The file holds something that SQLite itself cannot make sense of."""
    return Unreadable(f"{path} is damaged ({error}); restore a copy, or see what verify says")


def _sync_folder(path: str) -> None:
    """Make a new directory entry durable."""
    folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except FileNotFoundError:
        return 0
