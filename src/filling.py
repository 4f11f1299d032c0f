"""Filling a cache from the log: one record after the other, or a long log by a process on each core.

Of these one reads the records in log order and indexes the trail; the others fold, each a share of the
streams. What they find they send to the first one, which alone writes the cache.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from itertools import groupby, islice, pairwise, starmap
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from roadlog import beside, failures, rows
from roadlog.beside import Beside, Cut, Send
from roadlog.domain.records import Record
from roadlog.domain.refusals import RoadlogError
from roadlog.domain.roadmap import fold_roadmap
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Row as StoredRow
from roadlog.event_store.records import Share
from roadlog.projections.cache import Cache
from roadlog.projections.database import Row
from roadlog.projections.folding import Added, Index, Puts, States, Telling
from roadlog.projections.kept import kept_roadmap
from roadlog.projections.kept_trail import PAGE

BATCH = 500
"""Records taken between two writes of the trail."""
OFTEN = 250
"""Records taken between two looks at what another process has sent, which may wait for that."""
MANY = 4_000
"""From so many records on, another process takes less time than its start."""

GARBAGE = 50_000
"""Objects more between two searches for garbage."""
WITH_ONE = 2
"""Tenths of the streams that the process which indexes folds, where there is one other; else none."""

DECODE = rows.codec().decode

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
    telling: of which positions the lines of the trail are told, too; None tells none
    """

    last: int
    leaf: str
    at: datetime
    telling: Telling | None = None


def fill(cache: Cache, log: Records, goal: Goal, progress: Progress) -> None:
    """Puts into a cache what it does not hold yet. The caller holds its transaction.

    Raises Damaged; ValueError, LookupError or CacheFailure where what the cache held is to blame.
    """
    with _little_garbage():
        added = _filled(cache, log, goal, progress)
    cache.forget_answers()
    cache.set_mark(goal.last, goal.leaf, *added)
    progress(goal.last, goal.last)


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Folding makes none that is not gone by itself, and to look for it costs a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _filled(cache: Cache, log: Records, goal: Goal, progress: Progress) -> Added:
    """What came to it."""
    from_nothing = goal.last >= MANY and not goal.telling and not cache.mark()
    processes = beside.processes() if from_nothing else 1
    if processes > 1:
        try:
            return _fill_together(cache, log, goal, progress, processes)
        except (Cut, RoadlogError):
            cache.clear()  # who does it alone meets what is wrong, and the first of it
    return _fill_alone(cache, log, goal, progress)


def _fill_alone(cache: Cache, log: Records, goal: Goal, progress: Progress) -> Added:
    """What came to it."""
    index, states = Index(cache), States(cache, log.stream, telling=goal.telling)
    for count, record in enumerate(_indexed(log, index, goal.last, progress), start=1):
        states.take(record)
        if count % BATCH == 0:
            states.write_snapshots(cache)
    return states.write(cache, goal.at)


def _fill_together(cache: Cache, log: Records, goal: Goal, progress: Progress, processes: int) -> Added:
    """What came to it. Raises Cut where another did not do its share.

    Here the records are read in log order, held against their leaves and indexed. Beside, they are read
    stream after stream and folded, each stream in one go: in log order its state would have to be fetched
    from memory anew for each record, which costs more than to fold it.
    """
    mine, *theirs = _shares(processes)
    fold = partial(_fold_share, log.reader.path, log.roadmap_key(), goal)
    with ExitStack() as stack:
        others = [
            Received(cache, stack.enter_context(Beside(partial(_send_share, fold, share))))
            for share in theirs
        ]

        def look() -> None:
            for other in others:
                other.look()

        index = Index(cache)
        for count, _ in enumerate(_indexed(log, index, goal.last, progress), start=1):
            if count % OFTEN == 0:
                look()
        added = [fold(mine, cache, look)] if mine.end else []
        added += [other.added() for other in others]
        return Added(*map(sum, zip(*added, strict=True)))


def _shares(processes: int) -> list[Share]:
    """Tenths of the streams: the first process, which indexes, too, takes fewer; of three, none."""
    first = WITH_ONE if processes == 2 else 0
    ends = [first + (10 - first) * number // (processes - 1) for number in range(processes)]
    return [Share(0, first), *starmap(Share, pairwise(ends))]


def _indexed(log: Records, index: Index, last: int, progress: Progress) -> Iterator[Record]:
    """The records that the index does not have, each when it has it."""
    for count, record in enumerate(log.records(after=index.position, upto=last), start=1):
        index.take(record)
        yield record
        if count % BATCH == 0:
            index.write()
            progress(record.position, last)
    if index.position < last:
        raise failures.missing(index.position + 1)
    index.write()


def _fold_share(
    path: str, roadmap_key: str, goal: Goal, share: Share, to: Puts, pause: Callable[[], None] = lambda: None
) -> Added:
    """Puts what a share of the streams comes to where it belongs; pauses now and then."""
    with Reader(path) as reader:
        roadmap = fold_roadmap(_made(reader.stream(roadmap_key, upto=goal.last)))
        if share.first == 0:
            to.put_states([kept_roadmap(roadmap)])
        known: list[Record] = []

        def history(_stream: str, upto: int) -> list[Record]:
            return [each for each in known if each.position <= upto]

        states, taken = States(None, history, roadmap=roadmap), 0
        for stream, found in groupby(reader.share(share, goal.last), key=itemgetter(1)):
            if stream != roadmap_key:
                known = list(_made(found))
                taken += len(known)
                for record in known:
                    states.take(record)
            if taken >= BATCH:
                states.write(to, goal.at)
                states.forget()
                taken = 0
                pause()
        return states.write(to, goal.at)


def _send_share(fold: Callable[[Share, Puts], Added], share: Share, send: Send) -> None:
    send({"added": fold(share, _Sender(send))})


def _made(found: Iterable[StoredRow]) -> Iterator[Record]:
    """The records, which are held against their leaves elsewhere."""
    for row in found:
        yield rows.make_record(row, DECODE(row[3], row[5]))


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


class Received:
    """What another process sends, put into the cache as it comes."""

    def __init__(self, cache: Cache, other: Beside) -> None:
        self._cache = cache
        self._other = other
        self._added: Added | None = None

    def look(self) -> None:
        """Takes what has been sent by now."""
        while self._added is None and self._other.has_sent():
            self._receive()

    def added(self) -> Added:
        """What all of it adds. Raises Cut."""
        while self._added is None:
            self._receive()
        return self._added

    def _receive(self) -> None:
        message = self._other.receive()
        if isinstance(message, list):
            what, found = message
            getattr(self._cache, what)(found)
        else:
            self._added = Added(*message["added"])
