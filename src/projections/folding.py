"""Folding records, in log order, into states, board rows and trail entries."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import orjson

from roadlog.domain.events import ConsentGiven, ConsentRefused, ConsentRequested, Event, RecordVoided
from roadlog.domain.evolve import evolve, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record
from roadlog.domain.refusals import Damaged
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap
from roadlog.projections import board, trail
from roadlog.projections.cache import Cache, Row

S = TypeVar("S")

ROADMAP = ""
"""The name under which the cache keeps the roadmap's own state."""


class Folding:
    """States as they stand after the records taken so far, and what must be written into the cache.

    `history(stream, position)` reads a stream's records up to a position: a void folds its stream again.
    """

    def __init__(self, cache: Cache, history: Callable[[str, int], Iterable[Record]]) -> None:
        self._cache = cache
        self._history = history
        self._states: dict[str, InitiativeState] = {}
        self._changed: set[str] = set()
        self._entries: list[Row] = []
        self._roadmap_changed = False
        self._rows_changed = False
        self.roadmap = RoadmapState()
        mark = cache.mark()
        self.position, self.leaf = mark or (0, "-")
        self._began = self.position
        stored = cache.state(ROADMAP) if mark else None
        if stored:
            self.roadmap = decode_roadmap(stored)

    def take(self, record: Record) -> None:
        """Folds one more record; positions must follow each other."""
        before: Any
        after: Any
        if record.stream == self.roadmap.key or record.position == 1:
            before, after = self.roadmap, evolve_roadmap(self.roadmap, record)
            self.roadmap = after
            self._roadmap_changed = True
            if after.stakeholders is not before.stakeholders or after.workflow is not before.workflow:
                self._rows_changed = True
        else:
            before = self._state(record.stream)
            self._check_version(record, before.version)
            if isinstance(record.event, RecordVoided):
                after = fold(self._history(record.stream, record.position))
            else:
                after = evolve(before, record)
            self._states[record.stream] = after
            self._changed.add(record.stream)
        voids = record.event.position if isinstance(record.event, RecordVoided) else None
        self._entries.append(
            (
                record.position,
                record.stream,
                record.type,
                record.actor.id,
                rfc3339(record.effective_at),
                voids,
                _spoken_of(record.event, self.roadmap),
                orjson.dumps(trail.entry(record, before, after, self.roadmap.workflow)).decode(),
            )
        )
        self.position, self.leaf = record.position, record.leaf

    def _check_version(self, record: Record, before: int) -> None:
        """Raises Damaged for a gap in the log; ValueError where it may be the cache that lacks something."""
        if record.version == before + 1:
            return
        what = f"is version {record.version} of {record.stream}, after version {before}"
        gap = f"Record {record.position} {what}."
        if self._began:
            raise ValueError(gap)
        raise Damaged("missing", gap, try_=("roadlog verify",))

    def write_entries(self) -> None:
        """Puts the trail entries so far into the cache, so that memory stays flat."""
        self._cache.put_trail(self._entries)
        self._entries.clear()

    def write(self, at: datetime) -> None:
        """Puts everything that changed into the cache, the mark last; board rows as they are at `at`."""
        self.write_entries()
        if self._rows_changed:
            for stream, state in self._cache.states():
                if stream != ROADMAP and stream not in self._states:
                    self._states[stream] = decode_initiative(state, stream)
            self._changed.update(self._states)
        if self._roadmap_changed:
            self._cache.put_states([(ROADMAP, msgspec.msgpack.encode(self.roadmap))])
        changed = [(stream, self._states[stream]) for stream in sorted(self._changed)]
        self._cache.put_states((stream, msgspec.msgpack.encode(state)) for stream, state in changed)
        self._cache.put_rows(stored_row(state, self.roadmap, at) for _, state in changed)
        self._cache.set_mark(self.position, self.leaf)
        self._changed.clear()
        self._roadmap_changed = self._rows_changed = False

    def _state(self, stream: str) -> InitiativeState:
        if stream not in self._states:
            stored = self._cache.state(stream)
            self._states[stream] = decode_initiative(stored, stream) if stored else InitiativeState()
        return self._states[stream]


def _spoken_of(event: Event, roadmap: RoadmapState) -> str | None:
    """The initiative that a consent is about; its trail tells of it too."""
    match event:
        case ConsentRequested():
            return event.stream
        case ConsentGiven() | ConsentRefused():
            return roadmap.consents[event.request].stream
        case _:
            return None


def decode_roadmap(state: bytes | None) -> RoadmapState:
    """The folded roadmap from the cache. Raises msgspec.DecodeError when it is another's, or missing."""
    roadmap = msgspec.msgpack.decode(state or b"", type=RoadmapState)
    if roadmap.opened_at is None:
        raise msgspec.ValidationError("not the state of a roadmap")
    return roadmap


def decode_initiative(state: bytes | None, key: str) -> InitiativeState:
    """A folded state from the cache. Raises msgspec.DecodeError when it is another's, or missing."""
    initiative = msgspec.msgpack.decode(state or b"", type=InitiativeState)
    if initiative.key != key:
        raise msgspec.ValidationError(f"not the state of {key}")
    return initiative


def row_as_of(cache: Cache, key: str, at: datetime) -> list[Row]:
    """The board row that a cache's states give at a time, none where it has no such initiative."""
    state, roadmap = cache.state(key), cache.state(ROADMAP)
    return (
        [stored_row(decode_initiative(state, key), decode_roadmap(roadmap), at)]
        if key and state and roadmap
        else []
    )


def stored_row(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Row:
    """A board row as the cache keeps it: age is left to the reader, who makes it anew outside its time."""
    age_from = board.age_from(state, roadmap)
    good_until = board.good_until(state, roadmap, at)
    return (
        int(state.key.rpartition("-")[2]),
        state.key,
        rfc3339(age_from) if age_from else None,
        rfc3339(at),
        rfc3339(good_until) if good_until else None,
        orjson.dumps(board.row(state, roadmap, at)).decode(),
    )
