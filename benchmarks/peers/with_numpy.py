"""numpy at forecasts: the same draws as ours in arrays, every trial at once. Asked by `forecasting.py`."""

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.timing import elapsed


def by(task: dict[str, Any]) -> list[float]:
    """Days for every trial at once, and their sums."""
    chance, counts = np.random.default_rng(7), np.array(task["counts"])
    sums = counts[chance.integers(0, len(counts), size=(task["trials"], task["days"]))].sum(axis=1)
    return lines(-np.sort(-sums))


def count(task: dict[str, Any]) -> list[float]:
    """As many days as ours draws, and the first on which so many have finished."""
    chance, counts = np.random.default_rng(7), np.array(task["counts"])
    drawn = counts[chance.integers(0, len(counts), size=(task["trials"], task["drawn"]))]
    return lines(np.sort((drawn.cumsum(axis=1) >= task["count"]).argmax(axis=1)))


def one(task: dict[str, Any]) -> list[float]:
    """Stays for all trials of one milestone at once, step by step until none goes on."""
    chance = np.random.default_rng(7)
    ends = [{name: np.array(values) for name, values in each.items()} for each in task["ends"]]
    here, elapsed_so_far = np.full(task["trials"], task["begin"]), np.zeros(task["trials"])
    while (here >= 0).any():
        after = here.copy()
        for place, end in enumerate(ends):
            (those,) = np.nonzero(here == place)
            drawn = np.searchsorted(end["weights"], chance.random(len(those)) * end["weights"][-1], "right")
            elapsed_so_far[those] += end["lasted"][drawn]
            after[those] = end["then"][drawn]
        here = after
    return lines(np.sort(elapsed_so_far))


def lines(ordered: Any) -> list[float]:
    """Those of 50, 70, 85 and 95 %."""
    return [float(ordered[int(level * len(ordered)) - 1]) for level in (0.50, 0.70, 0.85, 0.95)]


def repeated(work: Callable[[dict[str, Any]], list[float]], task: dict[str, Any]) -> None:
    """A work as often as it is measured at once."""
    for _ in range(task["loops"]):
        work(task)


def main() -> None:
    """Answers a line with the name of a work by the seconds that it took."""
    task = json.loads(sys.argv[1])
    works = {"by": by, "count": count, "one": one}
    for line in sys.stdin:
        work = works[line.strip()]
        sys.stdout.write(f"{elapsed(partial(repeated, work, task))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
