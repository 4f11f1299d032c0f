"""The Merkle tree over the leaves of the log, hashed as RFC 9162 (section 2.1.1) says, with SHA-256.

Hashes of complete subtrees are kept, numbered 1, 2, 3, … in the order in which they became complete: the
subtree at (level, nth) covers the leaves from `nth << level` to `(nth + 1) << level`, and a leaf (level 0) is
kept with its record and has no number. A tree of n leaves so has exactly `n - popcount(n)` kept nodes, none
of which ever changes.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()


class Subtree(NamedTuple):
    """The place of a complete subtree: 2 ** level leaves, from leaf `nth << level` (counted from 0)."""

    level: int
    nth: int

    @property
    def number(self) -> int:
        """The place of this node among the kept ones; levels of 1 and above only."""
        before = ((self.nth + 1) << self.level) - 1
        return kept(before) + self.level


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def kept(size: int) -> int:
    """How many nodes are kept for a tree of `size` leaves."""
    return size - size.bit_count()


def peaks(size: int) -> list[Subtree]:
    """The largest complete subtrees that together cover `size` leaves, from left to right."""
    found = []
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append(Subtree(level, start >> level))
            start += 1 << level
    return found


def peaks_needed(size: int, added: int) -> list[Subtree]:
    """The peaks of a tree of `size` leaves that are peaks no more when `added` come: the rightmost."""
    found = []
    level = 0
    while size >> level != (size + added) >> level:  # a subtree of this level becomes complete
        if size >> level & 1:
            found.append(Subtree(level, (size >> level) - 1))
        level += 1
    return found[::-1]


def grow(size: int, stack: list[bytes], leaves: Iterable[bytes]) -> list[tuple[int, bytes]]:
    """The (number, hash) of every subtree that becomes complete when `leaves` follow a tree of `size` leaves.

    `stack` holds the hashes of the peaks from left to right, of all or of `peaks_needed`; then it holds the
    new ones.
    """
    number = kept(size)
    nodes = []
    for index, leaf in enumerate(leaves, start=size):
        node = leaf
        ones = index
        while ones & 1:
            node = sha256(b"\x01" + stack.pop() + node).digest()
            number += 1
            nodes.append((number, node))
            ones >>= 1
        stack.append(node)
    return nodes


def root(peak_hashes: Sequence[bytes]) -> bytes:
    """The root over the peaks, given from left to right."""
    if not peak_hashes:
        return EMPTY_ROOT
    node = peak_hashes[-1]
    for left in reversed(peak_hashes[:-1]):
        node = node_hash(left, node)
    return node
