"""The Merkle tree as RFC 9162 defines it (section 2.1.1), recursion and all."""

from hashlib import sha256


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d}) = SHA-256(0x00 ‖ d)."""
    return sha256(b"\x00" + entry).digest()


def tree_hash(hashes: list[bytes]) -> bytes:
    """MTH, word for word: k is the largest power of two smaller than n."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + tree_hash(hashes[:k]) + tree_hash(hashes[k:])).digest()


def inclusion_proof(index: int, hashes: list[bytes]) -> list[bytes]:
    """PATH(m, D_n) of section 2.1.3.1, word for word."""
    if len(hashes) == 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return [*inclusion_proof(index, hashes[:k]), tree_hash(hashes[k:])]
    return [*inclusion_proof(index - k, hashes[k:]), tree_hash(hashes[:k])]


def consistency_proof(old: int, hashes: list[bytes], *, known: bool = True) -> list[bytes]:
    """SUBPROOF(m, D_n, b) of section 2.1.4.1, word for word."""
    if old == len(hashes):
        return [] if known else [tree_hash(hashes)]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if old <= k:
        return [*consistency_proof(old, hashes[:k], known=known), tree_hash(hashes[k:])]
    return [*consistency_proof(old - k, hashes[k:], known=False), tree_hash(hashes[:k])]
