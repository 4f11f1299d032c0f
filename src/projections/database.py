"""The projections' file as SQLite: what it is asked and told, what goes wrong, and the seals on its rows."""

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

Row = tuple[Any, ...]


Place = str | os.PathLike[str]

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


class Database:
    """A connection, and what is asked of it. `Cache` is all of its tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def _ask(self, sql: str, *values: Any) -> list[Row]:
        with translated():
            return self.connection.execute(sql, values).fetchall()

    def _put(self, sql: str, rows: Iterable[Row]) -> None:
        with translated():
            self.connection.executemany(sql, rows)

    def check_counts(self, *tables: str) -> None:
        """Raises CacheFailure where a table does not hold as many entries as the mark says."""
        for table in tables:
            counted, said = self._ask(f"SELECT count(*) FROM {table}"), self._ask(f"SELECT {table} FROM mark")
            if counted != (said or [(0,)]):
                raise CacheFailure(f"entries of {table} are missing")


def connected(path: Place, wait: float, *pragmas: str) -> sqlite3.Connection:
    """A connection with these pragmas. Raises CacheFailure."""
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


def unsealed(kept: Any, *beside: Any) -> str:
    """The text, as it was put in beside the same. Raises CacheFailure for one that is not."""
    if not isinstance(kept, str) or kept != sealed(kept[8:], *beside):
        raise CacheFailure("it is not what was put in")
    return kept[8:]


def _bytes_seal(content: bytes, *beside: Any) -> bytes:
    return crc32(content, crc32(f"{beside}".encode())).to_bytes(4)


def with_seal(row: Row) -> Row:
    """With its last value, which is bytes, behind the CRC-32 of itself and of what stands beside it."""
    *beside, content = row
    return *beside, _bytes_seal(content, *beside) + content


def unsealed_bytes(kept: Any, *beside: Any) -> bytes:
    """The bytes as they were put in beside the same. Raises CacheFailure for others."""
    content = kept[4:] if isinstance(kept, bytes) else b""
    if not isinstance(kept, bytes) or kept[:4] != _bytes_seal(content, *beside):
        raise CacheFailure("it is not what was put in")
    return content
