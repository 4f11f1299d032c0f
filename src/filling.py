"""Filling a cache from the log: one record after the other, or a long log by a process on each core.

Each process takes a share of the streams: it reads their records, holds them against their leaves, and folds.
What the others find they send to the first one, which alone writes the cache.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson
from orjson import Fragment

from roadlog import beside, failures, rows
from roadlog.beside import Beside, Cut, Send
from roadlog.domain.records import Record
from roadlog.domain.refusals import RoadlogError
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Row as StoredRow
from roadlog.event_store.records import Share
from roadlog.event_store.vouching import before_in, vouched
from roadlog.projections.cache import PAGE, Cache, Row
from roadlog.projections.folding import Added, Index, States, Telling, entry

BATCH = 2_000
"""Records taken between two writes of the trail."""
MANY = 4_000
"""From so many records on, another process takes less time than its start."""

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with the position reached and the last one."""


class Records(Protocol):
    """The log that a cache is filled from, each record held against its leaf."""

    reader: Reader

    def roadmap_key(self) -> str: ...

    def records(self, *, after: int = 0, upto: int | None = None) -> Iterator[Record]: ...

    def stream(self, name: str, upto: int) -> Iterator[Record]: ...


class Goal(NamedTuple):
    """What a cache is filled with: everything up to a last position, and board rows as they are at a time.

    leaf: that of the last position
    telling: of which positions the lines of the trail are told, too
    """

    last: int
    leaf: str
    at: datetime
    telling: Telling


def fill(cache: Cache, log: Records, goal: Goal, progress: Progress) -> None:
    """Puts into a cache what it does not hold yet. The caller holds its transaction.

    Raises Damaged; ValueError, LookupError or CacheFailure where what the cache held is to blame.
    """
    added = None
    processes = beside.processes() if goal.last >= MANY and not cache.mark() else 1
    if processes > 1:
        try:
            added = _fill_together(cache, log, goal, progress, processes)
        except (Cut, RoadlogError):
            cache.clear()  # who does it alone meets what is wrong, and the first of it
    if added is None:
        added = _fill_alone(cache, log, goal, progress)
    cache.forget_answers()
    cache.set_mark(goal.last, goal.leaf, *added)
    progress(goal.last, goal.last)


def _fill_alone(cache: Cache, log: Records, goal: Goal, progress: Progress) -> Added:
    """What came to it."""
    index, states = Index(cache), States(cache, log.stream, telling=goal.telling)
    for count, record in enumerate(log.records(after=index.position, upto=goal.last), start=1):
        index.take(record)
        states.take(record)
        if count % BATCH == 0:
            index.write()
            states.write_snapshots(cache)
            progress(record.position, goal.last)
    if index.position < goal.last:
        raise failures.missing(index.position + 1)
    index.write()
    return states.write(cache, goal.at)


def _fill_together(cache: Cache, log: Records, goal: Goal, progress: Progress, processes: int) -> Added:
    """What came to it. Raises Cut where another did not do its share, or records are missing."""
    roadmap = log.roadmap_key()
    mine, *others = (Share(number, processes, roadmap) for number in range(processes))
    index, states = Index(cache), States(cache, log.stream, telling=goal.telling)
    with ExitStack() as stack:
        works = [partial(_send_share, log.reader.path, share, goal) for share in others]
        helpers = [stack.enter_context(Beside(work)) for work in works]
        for first, entries in _walked(log.reader, mine, goal.last, states, partial(entry, asked=index.asked)):
            for helper in helpers:
                entries |= {place: Fragment(each) for place, each in _received(cache, helper).items()}
            places = range(first, min(first + BATCH, goal.last + 1))
            if entries.keys() != set(places):
                raise Cut
            index.add([entries[place] for place in places])
            index.write()
            states.write_snapshots(cache)
            progress(places[-1], goal.last)
        added = [states.write(cache, goal.at), *(_received(cache, helper)["added"] for helper in helpers)]
        return Added(*map(sum, zip(*added, strict=True)))


def _walked(
    reader: Reader, share: Share, last: int, states: States, take: Callable[[Record], T | None]
) -> Iterator[tuple[int, dict[int, T]]]:
    """What is taken of the records of a share, all of which are folded, BATCH positions after the other.

    Each with the first of these positions.
    """
    taken: dict[int, T] = {}
    first = 1
    for record in _vouched(reader, reader.share(share, last)):
        while record.position >= first + BATCH:
            yield first, taken
            taken, first = {}, first + BATCH
        states.take(record)
        found = take(record)
        if found is not None:
            taken[record.position] = found
    while first <= last:
        yield first, taken
        taken, first = {}, first + BATCH


def _vouched(reader: Reader, found: Iterable[StoredRow]) -> Iterator[Record]:
    with failures.in_our_words():
        yield from vouched(found, rows.codec().decode, rows.make_record, before_in(lambda: reader))


def _send_share(path: str, share: Share, goal: Goal, send: Send) -> None:
    """A share's entries of the trail, as JSON by position, BATCH after BATCH, among all that `Puts` takes."""

    def take(record: Record) -> bytes | None:
        return None if record.stream == share.common else orjson.dumps(entry(record, {}))

    def history(stream: str, upto: int) -> Iterator[Record]:
        return _vouched(reader, reader.stream(stream, upto=upto))

    reader = Reader(path)
    states = States(None, history, telling=goal.telling)
    sender = _Sender(send)
    for _, entries in _walked(reader, share, goal.last, states, take):
        states.write_snapshots(sender)
        send(entries)
    send({"added": states.write(sender, goal.at)})


class _Sender:
    """Puts what a share comes to into the cache of the process that listens."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def put_states(self, states: Iterable[Row]) -> None:
        self._put("put_states", states)

    def put_rows(self, rows: Iterable[Row]) -> None:
        self._put("put_rows", rows)

    def put_lines(self, lines: Iterable[tuple[int, str]]) -> None:
        self._put("put_lines", lines)

    def put_snapshots(self, snapshots: Iterable[Row]) -> None:
        self._put("put_snapshots", snapshots)

    def put_late(self, late: Iterable[Row]) -> None:
        self._put("put_late", late)

    def _put(self, what: str, found: Iterable[Any]) -> None:
        remaining = iter(found)
        while some := list(islice(remaining, PAGE)):
            self._send((what, some))


def _received(cache: Cache, helper: Beside) -> dict[Any, Any]:
    """What a share comes to next, once all is put into the cache that was sent before."""
    while isinstance(message := helper.receive(), list):
        what, found = message
        getattr(cache, what)(found)
    return dict(message)
