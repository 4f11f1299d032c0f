"""Copies of a projections file: elsewhere, without touching it, and over another in one step."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from time import monotonic
from typing import TYPE_CHECKING

from roadlog.projections import cache
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure, NoRoom, Place, translated

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

COPIES = 20
"""Times that a copy is tried while others are writing the file."""


class Copy(Cache):
    """What a projections file held, in a folder of its own that is gone once it is closed.

    aside: a path in that folder, for what is compared with it
    """

    def __init__(self, connection: sqlite3.Connection, folder: "TemporaryDirectory[str]") -> None:
        self.aside = os.path.join(folder.name, "aside.db")
        self._folder = folder
        super().__init__(connection)

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


def copy_of(path: Place) -> Copy:
    """What the file holds, copied elsewhere. The file is read as bytes, nothing is put beside it.

    SQLite itself makes files beside one in WAL mode, or folds them into it. Raises CacheFailure where it
    cannot be read, is no database or others write it without a pause, NoRoom.
    """
    import tempfile

    try:
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        raise NoRoom(error.strerror) from error
    copy = os.path.join(folder.name, os.path.basename(path))
    try:
        with translated():
            _copy_whole(path, copy)
            return Copy(sqlite3.connect(copy, isolation_level=None), folder)
    except BaseException as error:
        folder.cleanup()
        if isinstance(error, CacheFailure) and error.full:
            raise NoRoom(f"no space left in {tempfile.gettempdir()}") from error
        raise


def copy_over(path: Place, held: Cache) -> None:
    """Makes the file at `path` hold all that `held` holds, in one step: nobody ever sees half of it.

    Raises CacheFailure where it cannot be written, or is no database.
    """
    with (
        translated(),
        closing(sqlite3.connect(path, timeout=cache.WAIT, isolation_level=None)) as target,
    ):
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = NORMAL")
        held.connection.backup(target, progress=_patience(), sleep=0.05)


def _patience() -> Callable[[int, int, int], None]:
    """For a backup, which tries for ever where somebody else holds the file: gives up when WAIT is over."""
    until = monotonic() + cache.WAIT

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > until:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = status
            raise error

    return give_up


def _copy_whole(path: Place, copy: str) -> None:
    """Copies a database and what SQLite keeps beside it; once more where others changed them meanwhile."""
    from shutil import copyfile

    for _ in range(COPIES):
        before = _stamps(path)
        for suffix, stamp in before.items():
            with suppress(FileNotFoundError):
                os.unlink(copy + suffix)
            if stamp is not None:
                with suppress(FileNotFoundError):
                    copyfile(f"{path}{suffix}", copy + suffix)
        if _stamps(path) == before:
            os.stat(path)
            return
    raise sqlite3.OperationalError("others are writing it without a pause")


def _stamps(path: Place) -> dict[str, tuple[int, int, int] | None]:
    """By suffix, what changes when a file is written; None where there is none."""
    stamps: dict[str, tuple[int, int, int] | None] = dict.fromkeys(("", "-wal", "-journal"))
    for suffix in stamps:
        with suppress(FileNotFoundError):
            found = os.stat(f"{path}{suffix}")
            stamps[suffix] = (found.st_ino, found.st_size, found.st_mtime_ns)
    return stamps
