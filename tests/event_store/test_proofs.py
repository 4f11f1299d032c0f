"""Proofs over the tree: RFC 9162's definitions, the vectors of others, and every proof that is not one."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.event_store.merkle import EMPTY_ROOT, Subtree
from roadlog.event_store.proofs import (
    NotProved,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    root_at,
)
from tests.event_store.rfc9162 import consistency_proof, inclusion_proof, leaf_hash, tree_hash

VECTORS = Path(__file__).parent / "vectors"
LEAVES = [leaf_hash(str(number).encode()) for number in range(140)]
SIZES = st.integers(1, len(LEAVES))


def vectors(kind: str) -> list[Any]:
    lines = (VECTORS / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(each, id=each["name"]) for each in map(json.loads, lines)]


def decoded(vector: dict[str, Any], *names: str) -> list[bytes]:
    return [b64decode(vector[name] or "") for name in names]


def node(place: Subtree) -> bytes:
    return tree_hash(LEAVES[place.nth << place.level : (place.nth + 1) << place.level])


# The vectors


@pytest.mark.parametrize("vector", vectors("inclusion"))
def test_inclusion_is_judged_as_elsewhere(vector: dict[str, Any]) -> None:
    leaf, root = decoded(vector, "leafHash", "root")
    proof = [b64decode(each) for each in vector["proof"] or ()]
    check = partial(check_inclusion, vector["leafIdx"], vector["treeSize"], leaf, proof, root)
    if vector["wantErr"]:
        with pytest.raises(NotProved):
            check()
    else:
        check()


@pytest.mark.parametrize("vector", vectors("consistency"))
def test_consistency_is_judged_as_elsewhere(vector: dict[str, Any]) -> None:
    old, new = decoded(vector, "root1", "root2")
    proof = [b64decode(each) for each in vector["proof"] or ()]
    check = partial(check_consistency, vector["size1"], vector["size2"], proof, old, new)
    if vector["wantErr"]:
        with pytest.raises(NotProved):
            check()
    else:
        check()


def test_there_are_all_the_vectors() -> None:
    assert (len(vectors("inclusion")), len(vectors("consistency"))) == (98, 98)


# Made here


@given(SIZES, st.data())
def test_every_leaf_is_proved_as_the_definition_says(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, node)
    assert proof == inclusion_proof(index, LEAVES[:size])
    assert root_at(size, node) == tree_hash(LEAVES[:size])
    check_inclusion(index, size, LEAVES[index], proof, tree_hash(LEAVES[:size]))


@given(SIZES, st.data())
def test_every_growth_is_proved_as_the_definition_says(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = consistency(old, new, node)
    assert proof == consistency_proof(old, LEAVES[:new])
    check_consistency(old, new, proof, tree_hash(LEAVES[:old]), tree_hash(LEAVES[:new]))


@given(SIZES, st.data())
def test_a_proof_of_another_leaf_size_or_root_is_none(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    others = st.integers(-1, size + 1).filter(lambda each: each != index)
    other = data.draw(others)
    proof, root = inclusion(index, size, node), tree_hash(LEAVES[:size])
    with pytest.raises(NotProved):
        check_inclusion(other, size, LEAVES[index], proof, root)
    with pytest.raises(NotProved):
        check_inclusion(index, size, leaf_hash(b"another"), proof, root)
    with pytest.raises(NotProved):
        check_inclusion(index, size, LEAVES[index], proof, leaf_hash(b"another"))


@given(st.integers(2, len(LEAVES)), st.data())
def test_a_proof_that_was_changed_is_none(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof = consistency(old, new, node)
    place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = int.from_bytes(proof[place]) ^ (1 << bit)
    roots = tree_hash(LEAVES[:old]), tree_hash(LEAVES[:new])
    changed = [
        [*proof[:place], flipped.to_bytes(32), *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof[:place], leaf_hash(b"more"), *proof[place:]],
        [*proof, leaf_hash(b"more")],
    ]
    for each in changed:
        with pytest.raises(NotProved):
            check_consistency(old, new, each, *roots)


@given(
    st.integers(-2, 9),
    st.integers(-2, 9),
    st.lists(st.sampled_from([b"", b"x", *LEAVES[:4]]), max_size=5),
    st.sampled_from([b"", EMPTY_ROOT, *LEAVES[:3]]),
    st.sampled_from([b"", EMPTY_ROOT, *LEAVES[:3]]),
)
def test_whatever_is_given_is_judged(a: int, b: int, proof: list[bytes], one: bytes, other: bytes) -> None:
    for check in (check_inclusion, check_consistency):
        given_ = (a, b, one, proof, other) if check is check_inclusion else (a, b, proof, one, other)
        try:
            check(*given_)
        except NotProved:
            continue
        assert (a, b) == (0, 1) if check is check_inclusion else a == b
        assert one == other


def test_what_is_not_there_cannot_be_proved() -> None:
    for index, size in ((-1, 4), (4, 4), (0, 0)):
        with pytest.raises(ValueError, match="not among"):
            inclusion(index, size, node)
    with pytest.raises(ValueError, match="holds none"):
        consistency(5, 4, node)
    assert consistency(0, 4, node) == consistency(4, 4, node) == []


@pytest.mark.parametrize("size", [1_000, 1_000_000, 10**12])
def test_a_proof_looks_at_few_nodes(size: int) -> None:
    seen: list[Subtree] = []

    def counted(place: Subtree) -> bytes:
        seen.append(place)
        return leaf_hash(b"")

    inclusion(size // 3, size, counted)
    assert len(seen) <= 2 * size.bit_length()
    seen.clear()
    consistency(size // 3, size, counted)
    assert len(seen) <= 2 * size.bit_length()
