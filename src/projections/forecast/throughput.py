"""How many finish by a day, and when so many will have: a bootstrap of daily throughput.

Every trial draws days from the history with replacement, days without a finish included, and adds up their
finishes. Days are drawn one by one, as if none depended on the day before.
"""

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct

from roadlog.projections.forecast.draws import Days, added
from roadlog.projections.forecast.lines import LEVELS, at_least, at_most
from roadlog.projections.forecast.question import HORIZON

WEEK = 7

Fan = list[tuple[int, dict[str, int]]]
"""The lines of how many will have finished after 0, 7, 14, … days, and after the last."""


class Reached(Struct, frozen=True, kw_only=True):
    """After how many days so many have finished, by line; None beyond ten years.

    beyond: the share of the trials that end there
    """

    lines: dict[str, int | None]
    beyond: float
    fan: Fan


def how_many(counts: Sequence[int], days: int, trials: int, chance: Random) -> Fan:
    """The fan up to so many days ahead; its last point is the answer."""
    fan: Fan = [(0, dict.fromkeys(LEVELS, 0))]
    totals = [0] * trials
    for ahead, _, sums in _weeks(Days(chance, counts), days, trials):
        totals = added(totals, sums)
        fan.append((ahead, at_least(totals)))
    return fan


def when(counts: Sequence[int], count: int, trials: int, chance: Random) -> Reached:
    """When so many more have finished: the trials go on until the last line is reached, or for ten years."""
    fan: Fan = [(0, dict.fromkeys(LEVELS, 0))]
    totals = [0] * trials
    reached: list[int] = []
    for ahead, columns, sums in _weeks(Days(chance, counts), HORIZON, trials):
        before, totals = totals, added(totals, sums)
        fan.append((ahead, at_least(totals)))
        reached += (
            ahead - len(columns) + _day_of(count - start, columns, trial)
            for trial, (start, total) in enumerate(zip(before, totals, strict=True))
            if start < count <= total
        )
        if len(reached) >= max(LEVELS.values()) * trials:
            break
    later = trials - len(reached)
    lines = at_most([*reached, *[HORIZON + 1] * later])
    return Reached(
        lines={line: None if day > HORIZON else day for line, day in lines.items()},
        beyond=later / trials if fan[-1][0] == HORIZON else 0.0,
        fan=fan,
    )


def _weeks(drawn: Days, days: int, trials: int) -> Iterator[tuple[int, list[Sequence[int]], Sequence[int]]]:
    """Week by week: how many days ahead it ends, its days, and how many finish in it in each trial."""
    for start in range(0, days, WEEK):
        long = min(WEEK, days - start)
        yield start + long, *drawn.sums(long, trials)


def _day_of(lacking: int, columns: Sequence[Sequence[int]], trial: int) -> int:
    """The day of the week, from 1 on, on which a trial has what it lacked; it has it within the week."""
    day = 0
    while lacking > 0:
        lacking -= columns[day][trial]
        day += 1
    return day
