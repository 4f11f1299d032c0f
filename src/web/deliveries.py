"""What each webhook was told already, and what it is to be told: kept in the store's folder, for good."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import orjson

from roadlog.domain.refusals import StoreFailure
from roadlog.store import Place
from roadlog.web.posting import Delivery

FILE = "webhooks.db"
SCHEMA = """
CREATE TABLE IF NOT EXISTS webhooks (url TEXT PRIMARY KEY, told INTEGER NOT NULL, owed TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY, url TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (url, id)
);
"""
Duties = list[dict[str, Any]]
"""Entries of `next`."""


class Deliveries:
    """One webhook's. Every change is one transaction, for good.

    Records wait in the log itself: what is kept of them is the last position that was told. Decisions that
    are newly owed wait here, before all later records.
    """

    def __init__(self, folder: Place, url: str) -> None:
        self._path = Path(folder) / FILE
        self._url = url
        with self._open() as connection:
            connection.executescript(SCHEMA)

    def begin(self, position: int, owed: Duties) -> None:
        """Begins after a position with what is owed there; nothing where the webhook is known."""
        with self._open() as connection:
            connection.execute(
                "INSERT INTO webhooks (url, told, owed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (self._url, position, orjson.dumps(owed).decode()),
            )

    def is_known(self) -> bool:
        """Whether the webhook was told anything, or began."""
        return bool(self._asked("SELECT 1 FROM webhooks WHERE url = ?"))

    def told(self) -> int:
        """The last position of which it was told."""
        return int(self._asked("SELECT told FROM webhooks WHERE url = ?")[0][0])

    def owed(self) -> Duties:
        """The decisions that were owed when it was looked last."""
        found: Duties = orjson.loads(self._asked("SELECT owed FROM webhooks WHERE url = ?")[0][0])
        return found

    def keep(self, told: int, owed: Duties | None = None, decisions: Sequence[Delivery] = ()) -> None:
        """It was told up to a position; then these are owed, of which the decisions are to be told next."""
        with self._open() as connection:
            connection.execute("UPDATE webhooks SET told = max(told, ?) WHERE url = ?", (told, self._url))
            if owed is not None:
                text = orjson.dumps(owed).decode()
                connection.execute("UPDATE webhooks SET owed = ? WHERE url = ?", (text, self._url))
            connection.executemany(
                "INSERT INTO decisions (url, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(self._url, each.id, each.body) for each in decisions],
            )

    def waiting(self) -> list[Delivery]:
        """The decisions that it is to be told now, in order."""
        found = self._asked("SELECT id, body FROM decisions WHERE url = ? ORDER BY number")
        return [Delivery(*each) for each in found]

    def done(self, decision: Delivery) -> None:
        """It was told of a decision."""
        with self._open() as connection:
            connection.execute("DELETE FROM decisions WHERE url = ? AND id = ?", (self._url, decision.id))

    def _asked(self, question: str) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return connection.execute(question, (self._url,)).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, made where there is none, in a transaction. Raises StoreFailure."""
        try:
            self._path.touch(mode=0o600)
            with closing(sqlite3.connect(self._path)) as connection, connection:
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise StoreFailure("webhooks", f"{self._path} cannot be used: {error}.") from error
