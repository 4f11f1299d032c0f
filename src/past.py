"""What the board looks at, at a past moment: snapshots of the projections, and the few records after each."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from roadlog import failures, rows
from roadlog.domain.evolve import fold
from roadlog.domain.moments import microseconds
from roadlog.event_store.records import EMPTY_STREAM, Row, Tail
from roadlog.event_store.vouching import Before, vouched
from roadlog.projections import snapshots
from roadlog.projections.cache import Cache, CacheFailure
from roadlog.projections.snapshots import Missing, state_as_of

if TYPE_CHECKING:
    from roadlog.domain.initiative import InitiativeState
    from roadlog.projections.moment import Moment
    from roadlog.upkeep import Upkeep


def essences(upkeep: "Upkeep", cache: Cache, moment: "Moment") -> "Iterator[InitiativeState]":
    """The essence of every initiative that was there at a moment, in key order.

    Raises Damaged; CacheFailure, ValueError where what the cache holds is to blame.
    """
    position, as_of = moment.position, moment.as_of
    late = cache.late(position, microseconds(as_of))
    found = cache.snapshots(position, microseconds(as_of))
    versions = [(key, version) for key, number, version, _, _ in found if number not in late]
    decode, make = rows.codec().decode, rows.make_record
    with failures.in_our_words():
        following = _by_stream(versions, upkeep.reader.following(versions, snapshots.EVERY, position))
        for key, number, version, leaf, snapshot in found:
            if number in late:
                state = fold(upkeep.stream(key, position), as_of=as_of)
            else:
                records = vouched(next(following), decode, make, _after(version, leaf))
                try:
                    state = state_as_of(version, snapshot, records, position, as_of)
                except Missing as error:
                    raise CacheFailure(f"a snapshot of {key} is missing") from error
            if state.exists:
                yield state


def _after(version: int, leaf: str | None) -> Before:
    last = Tail(version, leaf) if leaf else EMPTY_STREAM
    return lambda _stream, _version: last


def _by_stream(versions: Iterable[tuple[str, int]], found: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each stream, of some none."""
    groups = groupby(found, key=itemgetter(1))
    after = next(groups, None)
    for key, _ in versions:
        if after is not None and after[0] == key:
            yield list(after[1])
            after = next(groups, None)
        else:
            yield []
