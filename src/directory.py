"""The erasable directory: names and addresses, which the log never holds, and the salts of their commitments.

A commitment is the SHA-256, in hex, of salt, a colon and the value (UTF-8); the salt is 128 random bits in
hex. The log holds the commitments, so that a name can be proved while it is here, and no longer once it was
erased.

The log says first that somebody was erased, then the directory forgets them. What a crash or a full disk
keeps undone in between is done by the next command that records, or lists who is here; nobody is shown it
meanwhile.
"""

import os
import secrets
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Self

from msgspec import Struct

from roadlog.domain.refusals import StoreFailure

FILE = "directory.db"
HELD = "The directory still holds what the log says was erased; the next command that records erases it."
"""What is said wherever forgetting fails."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS directory (
    id INTEGER PRIMARY KEY, handle TEXT NOT NULL, name TEXT, address TEXT, name_salt TEXT, address_salt TEXT
)
"""


class Entry(Struct, frozen=True, kw_only=True):
    """What the directory knows of one stakeholder; a salt stands where its value does."""

    handle: str
    name: str | None
    address: str | None
    name_salt: str | None
    address_salt: str | None

    @classmethod
    def of(cls, handle: str, name: str | None, address: str | None) -> Self:
        """An entry with fresh salts. Raises Malformed for texts that cannot be shown."""
        from roadlog.domain.limits import check_text

        for what, value in (("name", name), ("email", address)):
            if value is not None:
                check_text(what, value)
        return cls(
            handle=handle,
            name=name,
            address=address,
            name_salt=None if name is None else secrets.token_hex(16),
            address_salt=None if address is None else secrets.token_hex(16),
        )

    @property
    def said(self) -> str:
        """`Zoe Brown <zoe@example.com>`, or what there is of it."""
        address = None if self.address is None else f"<{self.address}>"
        return " ".join(each for each in (self.name, address) if each is not None)

    @property
    def name_commitment(self) -> str | None:
        return _commitment(self.name_salt, self.name)

    @property
    def address_commitment(self) -> str | None:
        return _commitment(self.address_salt, self.address)


class Directory:
    """The directory of one store. Only those who may read the store's folder as its owner may read it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """The store's directory, made where there is none yet. Raises StoreFailure."""
        path = folder / FILE
        try:
            path.touch(mode=0o600)
            os.chmod(path, 0o600)
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA synchronous = EXTRA")  # the log refers to what is kept here
                connection.execute(SCHEMA)
                yield cls(connection)
            finally:
                connection.close()
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error) from error

    @classmethod
    def entries(cls, folder: Path) -> dict[str, Entry]:
        """The latest entry of every handle; empty where there is no directory. Raises StoreFailure.

        Nothing is written: a store that may only be read tells its names, too. Only what somebody left half
        written, whose power was cut, is undone first.
        """
        path = folder / FILE
        if not path.exists():
            return {}
        try:
            rows = _rows(path)
        except sqlite3.Error as error:
            raise _unusable(path, error) from error
        fields = Entry.__struct_fields__
        return {row[0]: Entry(**dict(zip(fields, row, strict=True))) for row in rows}

    @classmethod
    def held(cls, folder: Path, handles: Collection[str]) -> tuple[str, ...]:
        """Those of the handles of whom the directory holds an entry, in order. Raises StoreFailure."""
        return tuple(sorted(cls.entries(folder).keys() & set(handles)))

    @classmethod
    def forget(cls, folder: Path, handles: Collection[str]) -> None:
        """Erases every entry of these handles and all that the file still holds of them.

        Where there is none, nothing is written. Raises StoreFailure, and can be asked again until it is done.
        """
        held = cls.held(folder, handles)
        if held:
            with cls.open(folder) as directory:
                directory._erase(held)

    def _erase(self, handles: Collection[str]) -> None:
        """The entries go last: until all else is gone, they say that this is still to be done.

        SQLite zeroes a value that it deletes, but not the copies of it that it left where rows moved from
        page to page; written anew, the file has none.
        """
        self._connection.executemany(
            "UPDATE directory SET name = NULL, address = NULL, name_salt = NULL, address_salt = NULL"
            " WHERE handle = ?",
            [(each,) for each in handles],
        )
        self._connection.execute("PRAGMA temp_store = MEMORY")  # others' names belong into no other file
        self._connection.execute("VACUUM")
        self._connection.executemany("DELETE FROM directory WHERE handle = ?", [(each,) for each in handles])

    def add(self, entry: Entry) -> None:
        """Adds an entry."""
        self._connection.execute(
            "INSERT INTO directory (handle, name, address, name_salt, address_salt) VALUES (?, ?, ?, ?, ?)",
            (entry.handle, entry.name, entry.address, entry.name_salt, entry.address_salt),
        )

    def remove(self, entry: Entry) -> None:
        """Takes back an entry that the log does not refer to; its salts are like no other's."""
        self._connection.execute(
            "DELETE FROM directory WHERE handle = ? AND name_salt IS ? AND address_salt IS ?",
            (entry.handle, entry.name_salt, entry.address_salt),
        )


def _rows(path: Path) -> list[tuple[str, ...]]:
    try:
        return _read(path, "ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
        return _read(path, "rw")


def _read(path: Path, mode: str) -> list[tuple[str, ...]]:
    """The fields of every entry, oldest first; none where the file was made and not filled yet."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'directory'").fetchone():
            return []
        return connection.execute(
            "SELECT handle, name, address, name_salt, address_salt FROM directory ORDER BY id"
        ).fetchall()


def _unusable(path: Path, error: Exception) -> StoreFailure:
    return StoreFailure("directory", f"{path} cannot be used: {error}.")


def _commitment(salt: str | None, value: str | None) -> str | None:
    return None if salt is None or value is None else sha256(f"{salt}:{value}".encode()).hexdigest()
