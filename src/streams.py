"""Streams as this process has read them, with what it recorded itself on top."""

from collections.abc import Iterable, Sequence

from roadlog.domain.evolve import fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState, fold_roadmap
from roadlog.event_store.log import Log
from roadlog.failures import missing

MOST = 100_000
"""Records kept; beyond that all are forgotten, and read again when they are needed."""


class Streams:
    """The log's streams up to its head; what was read is kept for as long as nobody else writes the log.

    mark: what the log's `written_by_others` said when `look` looked last; None before that. Who decides on
        what is known here says so when he appends, or looks again
    head: the log's head
    key: the roadmap's own stream, which is the log's first; empty in an empty store
    """

    def __init__(self, log: Log[Record]) -> None:
        self._log = log
        self.mark: int | None = None
        self._forget()

    def _forget(self) -> None:
        self.head = 0
        self.key = ""
        self._count = 0
        self._histories: dict[str, list[Record]] = {}
        self._initiatives: dict[str, InitiativeState] = {}
        self._roadmap: RoadmapState | None = None

    def look(self) -> bool:
        """Whether somebody else wrote since; then everything is read anew.

        Raises Damaged without a first record.
        """
        mark = self._log.written_by_others()
        if mark == self.mark:
            return False
        self._forget()
        self.mark = mark
        self.head = self._log.head().position
        if self.head:
            first = next(self._log.scan(upto=1), None)
            if first is None:
                raise missing(1)
            self.key = first.stream
        return True

    def roadmap(self) -> tuple[RoadmapState, Sequence[Record]]:
        """The roadmap's state, and its records."""
        if self._roadmap is None:
            self._roadmap = fold_roadmap(self._read(self.key) if self.key else ())
        return self._roadmap, self._histories.get(self.key, ())

    def initiative(self, stream: str) -> tuple[InitiativeState, Sequence[Record]]:
        """An initiative's state, and its records; of a stream that is not there, an empty one."""
        if stream not in self._initiatives:
            self._initiatives[stream] = fold(self._read(stream))
        return self._initiatives[stream], self._histories.get(stream, ())

    def recorded(
        self, records: tuple[Record, ...], roadmap: RoadmapState, initiatives: dict[str, InitiativeState]
    ) -> None:
        """What this process recorded just now, on top of all that was read, and the states after it."""
        if not records:
            return
        for record in records:
            self._histories.setdefault(record.stream, []).append(record)
        self.key = self.key or records[0].stream
        self._roadmap = roadmap
        self._initiatives |= initiatives
        self._count += len(records)
        self.head = records[-1].position
        if self._count >= MOST:
            self.outdated()

    def outdated(self) -> None:
        """What was read before is no longer so: this process itself wrote the log, past this."""
        self.mark = None

    def _read(self, stream: str) -> list[Record]:
        records = self._log.load(stream, _gather) or []
        self._histories[stream] = records
        self._count += len(records)
        return records


def _gather(before: list[Record] | None, records: Iterable[Record]) -> list[Record] | None:
    return [*(before or ()), *records] or None
