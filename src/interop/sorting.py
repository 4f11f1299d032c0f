"""The lines of a log by case and time: sorted on disk, so that memory does not grow with the log."""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import chain
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Self

import msgspec

from roadlog.domain.refusals import StoreFailure

RUN = 100_000
"""Lines sorted in memory at a time."""
FORM = Struct(">IQIHQII")
"""Case, microseconds since YEAR_ONE, how many came before, file, line, activity, actor: bytes in order are
lines in order."""
YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BLOCK = 4096


def counted(at: datetime) -> int:
    """A moment on disk: microseconds since YEAR_ONE."""
    return (at - YEAR_ONE) // MICROSECOND


def uncounted(since: int) -> datetime:
    """The moment that was counted so."""
    return YEAR_ONE + since * MICROSECOND


class Sorted(msgspec.Struct, frozen=True, gc=False):
    """A line whose case, activity and actor are numbers that the caller gave (actor 0: none named)."""

    case: int
    at: datetime
    file: int
    line: int
    activity: int
    actor: int


class Sorter:
    """Takes lines in any order and gives them case by case. A context manager; then its disk is free again.

    Raises StoreFailure where there is no room for them.
    """

    def __init__(self) -> None:
        self._run: list[bytes] = []
        self._files: list[IO[bytes]] = []
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for file in self._files:
            with suppress(OSError):  # what a full disk did not take is told already
                file.close()

    def add(self, case: int, at: datetime, file: int, line: int, activity: int, actor: int) -> None:
        """One line, its parts as `Sorted` has them."""
        self._run.append(FORM.pack(case, counted(at), self.count, file, line, activity, actor))
        self.count += 1
        if len(self._run) == RUN:
            self._write(sorted(self._run))
            self._run.clear()

    def doers(self) -> Iterator[tuple[int, int, int]]:
        """Each line's case, line and actor, in any order. Ask before `cases`."""
        for case, _, _, _, line, _, actor in chain(*map(_unpacked, self._files), map(FORM.unpack, self._run)):
            yield case, line, actor

    def cases(self) -> Iterator[tuple[int, list[Sorted]]]:
        """Each case's lines by time, those of one instant as they came; what began first comes first."""
        runs = [_read(file) for file in self._files]
        whole = self._write(merge(*runs, sorted(self._run)))
        cases, firsts, starts = array("I"), array("Q"), array("Q")
        for place, (case, since, _, _, _, _, _) in enumerate(_unpacked(whole)):
            if not cases or case != cases[-1]:
                cases.append(case)
                firsts.append(since)
                starts.append(place)
        starts.append(self.count)
        for each in sorted(range(len(cases)), key=lambda each: (firsts[each], cases[each])):
            yield cases[each], _lines(whole, starts[each], starts[each + 1])

    def _write(self, lines: Iterable[bytes]) -> IO[bytes]:
        try:
            file = TemporaryFile(prefix="roadlog-import-")  # noqa: SIM115 (closed when the sorter is left)
            self._files.append(file)
            file.writelines(lines)
            file.flush()
        except OSError as error:
            raise StoreFailure("import", f"The lines cannot be sorted on disk: {error.strerror}.") from error
        return file


def _read(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file."""
    size = FORM.size
    for block in _blocks(file):
        yield from (block[start : start + size] for start in range(0, len(block), size))


def _unpacked(file: IO[bytes]) -> Iterator[tuple[int, ...]]:
    """The lines of a file, their parts as `FORM` has them."""
    return chain.from_iterable(map(FORM.iter_unpack, _blocks(file)))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Some thousands of lines at a time."""
    file.seek(0)
    return iter(lambda: file.read(FORM.size * BLOCK), b"")


def _lines(file: IO[bytes], start: int, end: int) -> list[Sorted]:
    file.seek(start * FORM.size)
    return [
        Sorted(case, uncounted(since), number, line, activity, actor)
        for case, since, _, number, line, activity, actor in FORM.iter_unpack(
            file.read((end - start) * FORM.size)
        )
    ]
