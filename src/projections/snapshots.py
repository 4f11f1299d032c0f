"""Snapshots: what the board looks at of each initiative, every few records, so that no moment is far away.

One holds from the position of its record on, and from the latest effective time so far. A board of the past
takes of each initiative the last snapshot up to the moment, and folds the few records that follow it. Records
that came late are in no such order: they are listed with the times at which a snapshot lacks them, and are
folded, too. So are voids, which change what a snapshot holds: there a fold of the whole stream answers.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec import Struct

from roadlog.domain.events import RecordVoided
from roadlog.domain.evolve import Fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.keys import number_of
from roadlog.domain.moments import EPOCH, MICROSECOND, microseconds
from roadlog.domain.records import Record
from roadlog.projections.essence import essence
from roadlog.projections.kept_snapshots import STREAM

EVERY = 6
"""Records of an initiative from one snapshot to the next; its first record and each void have one, too."""


class Snapshot(NamedTuple):
    """The essence of an initiative, by its number, after a record of a version and a leaf.

    id: the number times STREAM, plus the record's position
    reached: the latest effective time up to there
    """

    id: int
    number: int
    reached: int
    version: int
    leaf: str
    state: bytes


class Late(NamedTuple):
    """A record, or a void, that no snapshot for a time in `[from_at, to_at)` heeds."""

    number: int
    position: int
    from_at: int
    to_at: int
    is_void: bool


class Snapshots:
    """What records add: snapshots and late times."""

    def __init__(self) -> None:
        self._reached: dict[str, datetime] = {}
        self._taken: list[Snapshot] = []
        self._late: list[Late] = []

    def take(self, record: Record, state: InitiativeState, voided_at: datetime | None) -> None:
        """The state after a record, without what no fold looks at; and when what it voids took effect."""
        stream, at = record.stream, record.body.effective_at
        now = self._reached.get(stream, at)
        if at >= now:
            now = self._reached[stream] = at
        since = at if voided_at is None else min(at, voided_at)
        if since < now:
            times = (microseconds(since), microseconds(now))
            self._late.append(Late(number_of(stream), record.position, *times, voided_at is not None))
        if record.version == 1 or record.version % EVERY == 0 or voided_at is not None:
            kept = msgspec.msgpack.encode(essence(state))
            number, version, leaf = number_of(stream), record.version, record.leaf
            id_, reached = number * STREAM + record.position, microseconds(now)
            self._taken.append(Snapshot(id_, number, reached, version, leaf, kept))

    def begin(self, stream: str, reached: int) -> None:
        """The latest effective time of what is known of an initiative already."""
        self._reached[stream] = EPOCH + reached * MICROSECOND

    def forget(self) -> None:
        """Lets go of what is known of all initiatives."""
        self._reached.clear()

    def begun(self, stream: str) -> bool:
        """Whether anything of an initiative is known."""
        return stream in self._reached

    def reached(self, stream: str) -> int:
        """The latest effective time of an initiative, in microseconds since 1970."""
        return microseconds(self._reached[stream])

    def new(self) -> tuple[list[Snapshot], list[Late]]:
        """Those that came since this was asked last."""
        taken, late = self._taken, self._late
        self._taken, self._late = [], []
        return taken, late


class Missing(Exception):
    """There should have been a later snapshot."""


def state_as_of(
    snapshot: bytes, records: Iterable[Record], late: Iterable[Record], position: int, as_of: datetime
) -> InitiativeState:
    """What the board looks at, at a moment, from the last snapshot before it and the records that follow.

    `late` are those after the snapshot that came late. Raises Missing.
    """
    found = {each.position: each for each in late}
    for record in records:
        if record.position > position or record.effective_at > as_of:
            break
        if record.version % EVERY == 0 or type(record.body.event) is RecordVoided:
            raise Missing
        found[record.position] = record
    fold = Fold(_decode(snapshot))
    for place in sorted(found):
        fold.take(found[place])
    return fold.now


_decode = msgspec.msgpack.Decoder(InitiativeState).decode


class _Key(Struct, array_like=True):
    """What a state begins with."""

    key: str


_key = msgspec.msgpack.Decoder(_Key).decode


def key_of(snapshot: bytes) -> str:
    """The key of the initiative that a snapshot is of."""
    return _key(snapshot).key
