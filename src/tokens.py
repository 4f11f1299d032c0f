"""Tokens: who may sign in to the page or ask the API as a stakeholder, in which scope, and until when.

A token is three secrets of 256 random bits: a code, which signs in to the page once; the session that this
begins; and the bearer token, which the API takes. Only their SHA-256 are kept, so that who reads the file
cannot act as anybody; the secrets are too long to be guessed from them. All three end with the token.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from roadlog.domain.moments import instant, rfc3339
from roadlog.domain.refusals import StoreFailure, Unknown
from roadlog.machine import random_hex
from roadlog.store import Place

FILE = "tokens.db"
SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT, handle TEXT NOT NULL, scope TEXT NOT NULL,
    made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT,
    code TEXT UNIQUE, session TEXT UNIQUE, bearer TEXT NOT NULL UNIQUE
)
"""
FIELDS = "id, handle, scope, made_at, expires_at, revoked_at, code IS NOT NULL, session IS NOT NULL"
HOLDS = "revoked_at IS NULL AND expires_at > ?"
PATIENCE = 0.5
"""Seconds to wait for somebody who writes: every page of a server waits along."""
SIZE = 32
"""Bytes of a secret."""

Scope = Literal["read", "write"]


class Token(Struct, frozen=True, kw_only=True):
    """What is known of a token; times are UTC.

    code_waits: its code was not used yet; signed_in: somebody is signed in to the page by it
    """

    id: int
    handle: str
    scope: Scope
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    code_waits: bool
    signed_in: bool

    def holds(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and now < self.expires_at


class Secrets(NamedTuple):
    """What is shown of a new token, once; `code` is None where it is for the API alone."""

    code: str | None
    bearer: str


class Tokens:
    """The tokens of one store's folder. For any thread: each question opens the file by itself.

    Every method raises StoreFailure where the file cannot be used.
    """

    def __init__(self, folder: Place) -> None:
        self._path = Path(folder) / FILE

    def new(
        self, handle: str, expires: datetime, scope: Scope, now: datetime, *, page: bool = True
    ) -> Secrets:
        """Makes a token; `page` says whether it can sign in to the page, too."""
        secrets = Secrets(random_hex(SIZE) if page else None, random_hex(SIZE))
        row = (handle, scope, rfc3339(now), rfc3339(expires), *map(_hash, secrets))
        with self._made() as rows:
            rows.execute(
                "INSERT INTO tokens (handle, scope, made_at, expires_at, code, bearer)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        return secrets

    def sign_in(self, code: str, now: datetime) -> str | None:
        """The secret of the session that a code begins; None where it begins none, as when it was used."""
        session = random_hex(SIZE)
        with self._there() as rows:
            done = (
                rows
                and rows.execute(
                    f"UPDATE tokens SET code = NULL, session = ? WHERE code = ? AND {HOLDS} RETURNING id",
                    (_hash(session), _hash(code), rfc3339(now)),
                ).fetchone()
            )
        return session if done else None

    def sign_out(self, session: str) -> None:
        """Ends a session; its token goes on for the API."""
        with self._there() as rows:
            if rows:
                rows.execute("UPDATE tokens SET session = NULL WHERE session = ?", (_hash(session),))

    def holder(self, secret: str, kind: Literal["session", "api"], now: datetime) -> Token | None:
        """The token that a session or a bearer token belongs to, where it holds now."""
        column = "session" if kind == "session" else "bearer"
        with self._there() as rows:
            found = (
                rows
                and rows.execute(
                    f"SELECT {FIELDS} FROM tokens WHERE {column} = ? AND {HOLDS}",
                    (_hash(secret), rfc3339(now)),
                ).fetchone()
            )
        return _token(found) if found else None

    def revoke(self, number: int, now: datetime) -> Token:
        """Ends a token, its code and its session; one that was revoked stays as it is. Raises Unknown."""
        with self._there() as rows:
            found = (
                rows
                and rows.execute(
                    "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?), code = NULL, session = NULL"
                    f" WHERE id = ? RETURNING {FIELDS}",
                    (rfc3339(now), number),
                ).fetchone()
            )
        if not found:
            raise Unknown(
                "unknown-token",
                f"There is no token {number}.",
                missing=(str(number),),
                try_=("roadlog token list",),
            )
        return _token(found)

    def all(self) -> list[Token]:
        """Every token that was ever made, in that order."""
        with self._there() as rows:
            return (
                [_token(row) for row in rows.execute(f"SELECT {FIELDS} FROM tokens ORDER BY id")]
                if rows
                else []
            )

    @contextmanager
    def _there(self) -> Iterator[sqlite3.Connection | None]:
        """The file, None where no token was ever made: asking makes none."""
        if self._path.exists():
            with self._open() as rows:
                yield rows
        else:
            yield None

    @contextmanager
    def _made(self) -> Iterator[sqlite3.Connection]:
        """The file, made where there is none yet."""
        try:
            self._path.touch(mode=0o600)
            os.chmod(self._path, 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        with self._open() as rows:
            yield rows

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        place = f"{self._path.absolute().as_uri()}?mode=rw"  # for reading only where it may not be written
        try:
            with closing(sqlite3.connect(place, PATIENCE, uri=True, isolation_level=None)) as rows:
                rows.execute(SCHEMA)
                yield rows
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StoreFailure:
        return StoreFailure("tokens", f"{self._path} cannot be used: {error}.")


def _hash(secret: str | None) -> str | None:
    return None if secret is None else sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _token(row: tuple[int, str, Scope, str, str, str | None, int, int]) -> Token:
    number, handle, scope, made_at, expires_at, revoked_at, code_waits, signed_in = row
    return Token(
        id=number,
        handle=handle,
        scope=scope,
        made_at=instant(made_at),
        expires_at=instant(expires_at),
        revoked_at=None if revoked_at is None else instant(revoked_at),
        code_waits=bool(code_waits),
        signed_in=bool(signed_in),
    )
