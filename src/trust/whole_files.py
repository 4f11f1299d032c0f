"""Small files that are there whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO


def write(path: str, content: bytes, mode: int = 0o644) -> None:
    """Puts a new file there, for good. Raises FileExistsError where there is one; OSError."""
    with new(path, mode) as file:
        file.write(content)


@contextmanager
def new(path: str, mode: int = 0o644) -> Iterator[BinaryIO]:
    """A file to write, which takes its name at the end: a new one, for good.

    Raises FileExistsError where there is one; OSError.
    """
    with _part(path, mode, _name) as file:
        yield file


def replace(path: str, content: bytes, mode: int = 0o644) -> None:
    """Puts a file there, for good, whatever was there. Raises OSError."""
    with _part(path, mode, os.rename) as file:
        file.write(content)


def move(path: str, to: str) -> None:
    """Gives a file that is there another name, for good, whatever had it. Raises OSError."""
    os.replace(path, to)
    _sync_folder_of(to)


@contextmanager
def _part(path: str, mode: int, name: Callable[[str, str], None]) -> Iterator[BinaryIO]:
    """A file beside the one to come, which is given its name once it is written."""
    part = f"{path}.{os.urandom(4).hex()}"
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        name(part, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
    _sync_folder_of(path)


def sync(path: str | os.PathLike[str]) -> None:
    """Makes a file's bytes, or a folder's names, outlast a power cut. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder_of(path: str) -> None:
    sync(os.path.dirname(path) or os.curdir)


def _name(part: str, path: str) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, such as that of a memory stick
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(part, path)
