"""Upkeep of the projections: the log as one reading sees it, and the cache caught up, rebuilt and checked."""

import os
from collections.abc import Callable, Collection, Container, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from roadlog import failures, rows, store
from roadlog.domain.moments import EPOCH, MICROSECOND, instant
from roadlog.domain.refusals import StoreFailure
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import EMPTY_LOG, NO_LEAF, Row, Share, StoredRecord
from roadlog.projections.cache import ANSWERS, KEPT, MEASURED, ROWS, Cache
from roadlog.projections.database import CacheFailure, NoRoom
from roadlog.store import Place

if TYPE_CHECKING:
    from roadlog.domain.records import Record
    from roadlog.filling import Progress
    from roadlog.projections.copies import Copy

FEW = 500
"""So many records are caught up with their lines of the trail: telling one costs ten times folding it."""

DAMAGE = (CacheFailure, ValueError, LookupError, TypeError)
"""What comes of asking a cache that somebody edited."""

ALL = Share(0, 10)

T = TypeVar("T")


class Upkeep:
    """The log up to its head, and the projections at that head.

    The head stands still once the cache is open, which then stays as it is: whatever is recorded meanwhile,
    one reading sees one state of things. `now` is never before the head, also where the clock stepped back.
    """

    def __init__(self, folder: Place, now: datetime, progress: "Progress | None" = None) -> None:
        self._path = os.path.join(folder, store.PROJECTIONS)
        self._progress = progress or (lambda _position, _head: None)
        self._cache: Cache | None = None
        self._roadmap_key = ""
        self.now = now
        self.head = EMPTY_LOG
        with failures.in_our_words():
            self.reader = Reader(os.path.join(folder, store.EVENTS))
        self._look()

    @property
    def paths(self) -> tuple[str, str]:
        """The log's file, and that of the projections."""
        return self.reader.path, self._path

    def close(self) -> None:
        self.reader.close()
        self._let_go()

    # The log

    def row_at(self, position: int) -> StoredRecord | None:
        """The row at a position, held against its leaf; None where the log has none. Raises Damaged."""
        from roadlog.event_store.vouching import before_in, vouched_row

        with failures.in_our_words():
            row = next(self.reader.rows(position - 1, position), None) if position > 0 else None
            return StoredRecord(*vouched_row(row, before_in(lambda: self.reader))) if row else None

    def roadmap_key(self) -> str:
        """The roadmap's own key, which is the log's first stream; empty in an empty store."""
        if not self._roadmap_key and self.head.position:
            first = self.row_at(1)
            if first is None:
                raise failures.missing(1)
            self._roadmap_key = first.stream
        return self._roadmap_key

    def position_at(self, moment: str) -> int:
        """The last position recorded at or before a moment (the form of `rfc3339`), 0 when there is none.

        Times never go back in a log. Raises Damaged where a damaged one led the search astray.
        """
        with failures.in_our_words():
            found = min(self.reader.position_at(moment), self.head.position)
        last = self.row_at(found)
        following = self.row_at(found + 1) if found < self.head.position else None
        if (last and last.recorded_at > moment) or (following and following.recorded_at <= moment):
            raise failures.astray(found)
        return found

    def records(self, *, after: int = 0, upto: int | None = None) -> "Iterator[Record]":
        """Records with their bodies, in log order, up to the head or a position before it."""
        position = max(after, 0)
        last = self.head.position if upto is None else upto
        for record in self._decoded(self.reader.rows(after, last)):
            position += 1
            if record.position != position:
                raise failures.missing(position)
            yield record
        if position < min(last, self.head.position):
            raise failures.missing(position + 1)

    def stream(self, name: str, upto: int) -> "Iterator[Record]":
        """A stream's records up to a position, oldest first; voided ones included."""
        return self._decoded(self.reader.stream(name, upto=upto))

    def streams(self, upto: int) -> "Iterator[tuple[str, list[Record]]]":
        """The records of each stream up to a position: one stream after the other, and one in memory."""
        for name, found in groupby(self._decoded(self.reader.share(ALL, upto)), key=attrgetter("stream")):
            yield name, list(found)

    def _decoded(self, found: Iterator[Row]) -> "Iterator[Record]":
        with failures.in_our_words():
            yield from rows.records(found, self.reader)

    # Catching up

    def ask(self, question: Callable[[Cache], T]) -> T:
        """What the cache at the head answers. Where what it holds cannot be read, it is built anew first."""
        try:
            return question(self.caught_up())
        except DAMAGE as error:
            self._let_go()
            self._cache = self._made_good(error)
            return question(self._cache)

    def caught_up(self) -> Cache:
        """The cache at the log's head, held still from now on; folded in memory where no file can be used."""
        if self._cache is None:
            try:
                self._cache = self._opened()
            except (CacheFailure, ValueError) as error:
                self._cache = self._made_good(error)
        return self._cache

    def keep(self, put: Callable[[Cache], None]) -> bool:
        """Keeps in the cache what had to be worked out, for whoever asks next; unless others are writing.

        Gives whether it is kept.
        """
        if self._cache is not None and self._cache.is_in_memory:
            put(self._cache)
            return True
        with suppress(CacheFailure, ValueError), closing(Cache.open(self._path, wait=0)) as cache:
            cache.begin()
            if is_ours := cache.mark() == (self.head.position, self.head.leaf):
                put(cache)
            cache.commit()
            return is_ours
        return False

    def write(self, put: Callable[[Cache], None]) -> None:
        """Puts into the cache what is kept beside all that is folded; nothing where it cannot be written.

        The next question sees it. What another process puts there is waited for.
        """
        if self.caught_up().is_in_memory:
            put(self.caught_up())
            return
        with suppress(CacheFailure, ValueError), closing(Cache.open(self._path)) as cache:
            cache.begin()
            put(cache)
            cache.commit()
        self._let_go()

    def index(self, cache: Cache, progress: "Progress | None" = None) -> None:
        """Brings a cache's index of texts up to the head. The caller holds the transaction."""
        from roadlog.indexing import index_texts

        index_texts(cache, self.reader, self.head, self.is_ours, progress or self._progress)

    def release(self) -> None:
        """Holds the cache no longer; the next question opens it at the head, which may have moved on."""
        if self._cache is not None and not self._cache.is_in_memory:
            self._let_go()

    def lines(
        self,
        streams: Collection[str],
        positions: Container[int],
        upto: int,
        progress: "Progress | None" = None,
    ) -> Iterator[tuple[int, str]]:
        """Those lines of these streams' trail, told anew. `progress` is told how many streams are done."""
        from roadlog.projections.walk import lines

        def each_whole() -> "Iterator[Iterator[Record]]":
            for done, stream in enumerate(others, start=1):
                yield self.stream(stream, upto)
                if progress:
                    progress(done, len(others))

        key = self.roadmap_key()
        others = [each for each in streams if each != key]
        yield from lines(self.stream(key, upto), each_whole(), self.stream, positions)

    def _opened(self) -> Cache:
        cache = Cache.open(self._path)
        try:
            while cache.hold() != (self.head.position, self.head.leaf):
                cache.rollback()
                self._catch_up(cache)
        except BaseException:
            cache.close()
            raise
        return cache

    def _catch_up(self, cache: Cache) -> None:
        """Brings cache and head together, whichever is behind. Others who want to write the cache wait."""
        cache.begin()
        standing = self._standing(cache)
        if standing == "ahead":
            cache.rollback()
            self._look()
            return
        if standing == "stale":
            cache.clear()
        if standing != "current":
            self._fold_into(cache)
        cache.commit()

    def _standing(self, cache: Cache) -> Literal["current", "behind", "ahead", "stale"]:
        """Where the cache stands: at the head, before or after it (somebody recorded just now), or astray."""
        mark = cache.mark()
        if mark is None:
            return "stale"
        position, leaf = mark
        if not self.is_ours(position, leaf):
            return "stale"
        if position == self.head.position:
            return "current"
        return "ahead" if position > self.head.position else "behind"

    def is_ours(self, position: Any, leaf: Any) -> bool:
        """Whether a mark is of this history. Somebody may have edited it: it can be anything."""
        if position == 0:
            return bool(leaf == NO_LEAF)
        row = self.row_at(position) if isinstance(position, int) else None
        return row is not None and row.leaf == leaf

    def _folded_into(self, cache: Cache) -> Cache:
        cache.begin()
        self._fold_into(cache)
        cache.commit()
        return cache

    def _fold_into(self, cache: Cache, upto: int | None = None, told: Collection[int] | None = None) -> None:
        """Folds what the cache does not hold yet, up to the head. The caller holds its transaction.

        The lines of the trail at the positions `told` are told; if it is None, all where the records are few,
        else none: then they are told when somebody asks for them.
        """
        from roadlog.filling import Goal, fill

        end = (self.head if upto is None else self.row_at(upto)) or EMPTY_LOG
        if told is None:
            began, _ = cache.mark() or (0, "")
            told = range(end.position + 1) if end.position - began <= FEW else ()
        goal = Goal(end.position, end.leaf, self.now, told.__contains__ if told else None)
        fill(cache, self, goal, self._progress)

    def _made_good(self, error: Exception) -> Cache:
        """A cache in place of one that failed: the file built anew where that helps, else one in memory."""
        try:
            if not isinstance(error, CacheFailure) or error.anew:
                self.rebuild()
                return self._opened()
        except (CacheFailure, OSError):
            pass
        return self._folded_into(Cache.in_memory())

    def _let_go(self) -> None:
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _look(self) -> None:
        """Takes the log's head as it is now, held against its leaf; `now` is never before it."""
        with failures.in_our_words():
            self.head = self.reader.head()
        self.row_at(self.head.position)
        if self.head.position:
            self.now = max(self.now, failures.recorded_time(self.head.recorded_at, self.head.position))

    # The projections themselves

    def status(self) -> dict[str, Any]:
        """Where the projections stand against the log. Their file is only read. Raises StoreFailure."""
        answer = self._answer(exists=os.path.exists(self._path))
        if not answer["exists"]:
            return answer
        try:
            with closing(self._copied()) as kept:
                return {**answer, **self._told(kept)}
        except (CacheFailure, OSError):
            return {**answer, "state": "unreadable"}

    def _answer(self, *, exists: bool) -> dict[str, Any]:
        return {
            "file": self._path,
            "exists": exists,
            "head": self.head.position,
            "position": 0,
            "state": "absent",
            "counts": {},
        }

    def _told(self, kept: Cache) -> dict[str, Any]:
        """Where a cache stands, and how much it holds."""
        from roadlog import indexing

        mark = kept.mark()
        position = mark[0] if mark and isinstance(mark[0], int) else 0
        counts = {**kept.counts(), **indexing.counts(kept)}
        return {"position": position, "state": self._standing(kept), "counts": counts}

    def rebuild(self, *, searched: bool = False) -> dict[str, Any]:
        """Folds everything anew into a new file, which then takes the old one's place whole.

        `searched`: with the index of texts, where there is one. Raises CacheFailure and OSError where that
        cannot be.
        """
        self._let_go()
        searched = searched and self._is_searched()
        with _scratch(self._path) as new_path:
            new = Cache.scratch(new_path)
            try:
                self._folded_into(new)
                if searched:
                    self.index(new)
                self._take_over(new)
                return {**self._answer(exists=True), **self._told(new)}
            finally:
                new.close()

    def _is_searched(self) -> bool:
        """Whether the file has an index of texts, as far as it can be read."""
        from roadlog import indexing

        if not os.path.exists(self._path):
            return False
        with suppress(CacheFailure), closing(Cache.open(self._path)) as cache:
            return bool(indexing.counts(cache))
        return False

    def _take_over(self, new: Cache) -> None:
        from roadlog.projections.copies import copy_over

        try:
            copy_over(self._path, new)
        except CacheFailure as error:
            if not error.anew:
                raise
            _remove(self._path)
            copy_over(self._path, new)

    def check(self) -> dict[str, Any]:
        """Folds the log anew elsewhere, up to where the cache stands, and names its first row that differs.

        The file is only read: nothing is caught up or repaired before it is compared. What is yet to be
        folded is no difference, and neither is a file that is not there. Raises StoreFailure where there is
        no space for the copy that is compared.
        """
        answer: dict[str, Any] = {"position": 0, "same": False}
        if not os.path.exists(self._path):
            return {**answer, "same": True, "differs": None}
        try:
            with closing(self._copied()) as kept:
                mark = kept.mark()
                if mark is None or not self.is_ours(*mark):
                    return {**answer, "differs": {"table": "mark", "row": 1}}
                answer["position"] = mark[0]
                differs = self._compared(kept, mark[0])
        except (CacheFailure, OSError) as error:
            if isinstance(error, CacheFailure) and error.full:
                raise self._no_room(error) from error
            differs = self._whole_file()
        return {**answer, "same": differs is None, "differs": differs}

    def _copied(self) -> "Copy":
        from roadlog.projections.copies import copy_of

        try:
            return copy_of(self._path)
        except NoRoom as error:
            raise self._no_room(error) from error

    def _no_room(self, why: Exception) -> StoreFailure:
        message = f"{store.PROJECTIONS} cannot be looked at, as that takes a copy: {why}."
        return StoreFailure("projections", message)

    def _compared(self, kept: "Copy", position: int) -> dict[str, Any] | None:
        with closing(Cache.scratch(kept.aside)) as fresh:
            fresh.begin()
            self._fold_into(fresh, position, kept.told())
            try:
                return self._difference(fresh, kept) or self._index_difference(fresh, kept)
            except DAMAGE:
                return self._whole_file()

    def _index_difference(self, fresh: Cache, kept: Cache) -> dict[str, Any] | None:
        from roadlog import indexing

        found = indexing.difference(fresh, kept, self.reader, self.is_ours)
        return {"table": found[0], "row": found[1]} if found else None

    def _whole_file(self) -> dict[str, Any]:
        return {"table": "file", "row": self._path}

    def _difference(self, fresh: Cache, kept: Cache) -> dict[str, Any] | None:
        """The first row that is not as it should be. Rows and answers are of the time they were written."""
        from roadlog.projections.kept import answer_as_of, measured_as_of, row_as_of

        for _, key, _, good_from, _, _ in kept.all_of(ROWS):
            with suppress(ValueError, TypeError, AttributeError, OverflowError):
                fresh.put_rows(row_as_of(fresh, key, instant(good_from)))
        for question, good_from, _, _ in kept.all_of(ANSWERS):
            with suppress(ValueError, TypeError, AttributeError, OverflowError, LookupError):
                fresh.put_answers([answer_as_of(fresh, question, instant(good_from))])
        for key, at, _ in kept.all_of(MEASURED):
            with suppress(ValueError, TypeError, AttributeError, OverflowError, LookupError):
                fresh.put_measured([measured_as_of(fresh, key, EPOCH + at * MICROSECOND)])
        ours, theirs = fresh.contents(), kept.contents()
        while True:
            want, have = next(ours, None), next(theirs, None)
            if want is None and have is None:
                return None
            if want != have:
                table, row = min(
                    (each for each in (want, have) if each),
                    key=lambda each: (KEPT.index(each[0]), each[1][0]),
                )
                return {"table": table, "row": row[0] if isinstance(row[0], int | str) else repr(row[0])}


@contextmanager
def _scratch(path: str) -> Iterator[str]:
    """A path beside the file for another that is gone afterwards, with all that SQLite puts beside it.

    Those that were left by processes which were killed go, too.
    """
    folder, name = os.path.split(path)
    for left in os.listdir(folder):
        process = left.removeprefix(f"{name}.").removesuffix(".new")
        if left == f"{name}.{process}.new" and not _is_running(process):
            _remove(os.path.join(folder, left))
    scratch = f"{path}.{os.getpid()}.new"
    try:
        yield scratch
    finally:
        _remove(scratch)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _remove(path: str) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(path + suffix)
