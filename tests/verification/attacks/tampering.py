"""Any tampering: one of the ways to change what is stored, at any place, with whatever is computed anew."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.verification.attacks.intruder import RECORDS, Intruder

COLUMNS = {
    "stored_events": (
        "position", "originator_id", "originator_version", "topic", "recorded_at", "state", "leaf",
    ),
    "tree": ("node", "hash"),
    "commands": ("id", "first", "last"),
    "checkpoints": ("id", "size", "made_at", "note"),
    "anchors": ("id", "kind", "size", "content"),
}  # fmt: skip
"""Of every table that proofs or reading use. Neither uses a command's digest: only its repetition does."""


def tamper(intruder: Intruder, chance: Random) -> str:
    """Does something to the store that it was not before, and says what."""
    way = chance.choice((flip, flip, flip, delete, swap, insert, truncate, older, sign_again))
    before = intruder.sql(RECORDS)
    said = way(intruder, chance)
    if before != intruder.sql(RECORDS) and chance.random() < 0.5:  # else it would mend what was done
        try:
            intruder.seal_again()
        except (TypeError, ValueError):  # of what no hash is made, no hash is made
            return said
        return f"{said}, hashes anew"
    return said


def flip(intruder: Intruder, chance: Random) -> str:
    """One bit of one value."""
    table = chance.choice(tuple(COLUMNS))
    column = chance.choice(COLUMNS[table])
    row, value = chance.choice(
        intruder.sql(
            f"SELECT {_key(table)}, {column} FROM {table}"
            + (" WHERE first IS NOT NULL" if table == "commands" else "")
        )
    )
    changed = flipped(value, chance)
    kept = intruder.sql(f"SELECT 1 FROM {table} WHERE {column} = ?", changed)
    if kept and column in ("position", "node", "id"):
        intruder.sql(f"DELETE FROM {table} WHERE {column} = ?", changed)
    intruder.sql(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {_key(table)} = ?", changed, row)
    return f"{table}.{column} of {row}: {value!r} to {changed!r}"


def flipped(value: Any, chance: Random) -> Any:
    """The value with one bit flipped; a number stays one above 0, a text stays text."""
    if isinstance(value, int):
        return (value ^ 1 << chance.randrange(16)) or value + 1
    content = bytearray(value if isinstance(value, bytes) else value.encode())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(7 if isinstance(value, str) else 8)
    return bytes(content) if isinstance(value, bytes) else content.decode()


def delete(intruder: Intruder, chance: Random) -> str:
    table = chance.choice(tuple(COLUMNS))
    row = 1 if table == "anchors" else _any(intruder, table, chance)  # nobody else misses the last
    intruder.sql(f"DELETE FROM {table} WHERE {_key(table)} = ?", row)
    return f"deleted {table} {row}"


def swap(intruder: Intruder, chance: Random) -> str:
    """What two rows hold changes places; what it says of its own place goes along, or stays."""
    table = chance.choice(("stored_events", "tree", "checkpoints"))
    column = chance.choice(COLUMNS[table][1:])
    one, other = (_any(intruder, table, chance) for _ in range(2))
    values = dict(intruder.sql(f"SELECT {_key(table)}, {column} FROM {table}"))
    if values[one] == values[other]:
        return delete(intruder, chance)
    if column.startswith("originator"):
        intruder.sql(f"UPDATE {table} SET {column} = 999 WHERE {_key(table)} = ?", one)
    for row, value in ((other, values[one]), (one, values[other])):
        intruder.sql(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {_key(table)} = ?", value, row)
    return f"swapped {column} of {table} {one} and {other}"


def insert(intruder: Intruder, chance: Random) -> str:
    """A copy of a row, at the end; not of an anchor, as whoever vouches may do so twice."""
    table = chance.choice(tuple(COLUMNS)[:-1])
    names = COLUMNS[table]
    (values,) = intruder.sql(
        f"SELECT {', '.join(names)} FROM {table} WHERE {_key(table)} = ?", _any(intruder, table, chance)
    )
    row = dict(zip(names, values, strict=True))
    row[_key(table)] = _next(intruder, table)
    if table == "stored_events":
        row["originator_version"] = chance.choice((99, row["originator_version"] + 1))
    if table == "commands":
        row["first"] = row["last"] = chance.choice((_next(intruder, "stored_events"), 1))
        names, row = (*names, "digest"), {**row, "digest": "0" * 64}
    marks = ", ".join("?" * len(names))
    intruder.sql(f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({marks})", *row.values())
    return f"inserted into {table}: {row[_key(table)]}"


def truncate(intruder: Intruder, chance: Random) -> str:
    """The end of the log is gone, from every table."""
    (size,) = intruder.sql("SELECT max(position) FROM stored_events")[0]
    kept = chance.randrange(1, size)
    intruder.cut_off(kept)
    if chance.random() < 0.5:
        intruder.forget_checkpoints(kept)
    return f"cut off after {kept}"


def older(intruder: Intruder, chance: Random) -> str:
    """As it was earlier, checkpoints and all."""
    (size,) = intruder.sql("SELECT max(position) FROM stored_events")[0]
    kept = chance.randrange(1, size)
    intruder.cut_off(kept)
    intruder.forget_checkpoints(kept)
    return f"as of {kept}"


def sign_again(intruder: Intruder, chance: Random) -> str:
    """Something is flipped, and everything signed anew, by one key or the other."""
    position, state = chance.choice(intruder.sql("SELECT position, state FROM stored_events"))
    intruder.sql("UPDATE stored_events SET state = ? WHERE position = ?", flipped(state, chance), position)
    intruder.seal_again()
    own = chance.random() < 0.5
    intruder.sign_again(intruder.own_key() if own else intruder.stolen_key())
    return f"signed anew over another record {position}, by {'their own' if own else 'the stolen'} key"


def _any(intruder: Intruder, table: str, chance: Random) -> Any:
    (row,) = chance.choice(intruder.sql(f"SELECT {_key(table)} FROM {table}"))
    return row


def _next(intruder: Intruder, table: str) -> Any:
    if table == "commands":
        return "another"
    ((last,),) = intruder.sql(f"SELECT max({_key(table)}) FROM {table}")
    return last + 1


def _key(table: str) -> str:
    return COLUMNS[table][0]
