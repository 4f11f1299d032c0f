"""A disk, and what a power cut may leave of it: writes that were not synced kept, dropped or torn.

The model, no kinder than ext4, XFS or Btrfs are:

- A write or a change of size is durable once `fsync` or `fdatasync` of its file has returned. Until then each
  may be there or not, whatever was written after it, and a write also in part: any of its sectors of 512
  bytes, or its size alone. Where bytes are missing below the size of a file, there are zeros.
- What becomes of names (making, linking, renaming and removing files and folders) is journalled: a cut leaves
  the first so many of these steps. Syncing a folder settles every step up to the last one in it; syncing a
  file that was just made settles its making, as those systems do.
- A sector is written whole or not at all, and no write damages what it does not name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from random import Random

SECTOR = 512
Names = dict[str, "File | None"]
"""By path, the file; of a folder, None."""
Step = Callable[[Names], object]


class File:
    """What is durable of a file, and the changes since: a write (offset, bytes), or a size (offset, None)."""

    def __init__(self) -> None:
        self.durable = bytearray()
        self.changes: list[tuple[int, bytes | None]] = []
        self.size = 0

    def change(self, offset: int, data: bytes | None) -> None:
        self.changes.append((offset, data))
        self.size = offset if data is None else max(self.size, offset + len(data))

    def seen(self) -> bytes:
        """What a process that reads it sees."""
        content = bytearray(self.durable)
        for offset, data in self.changes:
            _put(content, offset, data)
        return bytes(content)

    def sync(self) -> None:
        for offset, data in self.changes:
            _put(self.durable, offset, data)
        self.changes.clear()

    def cut(self, kept: float, chance: Random) -> bytes:
        """What a power cut may leave of it, where about such a part of the changes are kept."""
        content = bytearray(self.durable)
        for offset, data in self.changes:
            if chance.random() < kept:
                _put(content, offset, data)
            elif data is not None:
                _tear(content, offset, data, chance)
        return bytes(content)


class Disk:
    """Files by name, as a process sees them now, and as a power cut may leave them."""

    def __init__(self) -> None:
        self.names: Names = {}
        self._settled: Names = {}
        self._steps: list[tuple[set[str], File | None, Step]] = []

    def make(self, path: str) -> File:
        """An empty file of a new name."""
        file = File()
        self._step({_folder(path)}, file, lambda names: names.update({path: file}))
        return file

    def make_folder(self, path: str) -> None:
        self._step({_folder(path)}, None, lambda names: names.update({path: None}))

    def link(self, path: str, other: str) -> None:
        self._step({_folder(other)}, None, lambda names: names.update({other: names[path]}))

    def remove(self, path: str) -> None:
        self._step({_folder(path)}, None, lambda names: names.pop(path))

    def rename(self, path: str, other: str) -> None:
        """A file, or a folder with all that is in it."""

        def move(names: Names) -> None:
            for each in [name for name in names if name == path or name.startswith(f"{path}/")]:
                names[other + each[len(path) :]] = names.pop(each)

        self._step({_folder(path), _folder(other)}, None, move)

    def sync(self, file: File) -> None:
        file.sync()
        self._settle(next((n for n, (_, made, _) in enumerate(self._steps, 1) if made is file), 0))

    def sync_folder(self, path: str) -> None:
        self._settle(
            max((n for n, (folders, _, _) in enumerate(self._steps, 1) if path in folders), default=0)
        )

    def cut(self, chance: Random) -> Iterator[tuple[str, bytes | None]]:
        """What a power cut may leave: each path with its content; of a folder, None."""
        kept = chance.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        names = dict(self._settled)
        for _, _, step in self._steps[: chance.randint(0, len(self._steps))]:
            step(names)
        for path, file in names.items():
            yield path, file.cut(kept, chance) if file else None

    def _step(self, folders: set[str], made: File | None, step: Step) -> None:
        step(self.names)
        self._steps.append((folders, made, step))

    def _settle(self, steps: int) -> None:
        for _, _, step in self._steps[:steps]:
            step(self._settled)
        del self._steps[:steps]


def lay(image: Iterator[tuple[str, bytes | None]], root: str, folder: Path) -> None:
    """Puts an image's files below `root` into a folder. SQLite's shared memory is lost with the power."""
    for path, content in sorted(image, key=lambda each: each[0]):
        if path.startswith(f"{root}/") and not path.endswith("-shm"):
            place = folder / path.removeprefix(f"{root}/")
            if content is None:
                place.mkdir()
            else:
                place.write_bytes(content)


def _put(content: bytearray, offset: int, data: bytes | None) -> None:
    """Writes data, or makes the content so long; what is between is zeros."""
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


def _tear(content: bytearray, offset: int, data: bytes, chance: Random) -> None:
    """Writes nothing of the data, its size alone, or some of its sectors."""
    what = chance.choice(("nothing", "its size", "some sectors", "some sectors"))
    if what == "its size":
        _put(content, max(len(content), offset + len(data)), None)
    elif what == "some sectors":
        for start, piece in _sectors(offset, data):
            if chance.random() < 0.5:
                _put(content, start, piece)


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """The pieces of a write, each within one sector."""
    start = offset
    while start < offset + len(data):
        end = (start // SECTOR + 1) * SECTOR
        yield start, data[start - offset : end - offset]
        start = end


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)
