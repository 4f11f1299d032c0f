"""The trail that was asked for: what it is about is known at once, its lines are told part by part."""

from collections.abc import Container, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from roadlog.projections.cache import Cache
from roadlog.projections.kept_trail import Entry
from roadlog.upkeep import Upkeep

if TYPE_CHECKING:
    from roadlog.filling import Progress

PART = 1_000
"""Entries told at one time: what is held in memory, and what the first line waits for."""
CHANGES, GATE = ',"changes":', ',"gate":'


class Trail:
    """Who did what, when and why, oldest first; voided records are there and say so.

    `index` is what is known of each entry before it is told, `of` the one stream that was asked for. `parts`
    can be asked while the reading is open.
    """

    def __init__(self, upkeep: Upkeep, index: list[Entry], *, of: str | None, upto: int) -> None:
        self.of = of
        self.index = index
        self._upkeep = upkeep
        self._upto = upto

    def only(self, positions: Container[int]) -> "Trail":
        """Those of its entries."""
        index = [each for each in self.index if each.position in positions]
        return Trail(self._upkeep, index, of=self.of, upto=self._upto)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for part in self.parts():
            yield from part

    def parts(self) -> Iterator[list[dict[str, Any]]]:
        """The entries told, some at a time."""
        for part in self._lines(PART):
            yield [{**orjson.loads(line), "voided_by": each.voided_by} for each, line in part]

    def changes(self, progress: "Progress | None" = None) -> Iterator[tuple[int, str, list[dict[str, Any]]]]:
        """Of each entry its position, its stream and its changes alone, which takes half as long.

        `progress` is told of how many streams the lines are told that were not kept.
        """
        for part in self._lines(10 * PART, progress):
            for each, line in part:
                yield each.position, each.stream, orjson.loads(changes_in(line))

    def _lines(self, size: int, progress: "Progress | None" = None) -> Iterator[list[tuple[Entry, str]]]:
        told: dict[int, str] = {}
        asked = {each.position for each in self.index}
        for start in range(0, len(self.index), size):
            part = self.index[start : start + size]
            told |= self._kept([each.position for each in part if each.position not in told])
            untold = {each.stream for each in part if each.position not in told}
            if untold:  # with all that was asked for of these streams, so that each is folded once
                here = {each.position for each in part}
                for position, line, kept in self._told(untold, asked, progress):
                    if position in here or not kept:
                        told[position] = line
            yield [(each, told.pop(each.position)) for each in part]

    def _kept(self, positions: list[int]) -> dict[int, str]:
        """Those lines that are kept. Then nothing is held: who reads a part may read it for hours."""
        try:
            return self._upkeep.ask(lambda cache: cache.lines(positions))
        finally:
            self._upkeep.release()

    def _told(
        self, streams: set[str], positions: set[int], progress: "Progress | None"
    ) -> Iterator[tuple[int, str, bool]]:
        """Those lines of these streams, told anew, and whether each is kept from now on."""
        lines = self._upkeep.lines(streams, positions, self._upto, progress)
        while some := list(islice(lines, PART)):
            kept = self._upkeep.keep(partial(Cache.put_lines, lines=some))
            for position, line in some:
                yield position, line, kept


def event_type(given: str) -> str:
    """The event type of that name, however its letters are written. Raises Unknown with the nearest."""
    from roadlog.domain.events import CATALOGUE
    from roadlog.domain.refusals import unknown

    found = next((each for each in CATALOGUE if each.lower() == given.lower()), None)
    if found is None:
        raise unknown("type", given, tuple(CATALOGUE), try_=("roadlog catalogue",))
    return found


def changes_in(line: str) -> str:
    """What a line of the trail says was changed, as JSON; the rest of it is not read.

    They stand between the texts and `gate`. No text holds these words as keys: its quotes are escaped.
    """
    return line[line.index(CHANGES) + len(CHANGES) : line.rindex(GATE)]
