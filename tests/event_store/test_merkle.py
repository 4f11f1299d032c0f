"""The tree: RFC 9162's definition, recursion and all, against the one that keeps complete subtrees."""

from hypothesis import given
from hypothesis import strategies as st

from roadlog.event_store.merkle import (
    EMPTY_ROOT,
    Subtree,
    grow,
    kept,
    node_hash,
    peaks,
    peaks_needed,
    root,
)
from tests.event_store.rfc9162 import leaf_hash, tree_hash

leaves = st.lists(st.binary(max_size=4).map(leaf_hash), max_size=140)


def test_leaves_and_nodes_are_hashed_apart() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert (
        node_hash(b"N123", b"N456").hex()
        == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_roots_of_the_reference_trees_of_certificate_transparency() -> None:
    inputs = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]  # fmt: skip
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    hashes = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert [tree_hash(hashes[: size + 1]).hex() for size in range(8)] == roots


@given(leaves, st.lists(st.integers(1, 40)))
def test_growing_by_any_steps_keeps_the_same_nodes(hashes: list[bytes], steps: list[int]) -> None:
    store: dict[int, bytes] = {}
    size = 0
    for step in [*steps, len(hashes)]:
        batch = hashes[size : size + step]
        stack = [
            store[peak.number] if peak.level else hashes[peak.nth] for peak in peaks_needed(size, len(batch))
        ]
        nodes = grow(size, stack, batch)
        assert [number for number, _ in nodes] == list(range(kept(size) + 1, kept(size + len(batch)) + 1))
        store.update(nodes)
        size += len(batch)
    assert size == len(hashes)
    assert root(
        [store[peak.number] if peak.level else hashes[peak.nth] for peak in peaks(size)]
    ) == tree_hash(hashes)


@given(leaves)
def test_every_kept_node_is_the_hash_of_its_subtree(hashes: list[bytes]) -> None:
    nodes = dict(grow(0, [], hashes))
    numbers = set()
    for level in range(1, len(hashes).bit_length()):
        for nth in range(len(hashes) >> level):
            number = Subtree(level, nth).number
            numbers.add(number)
            assert nodes[number] == tree_hash(hashes[nth << level : (nth + 1) << level])
    assert numbers == set(nodes)
    assert len(nodes) == kept(len(hashes))


@given(st.integers(0, 5000), st.integers(1, 300))
def test_the_peaks_needed_are_those_that_are_peaks_no_more(size: int, added: int) -> None:
    stay = set(peaks(size + added))
    assert peaks_needed(size, added) == [peak for peak in peaks(size) if peak not in stay]
