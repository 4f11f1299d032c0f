"""Answers that take seconds: each made once, one after the other, and kept until it is asked for anew."""

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

from roadlog import machine

ROOM = 16
"""Answers that are kept; the one that was asked for longest ago goes first."""


class Long(NamedTuple):
    """An answer, and when its making began."""

    at: datetime
    answer: Any


class LongAnswers:
    """Of one store, for all threads of a server: only one is made at a time, so that pages stay quick.

    count: how many were made; a page that shows one is another then
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = folder
        self.count = 0
        self._kept: OrderedDict[Hashable, Long] = OrderedDict()
        self._making = Lock()
        self._looking = Lock()

    def get(self, name: Hashable) -> Long | None:
        """The answer of that name, where one is kept."""
        with self._looking:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
            return found

    def made(self, name: Hashable, now: datetime, make: Callable[[], Any], *, anew: bool = False) -> Long:
        """The answer of that name; made where none is kept, or `anew` where it was begun before `now`.

        Of many who ask for it anew at once, those who waited share one answer.
        """
        with self._making:
            found = self.get(name)
            if found is None or (anew and found.at < now):
                found = Long(machine.clock(), make())
                self._put(name, found)
            return found

    def _put(self, name: Hashable, answer: Long) -> None:
        with self._looking:
            self.count += 1
            self._kept[name] = answer
            self._kept.move_to_end(name)
            while len(self._kept) > ROOM:
                self._kept.popitem(last=False)
