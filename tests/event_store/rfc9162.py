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
