"""Logs to cosign: two that begin alike and go on otherwise, signed by one key, and their proofs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.cosignature import Cosigner
from roadlog.trust.note import Note, Signer
from roadlog.trust.witness import Request
from tests.event_store.rfc9162 import consistency_proof, leaf_hash, tree_hash

ORIGIN = "roadlog/SUP/0123456789abcdef"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = Signer.from_seed(ORIGIN, bytes([1]) * 32)
OTHER_KEY = Signer.from_seed(ORIGIN, bytes([2]) * 32)
WITNESS = Cosigner.from_seed("witness.example/w1", bytes([3]) * 32)
OTHER_WITNESS = Cosigner.from_seed("witness.example/w2", bytes([4]) * 32)
SHARED = 5
"""Leaves with which both logs begin."""


class Grown:
    """A log of leaves, of which each checkpoint is signed by one key."""

    def __init__(self, name: str, leaves: int = 200, signer: Signer = KEY, origin: str = ORIGIN) -> None:
        self.leaves = [leaf_hash(f"{name if n >= SHARED else ''}{n}".encode()) for n in range(leaves)]
        self.signer = signer
        self.origin = origin

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, tree_hash(self.leaves[:size]))

    def note(self, size: int) -> Note:
        text = self.checkpoint(size).text
        return Note(text, (self.signer.sign(text),))

    def proof(self, old: int, size: int) -> Sequence[bytes]:
        return consistency_proof(old, self.leaves[:size]) if old else ()

    def request(self, old: int, size: int) -> bytes:
        return Request(old, tuple(self.proof(old, size)), self.note(size), self.checkpoint(size)).write()


LOG, FORK = Grown("a"), Grown("b")
