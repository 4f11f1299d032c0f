"""Proofs over the tree, as RFC 9162 makes and checks them: that a leaf is in it, and that it only grew.

https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3 and #section-2.1.4. A proof is a list of hashes; making
one looks at as many kept nodes as the logarithm of the tree's size, twice over at most.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from roadlog.event_store.merkle import EMPTY_ROOT, Subtree, node_hash, peaks, root

HASH = 32
"""Bytes of each hash."""

NodeAt = Callable[[Subtree], bytes]
"""The hash of a complete subtree; of level 0, the leaf's."""


class NotProved(Exception):
    """The proof does not show what it should."""


def root_at(size: int, node: NodeAt) -> bytes:
    """The root of the tree as it was with so many leaves."""
    return _hash_over(0, size, node)


def inclusion(index: int, size: int, node: NodeAt) -> list[bytes]:
    """The proof that leaf `index`, counted from 0, is in the tree of `size` leaves (2.1.3.1).

    Raises ValueError for a leaf that is not in it.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among {size}")
    start, end = 0, size
    beside = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return [_hash_over(*each, node) for each in reversed(beside)]


def consistency(old: int, new: int, node: NodeAt) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old` (2.1.4.1); empty from 0 or to itself.

    Raises ValueError where `new` is smaller.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves holds none of {old}")
    if old in (0, new):
        return []
    start, end = 0, new
    beside = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    if start:  # else the old root is known to whoever checks
        beside.append((start, end))
    return [_hash_over(*each, node) for each in reversed(beside)]


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises NotProved unless the proof shows that the leaf is in the tree of that root (2.1.3.2)."""
    _check_hashes(leaf, *proof)
    if not 0 <= index < size:
        raise NotProved(f"leaf {index} is not among {size}")
    made = leaf
    for each, is_left in _climbing(index, size - 1, proof):
        made = node_hash(each, made) if is_left else node_hash(made, each)
    if made != root:
        raise NotProved("the proof leads to another root")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises NotProved unless the proof shows that the tree of the new root begins with the other (2.1.4.2).

    Of nothing nothing follows: where `old` is 0, `new` must be 0, too.
    """
    _check_hashes(*proof)
    if not 0 <= old <= new:
        raise NotProved(f"a tree of {new} leaves holds none of {old}")
    if old == new:
        if proof:
            raise NotProved("one tree needs no proof")
        if old_root != new_root or (old == 0 and old_root != EMPTY_ROOT):
            raise NotProved("two roots of one size")
        return
    if old == 0:
        raise NotProved("from an empty tree nothing follows")
    path = list(proof)
    if old & (old - 1) == 0:  # a power of two: the old root is the first node
        path.insert(0, old_root)
    if not path:
        raise NotProved("the proof is empty")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    made_old = made_new = path[0]
    for each, is_left in _climbing(position, last, path[1:]):
        made_new = node_hash(each, made_new) if is_left else node_hash(made_new, each)
        if is_left:
            made_old = node_hash(each, made_old)
    if made_old != old_root:
        raise NotProved("the proof leads to another old root")
    if made_new != new_root:
        raise NotProved("the proof leads to another root")


def _climbing(position: int, last: int, proof: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash beside the way from a node up to the root, and whether it stands to the left.

    `position` and `last` are that node's and the last one's of its level. Raises NotProved where the hashes
    are too few or too many.
    """
    for each in proof:
        if last == 0:
            raise NotProved("the proof goes on beyond the root")
        is_left = bool(position & 1) or position == last
        yield each, is_left
        while is_left and not position & 1 and position:
            position, last = position >> 1, last >> 1
        position, last = position >> 1, last >> 1
    if last != 0:
        raise NotProved("the proof ends before the root")


def _hash_over(start: int, end: int, node: NodeAt) -> bytes:
    """The hash over the leaves from `start` to before `end`, which begin where a subtree can begin."""
    return root([node(Subtree(each.level, (start >> each.level) + each.nth)) for each in peaks(end - start)])


def _split(size: int) -> int:
    """The largest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1


def _check_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH for each in hashes):
        raise NotProved(f"a hash has {HASH} bytes")
