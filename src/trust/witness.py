"""What a witness answers: it cosigns a checkpoint that follows from the largest one it saw, and no other.

https://c2sp.org/tlog-witness. Which logs it knows is told by their public keys. What it saw is on disk before
it answers, and is looked at and written in one transaction: of two that ask at once for a fork, one loses.
"""

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, Self

from roadlog.event_store.merkle import EMPTY_ROOT
from roadlog.event_store.proofs import HASH, NotProved, check_consistency
from roadlog.trust.checkpoint import Checkpoint, size_of
from roadlog.trust.cosignature import Cosigner
from roadlog.trust.note import ED25519, BadNote, Note, Signature, Verifier, decoded

LARGEST = 256 * 1024
"""Bytes of a request, at most: a proof, and a note with sixteen signatures of any kind."""
MOST_HASHES = 63
"""Of a proof, at most."""
SIZE = "text/x.tlog.size"
TEXT = "text/plain; charset=utf-8"
WAIT = 10.0
"""Seconds to wait for another transaction."""
SCHEMA = """
    CREATE TABLE IF NOT EXISTS seen (
        origin TEXT    PRIMARY KEY NOT NULL,
        hash   TEXT    NOT NULL UNIQUE,
        size   INTEGER NOT NULL,
        root   BLOB    NOT NULL,
        note   BLOB    NOT NULL
    ) STRICT"""
"""One row a log: the largest checkpoint, with its signature and ours; `hash` is SHA-256(origin) in hex."""
EXTRA = "PRAGMA synchronous = EXTRA"
"""As FULL, and the folder is flushed, too: a commit is on disk when it returns."""


class Answer(NamedTuple):
    """What is sent back. `told` is what the witness' own log says of it."""

    status: int
    body: bytes
    kind: str = TEXT
    told: str = ""


class Request(NamedTuple):
    """The body of add-checkpoint: the size of the last checkpoint, a proof from there, and the new one."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Raises BadNote."""
        above, _, below = body.partition(b"\n\n")
        try:
            first, *hashes = above.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise BadNote("above its note a request is ASCII") from error
        if not first.startswith("old "):
            raise BadNote("a request begins with the old size")
        if len(hashes) > MOST_HASHES:
            raise BadNote(f"a proof has {MOST_HASHES} hashes at most")
        proof = tuple(map(decoded, hashes))
        if any(len(each) != HASH for each in proof):
            raise BadNote(f"a hash has {HASH} bytes")
        note = Note.read(below)
        return cls(size_of(first.removeprefix("old ")), proof, note, Checkpoint.of(note))

    def write(self) -> bytes:
        """As it is sent."""
        lines = [f"old {self.old}", *(b64encode(each).decode() for each in self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.note.write()


class Witness:
    """One witness: its key, the logs that it knows, and the file of what it saw.

    `logs` are their public keys, each under the log's origin; a log may have several.
    """

    def __init__(
        self, cosigner: Cosigner, logs: Iterable[Verifier], path: str, clock: Callable[[], datetime]
    ) -> None:
        self.cosigner = cosigner
        self.logs: dict[str, list[Verifier]] = {}
        for each in logs:
            if each.kind != ED25519:
                raise BadNote(f"the key of {each.name} is no log's key: it is of kind {each.kind}")
            self.logs.setdefault(each.name, []).append(each)
        self._path = path
        self._clock = clock
        with self._transaction() as database:
            database.execute(SCHEMA)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answers add-checkpoint. Raises sqlite3.Error where it could not store, and so cosigned nothing."""
        try:
            request = Request.read(body)
        except BadNote as error:
            return Answer(400, f"{error}\n".encode())
        checkpoint = request.checkpoint
        keys = self.logs.get(checkpoint.origin)
        if keys is None:
            return Answer(404, b"this witness does not know the log\n", told=checkpoint.origin)
        try:
            signed = [signature for each in keys if (signature := each.signed(request.note))]
        except BadNote as error:
            return Answer(403, f"{error}\n".encode(), told=checkpoint.origin)
        if not signed:
            return Answer(403, b"no known key of the log signed it\n", told=checkpoint.origin)
        if request.old > checkpoint.size:
            return Answer(400, b"the old size is above the new one\n", told=checkpoint.origin)
        return self._decide(request, signed)

    def latest(self, origin_hash: str) -> Answer:
        """Answers with the checkpoint that it cosigned last, with both signatures, or 404."""
        with self._transaction() as database:
            row = database.execute("SELECT note FROM seen WHERE hash = ?", (origin_hash,)).fetchone()
        return Answer(200, row[0]) if row else Answer(404, b"nothing was cosigned of that log\n")

    def _decide(self, request: Request, signed: list[Signature]) -> Answer:
        checkpoint = request.checkpoint
        told = f"{checkpoint.origin} {checkpoint.size} {checkpoint.root.hex()}"
        with self._transaction() as database:
            size, root = self._seen(database, checkpoint.origin)
            if request.old != size:
                return Answer(409, f"{size}\n".encode(), SIZE, told)
            try:
                _check_growth(request, root)
            except NotProved as error:  # the log signed it, so it may be needed against the log
                return Answer(422, f"{error}\n".encode(), told=f"{told} {request.note.write().decode()!a}")
            made = self.cosigner.cosign(request.note.text, self._clock())
            self._keep(database, checkpoint, Note(request.note.text, (*signed, made)))
        return Answer(200, str(made).encode(), told=told)

    def _seen(self, database: sqlite3.Connection, origin: str) -> tuple[int, bytes]:
        """The size and root of the largest checkpoint of a log."""
        row = database.execute("SELECT size, root FROM seen WHERE origin = ?", (origin,)).fetchone()
        return row or (0, EMPTY_ROOT)

    def _keep(self, database: sqlite3.Connection, checkpoint: Checkpoint, note: Note) -> None:
        hashed = sha256(checkpoint.origin.encode()).hexdigest()
        row = (checkpoint.origin, hashed, checkpoint.size, checkpoint.root, note.write())
        database.execute("INSERT OR REPLACE INTO seen VALUES (?,?,?,?,?)", row)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Nobody else reads or writes in between; it is on disk when this ends."""
        with closing(sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)) as database:
            database.execute(EXTRA)
            database.execute("BEGIN IMMEDIATE")
            yield database  # whatever is raised: closing rolls back
            database.execute("COMMIT")


def _check_growth(request: Request, root: bytes) -> None:
    """Raises NotProved unless the checkpoint follows from the old size with that root."""
    old, proof, checkpoint = request.old, request.proof, request.checkpoint
    if old == 0 < checkpoint.size:
        if proof:
            raise NotProved("from an empty log no proof is needed")
        return
    check_consistency(old, checkpoint.size, proof, root, checkpoint.root)
