"""The trail that was asked for: what it is about is known at once, its lines are told part by part."""

from collections.abc import Container, Iterator
from typing import Any

import orjson

from roadlog.projections.cache import Entry
from roadlog.upkeep import Upkeep

PART = 1_000
"""Entries told at one time: what is held in memory, and what the first line waits for."""
CHANGES, GATE = ',"changes":', ',"gate":'


class Trail:
    """Who did what, when and why, oldest first; voided records are there and say so.

    `index` is what is known of each entry before it is told, `of` the one stream that was asked for. `parts`
    can be asked while the reading is open.
    """

    def __init__(
        self, upkeep: Upkeep, index: list[Entry], *, of: str | None, roadmap: str, upto: int
    ) -> None:
        self.of = of
        self.index = index
        self._upkeep = upkeep
        self._roadmap = roadmap
        self._upto = upto

    def only(self, positions: Container[int]) -> "Trail":
        """Those of its entries."""
        index = [each for each in self.index if each.position in positions]
        return Trail(self._upkeep, index, of=self.of, roadmap=self._roadmap, upto=self._upto)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for part in self.parts():
            yield from part

    def parts(self) -> Iterator[list[dict[str, Any]]]:
        """The entries told, some at a time."""
        for part in self._lines(PART):
            yield [{**orjson.loads(line), "voided_by": each.voided_by} for each, line in part]

    def changes(self) -> Iterator[tuple[int, str, list[dict[str, Any]]]]:
        """Of each entry its position, its stream and its changes alone, which takes half as long."""
        for part in self._lines(10 * PART):
            for each, line in part:
                yield each.position, each.stream, orjson.loads(changes_in(line))

    def _lines(self, size: int) -> Iterator[list[tuple[Entry, str]]]:
        told: dict[int, str] = {}
        asked = {each.position for each in self.index}
        for start in range(0, len(self.index), size):
            part = self.index[start : start + size]
            told |= self._kept([each.position for each in part if each.position not in told])
            untold = {each.stream for each in part if each.position not in told}
            if untold:  # with all that was asked for of these streams, so that each is folded once
                told |= self._told(untold, asked)
            yield [(each, told.pop(each.position)) for each in part]

    def _kept(self, positions: list[int]) -> dict[int, str]:
        """Those lines that are kept. Then nothing is held: who reads a part may read it for hours."""
        try:
            return self._upkeep.ask(lambda cache: cache.lines(positions))
        finally:
            self._upkeep.release()

    def _told(self, streams: set[str], positions: set[int]) -> dict[int, str]:
        lines = self._upkeep.lines([self._roadmap, *streams], positions, self._upto)
        self._upkeep.keep(lambda cache: cache.put_lines(lines.items()))
        return lines


def changes_in(line: str) -> str:
    """What a line of the trail says was changed, as JSON; the rest of it is not read.

    They stand between the texts and `gate`. No text holds these words as keys: its quotes are escaped.
    """
    return line[line.index(CHANGES) + len(CHANGES) : line.rindex(GATE)]
