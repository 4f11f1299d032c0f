"""Proofs that a stranger can check: that a record is in the log, and that the log only grew.

They are those of RFC 9162, over the tree of `event_store.merkle`. Each is checked before it is given out, so
that a damaged tree gives none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from roadlog import failures, store
from roadlog.domain.refusals import Damaged, Unknown
from roadlog.event_store.proofs import (
    NotProved,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    root_at,
)
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import NO_LEAF
from roadlog.event_store.sealing import header
from roadlog.store import Place


def prove_record(folder: Place, position: int) -> dict[str, Any]:
    """That the record at a position is among all that the log holds now.

    header: the lines that the leaf is the SHA-256 of, behind a zero byte; of the payload its hash is there
    proof: hashes in hex, as RFC 9162 orders them
    Raises Unknown for a position that the log does not hold; Damaged.
    """
    with opened(folder) as (reader, origin, size):
        return proof_of(reader, origin, size, position)


def proof_of(reader: Reader, origin: str, size: int, position: int) -> dict[str, Any]:
    """What `prove_record` gives, of a log that is open."""
    if not 1 <= position <= size:
        raise _beyond(position, size)
    found = next(reader.apart([position]), None)
    if found is None:
        raise failures.missing(position)
    (_, stream, version, type_name, recorded_at, state, leaf), before = found
    root = root_at(size, reader.node)
    proof = inclusion(position - 1, size, reader.node)
    payload, previous = sha256(state).hexdigest(), NO_LEAF if version == 1 else before or ""
    lines = header(position, stream, version, type_name, recorded_at, payload, previous)
    made = sha256(b"\0" + lines.encode())
    if made.hexdigest() != leaf:
        raise NotProved(f"record {position} is not what its leaf says")
    check_inclusion(position - 1, size, made.digest(), proof, root)
    return {
        "origin": origin,
        "position": position,
        "size": size,
        "root": root.hex(),
        "leaf": leaf,
        "header": lines,
        "proof": [each.hex() for each in proof],
    }


def prove_growth(folder: Place, old: int, new: int) -> dict[str, Any]:
    """That the log of `new` records begins with the `old` ones that it held before.

    Raises Unknown for a size that the log never had, or where the second is below the first; Damaged.
    """
    with opened(folder) as (reader, origin, size):
        for each in (old, new):
            if not 1 <= each <= size:
                raise _beyond(each, size)
        if old > new:
            message = f"A log of {new} records does not begin with {old}: give the smaller size first."
            raise Unknown("unknown-position", message)
        roots = root_at(old, reader.node), root_at(new, reader.node)
        proof = consistency(old, new, reader.node)
        check_consistency(old, new, proof, *roots)
        return {
            "origin": origin,
            "from": {"size": old, "root": roots[0].hex()},
            "to": {"size": new, "root": roots[1].hex()},
            "proof": [each.hex() for each in proof],
        }


@contextmanager
def opened(folder: Place) -> Iterator[tuple[Reader, str, int]]:
    """The log as it stands now, its origin and its size."""
    with (
        failures.in_our_words(),
        Reader(os.path.join(folder, store.EVENTS)) as reader,
        reader.snapshot(),
    ):
        try:
            first = next(reader.scan(upto=1), None)
            origin = store.origin(first.stream, first.leaf) if first else ""
            yield reader, origin, reader.head().position
        except NotProved as error:
            message = f"The tree does not prove it: {error}."
            raise Damaged("tree", message, try_=("roadlog verify",)) from error


def _beyond(position: int, size: int) -> Unknown:
    return Unknown(
        "unknown-position",
        f"There is no record at position {position}: the log holds 1 to {size}.",
        missing=(str(position),),
        try_=("roadlog log --last 20",),
    )
