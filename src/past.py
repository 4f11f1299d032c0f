"""The board of a past moment: from the projections' snapshots, and the few records that follow each."""

from contextlib import ExitStack, closing
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from roadlog import beside, failures, rows
from roadlog.beside import Beside, Cut, Send
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import microseconds
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Row, Tail
from roadlog.event_store.vouching import vouched, vouched_apart
from roadlog.projections import board, snapshots
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure
from roadlog.projections.kept_snapshots import Snapshot
from roadlog.projections.moment import Moment
from roadlog.projections.snapshots import Missing, key_of, state_as_of

if TYPE_CHECKING:
    from roadlog.upkeep import Upkeep

MANY = 1_000
"""Initiatives from which on another process takes less time than its start."""

DECODE = rows.codec().decode

Numbered = tuple[int, dict[str, Any]]
"""A board row, and its initiative's number."""


def board_rows(upkeep: "Upkeep", cache: Cache, moment: Moment, roadmap: RoadmapState) -> list[dict[str, Any]]:
    """A board row of every initiative that was there at a moment, in key order; of many on all cores.

    Raises Damaged; CacheFailure, ValueError where what the cache holds is to blame.
    """
    alone = cache.is_in_memory or cache.initiatives() < MANY
    processes = 1 if alone else beside.processes()
    shares = [Share(number, processes, moment, roadmap) for number in range(processes)]
    mark = cache.mark()
    try:
        with ExitStack() as stack:
            works = [partial(_send, share, upkeep.paths, mark) for share in shares[1:]]
            others = [stack.enter_context(Beside(work)) for work in works]
            found = shares[0].rows(cache, upkeep.reader)
            found += [each for other in others for each in other.receive()]
    except Cut:  # whatever the reason was, who does it alone meets it
        found = Share(0, 1, moment, roadmap).rows(cache, upkeep.reader)
    return [row for _, row in sorted(found, key=itemgetter(0))]


def _send(share: "Share", paths: tuple[str, str], mark: tuple[int, str] | None, send: Send) -> None:
    """A share's rows, from files opened anew, as long as they stand where they stood."""
    events, projections = paths
    with closing(Cache.open(projections)) as cache, Reader(events) as reader:
        if cache.hold() == mark:
            send(share.rows(cache, reader))


class Share(NamedTuple):
    """The initiatives whose numbers, divided by `of`, leave `number`, at a moment."""

    number: int
    of: int
    moment: Moment
    roadmap: RoadmapState

    def rows(self, cache: Cache, reader: Reader) -> list[Numbered]:
        """The board row of each that was there."""
        position, at = self.moment.position, microseconds(self.moment.as_of)
        voided, positions = cache.late(position, at, self.number, self.of)
        kept = cache.snapshots(position, at, self.number, self.of)
        for key, _, _, _, snapshot in kept:
            if key_of(snapshot) != key:
                raise CacheFailure(f"the key {key} is not what was put in")
        versions = [(key, version) for key, number, version, *_ in kept if number not in voided]
        with failures.in_our_words():
            following = reader.following(versions, snapshots.EVERY, position)
            by_stream = {stream: list(some) for stream, some in groupby(following, key=itemgetter(1))}
            late = self._late(reader, positions)
            states = [
                (number, self._folded(reader, key))
                if number in voided
                else (number, self._state(each, by_stream.get(key, []), late.get(key, [])))
                for each in kept
                for key, number in (each[:2],)
            ]
        as_of = self.moment.as_of
        return [(number, board.row(state, self.roadmap, as_of)) for number, state in states if state.exists]

    def _late(self, reader: Reader, positions: list[int]) -> dict[str, list[Record]]:
        """The records at these positions, by stream, in order."""
        found: dict[str, list[Record]] = {}
        for row in vouched_apart(reader.apart(sorted(positions))) if positions else ():
            found.setdefault(row[1], []).append(rows.make_record(row, DECODE(row[3], row[5])))
        if sum(map(len, found.values())) != len(positions):
            raise CacheFailure("records that came late are missing")
        return found

    def _state(self, kept: Snapshot, following: list[Row], late: list[Record]) -> InitiativeState:
        key, _, version, leaf, snapshot = kept
        last = Tail(version, leaf)
        records = vouched(following, DECODE, rows.make_record, lambda _stream, _version: last)
        try:
            return state_as_of(snapshot, records, late, self.moment.position, self.moment.as_of)
        except Missing as error:
            raise CacheFailure(f"a snapshot of {key} is missing") from error

    def _folded(self, reader: Reader, key: str) -> InitiativeState:
        """Of one whose snapshots are of no use at the moment."""
        records = rows.records(reader.stream(key, upto=self.moment.position), reader)
        return fold(records, as_of=self.moment.as_of)
