"""Kills a process at random moments of its work, and looks each time what it left: a campaign of its own.

It forks, so it is a program: `python -m tests.faults.kills FOLDER WORK KILLS SEED [CONNECTION]` prints what
it counted as JSON, in the end or at the first fault. Half of the kills come at a random time, half at a
random call of a function, Python's or C's. What was imported in spite of kills is held against what an import
that nobody killed records.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from roadlog.reading import Reading
from tests.faults import careless, checked
from tests.faults.work import LOG, WORK, Acknowledgements, acknowledged, log_of, opened

ROUND = 12
"""Kills of one store before the next begins with a new one: checking takes longer as the log grows."""
LONGEST = 0.12
"""Seconds until a kill, at most: some commands, an import of a few transactions, several rebuilds."""
CALLS = 50_000
"""Calls until a kill, at most."""
CASES = 25


def main(folder: str, work: str, kills: str, seed: str, kind: str | None = None) -> None:
    chance = Random(f"{work} {seed}")
    found: dict[str, Any] = {"kills": 0, "acknowledged": 0, "resumed": 0, "fault": ""}
    whole = imported(_laid(Path(folder) / "whole")) if work.startswith("imports") else []
    while found["kills"] < int(kills) and not found["fault"]:
        place = _laid(Path(folder) / str(found["kills"]))
        _round(place, work, kind, chance, found)
        if whole and not found["fault"]:
            found["resumed"] += 1
            if imported(place) != whole:
                found["fault"] = "what was imported in spite of kills is not what the log says"
        shutil.rmtree(place)
    sys.stdout.write(json.dumps(found))


def _laid(place: Path) -> Path:
    """A folder with a new store and a log to import."""
    place.mkdir()
    (place / LOG).write_text(log_of(CASES), encoding="utf-8")
    opened(place)
    return place


def imported(place: Path) -> list[object]:
    """What an import that comes to its end leaves, but for what is drawn by chance: ids and salts."""
    store = place / ".roadlog"
    WORK["imports"](store, Acknowledgements(place / "acknowledged"), Random())
    with Reading(store, now=datetime.now(UTC)) as reading:
        return [
            (each.position, each.stream, each.version, replace(each.body, command_id="", salt=""))
            for each in reading.records()
            if each.body.source.imported
        ]


def _round(place: Path, work: str, kind: str | None, chance: Random, found: dict[str, Any]) -> None:
    """Kills on one store, as long as it is whole and the work is not done."""
    said = place / "acknowledged"
    for _ in range(ROUND):
        killed = _killed(place, work, kind, chance)
        acks = acknowledged(said.read_text()) if said.exists() else {}
        wrong = checked.faults(place / ".roadlog", acks)
        if not wrong and work.startswith(("catch-ups", "rebuilds")):
            wrong = checked.differing(place / ".roadlog")
        found["kills"] += killed
        if wrong:
            found["fault"] = wrong[0]
        if wrong or not killed:
            break
    found["acknowledged"] += len(acks)


def _killed(place: Path, work: str, kind: str | None, chance: Random) -> bool:
    """Whether the work was killed before it was done."""
    by_time = chance.random() < 0.5
    seed, moment, calls = chance.random(), chance.random() * LONGEST, chance.randrange(CALLS)
    ready, tell = os.pipe()
    child = os.fork()
    if not child:
        _work(place, work, kind, Random(seed), tell, None if by_time else calls)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    if by_time:
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"{work} failed by itself")
    return os.WIFSIGNALED(status)


def _work(place: Path, work: str, kind: str | None, chance: Random, tell: int, calls: int | None) -> None:
    """What the child does, until it is killed, by its own hand after so many calls."""
    left = iter(range(calls or 0))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        acks = Acknowledgements(place / "acknowledged")
        os.write(tell, b".")
        if calls is not None:
            sys.setprofile(count)
        with careless.connections(kind):
            WORK[work](place / ".roadlog", acks, chance)
        code = 0
    finally:
        sys.setprofile(None)
        os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
