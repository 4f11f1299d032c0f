"""Somebody who may write the store's files, knows every format, and can compute every hash anew."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from roadlog import log_key, store
from roadlog.event_store.merkle import grow, root
from roadlog.event_store.records import NO_LEAF
from roadlog.event_store.sealing import leaf
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import Note, Signer, Verifier
from roadlog.verification import verdict as verdict_of

Attack = Callable[["Intruder"], None]
OTHER_SEED = bytes(range(32))
RECORDS = "SELECT position, originator_id, originator_version, topic, recorded_at, state FROM stored_events"


class Intruder:
    """Works on a copy of a store's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection = sqlite3.connect(folder / store.EVENTS, isolation_level=None)
        self._triggers: list[tuple[str, str]] = self._connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in self._triggers:
            self._connection.execute(f"DROP TRIGGER {name}")

    def sql(self, statement: str, *values: Any) -> list[Any]:
        return self._connection.execute(statement, values).fetchall()

    def leave(self) -> None:
        """Puts the triggers back, and folds the write-ahead log in."""
        for _, statement in self._triggers:
            self._connection.execute(statement)
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def seal_again(self) -> None:
        """Computes every leaf and the tree anew, from the records as they stand."""
        before: dict[str, str] = {}
        leaves = []
        for position, stream, version, topic, recorded_at, state in self.sql(f"{RECORDS} ORDER BY position"):
            payload = sha256(state).hexdigest()
            made = leaf(position, stream, version, topic, recorded_at, payload, before.get(stream, NO_LEAF))
            self.sql("UPDATE stored_events SET leaf = ? WHERE position = ?", made, position)
            before[stream] = made
            leaves.append(bytes.fromhex(made))
        self.sql("DELETE FROM tree")
        for number, node in grow(0, [], leaves):
            self.sql("INSERT INTO tree (node, hash) VALUES (?, ?)", number, node)

    def cut_off(self, size: int) -> None:
        """As if nothing had been recorded after so many records, in every table but the checkpoints'."""
        self.sql("DELETE FROM stored_events WHERE position > ?", size)
        self.sql("DELETE FROM commands WHERE last > ?", size)
        self.seal_again()

    def forget_checkpoints(self, size: int) -> None:
        """Those of more records than that."""
        self.sql("DELETE FROM checkpoints WHERE size > ?", size)

    @property
    def origin(self) -> str:
        return self.stolen_key().verifier.name

    def root(self, size: int) -> bytes:
        """Over the leaves as they are now."""
        peaks: list[bytes] = []
        leaves = self.sql("SELECT leaf FROM stored_events WHERE position <= ? ORDER BY position", size)
        grow(0, peaks, [bytes.fromhex(leaf) for (leaf,) in leaves])
        return root(peaks)

    def sign_again(self, signer: Signer) -> None:
        """Makes every checkpoint anew, of the same sizes, over what the records are now."""
        for number, size, made_at in self.sql("SELECT id, size, made_at FROM checkpoints"):
            said = Checkpoint(signer.verifier.name, size, self.root(size), number, made_at)
            self.sql("UPDATE checkpoints SET note = ? WHERE id = ?", signed(said, signer), number)

    def add_checkpoint(self, origin: str, size: int, over: bytes | None = None) -> None:
        """One more, by the stolen key."""
        ((number, made_at),) = self.sql("SELECT max(id), max(made_at) FROM checkpoints")
        said = Checkpoint(origin, size, over or self.root(size), number + 1, made_at.replace("2026", "2027"))
        note = signed(said, self.stolen_key())
        self.sql("INSERT INTO checkpoints VALUES (?, ?, ?, ?)", number + 1, size, said.made_at, note)

    def stolen_key(self) -> Signer:
        return Signer.read((self.folder / log_key.KEY).read_text())

    def own_key(self) -> Signer:
        return Signer.from_seed(self.stolen_key().verifier.name, OTHER_SEED)


def signed(said: Checkpoint, signer: Signer) -> bytes:
    return Note(said.text, (signer.sign(said.text),)).write()


def after(attack: Attack, store_: Path, copy: Path) -> Path:
    """A copy of the store's folder, attacked."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store_, copy)
    intruder = Intruder(copy)
    attack(intruder)
    intruder.leave()
    return copy


def verdict(
    folder: Path, now: datetime, against: Note | Verifier | None = None
) -> tuple[str, int, int | None]:
    """The verdict, the exit code, and the position of the problem that gave the verdict."""
    answer = verdict_of.verify(folder, now=now, against=against)
    places = [each["position"] for each in answer["problems"] if each["verdict"] == answer["verdict"]]
    return answer["verdict"], answer["exit"], next(iter(places), None)


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / store.EVENTS)) as connection:
        (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found)
