"""The lines of a forecast: what holds with 50, 70, 85 and 95 % probability, by nearest rank."""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from typing import TypeVar

LEVELS = {"p50": 0.50, "p70": 0.70, "p85": 0.85, "p95": 0.95}
NONE = dict.fromkeys(LEVELS)

Value = TypeVar("Value", int, float)


def at_least(trials: Iterable[Value]) -> dict[str, Value]:
    """Per line, the most that so large a share of the trials reach: the more certain, the less."""
    counted = Counter(trials)
    return _ranked(sorted(counted, reverse=True), counted)


def at_most(trials: Iterable[Value]) -> dict[str, Value]:
    """Per line, the least that so large a share of the trials do not exceed: the more certain, the later."""
    counted = Counter(trials)
    return _ranked(sorted(counted), counted)


def _ranked(ordered: list[Value], counted: Counter[Value]) -> dict[str, Value]:
    """The values at rank ⌈p·n⌉, as `metrics/1` has its percentiles."""
    reached = list(accumulate(counted[each] for each in ordered))
    lines = {}
    for line, share in LEVELS.items():
        rank = math.ceil(round(share * reached[-1], 9))
        lines[line] = next(value for value, ranks in zip(ordered, reached, strict=True) if ranks >= rank)
    return lines
