"""Snapshots as they are kept, and what they lack at some moments; none goes missing unseen."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

import orjson

from roadlog.projections.database import (
    CacheFailure,
    Database,
    Row,
    sealed,
    unsealed,
    unsealed_bytes,
    with_seal,
)

STREAM = 1 << 40
"""From an initiative's snapshots to the next one's, so that they stand together: beyond any position."""

Snapshot = tuple[str, int, int, str, bytes]
"""An initiative's key and number, and the version, leaf and state of a snapshot."""


class KeptSnapshots(Database):
    """The tables `snapshots` and `late`.

    late_added: initiatives that came to `late` since the mark was set
    """

    late_added = 0

    def put_snapshots(self, snapshots: Iterable[Row]) -> None:
        """Each (number times STREAM plus position, number, latest effective time, version, leaf, state)."""
        self._put("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?)", map(with_seal, snapshots))

    def put_late(self, late: Iterable[Row]) -> None:
        """Each (number, position, from when, to when, whether it is a void), by position for each number."""
        for number, some in groupby(sorted(late), key=itemgetter(0)):
            found = self._ask("SELECT times FROM late WHERE number = ?", number)
            times = orjson.loads(unsealed(found[0][0], number)) if found else []
            text = orjson.dumps([*times, *(rest for _, *rest in some)]).decode()
            self._ask("INSERT OR REPLACE INTO late VALUES (?, ?)", number, sealed(text, number))
            self.late_added += not found

    def snapshots(self, position: int, at: int, number: int = 0, of: int = 1) -> list[Snapshot]:
        """The last snapshot up to a moment of each initiative whose number, divided by `of`, leaves `number`.

        Of one that was not there yet, none. In key order.
        """
        found = self._ask(
            """
            SELECT rows.key, rows.number, found.* FROM rows CROSS JOIN snapshots found ON found.id = (
                SELECT id FROM snapshots
                WHERE number = rows.number AND reached <= ? AND id <= rows.number * ? + ?
                ORDER BY reached DESC, id DESC LIMIT 1
            ) WHERE rows.number % ? = ? ORDER BY rows.number
            """,
            at,
            STREAM,
            position,
            of,
            number,
        )
        self.check_counts("rows", "snapshots")
        self._check_found({row[1] for row in found}, position, at, number, of)
        snapshots = []
        for key, its_number, id_, kept_number, reached, version, leaf, state in found:
            if kept_number != its_number or reached > at or id_ > its_number * STREAM + position:
                raise CacheFailure("the index of the snapshots is damaged")
            content = unsealed_bytes(state, id_, kept_number, reached, version, leaf)
            snapshots.append((key, its_number, version, leaf, content))
        return snapshots

    def earliest(self, position: int) -> int | None:
        """When the first initiative began, of those known at a position; in microseconds since 1970."""
        sql = "SELECT min(reached) FROM snapshots WHERE id - number * ? <= ?"
        ((found,),) = self._ask(sql, STREAM, position)
        return None if found is None else int(found)

    def _check_found(self, found: set[int], position: int, at: int, number: int, of: int) -> None:
        """That the index is damaged must not hide who was there: without it, too, there is no snapshot."""
        firsts = self._ask(
            """
            SELECT number, (SELECT reached FROM snapshots WHERE id = first), first FROM (
                SELECT rows.number AS number, (
                    SELECT min(id) FROM snapshots NOT INDEXED WHERE id >= rows.number * ?1
                ) AS first FROM rows
                WHERE rows.number % ?2 = ?3 AND rows.number NOT IN (SELECT value FROM json_each(?4))
            )
            """,
            STREAM,
            of,
            number,
            orjson.dumps(list(found)).decode(),
        )
        for each, reached, first in firsts:
            if reached is None or (reached <= at and first <= each * STREAM + position):
                raise CacheFailure("the index of the snapshots is damaged")

    def late(self, position: int, at: int, number: int = 0, of: int = 1) -> tuple[set[int], list[int]]:
        """What no snapshot of these initiatives before a moment holds, though it was known and so then.

        The numbers of those of which something had been voided: their snapshots are of no use. And the
        positions of records that came late.
        """
        self.check_counts("late")
        voided: set[int] = set()
        positions: list[int] = []
        for each, times in self._ask("SELECT * FROM late WHERE number % ? = ?", of, number):
            for place, from_at, to_at, is_void in orjson.loads(unsealed(times, each)):
                if place <= position and from_at <= at < to_at:
                    if is_void:
                        voided.add(each)
                    else:
                        positions.append(place)
        return voided, positions
