"""The board of a past moment: from the projections' snapshots, and the few records that follow each."""

from contextlib import ExitStack
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from roadlog import beside, failures, rows
from roadlog.beside import Beside, Cut, Send
from roadlog.domain.evolve import fold
from roadlog.domain.moments import microseconds
from roadlog.domain.roadmap import RoadmapState
from roadlog.event_store.records import EMPTY_STREAM, Row, Tail
from roadlog.event_store.vouching import vouched
from roadlog.projections import board, snapshots
from roadlog.projections.cache import Cache, CacheFailure
from roadlog.projections.moment import Moment
from roadlog.projections.snapshots import Missing, state_as_of

if TYPE_CHECKING:
    from roadlog.upkeep import Upkeep

MANY = 1_000
"""Initiatives from which on another process takes less time than its start."""

BoardRow = dict[str, Any]
Found = tuple[str, int, int, str | None, bytes | None]
"""Key, number, and the version, leaf and state of a snapshot."""


class Kept(NamedTuple):
    """An initiative's last snapshot before a moment, without one version 0, and the rows that follow it."""

    key: str
    version: int
    leaf: str | None
    snapshot: bytes | None
    following: list[Row]


def board_rows(upkeep: "Upkeep", cache: Cache, moment: Moment, roadmap: RoadmapState) -> list[BoardRow]:
    """A board row of every initiative that was there at a moment, in key order.

    Raises Damaged; CacheFailure, ValueError where what the cache holds is to blame.
    """
    at = microseconds(moment.as_of)
    late = cache.late(moment.position, at)
    found = cache.snapshots(moment.position, at)
    kept = _with_following(upkeep, [each for each in found if each[1] not in late], moment.position)
    told = dict(zip((each.key for each in kept), _rows(kept, moment, roadmap), strict=True))
    for key, number, *_ in found:
        if number in late:
            state = fold(upkeep.stream(key, moment.position), as_of=moment.as_of)
            told[key] = board.row(state, roadmap, moment.as_of) if state.exists else None
    return [row for key, *_ in found if (row := told[key]) is not None]


def _with_following(upkeep: "Upkeep", found: list[Found], position: int) -> list[Kept]:
    """What was found of each initiative, with the rows that follow it."""
    with failures.in_our_words():
        versions = [(key, version) for key, _, version, _, _ in found]
        following = upkeep.reader.following(versions, snapshots.EVERY, position)
        by_stream = {stream: list(some) for stream, some in groupby(following, key=itemgetter(1))}
    return [
        Kept(key, version, leaf, snapshot, by_stream.get(key, []))
        for key, _, version, leaf, snapshot in found
    ]


def _rows(kept: list[Kept], moment: Moment, roadmap: RoadmapState) -> list[BoardRow | None]:
    """The row of each, None of what was not there yet; of many by a process on each core."""
    processes = beside.processes() if len(kept) >= MANY else 1
    found: list[BoardRow | None] = [None] * len(kept)
    works = [partial(_told, kept[place::processes], moment, roadmap) for place in range(processes)]
    try:
        with ExitStack() as stack:
            others = [stack.enter_context(Beside(partial(_send, work))) for work in works[1:]]
            found[::processes] = works[0]()
            for place, other in enumerate(others, start=1):
                found[place::processes] = other.receive()
    except Cut:  # whatever the reason was, who does it alone meets it
        return _told(kept, moment, roadmap)
    return found


def _send(work: "partial[list[BoardRow | None]]", send: Send) -> None:
    send(work())


def _told(kept: list[Kept], moment: Moment, roadmap: RoadmapState) -> list[BoardRow | None]:
    return [_row(each, moment.position, moment.as_of, roadmap) for each in kept]


def _row(kept: Kept, position: int, as_of: datetime, roadmap: RoadmapState) -> BoardRow | None:
    last = Tail(kept.version, kept.leaf) if kept.leaf else EMPTY_STREAM
    with failures.in_our_words():
        records = vouched(kept.following, _DECODE, rows.make_record, lambda _stream, _version: last)
        try:
            state = state_as_of(kept.version, kept.snapshot, records, position, as_of)
        except Missing as error:
            raise CacheFailure(f"a snapshot of {kept.key} is missing") from error
    return board.row(state, roadmap, as_of) if state.exists else None


_DECODE = rows.codec().decode
