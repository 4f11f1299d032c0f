"""Pages as they were written last, for as long as nothing was recorded since and the minute lasts."""

from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

ROOM = 32 * 2**20
"""Bytes of pages that are kept, with what was asked; the one that was asked for longest ago goes first."""


class Written(NamedTuple):
    """A page, and the same compressed."""

    text: bytes
    gzipped: bytes


Name = tuple[str | None, ...]
"""Who asks for what: the viewer, the path, the query."""


class KeptPages:
    """Not for several threads: the server's own loop looks things up and keeps them."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Name, tuple[int, datetime, Written]] = OrderedDict()
        self._size = 0

    def get(self, name: Name, head: int, now: datetime) -> Written | None:
        """The page if it was made of the log as it is, in this minute."""
        found = self._pages.get(name)
        if found is None or found[:2] != (head, minute(now)):
            return None
        self._pages.move_to_end(name)
        return found[2]

    def put(self, name: Name, head: int, made: datetime, page: Written) -> None:
        """Keeps a page that was made of the log up to `head`."""
        self._drop(name)
        self._pages[name] = head, minute(made), page
        self._size += _size(name, page)
        while self._size > ROOM:
            self._drop(next(iter(self._pages)))

    def _drop(self, name: Name) -> None:
        found = self._pages.pop(name, None)
        if found:
            self._size -= _size(name, found[2])


def minute(time: datetime) -> datetime:
    """The minute in which a time is."""
    return time.replace(second=0, microsecond=0)


def _size(name: Name, page: Written) -> int:
    """An address may be longer than what it is answered with."""
    return sum(len(each) for each in name if each) + len(page.text) + len(page.gzipped)
