"""What records add to a cache, in log order: states and board rows by their fold, and the trail's index."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from roadlog.domain.events import ConsentGiven, ConsentRefused, ConsentRequested, RecordVoided
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import microseconds
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.cache import Cache
from roadlog.projections.database import Row
from roadlog.projections.kept import ROADMAP, decode_initiative, decode_roadmap, kept_roadmap, kept_row
from roadlog.projections.kept_trail import PAGE
from roadlog.projections.snapshots import Snapshots
from roadlog.projections.walk import History, Walk, line

NOTHING = (0, "-")
"""Where a cache stands that holds nothing."""

Telling = Callable[[int], bool]
"""Whether the line of the record at a position is told now; of the others it is told when somebody asks."""


class Puts(Protocol):
    """Where states and what is made of them go: a cache, or the way to one."""

    def put_states(self, states: Iterable[Row]) -> None: ...

    def put_rows(self, rows: Iterable[Row]) -> None: ...

    def put_lines(self, lines: Iterable[tuple[int, str]]) -> None: ...

    def put_snapshots(self, snapshots: Iterable[Row]) -> None: ...

    def put_late(self, late: Iterable[Row]) -> None: ...


class Added(NamedTuple):
    """How many board rows and snapshots there are more, so that none goes missing."""

    rows: int
    snapshots: int


class Index:
    """The trail's index, which needs no fold, on top of what a cache holds up to a position."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.position, _ = cache.mark() or NOTHING
        self._first, self._entries = cache.open_page(self.position)
        roadmap = decode_roadmap(cache.state(ROADMAP)) if self.position else RoadmapState()
        self._asked = {request: consent.stream for request, consent in roadmap.consents.items()}

    def take(self, record: Record) -> None:
        """One more record; positions must follow each other."""
        body = record.body
        event = body.event
        voids = about = None
        match event:
            case RecordVoided():
                voids = event.position
            case ConsentRequested():
                about = self._asked[record.position] = event.stream
            case ConsentGiven() | ConsentRefused():
                about = self._asked[event.request]
            case _:
                pass
        at = microseconds(body.effective_at)
        typist = body.source.os_user
        self._entries.append((record.stream, type(event).__name__, body.actor.id, typist, at, voids, about))
        self.position = record.position

    def write(self) -> None:
        """Puts the entries so far into the cache, so that memory stays flat."""
        pages = [
            (self._first + place, self._entries[place : place + PAGE])
            for place in range(0, len(self._entries), PAGE)
        ]
        self._cache.put_pages(pages)
        if pages:
            self._first, self._entries = pages[-1]


class States:
    """The states after the records taken so far, on top of those in a cache; of none, from nothing.

    The records come in log order, or stream after stream.
    """

    def __init__(
        self,
        cache: Cache | None,
        history: History,
        *,
        telling: Telling | None = None,
        roadmap: RoadmapState | None = None,
    ) -> None:
        """`roadmap` is one that was folded already, for initiatives alone."""
        began, _ = (cache and cache.mark()) or NOTHING
        self._cache = cache if began else None
        self._telling = telling
        self._lines: list[tuple[int, str]] = []
        self._new: set[str] = set()
        self._roadmap = roadmap or RoadmapState()
        if self._cache:
            self._roadmap = decode_roadmap(self._cache.state(ROADMAP))
        self._walk = Walk(history, roadmap=self._roadmap, kept=self._kept, began=began)
        self._snapshots = Snapshots()
        self._forgotten = self._kept_snapshots = 0

    def take(self, record: Record) -> None:
        """Folds one more record."""
        walk = self._walk
        if self._telling and self._telling(record.position):
            change = walk.watch(record)
            self._lines.append((record.position, line(record, change, walk.roadmap)))
        else:
            walk.take(record)
        state = walk.now(record.stream)
        if state is not None:
            self._snapshots.take(record, state, walk.voided_at)

    def write_snapshots(self, to: Puts) -> None:
        """Puts the snapshots so far where they belong, so that memory stays flat."""
        snapshots, late = self._snapshots.new()
        to.put_snapshots(snapshots)
        to.put_late(late)
        self._kept_snapshots += len(snapshots)

    def write(self, to: Puts, at: datetime) -> Added:
        """Puts all that changed where it belongs, board rows as they are at `at`; gives what that added."""
        to.put_lines(self._lines)
        self.write_snapshots(to)
        before, roadmap, changed = self._roadmap, self._walk.roadmap, self._walk.changed()
        if roadmap is not before:
            to.put_states([kept_roadmap(roadmap)])
        if self._cache and roadmap.workflow is not before.workflow:
            self._cache.forget_measured()
        reached = self._snapshots.reached
        to.put_states((key, reached(key), msgspec.msgpack.encode(changed[key])) for key in sorted(changed))
        shown = ("stakeholders", "workflow", "persons")
        if any(getattr(roadmap, each) is not getattr(before, each) for each in shown):
            changed = {**self._others(), **changed}  # these show in every row
        to.put_rows(kept_row(changed[key], roadmap, at) for key in sorted(changed))
        return Added(self._forgotten + len(self._new), self._kept_snapshots)

    def forget(self) -> None:
        """Lets go of all initiatives, which are written and have no more records to come."""
        self._forgotten += len(self._new)
        self._new.clear()
        self._walk.forget()
        self._snapshots.forget()

    def _others(self) -> dict[str, InitiativeState]:
        """What the cache held before."""
        keys = [key for key, *_ in self._cache.rows()] if self._cache else []
        return {key: self._kept(key) for key in keys if not self._snapshots.begun(key)}

    def _kept(self, stream: str) -> InitiativeState:
        state, reached = self._cache.state_reached(stream) if self._cache else (None, None)
        if state is None or reached is None:
            self._new.add(stream)
            return InitiativeState()
        self._snapshots.begin(stream, reached)
        return decode_initiative(state, stream)
