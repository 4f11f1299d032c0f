"""Timing: the same work by several contenders in turn, round after round, and what one takes of another.

A machine that others share runs faster and slower from one second to the next, so that a time says little
and a ratio of two times taken one after the other much. What a round is disturbed by shows in the spread;
the median of the rounds' ratios is the figure.
"""

import gc
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

Contender = Callable[[], float]
"""Prepares what it needs, does its work once, and returns the seconds that the work alone took."""


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes. Garbage of others is collected before; the collector stays on."""
    gc.collect()
    return elapsed(work)


def elapsed(work: Callable[[], object]) -> float:
    """The same with the garbage as it is: for pieces so short that collecting it would cool their caches."""
    began = perf_counter()
    work()
    return perf_counter() - began


def in_turn(contenders: Mapping[str, Contender], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contender by round. A first round, which warms files and caches, does not count."""
    for contender in contenders.values():
        contender()
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            taken[name].append(contender())
    return taken


def over(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, how many times `below` goes into `above`."""
    return [one / other for one, other in zip(above, below, strict=True)]
