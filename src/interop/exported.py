"""What is exported: the log at a moment, of all or of one initiative, read part by part."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from functools import cached_property
from typing import Any, BinaryIO

import orjson

from roadlog import store
from roadlog.domain.events import RecordVoided
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.metrics.grown import in_zone
from roadlog.projections.metrics.measured import measured
from roadlog.projections.moment import Moment
from roadlog.projections.page import page
from roadlog.projections.standing import workflow_of
from roadlog.reading import Reading
from roadlog.visible import safe_json

TELL_EVERY = 1_000
"""Records between two calls that say how far it is."""

Progress = Callable[[int, int], None]
Write = Callable[["Exported", BinaryIO], dict[str, int]]
"""Writes an export of one file, and says how many of what are in it."""


class Initiative:
    """One initiative at the moment: its records in log order, its state, its page, its metrics."""

    def __init__(
        self, state: InitiativeState, records: list[Record], roadmap: RoadmapState, moment: Moment
    ) -> None:
        self.key = state.key
        self.state = state
        self.records = records
        self._roadmap = roadmap
        self._moment = moment

    @cached_property
    def page(self) -> dict[str, Any]:
        """As `show` answers."""
        return page(self.state, self._roadmap, self._moment.as_of)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """As in the `initiatives` of `metrics`; days are those of UTC."""
        return in_zone(measured(self.state, workflow_of(self._roadmap), self._moment.as_of), UTC)


class Exported:
    """The log up to a moment's position, as far as it was effective by then; of one initiative where a key
    is given. What is read is held one initiative, or one record, at a time.
    """

    def __init__(
        self, reading: Reading, moment: Moment, key: str | None = None, progress: Progress | None = None
    ) -> None:
        """Raises Unknown for an initiative that was not there."""
        if key is not None:
            reading.state(key, moment)
        self.key = key
        self.moment = moment
        self._reading = reading
        self._progress = progress or (lambda _done, _total: None)

    @cached_property
    def roadmap(self) -> RoadmapState:
        return self._reading.roadmap(self.moment)

    @property
    def finishing(self) -> tuple[str, ...]:
        """The milestones at which a cycle has finished; none before a workflow was in force."""
        return workflow_of(self.roadmap).finishing if self.roadmap.workflow else ()

    @cached_property
    def origin(self) -> str:
        """Which log it is."""
        first = next(self._reading.records(upto=1), None)
        return store.origin(first.stream, first.leaf) if first else ""

    def stamp(self) -> dict[str, Any]:
        """Which log, and of what moment of it; None is everything."""
        return {
            "origin": self.origin,
            "key": self.key,
            **self.moment.stamp(),
            "head": self.moment.head,
        }

    def records(self) -> Iterator[Record]:
        """The records in log order."""
        position = self.moment.position
        found = (
            self._reading.history(self.key, self.moment) if self.key else self._reading.records(upto=position)
        )
        for count, record in enumerate(self.effective(found)):
            if count % TELL_EVERY == 0:
                self._progress(record.position, position)
            yield record

    def streams(self) -> Iterator[tuple[str, list[Record]]]:
        """The records stream after stream: the roadmap's, then each initiative's by number.

        Those that took effect later are among them: what they void is void.
        """
        own = () if self.key else (self._reading.roadmap_key(),)
        keys = (*own, *((self.key,) if self.key else self._reading.keys()))
        for done, key in enumerate(keys, 1):
            records = list(self._reading.history(key, self.moment))
            if records:
                yield key, records
            self._progress(done, len(keys))

    def initiatives(self) -> Iterator[Initiative]:
        """Every initiative that was there, by number; none before a workflow was in force."""
        if self.roadmap.workflow is None:
            return
        for key, records in self.streams():
            if key != self.roadmap.key:
                state = fold(records, as_of=self.moment.as_of)
                if state.exists:
                    yield Initiative(state, list(self.effective(records)), self.roadmap, self.moment)

    def voided(self) -> dict[int, int]:
        """Which records are void, by which: all that were known to be, as in the trail."""
        known = self.moment._replace(as_of=self.moment.known_at)
        found = self._reading.trail(known, key=self.key, kind=RecordVoided.__name__)
        records = [self._reading.record(each.position) for each in found.index]
        return {
            each.event.position: each.position for each in records if isinstance(each.event, RecordVoided)
        }

    def effective(self, records: Iterable[Record]) -> Iterator[Record]:
        """Those that had taken effect by then."""
        at = self.moment.as_of
        return (each for each in records if each.effective_at <= at)


def line(value: dict[str, Any]) -> bytes:
    """A line of JSON, with nothing in it that a terminal would obey."""
    return safe_json(orjson.dumps(value).decode()).encode() + b"\n"
