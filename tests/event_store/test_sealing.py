"""The leaf of a record, computed by hand."""

from hashlib import sha256

import pytest

from roadlog.event_store.errors import VersionConflict
from roadlog.event_store.records import EMPTY_LOG, Head, NewRecord, Tail
from roadlog.event_store.sealing import seal
from tests.event_store.rfc9162 import leaf_hash

NOON = "2026-03-02T12:00:00.000000Z"


def test_the_leaf_is_the_hash_of_the_headers_lines() -> None:
    (*_, first), (*_, second) = seal(
        [NewRecord("A", 1, "Noted", b"{}"), NewRecord("A", 2, "Noted", b"[]")],
        head=Head(6, "0" * 64, NOON),
        tails={},
        recorded_at=NOON,
    )
    payload = sha256(b"{}").hexdigest()
    header = f"roadlog/leaf/v1\n7\nA\n1\nNoted\n{NOON}\n{payload}\n-\n"
    assert first == leaf_hash(header.encode()).hex()
    payload = sha256(b"[]").hexdigest()
    header = f"roadlog/leaf/v1\n8\nA\n2\nNoted\n{NOON}\n{payload}\n{first}\n"
    assert second == leaf_hash(header.encode()).hex()


def test_a_version_that_does_not_follow_is_a_conflict() -> None:
    with pytest.raises(VersionConflict, match="stream A is at version 4, not at the expected 6"):
        seal(
            [NewRecord("A", 7, "Noted", b"")],
            head=EMPTY_LOG,
            tails={"A": Tail(4, "f" * 64)},
            recorded_at=NOON,
        )
