"""Verifying a log, beside reading the same bytes and hashing them.

Ours is `verify_file` without a decoder: it recomputes every leaf from the stored bytes, follows the chain
of each stream, rebuilds the tree and its root, and holds recorded times, versions, the kept nodes, the
commands, the index and the schema against what they must be. `roadlog verify` reads the bodies, replays the
rules and computes the projections anew, too. Bare is a SELECT of the same rows and the SHA-256 of each row's
bytes, compared with nothing. The log has 100 initiatives of 100 records each.
"""

from functools import partial
from hashlib import sha256
from pathlib import Path

from benchmarks import bare
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import open_long_roadmap
from benchmarks.timing import Contender, in_turn, over, seconds
from roadlog import machine
from roadlog.event_store.verify import verify_file
from roadlog.store import EVENTS
from roadlog.verification.verdict import verify

FIGURES = (
    Figure(
        name="verify",
        what="verify (leaves, chains, tree, root): records a second ÷ SELECT and SHA-256",
        bound="at least",
        limit=0.33,
        aim=0.50,
    ),
    Figure(
        name="verify-bodies",
        what="verify as the command does it, with bodies, rules and projections: likewise",
        bound="at least",
        limit=None,
        aim=None,
    ),
)


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    path = folder / "store"
    open_long_roadmap(path, size.initiatives, size.records)
    events = path / EVENTS
    contenders: dict[str, Contender] = {
        "verify": partial(seconds, partial(verified, events)),
        "verify-bodies": partial(seconds, partial(verified_whole, path)),
        "bare": partial(hashed, events),
    }
    taken = in_turn(contenders, rounds)
    return {figure.name: over(taken["bare"], taken[figure.name]) for figure in FIGURES}


def verified(path: Path) -> None:
    """Recomputes leaves, chains, tree and root of a log's file."""
    report = verify_file(str(path))
    if report.problems:
        raise RuntimeError(f"the log that was made is not whole: {report.problems[0]}")


def verified_whole(folder: Path) -> None:
    """What the command does, in this process."""
    found = verify(folder, now=machine.clock())
    if found["problems"]:
        raise RuntimeError(f"the log that was made is not whole: {found['problems'][0]}")


def hashed(path: Path) -> float:
    """Seconds of reading the same rows and hashing their bytes."""

    def scan() -> None:
        for row in connection.execute(bare.SELECT):
            sha256(row[5]).hexdigest()

    with bare.opened(path) as connection:
        return seconds(scan)


GROUP = Group(name="verify", figures=FIGURES, rounds=9, measure=_measure)
