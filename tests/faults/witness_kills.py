"""Kills a witness at random moments while two logs that forked ask it to cosign: a campaign of its own.

It forks, so it is a program: `python -m tests.faults.witness_kills FOLDER KILLS SEED [KIND]` prints what it
counted as JSON, in the end or at the first fault. Half of the kills come at a random time, half at a random
call of a function in any thread.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any

from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.cosignature import cosigned
from roadlog.trust.note import Note
from roadlog.trust.witness import Witness
from roadlog.trust.witness_server import Server
from tests.trust.logs import FORK, KEY, LOG, NOW, SHARED, WITNESS, Grown

ROUND = 8
"""Kills of one witness before the next begins with a new one, which has yet to choose between the logs."""
LONGEST = 0.15
"""Seconds until a kill, at most: some dozens of answers."""
CALLS = 6_000
"""Calls until a kill, at most."""
LEAVES = 190


class Hasty(Witness):
    """The control: it answers first and stores a little later."""

    def __init__(self, *given: Any) -> None:
        self._later: dict[str, tuple[int, bytes]] = {}
        super().__init__(*given)

    def _seen(self, database: sqlite3.Connection, origin: str) -> tuple[int, bytes]:
        return self._later.get(origin) or super()._seen(database, origin)

    def _keep(self, database: sqlite3.Connection, checkpoint: Checkpoint, note: Note) -> None:
        del database
        self._later[checkpoint.origin] = (checkpoint.size, checkpoint.root)
        threading.Timer(0.02, self._store, (checkpoint, note)).start()

    def _store(self, checkpoint: Checkpoint, note: Note) -> None:
        with self._transaction() as database:
            super()._keep(database, checkpoint, note)


KINDS = {"Witness": Witness, "Hasty": Hasty}


class Client(threading.Thread):
    """Asks for one of the two logs, again and again, until nobody answers."""

    def __init__(self, port: int, log: Grown, chance: Random, found: list[tuple[int, str]]) -> None:
        super().__init__(daemon=True)
        self._port, self._log, self._chance, self._found = port, log, chance, found

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        size = 0
        try:
            while size < LEAVES:
                new = min(size + self._chance.randint(1, 3), LEAVES)
                connection.request("POST", "/add-checkpoint", self._log.request(size, new))
                answer = connection.getresponse()
                body = answer.read()
                if answer.status == 409:
                    size = min(int(body), LEAVES)
                elif answer.status == 200:
                    size = new
                    self._keep(new, body)
                else:
                    time.sleep(0.002)
        except (OSError, HTTPException):
            return  # it was killed

    def _keep(self, size: int, body: bytes) -> None:
        """What was cosigned: the size and, beyond what both share, the root."""
        note = Note.read(f"{self._log.note(size).text}\n".encode() + body)
        assert cosigned(note, WITNESS.verifier) == NOW
        self._found.append((size, self._log.checkpoint(size).root.hex()))


def main(folder: str, kills: str, seed: str, kind: str = "Witness") -> None:
    chance = Random(seed)
    found: dict[str, Any] = {"kills": 0, "cosigned": 0, "fault": ""}
    while found["kills"] < int(kills) and not found["fault"]:
        path = str(Path(folder) / f"{found['kills']}.db")
        cosigned_here: list[tuple[int, str]] = []
        for _ in range(ROUND):
            _killed(path, KINDS[kind], chance, cosigned_here)
            found["kills"] += 1
            found["fault"] = fault(path, cosigned_here)
            if found["fault"]:
                break
        found["cosigned"] += len(cosigned_here)
    sys.stdout.write(json.dumps(found))


def fault(path: str, cosigned_here: list[tuple[int, str]]) -> str:
    """What a witness that begins again on this file would do wrong."""
    logs = [each for each in (LOG, FORK) if all(each.checkpoint(n).root.hex() == r for n, r in cosigned_here)]
    if not logs:
        return "both sides of a fork were cosigned"
    largest = max((size for size, _ in cosigned_here), default=0)
    witness = Witness(WITNESS, [KEY.verifier], path, lambda: NOW)
    kept = 0 if witness.add_checkpoint(LOG.request(0, 0)).status == 200 else _size(witness)
    if kept < largest:
        return f"{largest} records were cosigned, and it remembers {kept}"
    if largest > SHARED:
        other = FORK if logs[0] is LOG else LOG
        if any(witness.add_checkpoint(other.request(n, kept + 1)).status == 200 for n in (0, largest, kept)):
            return "it would cosign a fork"
    return ""


def _size(witness: Witness) -> int:
    return int(witness.add_checkpoint(LOG.request(0, LEAVES)).body)


def _killed(path: str, kind: type[Witness], chance: Random, found: list[tuple[int, str]]) -> None:
    """One life of a witness, and its end."""
    by_time = chance.random() < 0.5
    moment, calls, seeds = (
        chance.random() * LONGEST,
        chance.randrange(CALLS),
        (chance.random(), chance.random()),
    )
    ready, tell = os.pipe()
    child = os.fork()
    if not child:
        _serve(path, kind, tell, None if by_time else calls)
    os.close(tell)
    with os.fdopen(ready) as said:
        port = said.readline()
    if port:
        logs = (LOG, FORK)
        clients = [Client(int(port), log, Random(s), found) for log, s in zip(logs, seeds, strict=True)]
        for each in clients:
            each.start()
        _wait(child, moment if by_time else LONGEST * 2)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if port:
        for each in clients:
            each.join()


def _wait(child: int, seconds: float) -> None:
    """Until so many seconds are over, or the child ended by its own hand; it is not waited for yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        time.sleep(0.002)


def _serve(path: str, kind: type[Witness], tell: int, calls: int | None) -> None:
    """What the child does, until it is killed, by its own hand after so many calls."""
    left = iter(range(calls or 0))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        witness = kind(WITNESS, [KEY.verifier], path, lambda: NOW)
        with Server("127.0.0.1", 0, witness, lambda _: None) as server:
            os.write(tell, f"{server.server_port}\n".encode())
            if calls is not None:
                threading.setprofile(count)
            server.serve_forever()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
