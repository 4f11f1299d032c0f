"""What one who has the log's key does to a pack: builds the log again, drawn from a seed, and signs it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from random import Random
from typing import NamedTuple

from roadlog.event_store.sealing import header
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import Note, Signer
from tests.event_store.rfc9162 import leaf_hash, tree_hash
from tests.pack.tampered import (
    CHANGES,
    HEADERS,
    NOTE,
    RECORDS,
    SUMS,
    WORDS,
    Files,
    contents,
    summed,
    with_field,
)

CHECKED = ("KeyEnrolled", "KeyRetired", "LogKeyChanged", "StakeholderApproved")
"""The records whose contents verify.py reads."""


class Told(NamedTuple):
    """A record as a pack tells it; where its content is withheld, the digest stands for it."""

    stream: str
    kind: str
    at: str
    payload: str
    content: bytes | None


def told(files: Files) -> list[Told]:
    """The records of a pack that nobody changed."""
    rows, known = files[HEADERS].decode().split("\n"), contents(files)
    found = []
    for start in range(0, len(rows) - 1, 8):
        _, position, stream, _, kind, at, payload, _ = rows[start : start + 8]
        found.append(Told(stream, kind, at, payload, known.get(int(position))))
    return found


def rebuilt(whole: Files, key: Signer, seed: int) -> Files:
    """The log with up to two changes of its records, hashed and signed as if it never was otherwise."""
    chance, records = Random(seed), told(whole)
    for _ in range(chance.randint(0, 2)):
        records = _changed_records(chance, records)
    files = dict(whole)
    rows, shown, leaves = _hashed(records)
    files[HEADERS], files[RECORDS] = "".join(rows).encode(), b"".join(shown)
    origin = f"roadlog/{records[0].stream}/{leaves[0].hex()[:16]}" if records else key.verifier.name
    text = Checkpoint(origin, len(leaves), tree_hash(leaves)).text
    files[NOTE] = Note(text, (key.sign(text),)).write()
    for name in [each for each in files if each.startswith("anchors/") and chance.randrange(2)]:
        content = files.pop(name)
        if chance.randrange(2):
            files[name] = files[NOTE] if name.endswith(".note") else content
    if not chance.randrange(4):
        chance.choice(CHANGES)(chance, files, whole)
    files.pop(SUMS, None)
    return summed(files)


def _changed_records(chance: Random, records: list[Told]) -> list[Told]:
    at, to = (chance.randint(0, max(0, len(records) - 1)) for _ in range(2))
    if not records:
        return records
    if chance.randrange(2):
        at = chance.choice([n for n, each in enumerate(records) if each.kind in CHECKED] or [at])
    one, rest = records[at], records[:at] + records[at + 1 :]
    match chance.randrange(10):
        case 0:
            return rest
        case 1:
            return [*rest[:to], one, *rest[to:]]
        case 2:
            return [*records[:to], one, *records[to:]]
        case 3:
            return records[: at if chance.randrange(2) else 0]
        case 4:
            put = chance.choice(
                [*(each.decode("latin-1") for each in WORDS), *(each.kind for each in records)]
            )
            made = chance.choice([one._replace(stream=put), one._replace(kind=put), one._replace(at=put)])
        case 5:
            made = one._replace(content=None)
        case 6:
            made = one._replace(content=records[to].content)
        case _:
            made = one._replace(content=with_field(chance, one.content) if one.content else None)
    return [*records[:at], made, *records[at + 1 :]]


def _hashed(records: list[Told]) -> tuple[list[str], list[bytes], list[bytes]]:
    last = dict[str, tuple[int, str]]()
    rows, shown, leaves = list[str](), list[bytes](), list[bytes]()
    for position, each in enumerate(records, 1):
        version, previous = last.get(each.stream, (0, "-"))
        payload = each.payload if each.content is None else sha256(each.content).hexdigest()
        row = header(position, each.stream, version + 1, each.kind, each.at, payload, previous)
        leaves.append(leaf_hash(row.encode()))
        last[each.stream] = version + 1, leaves[-1].hex()
        rows.append(row)
        if each.content is not None:
            shown.append(b'{"position":%d,"bytes":"%b"}\n' % (position, b64encode(each.content)))
    return rows, shown, leaves
