"""Searching the log's texts as they were at a moment: the index says which, each is read from its record."""

from contextlib import closing
from typing import Any, NamedTuple

from roadlog.domain.moments import instant
from roadlog.domain.refusals import Malformed, StoreFailure
from roadlog.indexing import Progress, apart
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure
from roadlog.projections.moment import Moment
from roadlog.projections.search import BEST, LONGEST, Found, Index, Words
from roadlog.projections.texts import ROOM, field_of, number_of, placed
from roadlog.upkeep import Upkeep

PART = 500
"""Records read at one time."""


class _Hits(NamedTuple):
    """The numbers of the texts that an index gives, those to look at first, and which records were void."""

    numbers: list[int]
    voided: set[int]


class Search:
    """Searches in one reading. `progress` is told how far an index has come that has much to catch up."""

    def __init__(self, upkeep: Upkeep, progress: Progress | None = None) -> None:
        self._upkeep = upkeep
        self._progress = progress

    def found(self, text: str, moment: Moment, best: int = BEST) -> list[dict[str, Any]]:
        """The texts in which every word occurs, best first, at most so many.

        Where more than BEST have the words, those with the very words are sought first, then those recorded
        last, and only these are told apart. They are of records that were recorded and in effect at the
        moment, and not void then. Raises Malformed where there is no word to look for, StoreFailure where
        this SQLite cannot search.
        """
        try:
            words = Words.read(text)
            with closing(Found(words)) as found:
                most = max(best, BEST)
                names = self._read(self._hits(words, moment, most), moment, found, most)
                return [_entry(number, snippet, names) for number, snippet in found.best(best)]
        except ValueError as error:
            shown = text if len(text) <= LONGEST else f"{text[:20]}…"
            raise Malformed("search", f"{shown!r} {error}.") from error
        except CacheFailure as error:
            raise StoreFailure("search", f"Nothing can be searched here: {error}.") from error

    def _hits(self, words: Words, moment: Moment, most: int) -> _Hits:
        """What the index gives, which is made or caught up first where it has to be.

        Where it knows what is asked for, that is no more than are wanted.
        """
        wanted = most if words.in_any_order and moment.as_of >= moment.known_at else None

        def ask(cache: Cache) -> _Hits | None:
            return self._asked(cache, words, moment.position, wanted)

        hits = self._upkeep.ask(ask)
        if hits is None:
            self._upkeep.write(self._index)
            hits = self._upkeep.ask(ask)
        if hits is None:  # nothing can be written there
            with closing(Cache.in_memory()) as cache:
                self._index(cache)
                hits = ask(cache)
        if hits is None:
            raise CacheFailure("what was indexed just now is not there")
        return hits

    def _asked(self, cache: Cache, words: Words, upto: int, wanted: int | None) -> _Hits | None:
        """None where the index does not reach so far, or is of another history."""
        index = Index(cache)
        mark = index.mark()
        if mark is None or not self._upkeep.is_ours(mark.position, mark.leaf):
            return None
        index.check(mark)
        if upto > mark.position:
            return None
        voided = mark.voided(upto)
        enough = None if wanted is None else wanted + len(voided) * ROOM
        return _Hits(index.numbers(words, upto, enough), voided)

    def _index(self, cache: Cache) -> None:
        self._upkeep.index(cache, self._progress)

    def _read(self, hits: _Hits, moment: Moment, found: Found, most: int) -> dict[int, tuple[str, str]]:
        """Reads the texts of these numbers that were in effect, until so many are what is asked for.

        Gives the stream and type of each record.
        """
        numbers = set(hits.numbers)
        positions = list(dict.fromkeys(placed(number)[0] for number in hits.numbers))
        names: dict[int, tuple[str, str]] = {}
        start = 0
        while start < len(positions) and not (start and found.count() >= most):
            size = max(PART, start)  # so that what was found is counted a few times, however much is read
            part = set(positions[start : start + size]) - hits.voided
            start += size
            for told in apart(self._upkeep.reader, sorted(part)):
                if instant(told.effective_at) > moment.as_of:
                    continue
                names[told.position] = told.stream, told.kind
                texts = ((number_of(told.position, place), text) for place, text in told.texts)
                found.add(each for each in texts if each[0] in numbers)
        return names


def _entry(number: int, snippet: str, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    position, place = placed(number)
    stream, kind = names[position]
    return {"key": stream, "position": position, "field": field_of(kind, place), "snippet": snippet}
