"""The trail as it is kept: pages of what is known of each entry, and the lines that were told."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from roadlog.projections.database import CacheFailure, Database, Row, sealed, translated, unsealed

PAGE = 200
"""Entries of the trail that are kept, and sealed, together: one by one they cost ten times as much."""


ENTRIES = f"""
    SELECT coalesce(
        (SELECT (count(*) - 1) * {PAGE} FROM trail)
        + (
            SELECT iif(json_valid(substr(entries, 9)), json_array_length(substr(entries, 9)), 0)
            FROM trail ORDER BY first DESC LIMIT 1
        ), 0)
"""
"""How many there are: all pages but the last are full, and stand behind a seal."""


class Entry(NamedTuple):
    """What is known of a line of the trail before it is told."""

    position: int
    stream: str
    actor: str
    typed_by: str | None
    voided_by: int | None


class Dated(NamedTuple):
    """When something happened, in microseconds since 1970, and whether it still stands.

    stands: neither voided nor a void
    """

    position: int
    type: str
    stream: str
    at: int
    stands: bool


class KeptTrail(Database):
    """The tables `trail` and `lines`."""

    def open_page(self, position: int) -> tuple[int, list[Row]]:
        """The page of the trail that goes on after a position: where it begins, and its entries so far."""
        number = position % PAGE
        first = position - number + 1
        found = self._ask("SELECT entries FROM trail WHERE first = ?", first)
        entries = _entries(first, found[0][0]) if found else []
        if len(entries) != number:
            raise CacheFailure("entries of the trail are missing")
        return first, entries

    def put_pages(self, pages: Iterable[tuple[int, Sequence[Row]]]) -> None:
        """Each page of the trail: the position of its first entry, and an entry for each record from there.

        Each entry (stream, type, actor, account that typed it, effective time in microseconds since 1970,
        position that it voids or None, initiative that a consent of the roadmap's stream is about or None).
        """
        found = ((first, sealed(orjson.dumps(entries).decode(), first)) for first, entries in pages)
        self._put("INSERT OR REPLACE INTO trail VALUES (?, ?)", found)

    def put_lines(self, lines: Iterable[tuple[int, str]]) -> None:
        """Each (position, line as JSON)."""
        found = ((position, sealed(line, position)) for position, line in lines)
        self._put("INSERT OR REPLACE INTO lines VALUES (?, ?)", found)

    def told(self) -> set[int]:
        """The positions whose lines are told."""
        return {position for (position,) in self._ask("SELECT position FROM lines")}

    def trail(  # noqa: PLR0913 - all that can be asked of it
        self,
        *,
        upto: int,
        as_of: int,
        stream: str | None,
        kind: str | None,
        actor: str | None,
        since: int | None,
        last: int | None = None,
        first: int | None = None,
        after: int = 0,
        before: int | None = None,
    ) -> list[Entry]:
        """The trail's entries between two positions, oldest first; only the last, or the first, so many.

        `as_of` and `since` are microseconds since 1970, as effective times are kept.
        """
        voided_by: dict[int, int] = {}
        found: deque[Entry] = deque()
        for place, (of, what, who, typist, at, voids, about) in self._back_from(upto):
            if place <= after:
                break
            if voids:
                voided_by.setdefault(voids, place)
            if (
                (before is None or place < before)
                and at <= as_of
                and (stream is None or stream in (of, about))
                and (kind is None or kind == what)
                and (actor is None or actor == who)
                and (since is None or since <= at)
            ):
                found.appendleft(Entry(place, of, who, typist, voided_by.get(place)))
                if len(found) == last:
                    break
                if first is not None and len(found) > first:
                    found.pop()
        return list(found)

    def dated(self, *, upto: int, stream: str | None) -> list[Dated]:
        """Every entry up to a position, or those about one stream, in log order."""
        voided: set[int] = set()
        found: list[Dated] = []
        for place, (of, what, _, _, at, voids, about) in self._back_from(upto):
            if voids:
                voided.add(voids)
            if stream is None or stream in (of, about):
                found.append(Dated(place, what, about or of, at, not voids and place not in voided))
        return found[::-1]

    def _back_from(self, upto: int) -> Iterator[tuple[int, Row]]:
        """Each position and what is kept of it, from the last to the first.

        Raises CacheFailure where one is missing.
        """
        place = upto
        with translated():
            pages = self.connection.execute(
                "SELECT * FROM trail WHERE first <= ? ORDER BY first DESC", (upto,)
            )
            for first, page in pages:
                entries = _entries(first, page)[: upto - first + 1]
                if not place or first + len(entries) != place + 1:
                    break
                for entry in reversed(entries):
                    yield place, entry
                    place -= 1
        if place:
            raise CacheFailure("entries of the trail are missing")

    def lines(self, positions: Sequence[int]) -> dict[int, str]:
        """Those lines that are told, as JSON, by position."""
        places = orjson.dumps(positions).decode()
        found = self._ask("SELECT * FROM lines WHERE position IN (SELECT value FROM json_each(?))", places)
        return {position: unsealed(line, position) for position, line in found}


def _entries(first: int, page: Any) -> list[Row]:
    entries: list[Row] = orjson.loads(unsealed(page, first))
    return entries
