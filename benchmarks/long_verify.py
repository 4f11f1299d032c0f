"""Verifying a long log, and proving one record of it: 5,000 initiatives, and up to a million records.

Leaves, chains, tree and root, as in `verify`, and the whole of `roadlog verify`, with bodies, rules and
projections, each beside a SELECT of the same rows and the SHA-256 of each row's bytes. The most memory that
the command needs is that of its process; one that it starts needs no more. A proof that a record is in the
log is made, and checked, of random records of the three logs, each opened once.
"""

from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from benchmarks.command import run
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import OWNER
from benchmarks.long_history import open_side_by_side
from benchmarks.timing import in_turn, over, seconds
from benchmarks.verify import hashed, verified, verified_whole
from roadlog import machine, proving
from roadlog.reading import Reading
from roadlog.store import EVENTS

PROOFS = 200
SEED = 11
FIGURES = (
    Figure(
        name="verify-large",
        what="verify (leaves, chains, tree, root) of a million records ÷ SELECT and SHA-256",
        bound="at most",
        limit=3.0,
        aim=2.0,
    ),
    Figure(
        name="verify-whole",
        what="verify as the command does it, with bodies, rules and projections: likewise",
        bound="at most",
        limit=10.0,
        aim=None,
    ),
    Figure(
        name="verify-memory",
        what="peak memory of that command",
        bound="at most",
        limit=200,
        aim=None,
        unit=" MB",
    ),
    Figure(
        name="prove-10k",
        what="a proof that a record is among 10,000",
        bound="at most",
        limit=None,
        aim=None,
        unit=" ms",
    ),
    Figure(name="prove-100k", what="among 100,000", bound="at most", limit=None, aim=None, unit=" ms"),
    Figure(name="prove-1m", what="among a million", bound="at most", limit=None, aim=None, unit=" ms"),
    Figure(
        name="prove-growth",
        what="a proof of a million records ÷ of 10,000; their logarithms are 1.5 apart",
        bound="at most",
        limit=2.0,
        aim=None,
    ),
)


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    stores = {}
    for name, records in zip(("10k", "100k", "1m"), size.long, strict=True):
        stores[name] = folder / name
        open_side_by_side(stores[name], size.many_initiatives, records)
    large = stores["1m"]
    with Reading(large, now=machine.clock()) as reading:
        reading.board(reading.moment())
    taken = in_turn(
        {
            "verify": partial(seconds, partial(verified, large / EVENTS)),
            "whole": partial(seconds, partial(verified_whole, large)),
            "bare": partial(hashed, large / EVENTS),
        },
        max(1, rounds // 3),
    )
    proofs = in_turn({name: partial(_proof, store) for name, store in stores.items()}, rounds)
    return {
        "verify-large": over(taken["verify"], taken["bare"]),
        "verify-whole": over(taken["whole"], taken["bare"]),
        "verify-memory": [run(large, OWNER, "verify", code=1).megabytes],
        **{f"prove-{name}": [each * 1000 for each in times] for name, times in proofs.items()},
        "prove-growth": over(proofs["1m"], proofs["10k"]),
    }


def _proof(store: Path) -> float:
    """Seconds of one proof, in the middle of many."""
    chance = Random(SEED)  # noqa: S311 (it draws positions, no secrets)
    taken = []
    with proving.opened(store) as (reader, origin, size):
        for _ in range(PROOFS):
            position = chance.randint(1, size)
            began = perf_counter()
            proving.proof_of(reader, origin, size, position)
            taken.append(perf_counter() - began)
    return median(taken)


GROUP = Group(name="large-verify", figures=FIGURES, rounds=9, measure=_measure)
