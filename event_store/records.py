"""The plain types that pass through the store: records, command marks, the head; and times as on disk.

They are named tuples, as a reading that has nothing to decode need not import msgspec.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from roadlog.event_store.errors import Unreadable

NO_LEAF = "-"
"""Stands where there is no previous leaf: before a stream's first record, and at the head of an empty log."""


class NewRecord(NamedTuple):
    """A record on its way in: the version is its place in its stream, counted from 1."""

    stream: str
    version: int
    type: str
    state: bytes


class StoredRecord(NamedTuple):
    """A record as stored. Fields stand in the order of the columns that every backend selects.

    `recorded_at` is RFC 3339 with six fractional digits and `Z`; `state` is the stored bytes; `leaf` is the
    hash, hex.
    """

    position: int
    stream: str
    version: int
    type: str
    recorded_at: str
    state: bytes
    leaf: str


Row = tuple[int, str, int, str, str, bytes, str]
"""The fields of `StoredRecord`."""


Between = tuple[datetime, datetime]
"""Two moments, both included."""


class CommandMark(NamedTuple):
    """A command's idempotency key, and the digest of what it asked for (hex)."""

    id: str
    digest: str


class CommandResult(NamedTuple):
    """What a command did: its first and last position, both None when it recorded nothing."""

    id: str
    digest: str
    first: int | None
    last: int | None


class Head(NamedTuple):
    """The last record of the log; of an empty log, position 0."""

    position: int
    leaf: str
    recorded_at: str


EMPTY_LOG = Head(0, NO_LEAF, "")


class Tail(NamedTuple):
    """The last record of one stream; of an empty stream, version 0."""

    version: int
    leaf: str


EMPTY_STREAM = Tail(0, NO_LEAF)


class Share(NamedTuple):
    """Some tenths of the streams, so that a few readers share the work: those whose name ends in a character
    whose code, divided by ten, leaves `first` to before `end`.
    """

    first: int
    end: int


class KeptCheckpoint(NamedTuple):
    """A checkpoint as it is kept: the note, and what it says of the log's size and its own time.

    `id` counts from 1 without gaps.
    """

    id: int
    size: int
    made_at: str
    note: bytes


class KeptAnchor(NamedTuple):
    """What vouches for the first `size` records from outside: of which kind, and what it consists of."""

    id: int
    kind: str
    size: int
    content: bytes


class Sealed(NamedTuple):
    """The outcome of one append: the records, whether they were already there (a repeated command), and the
    checkpoint that was made of them.
    """

    records: Sequence[Row]
    replayed: bool
    checkpoint: KeptCheckpoint | None = None


def rfc3339(moment: datetime) -> str:
    """The one form of a time on disk: RFC 3339, UTC, six fractional digits, `2026-01-31T09:30:00.000000Z`."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    at = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return at.isoformat("T", "microseconds")[:-6] + "Z"


def is_time(text: str) -> bool:
    """Whether a text is a time in that form."""
    try:
        return rfc3339(datetime.fromisoformat(text)) == text
    except ValueError:
        return False


def recorded_time(now: datetime, last: str) -> str:
    """When a record is stored: now, or a microsecond after the last one when the clock stepped back."""
    text = rfc3339(now)
    return text if text >= last else _just_after(last)


def later_time(now: datetime, recorded_at: str, last: str) -> str:
    """When a checkpoint is made: not before the last record was, and after the last checkpoint."""
    text = max(rfc3339(now), recorded_at)
    return text if text > last else _just_after(last)


def _just_after(last: str) -> str:
    """Raises Unreadable for what is stored as a time and is none."""
    try:
        return rfc3339(datetime.fromisoformat(last) + timedelta(microseconds=1))
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{last!r} is stored as a time, and is none") from error
