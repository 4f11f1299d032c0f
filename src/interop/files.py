"""The files of an import, each so that it can be read more than once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from roadlog.domain.refusals import Malformed, StoreFailure

MOST = 64 * 1024 * 1024
"""Bytes that are taken of what does not say beforehand how much it holds."""
BLOCK = 1024 * 1024


@contextmanager
def kept(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Regular files as they are; pipes and devices, which can be read only once, as copies of their names.

    Raises Malformed for one of these that cannot be read or is larger than 64 MiB; StoreFailure where there
    is no room for copies.
    """
    if all(path.is_file() for path in paths):
        yield tuple(paths)
        return
    with _folder() as folder:
        yield tuple(
            path if path.is_file() else _copied(path, Path(folder, str(number)))
            for number, path in enumerate(paths)
        )


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises Malformed where a file cannot be read."""
    try:
        yield
    except OSError as error:
        raise Malformed("import", f"{path} cannot be read: {error.strerror}.") from error


def blocks(path: Path) -> Iterator[bytes]:
    """What it holds, piece by piece. Raises Malformed where that cannot be read or is larger than 64 MiB."""
    held = 0
    with readable(path), path.open("rb") as file:
        while block := file.read(BLOCK):
            held += len(block)
            if held > MOST:
                raise Malformed("import", f"{path} is larger than {MOST // 1024 // 1024} MiB.")
            yield block


def _folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="roadlog-import-")
    except OSError as error:
        raise _no_room(error) from error


def _copied(path: Path, folder: Path) -> Path:
    copy = folder / path.name
    try:
        folder.mkdir()
        with copy.open("xb") as file:
            file.writelines(blocks(path))
    except OSError as error:
        raise _no_room(error) from error
    return copy


def _no_room(error: OSError) -> StoreFailure:
    return StoreFailure("import", f"What a pipe holds cannot be kept on disk: {error.strerror}.")
