"""The read side: catches the projections up with the log, and answers about now or any moment before.

When there is nothing to catch up, the board comes from the cache alone: neither the catalogue nor the fold is imported.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import orjson

from roadlog import store
from roadlog.domain.moments import instant, rfc3339
from roadlog.domain.refusals import Malformed, Unknown, unknown
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Head
from roadlog.projections.cache import Cache
from roadlog.projections.moment import Moment

if TYPE_CHECKING:
    from roadlog.domain.initiative import InitiativeState
    from roadlog.domain.records import Record
    from roadlog.domain.roadmap import RoadmapState

BATCH = 10_000
"""Records folded between two writes of a rebuild."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the head's position."""


class Reading:
    """Answers questions about one store, from one snapshot of its log. Close it, or use it as a context manager."""

    def __init__(self, folder: Path, *, now: datetime, progress: Progress | None = None) -> None:
        self._folder = folder
        self._now = now
        self._progress = progress or (lambda position, head: None)
        with store.in_our_words():
            self._reader = Reader(str(folder / store.EVENTS))
            self._head: Head = self._reader.head()
        self._cache: Cache | None = None

    def close(self) -> None:
        self._reader.close()
        if self._cache is not None:
            self._cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # The moment

    def moment(
        self,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
        position: int | None = None,
    ) -> Moment:
        """The moment asked for; all None is now. Raises Malformed for one after now or beyond the head."""
        for name, time in (("--as-of", as_of), ("--known-at", known_at)):
            if time is not None and time > self._now:
                raise Malformed("future", f"{name} {rfc3339(time)} is after now ({rfc3339(self._now)}).")
        if known_at is not None and position is not None:
            raise Malformed("moment", "Give --known-at or --position, not both: each says what the log held.")
        if position is not None:
            return self._at_position(position, as_of)
        if known_at is not None:
            with store.in_our_words():
                reached = self._reader.position_at(rfc3339(known_at))
            return self._moment(as_of or known_at, known_at, reached)
        return self._moment(as_of or self._now, self._now, self._head.position)

    def _at_position(self, position: int, as_of: datetime | None) -> Moment:
        if not 0 <= position <= self._head.position:
            raise Malformed("position", f"Position {position} is not in this log: it holds 1 to {self._head.position}.")
        stored = self._row_at(position)
        time = instant(stored.recorded_at) if stored else self._now
        return self._moment(as_of or time, time, position)

    def _moment(self, as_of: datetime, known_at: datetime, position: int) -> Moment:
        leaf = self._head.leaf
        if position != self._head.position:
            stored = self._row_at(position)
            leaf = stored.leaf if stored else "-"
        return Moment(as_of=as_of, known_at=known_at, position=position, head=leaf)

    def _row_at(self, position: int) -> Any:
        with store.in_our_words():
            return next(self._reader.scan(after=position - 1, upto=position), None) if position else None

    def _is_now(self, moment: Moment) -> bool:
        return moment.position == self._head.position and moment.as_of == self._now

    # Answers

    def board(self, moment: Moment) -> dict[str, Any]:
        """Where everything is."""
        if not self._is_now(moment):
            from roadlog.projections import board

            roadmap, states = self.states(moment)
            rows = [board.row(state, roadmap, moment.as_of) for state in states.values()]
            return {"roadmap": roadmap.key, **moment.stamp(), "head": moment.head, "initiatives": rows}
        cache = self.caught_up()
        now = rfc3339(self._now)
        rows = []
        for key, age_from, good_until, row in cache.rows():
            if good_until is not None and good_until <= now:
                rows.append(self._row_now(key))
                continue
            answer = orjson.loads(row)
            answer["age"] = (self._now - instant(age_from)).total_seconds() if age_from else None
            rows.append(answer)
        return {"roadmap": self.roadmap_key(), **moment.stamp(), "head": moment.head, "initiatives": rows}

    def _row_now(self, key: str) -> dict[str, Any]:
        from roadlog.projections import board

        moment = self.moment()
        return board.row(self.state(key, moment), self.roadmap(moment), self._now)

    def page(self, key: str, moment: Moment) -> dict[str, Any]:
        """One initiative, whole."""
        from roadlog.projections.page import page

        return page(self.state(key, moment), self.roadmap(moment), moment.as_of)

    def gate(self, key: str, moment: Moment) -> dict[str, Any]:
        """What leaving its milestone needs, what is there, what is owed by whom."""
        from roadlog.projections.gates import gate_answer

        return gate_answer(self.state(key, moment), self.roadmap(moment), moment.as_of)

    def owed(self, handle: str | None, moment: Moment) -> list[dict[str, Any]]:
        """What a stakeholder can do or owes; of everybody, when no handle is given."""
        from roadlog.projections.owed import owed

        if handle is not None:
            self.check_handle(handle, moment)
        roadmap, states = self.states(moment)
        return owed(roadmap, states, handle, moment.as_of)

    def metrics(self, moment: Moment, **filters: Any) -> dict[str, Any]:
        """Flow metrics of the roadmap, or of one initiative with `key`."""
        from roadlog.projections.cycle_time import metrics

        roadmap, states = self.states(moment)
        key = filters.get("key")
        if key is not None and key not in states:
            raise unknown("initiative", key, tuple(states), try_=("roadlog board",))
        if roadmap.workflow is None:
            raise Malformed("moment", f"No workflow was in force at position {moment.position}: nothing to measure.")
        return metrics(roadmap, states, moment, **filters)

    def trail(
        self,
        moment: Moment,
        *,
        key: str | None = None,
        kind: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """Who did what, when and why, oldest first; voided records are there and say so."""
        self._check_stream(key, moment)
        found = self.caught_up().trail(
            upto=moment.position,
            as_of=rfc3339(moment.as_of),
            stream=key,
            kind=kind,
            actor=actor,
            since=rfc3339(since) if since else None,
        )
        return [{**orjson.loads(entry), "voided_by": voided_by} for entry, voided_by in found]

    def knows(self, handle: str, moment: Moment) -> bool:
        """Whether a handle is, or ever was, on the roadmap."""
        return handle in self.roadmap(moment).stakeholders

    def check_handle(self, handle: str, moment: Moment) -> None:
        """Raises Unknown for a handle that was never on the roadmap."""
        known = tuple(self.roadmap(moment).stakeholders)
        if handle not in known:
            raise unknown("stakeholder", handle, known, try_=("roadlog stakeholder list",))

    def check_milestone(self, milestone: str, moment: Moment) -> None:
        """Raises Unknown for a milestone that the workflow in force does not have."""
        workflow = self.roadmap(moment).workflow
        known = workflow.order if workflow else ()
        if milestone not in known:
            raise unknown("milestone", milestone, known, try_=("roadlog workflow show",))

    def _check_stream(self, key: str | None, moment: Moment) -> None:
        if key is None or key == self.roadmap_key():
            return
        with store.in_our_words():
            if next(self._reader.stream(key, upto=moment.position), None) is None:
                raise unknown("initiative", key, self.keys(), try_=("roadlog board",))

    def keys(self) -> tuple[str, ...]:
        """Every initiative's key, in order."""
        return tuple(row[0] for row in self.caught_up().rows())

    def roadmap_key(self) -> str:
        """The roadmap's own key, which is the log's first stream; empty in an empty store."""
        first = self._row_at(1)
        return first.stream if first else ""

    # States

    def roadmap(self, moment: Moment) -> "RoadmapState":
        """The roadmap's state at a moment."""
        from roadlog.domain.roadmap import fold_roadmap
        from roadlog.projections.folding import ROADMAP, decode_roadmap

        if self._is_now(moment):
            stored = self.caught_up().state(ROADMAP)
            if stored:
                return decode_roadmap(stored)
        return fold_roadmap(self._records(self.roadmap_key(), moment.position), as_of=moment.as_of)

    def state(self, key: str, moment: Moment) -> "InitiativeState":
        """One initiative's state at a moment. Raises Unknown where it was not there yet."""
        from roadlog.domain.evolve import fold
        from roadlog.projections.folding import decode_initiative

        if self._is_now(moment):
            stored = self.caught_up().state(key) if key else None
            if stored and key in self.keys():
                return decode_initiative(stored)
            raise unknown("initiative", key, self.keys(), try_=("roadlog board",))
        state = fold(self._records(key, moment.position), as_of=moment.as_of)
        if not state.exists or key == self.roadmap_key():
            raise unknown("initiative", key, self.keys(), try_=("roadlog board",))
        return state

    def states(self, moment: Moment) -> "tuple[RoadmapState, dict[str, InitiativeState]]":
        """The roadmap and every initiative at a moment, in key order."""
        from roadlog.domain.evolve import fold
        from roadlog.projections.folding import decode_initiative

        if self._is_now(moment):
            kept = dict(self.caught_up().states())
            return self.roadmap(moment), {key: decode_initiative(kept[key]) for key in self.keys()}
        by_stream: dict[str, list[Record]] = {}
        for record in self.records(upto=moment.position):
            by_stream.setdefault(record.stream, []).append(record)
        roadmap = self.roadmap(moment)
        by_stream.pop(roadmap.key, None)
        folded = {key: fold(records, as_of=moment.as_of) for key, records in by_stream.items()}
        order = sorted(folded, key=lambda key: int(key.rpartition("-")[2]))
        return roadmap, {key: folded[key] for key in order if folded[key].exists}

    def records(self, *, after: int = 0, upto: int | None = None) -> "Iterator[Record]":
        """Records with their bodies, in log order."""
        codec = store.codec()
        with store.in_our_words():
            for stored in self._reader.scan(after, self._head.position if upto is None else upto):
                body = codec.decode(stored.type, stored.state, position=stored.position, stream=stored.stream)
                yield store.make_record(stored, body)

    def record(self, position: int) -> "Record":
        """The record at a position. Raises Unknown where the log holds none."""
        found = next(self.records(after=position - 1, upto=position), None)
        if found is None:
            raise Unknown(
                "unknown-position",
                f"There is no record at position {position}: the log holds 1 to {self._head.position}.",
                missing=(str(position),),
                try_=("roadlog log",),
            )
        return found

    def latest_of(self, handle: str) -> "Record | None":
        """The last record that somebody acted in, None where there is none: read from the log's end."""
        upto = self._head.position
        while upto > 0:
            after = max(0, upto - 500)
            mine = [each for each in self.records(after=after, upto=upto) if each.actor.id == handle]
            if mine:
                return mine[-1]
            upto = after
        return None

    def history(self, stream: str, moment: Moment) -> "Iterator[Record]":
        """A stream's records, oldest first, as the log held them at a moment; voided ones included."""
        return self._records(stream, moment.position)

    def _records(self, stream: str, upto: int) -> "Iterator[Record]":
        codec = store.codec()
        with store.in_our_words():
            for stored in self._reader.stream(stream, upto=upto):
                body = codec.decode(stored.type, stored.state, position=stored.position, stream=stored.stream)
                yield store.make_record(stored, body)

    # Catching up

    def caught_up(self) -> Cache:
        """The cache, at the log's head. Where it cannot be written, it is folded in memory."""
        if self._cache is None:
            try:
                self._cache = self._open_cache()
            except sqlite3.Error:
                self._cache = self._folded_into(Cache.in_memory())
        return self._cache

    def _open_cache(self) -> Cache:
        cache = Cache.open(self._folder / store.PROJECTIONS)
        try:
            if self._behind(cache) == "current":
                return cache
            cache.begin()
            if self._behind(cache) == "stale":
                cache.clear()
            if self._behind(cache) != "current":
                self._fold_into(cache)
            cache.commit()
            return cache
        except BaseException:
            cache.rollback()
            cache.close()
            raise

    def _behind(self, cache: Cache) -> Literal["current", "behind", "stale"]:
        """Whether the cache stands at the head, on the way to it, or on another history."""
        mark = cache.mark()
        if mark == (self._head.position, self._head.leaf):
            return "current"
        if mark is None:
            return "stale"
        position, leaf = mark
        if position > self._head.position:
            return "stale"
        stored = self._row_at(position)
        return "behind" if (stored.leaf if stored else "-") == leaf else "stale"

    def _folded_into(self, cache: Cache) -> Cache:
        cache.begin()
        self._fold_into(cache)
        cache.commit()
        return cache

    def _fold_into(self, cache: Cache) -> None:
        """Folds what the cache does not hold yet. The caller holds its transaction."""
        from roadlog.projections.folding import Folding

        folding = Folding(cache, self._records)
        for count, record in enumerate(self.records(after=folding.position), start=1):
            folding.take(record)
            if count % BATCH == 0:
                folding.write_entries()
                self._progress(record.position, self._head.position)
        folding.write(self._now)
        self._progress(self._head.position, self._head.position)

    # The projections themselves

    def status(self) -> dict[str, Any]:
        """Where the projections stand against the log, without catching up."""
        path = self._folder / store.PROJECTIONS
        answer: dict[str, Any] = {
            "file": str(path),
            "exists": path.exists(),
            "head": self._head.position,
            "position": 0,
            "state": "absent",
            "counts": {},
        }
        if answer["exists"]:
            try:
                cache = Cache.open(path)
            except sqlite3.Error:
                return {**answer, "state": "unreadable"}
            try:
                mark = cache.mark()
                answer |= {
                    "position": mark[0] if mark else 0,
                    "state": self._behind(cache),
                    "counts": cache.counts(),
                }
            finally:
                cache.close()
        return answer

    def rebuild(self) -> dict[str, Any]:
        """Folds everything anew into a new file, which then takes the old one's place whole."""
        path = self._folder / store.PROJECTIONS
        with _scratch(self._folder) as new_path:
            new = Cache.open(new_path)
            try:
                self._folded_into(new)
                self._take_over(path, new)
            finally:
                new.close()
        return self.status()

    def _take_over(self, path: Path, new: Cache) -> None:
        try:
            old = Cache.open(path)
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            old = Cache.open(path)
        try:
            old.replace_with(new)
        finally:
            old.close()

    def check(self) -> dict[str, Any]:
        """Folds everything into memory and names the first row of the cache that differs from it."""
        fresh = self._folded_into(Cache.in_memory())
        kept = self.caught_up()
        ours, theirs = fresh.contents(), kept.contents()
        differs = None
        while differs is None:
            want, have = next(ours, None), next(theirs, None)
            if want is None and have is None:
                break
            if want != have:
                table, row = want or have or ("", ())
                differs = {"table": table, "row": row[0]}
        fresh.close()
        return {"position": self._head.position, "same": differs is None, "differs": differs}


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A path in the folder for a file that is gone afterwards, with all that SQLite puts beside it."""
    path = folder / f"{store.PROJECTIONS}.{os.getpid()}.new"
    try:
        yield path
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
