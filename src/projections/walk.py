"""Walking the log: every state as it stands after the records taken so far, and what each of them changed."""

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

import orjson

from roadlog.domain.events import RecordVoided
from roadlog.domain.evolve import Fold, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.refusals import Damaged
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap
from roadlog.projections import trail
from roadlog.projections.trail import State

History = Callable[[str, int], Iterable[Record]]
"""A stream's records up to a position: a void folds its stream again."""


class Change(NamedTuple):
    """The state of a record's stream before and after it."""

    before: State
    after: State


def unknown_before(_: str) -> InitiativeState:
    """The state of any initiative before the first record."""
    return InitiativeState()


class Walk:
    """The states after the records taken so far, which must come in log order.

    `kept` gives an initiative's state from before the walk, which begins after position `began`.

    voided_at: when what the last record voids took effect; None where it voids nothing
    """

    def __init__(
        self,
        history: History,
        *,
        roadmap: RoadmapState | None = None,
        kept: Callable[[str], InitiativeState] = unknown_before,
        began: int = 0,
    ) -> None:
        self._history = history
        self._kept = kept
        self._began = began
        self._folds: dict[str, Fold] = {}
        self.voided_at: datetime | None = None
        self.roadmap = roadmap or RoadmapState()

    def take(self, record: Record) -> None:
        """Folds one more record.

        Raises Damaged for a record that does not follow the one before it in its stream; ValueError where it
        may be what was kept that lacks something.
        """
        stream = record.stream
        folding = self._folds.get(stream)
        if folding is None:
            if stream == self.roadmap.key or record.position == 1:
                self.roadmap = evolve_roadmap(self.roadmap, record)
                return
            folding = self._folds[stream] = Fold(self._kept(stream))
        if record.version != folding.version + 1:
            raise self._gap(record, folding.version)
        event = record.body.event
        if type(event) is RecordVoided:
            known = tuple(self._history(stream, record.position))
            self.voided_at = next(each.effective_at for each in known if each.position == event.position)
            self._folds[stream] = Fold(fold(known))
        else:
            self.voided_at = None
            folding.take(record)

    def watch(self, record: Record) -> Change:
        """As `take`, and gives what it changed; that costs twice as much."""
        before = self._state_of(record)
        self.take(record)
        return Change(before, self._state_of(record))

    def now(self, stream: str) -> InitiativeState | None:
        """An initiative without what no fold looks at; None for the roadmap, and before its first record."""
        folding = self._folds.get(stream)
        return folding.now if folding else None

    def forget(self) -> None:
        """Lets go of the initiatives: none of them has more records to come."""
        self._folds.clear()

    def changed(self) -> dict[str, InitiativeState]:
        """The initiatives that records were taken of, as they stand now."""
        return {stream: folding.state() for stream, folding in self._folds.items()}

    def _state_of(self, record: Record) -> State:
        if record.stream == self.roadmap.key or record.position == 1:
            return self.roadmap
        folding = self._folds.get(record.stream)
        return folding.state() if folding else self._kept(record.stream)

    def _gap(self, record: Record, before: int) -> Exception:
        what = f"is version {record.version} of {record.stream}, after version {before}"
        gap = f"Record {record.position} {what}."
        return ValueError(gap) if self._began else Damaged("missing", gap, try_=("roadlog verify",))


def line(record: Record, change: Change, roadmap: RoadmapState) -> str:
    """The record's line of the trail, as JSON."""
    return orjson.dumps(trail.entry(record, change.before, change.after, roadmap.workflow)).decode()


def lines(
    roadmap: Iterable[Record],
    streams: Iterable[Iterable[Record]],
    history: History,
    positions: Container[int],
) -> Iterator[tuple[int, str]]:
    """Those positions and lines of the roadmap's own stream, and of others, one whole stream after the other.

    In log order the state of each would have to be fetched from memory anew for each record.
    """
    walk, turns = Walk(history), [(0, RoadmapState())]
    for record in roadmap:
        change = walk.watch(record)
        turns.append((record.position, walk.roadmap))
        if record.position in positions:
            yield record.position, line(record, change, walk.roadmap)
    for records in streams:
        walk = Walk(history, roadmap=walk.roadmap)
        for record in records:
            if record.position in positions:
                _, then = turns[bisect_left(turns, record.position, key=itemgetter(0)) - 1]
                yield record.position, line(record, walk.watch(record), then)
            else:
                walk.take(record)
