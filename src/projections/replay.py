"""The history record by record: what each changed, and the board after it."""

from collections.abc import Iterable, Iterator
from typing import Any

from roadlog.domain.keys import number_of
from roadlog.domain.records import Record
from roadlog.projections import board, trail
from roadlog.projections.moment import Moment
from roadlog.projections.walk import History, Walk


class Replay:
    """Takes records from the log's first on; gives the line of the trail of each beyond a position.

    `key`: only of one stream. In between, `board` is the board as the last record left it.
    """

    def __init__(self, records: Iterable[Record], history: History, *, after: int, key: str | None) -> None:
        self._records = records
        self._walk = Walk(history)
        self._after = after
        self._key = key
        self._last: Record | None = None
        self._rows: dict[str, dict[str, Any]] | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for record in self._records:
            self._last = record
            if record.position <= self._after or self._key not in (None, record.stream):
                self._walk.take(record)
                self._forget(record)
                continue
            change = self._walk.watch(record)
            self._forget(record)
            yield trail.entry(record, change.before, change.after, self._walk.roadmap.workflow)

    def board(self) -> dict[str, Any]:
        """The board at the last record, as of the time when that was recorded."""
        if self._last is None:
            raise LookupError("nothing was taken yet")
        at, roadmap = self._last.recorded_at, self._walk.roadmap
        rows = self._rows = self._rows or {}
        for key, state in self._walk.changed().items():
            if key not in rows and state.exists:
                rows[key] = board.row(state, roadmap, at)
        moment = Moment(as_of=at, known_at=at, position=self._last.position, head=self._last.leaf)
        initiatives = [rows[key] for key in sorted(rows, key=number_of)]
        return {"roadmap": roadmap.key, **moment.stamp(), "head": moment.head, "initiatives": initiatives}

    def _forget(self, record: Record) -> None:
        """The row of what changed; of all, where the roadmap did."""
        if self._rows is not None:
            if record.stream == self._walk.roadmap.key:
                self._rows.clear()
            self._rows.pop(record.stream, None)
