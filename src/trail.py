"""The trail that was asked for: what it is about is known at once, its lines are told part by part."""

from collections.abc import Iterator
from typing import Any

import orjson

from roadlog.projections.cache import Entry
from roadlog.upkeep import Upkeep

PART = 1_000
"""Entries told at one time: what is held in memory, and what the first line waits for."""


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

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for part in self.parts():
            yield from part

    def parts(self) -> Iterator[list[dict[str, Any]]]:
        """The entries told, some at a time."""
        told: dict[int, str] = {}
        asked = {each.position for each in self.index}
        for start in range(0, len(self.index), PART):
            part = self.index[start : start + PART]
            told |= self._kept([each.position for each in part if each.position not in told])
            untold = {each.stream for each in part if each.position not in told}
            if untold:  # with all that was asked for of these streams, so that each is folded once
                told |= self._told(untold, asked)
            yield [{**orjson.loads(told.pop(each.position)), "voided_by": each.voided_by} for each in part]

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
