"""Folding records, in log order, into the cache: states, board rows and the index of the trail."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from roadlog.domain.events import ConsentGiven, ConsentRefused, ConsentRequested, Event, RecordVoided
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import microseconds
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.cache import PAGE, Cache
from roadlog.projections.kept import ROADMAP, decode_initiative, decode_roadmap, kept_row
from roadlog.projections.walk import History, Walk, line

Telling = Callable[[int], bool]
"""Whether the line of the record at a position is told now; of the others it is told when somebody asks."""


class Folding:
    """What the records taken so far add to a cache."""

    def __init__(self, cache: Cache, history: History, *, telling: Telling) -> None:
        self._cache = cache
        self._telling = telling
        self._lines: list[tuple[int, str]] = []
        self._new: set[str] = set()
        self._roadmap_changed = False
        self._rows_changed = False
        mark = cache.mark()
        self.position, self.leaf = mark or (0, "-")
        self._first, self._entries = cache.open_page(self.position)
        roadmap = decode_roadmap(cache.state(ROADMAP)) if self.position else None
        self._walk = Walk(history, roadmap=roadmap, kept=self._kept, began=self.position)

    def take(self, record: Record) -> None:
        """Folds one more record; positions must follow each other."""
        walk, position, body = self._walk, record.position, record.body
        event, before = body.event, walk.roadmap
        if self._telling(position):
            self._lines.append((position, line(record, walk.watch(record), walk.roadmap)))
        else:
            walk.take(record)
        voids = about = None
        if walk.roadmap is not before:
            self._note_change(before, walk.roadmap)
            about = _spoken_of(event, walk.roadmap)
        elif type(event) is RecordVoided:
            voids = event.position
        at = microseconds(body.effective_at)
        typist = body.source.os_user
        self._entries.append((record.stream, type(event).__name__, body.actor.id, typist, at, voids, about))
        self.position, self.leaf = position, record.leaf

    def _note_change(self, before: RoadmapState, after: RoadmapState) -> None:
        """Who is there and which workflow is in force shows in every row."""
        self._roadmap_changed = True
        if after.stakeholders is not before.stakeholders or after.workflow is not before.workflow:
            self._rows_changed = True

    def write_entries(self) -> None:
        """Puts the trail so far into the cache, so that memory stays flat."""
        pages = [
            (self._first + place, self._entries[place : place + PAGE])
            for place in range(0, len(self._entries), PAGE)
        ]
        self._cache.put_pages(pages)
        self._cache.put_lines(self._lines)
        self._lines.clear()
        if pages:
            self._first, self._entries = pages[-1]

    def write(self, at: datetime) -> None:
        """Puts everything that changed into the cache, the mark last; board rows as they are at `at`."""
        self.write_entries()
        changed, roadmap = self._walk.changed(), self._walk.roadmap
        if self._rows_changed:
            for key, *_ in self._cache.rows():
                if key not in changed:
                    changed[key] = decode_initiative(self._cache.state(key), key)
        if self._roadmap_changed:
            self._cache.put_states([(ROADMAP, msgspec.msgpack.encode(roadmap))])
        keys = sorted(changed)
        self._cache.put_states((key, msgspec.msgpack.encode(changed[key])) for key in keys)
        self._cache.put_rows(kept_row(changed[key], roadmap, at) for key in keys)
        self._cache.forget_answers()
        self._cache.set_mark(self.position, self.leaf, len(self._new))
        self._new.clear()

    def _kept(self, stream: str) -> InitiativeState:
        stored = self._cache.state(stream)
        if stored is not None:
            return decode_initiative(stored, stream)
        self._new.add(stream)
        return InitiativeState()


def _spoken_of(event: Event, roadmap: RoadmapState) -> str | None:
    """The initiative that a consent is about; its trail tells of it too."""
    match event:
        case ConsentRequested():
            return event.stream
        case ConsentGiven() | ConsentRefused():
            return roadmap.consents[event.request].stream
        case _:
            return None
