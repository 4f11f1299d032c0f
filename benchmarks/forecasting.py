"""Forecasts of 10,000 trials, beside the same draws in plain numpy.

Ours is in the standard library, in this process: draws, sums, the fan and the lines, from a history that is
in memory. numpy, in an environment of its own (`make peers`), draws as many days, or as many stays, in arrays
of all trials: `rng.integers` and a sum, or a cumulative one; for one initiative, step by step, `rng.random`
and `searchsorted`. It makes no fan and gets the weights of the stays ready. Importing counts for neither.
"""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from typing import Any

from benchmarks.command import plain_environ
from benchmarks.figures import Figure, Group, Size
from benchmarks.peers.contest import ABSENT, PYTHON, ROOT, Contestant, Failed
from benchmarks.timing import elapsed, in_turn, over
from roadlog.projections.forecast.history import FINISH, OPEN, STOP, Stay
from roadlog.projections.forecast.stays import ends_of
from roadlog.projections.forecast.throughput import how_many, when
from roadlog.projections.forecast.when_this_one import remaining

TRIALS = 10_000
DAYS, COUNT = 90, 25
ORDER = ("feasibility", "prototype", "training", "integration", "experimentation")
WORKS = {
    "by": f"how many finish within {DAYS} days",
    "count": f"when {COUNT} more have finished",
    "one": "when one initiative finishes, with loops",
}
FIGURES = tuple(
    Figure(
        name=f"forecast-{work}",
        what=f"{what}, {TRIALS:,} trials: roadlog ÷ the same draws in numpy",
        bound="at most",
        limit=5.0,
        aim=None,
    )
    for work, what in WORKS.items()
)
LOOPS = 10
"""Forecasts in one measurement: each takes a few milliseconds."""


def history(seed: int = 1) -> tuple[list[int], list[Stay]]:
    """Two years of days, and 200 initiatives with a return in every fifth visit; some are open."""
    chance = Random(seed)
    counts = [chance.choice((0, 0, 0, 0, 0, 1, 1, 2)) for _ in range(730)]
    stays = []
    for _ in range(200):
        place = 0
        while place < len(ORDER):
            back = place > 0 and chance.random() < 0.2
            onward = place - 1 if back else place + 1
            then = FINISH if onward == len(ORDER) else ORDER[onward]
            drawn = chance.random()
            then = OPEN if drawn < 0.03 else STOP if drawn < 0.05 else then
            stays.append(Stay(ORDER[place], 86_400 * chance.lognormvariate(2, 0.8), then))
            if then in (OPEN, STOP):
                break
            place = onward
    return counts, stays


def ours(work: str) -> float:
    """Seconds that ours takes."""
    counts, stays = history()
    forecasts: dict[str, Callable[[], object]] = {
        "by": lambda: how_many(counts, DAYS, TRIALS, Random(7)),
        "count": lambda: when(counts, COUNT, TRIALS, Random(7)),
        "one": lambda: remaining(stays, "training", 86_400.0, TRIALS, Random(7)),
    }
    return elapsed(lambda: [forecasts[work]() for _ in range(LOOPS)])


def task() -> dict[str, Any]:
    """What numpy is given: the same history, the weights of its stays, and how many days ours draws."""
    counts, stays = history()
    ends = {name: ends_of([each for each in stays if each.milestone == name]) for name in ORDER}
    places = {name: place for place, name in enumerate(ORDER)}
    return {
        "trials": TRIALS,
        "loops": LOOPS,
        "counts": counts,
        "days": DAYS,
        "count": COUNT,
        "drawn": when(counts, COUNT, TRIALS, Random(7)).fan[-1][0],
        "begin": places["training"],
        "ends": [
            {
                "weights": ends[name].weights,
                "lasted": [lasted for lasted, _ in ends[name].ends],
                "then": [places.get(then, -1) for _, then in ends[name].ends],
            }
            for name in ORDER
        ],
    }


def _measure(folder: Path, size: Size, rounds: int) -> Mapping[str, Sequence[float] | str]:  # noqa: ARG001
    if not PYTHON.exists():
        return {figure.name: ABSENT for figure in FIGURES}
    command = [str(PYTHON), "-m", "benchmarks.peers.with_numpy", json.dumps(task())]
    return contest(command, rounds)


def contest(command: list[str], rounds: int) -> dict[str, Sequence[float] | str]:
    """Each work by ours and by the other in turn; why it could not be measured, where the other gives up."""
    values: dict[str, Sequence[float] | str] = {}
    with (
        TemporaryFile() as complaint,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=plain_environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaint,
            text=True,
        ) as process,
    ):
        numpy = Contestant(process, complaint)
        for work in WORKS:
            try:
                turns = {"ours": partial(ours, work), "numpy": partial(numpy.seconds, work)}
                taken = in_turn(turns, rounds)
            except Failed as error:
                values[f"forecast-{work}"] = str(error)
            else:
                values[f"forecast-{work}"] = over(taken["ours"], taken["numpy"])
        process.communicate()
    return values


GROUP = Group(name="forecast", figures=FIGURES, rounds=15, measure=_measure)
