"""Roots and proofs are those of another implementation, which knows nothing of ours: pymerkle."""

from __future__ import annotations

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency

from roadlog.event_store.merkle import Subtree
from roadlog.event_store.proofs import inclusion, root_at
from tests.event_store.rfc9162 import leaf_hash, tree_hash

ENTRIES = [str(number).encode() for number in range(70)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@pytest.fixture(scope="module")
def elsewhere() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        tree.append_entry(entry)
    return tree


def node(place: Subtree) -> bytes:
    return tree_hash(LEAVES[place.nth << place.level : (place.nth + 1) << place.level])


SIZES = range(1, len(ENTRIES) + 1)


def test_every_root_is_the_same(elsewhere: InmemoryTree) -> None:
    assert [root_at(size, node) for size in SIZES] == [elsewhere.get_root(size) for size in SIZES]


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_is_proved_by_the_same_hashes(elsewhere: InmemoryTree, size: int) -> None:
    """There the leaf itself is among them; and there leaves are counted from 1."""
    for index in range(size):
        path = elsewhere.prove_inclusion(index + 1, size).path
        assert sorted([LEAVES[index], *inclusion(index, size, node)]) == sorted(path)


@pytest.mark.parametrize("new", SIZES)
def test_every_growth_between_our_roots_is_proved_there(elsewhere: InmemoryTree, new: int) -> None:
    """By proofs of its own making: those are not of the form that RFC 9162 gives them."""
    for old in range(1, new):
        proof = elsewhere.prove_consistency(old, new)
        verify_consistency(root_at(old, node), root_at(new, node), proof)
        with pytest.raises(InvalidProof):
            verify_consistency(root_at(old, node)[::-1], root_at(new, node), proof)
