"""How a new record becomes a stored one: its position, its recorded time and its leaf."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from roadlog.event_store.errors import OutOfTime, Unstorable, VersionConflict
from roadlog.event_store.records import EMPTY_STREAM, NO_LEAF, Between, Head, NewRecord, Row, Tail

HEADER = "\0roadlog/leaf/v1\n"
"""The byte that marks a leaf (RFC 9162), and the first line of its header."""


def leaf(
    position: int, stream: str, version: int, type_name: str, recorded_at: str, payload: str, previous: str
) -> str:
    """The leaf of a record (hex): SHA-256(0x00 ‖ header). `payload` is the SHA-256 of the stored bytes (hex).

    The header is these lines, each ended by a newline: `roadlog/leaf/v1`, position, stream, version, type,
    recorded_at, SHA-256 of the stored bytes (hex), the previous leaf of the stream (hex, or `-`). So a
    stream's own chain lives inside the global tree, and a payload can be withheld while every proof still
    holds.
    """
    header = f"{HEADER}{position}\n{stream}\n{version}\n{type_name}\n{recorded_at}\n{payload}\n{previous}\n"
    return sha256(header.encode()).hexdigest()


def header(
    position: int, stream: str, version: int, type_name: str, recorded_at: str, payload: str, previous: str
) -> str:
    """What `leaf` hashes, behind the zero byte; to call this there would cost each leaf an eighth more."""
    return f"{HEADER[1:]}{position}\n{stream}\n{version}\n{type_name}\n{recorded_at}\n{payload}\n{previous}\n"


def seal(new: Sequence[NewRecord], *, head: Head, tails: Mapping[str, Tail], recorded_at: str) -> list[Row]:
    """The stored form of `new`, at the positions after `head`, each chained to its stream's last record.

    Raises `VersionConflict` where a version does not follow its stream's last one.
    """
    ends: dict[str, tuple[int, str]] = {}
    sealed = []
    for position, (stream, version, type_name, state) in enumerate(new, start=head.position + 1):
        last, previous = ends.get(stream) or tails.get(stream, EMPTY_STREAM)
        if version != last + 1 and previous != NO_LEAF:
            raise VersionConflict(stream, version - 1, last)
        payload = sha256(state).hexdigest()
        digest = leaf(position, stream, version, type_name, recorded_at, payload, previous)
        ends[stream] = (version, digest)
        sealed.append((position, stream, version, type_name, recorded_at, state, digest))
    return sealed


def in_time(now: datetime, between: Between | None) -> datetime:
    """The time shown, where it lies between the two moments. Raises `OutOfTime`."""
    if between is not None and not between[0] <= now <= between[1]:
        raise OutOfTime
    return now


def check_names(new: Sequence[NewRecord]) -> None:
    """Refuse stream and type names that a leaf's header cannot hold."""
    for record in new:
        for name in (record.stream, record.type):
            if not name or not name.isprintable():
                raise Unstorable(
                    f"{name!r} names no stream or type: it is empty or holds a control character"
                )


def check_expected(expected: Mapping[str, int], tails: Mapping[str, Tail]) -> None:
    """Raise `VersionConflict` for the first stream that is not at the version its reader saw."""
    for stream, version in expected.items():
        found = tails.get(stream, EMPTY_STREAM).version
        if found != version:
            raise VersionConflict(stream, version, found)
