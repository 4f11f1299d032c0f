"""Summaries of durations: nearest-rank percentiles, and what unfinished work says about them.

Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53 (1958), 457–481.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

FEWEST = 5
"""Fewer finished items than this are listed; no percentile is given."""
EXACT = 9
"""Digits to which p·n and survival are rounded, so that 0.07 · 100 is 7 and no step is missed."""

Items = Sequence[tuple[str, Sequence[float]]]
"""By initiative: its key, and seconds of each that it has."""


def summary(items: Items, *percentiles: int) -> dict[str, Any]:
    """n, and nearest-rank percentiles (50, 85, 95 unless given); fewer than five items are listed instead."""
    values = sorted(_values(items))
    few = len(values) < FEWEST
    answer: dict[str, Any] = {"n": len(values)}
    for p in percentiles or (50, 85, 95):
        answer[f"p{p}"] = None if few else nearest_rank(values, p / 100)
    if few:
        answer["items"] = [{"key": key, "seconds": value} for key, each in items for value in each]
    return answer


def with_survival(items: Items, censored: Iterable[float]) -> dict[str, Any]:
    """The summary, and the Kaplan–Meier estimate over the finished and those that had not finished yet.

    censored: how many of those
    survival_p50, survival_p85: seconds; None of fewer than five finished, and where it cannot be estimated:
    then it lies beyond `survival_beyond`, the longest time that anything was seen
    """
    finished, still = _values(items), list(censored)
    p50, p85 = survival(finished, still, (0.50, 0.85))
    beyond = max([*finished, *still], default=None) if p85 is None else None
    if len(finished) < FEWEST:
        p50 = p85 = None
    answer = {**summary(items), "censored": len(still), "survival_p50": p50, "survival_p85": p85}
    return {**answer, "survival_beyond": beyond}


def _values(items: Items) -> list[float]:
    return list(chain.from_iterable(map(itemgetter(1), items)))


def survival(
    finished: Sequence[float], censored: Sequence[float], percentiles: Sequence[float]
) -> list[float | None]:
    """For each p the least time by which the estimate says that p have finished; None: not estimable.

    At each time at which some finish, of those that were still under way (censored ones of that very time
    included) the share that finished leaves.
    """
    ends, leaving = sorted(finished), sorted(censored)
    at_risk, gone, surviving = len(ends) + len(leaving), 0, 1.0
    found: list[float | None] = [None] * len(percentiles)
    place = 0
    while place < len(ends):
        time = ends[place]
        while gone < len(leaving) and leaving[gone] < time:
            gone += 1
        here = place
        while place < len(ends) and ends[place] == time:
            place += 1
        surviving *= 1 - (place - here) / (at_risk - here - gone)
        for index, p in enumerate(percentiles):
            if found[index] is None and round(1 - surviving, EXACT) >= p:
                found[index] = time
    return found


def nearest_rank(ordered: Sequence[float], p: float) -> float:
    """The item at rank ⌈p·n⌉ of ascending values: the nearest-rank percentile."""
    return ordered[max(1, math.ceil(round(p * len(ordered), EXACT))) - 1]


def median(values: Iterable[float]) -> float | None:
    """The nearest-rank median; None of nothing."""
    ordered = sorted(values)
    return nearest_rank(ordered, 0.5) if ordered else None


def ratio(part: float, whole: float) -> float | None:
    """None where there is nothing to divide by."""
    return part / whole if whole else None
