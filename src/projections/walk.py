"""Walking the log: every state as it stands after the records taken so far, and what each of them changed."""

from collections.abc import Callable, Iterable, Iterator

import orjson

from roadlog.domain.events import RecordVoided
from roadlog.domain.evolve import evolve, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.refusals import Damaged
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap
from roadlog.projections import trail
from roadlog.projections.trail import State

History = Callable[[str, int], Iterable[Record]]
"""A stream's records up to a position: a void folds its stream again."""


def unknown_before(_: str) -> InitiativeState:
    """The state of any initiative before the first record."""
    return InitiativeState()


class Walk:
    """The states after the records taken so far, which must come in log order.

    `kept` gives an initiative's state from before the walk, which begins after position `began`.
    changed: the initiatives that records were taken of, as they stand now
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
        self.roadmap = roadmap or RoadmapState()
        self.changed: dict[str, InitiativeState] = {}

    def take(self, record: Record) -> tuple[State, State]:
        """Folds one more record; gives its stream's state before and after it.

        Raises Damaged for a record that does not follow the one before it in its stream; ValueError where it
        may be what was kept that lacks something.
        """
        stream = record.stream
        if stream == self.roadmap.key or record.position == 1:
            earlier, self.roadmap = self.roadmap, evolve_roadmap(self.roadmap, record)
            return earlier, self.roadmap
        before = self.changed.get(stream) or self._kept(stream)
        if record.version != before.version + 1:
            raise self._gap(record, before.version)
        if isinstance(record.event, RecordVoided):
            after = fold(self._history(stream, record.position))
        else:
            after = evolve(before, record)
        self.changed[stream] = after
        return before, after

    def _gap(self, record: Record, before: int) -> Exception:
        what = f"is version {record.version} of {record.stream}, after version {before}"
        gap = f"Record {record.position} {what}."
        return ValueError(gap) if self._began else Damaged("missing", gap, try_=("roadlog verify",))


def line(record: Record, before: State, after: State, roadmap: RoadmapState) -> str:
    """The record's line of the trail, as JSON."""
    return orjson.dumps(trail.entry(record, before, after, roadmap.workflow)).decode()


def lines(records: Iterable[Record], history: History) -> Iterator[tuple[int, str]]:
    """Each record's position and line; they are all records of some streams, the roadmap's own among them."""
    walk = Walk(history)
    for record in records:
        before, after = walk.take(record)
        yield record.position, line(record, before, after, walk.roadmap)
