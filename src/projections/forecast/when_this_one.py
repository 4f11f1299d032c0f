"""When one initiative finishes: its remaining visits are drawn from history, loops included, given its age.

A semi-Markov chain: how long a stay lasts and what follows depends on its milestone alone and, for the
present visit, on how long it has lasted already. All trials go together from milestone to milestone; what
each has to remember is only how much time went by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from random import Random

from msgspec import Struct

from roadlog.projections.forecast.history import FINISH, STOP, Stay
from roadlog.projections.forecast.lines import LEVELS, at_most
from roadlog.projections.forecast.question import HORIZON
from roadlog.projections.forecast.stays import BEYOND, Ends, ends_after, ends_of

MOST_VISITS = 1_000
"""Visits of one trial: one that goes round longer is not followed further."""
FARTHEST = HORIZON * 86_400.0
NEVER = float("inf")
UNSEEN = ends_of(())
"""Of a milestone in which nobody stood: all lies beyond."""
AWAY = ""
"""Where a trial ends that is not followed further: beyond ten years, or a thousand visits."""


class Remaining(Struct, frozen=True, kw_only=True):
    """Seconds until the finish by line, among the trials that do not end stopped; None beyond what was seen.

    stopped: the share of the trials that end stopped
    beyond: of the others, the share that outlasts every stay seen, by the milestone where it does so, or AWAY
    """

    lines: dict[str, float | None]
    stopped: float
    beyond: dict[str, float]


def remaining(stays: Iterable[Stay], milestone: str, age: float, trials: int, chance: Random) -> Remaining:
    """The forecast for work that has been in a milestone for `age` seconds."""
    there: dict[str, list[Stay]] = {milestone: []}
    for stay in stays:
        there.setdefault(stay.milestone, []).append(stay)
    ends = {name: ends_of(each) for name, each in there.items()}
    finished, stopped, beyond = ends_of_trials(
        ends, milestone, ends_after(there[milestone], age), trials, chance
    )
    others = len(finished) + beyond.total()
    return Remaining(
        lines=_lines(finished, others),
        stopped=stopped / trials,
        beyond={place: count / others for place, count in sorted(beyond.items())},
    )


def _lines(finished: list[float], others: int) -> dict[str, float | None]:
    if not others:
        return dict.fromkeys(LEVELS)
    times = at_most([*finished, *[NEVER] * (others - len(finished))])
    return {line: None if time == NEVER else time for line, time in times.items()}


def ends_of_trials(
    ends: Mapping[str, Ends], milestone: str, begun: Ends, trials: int, chance: Random
) -> tuple[list[float], int, Counter[str]]:
    """After how many seconds trials finish, how many end stopped, and where how many end beyond."""
    finished: list[float] = []
    stopped, beyond = 0, Counter[str]()
    here: Mapping[str, list[float]] = {milestone: [0.0] * trials}
    for visit in range(MOST_VISITS):
        after: defaultdict[str, list[float]] = defaultdict(list)
        for name, times in here.items():
            known = ends.get(name, UNSEEN) if visit else begun
            for time, (lasted, then) in zip(times, known.drawn(chance, len(times)), strict=True):
                after[then].append(time + lasted)
            beyond[name] += len(after.pop(BEYOND, ()))
        finished += after.pop(FINISH, ())
        stopped += len(after.pop(STOP, ()))
        here = after
        if not here:
            break
    near = [time for time in finished if time <= FARTHEST]
    beyond[AWAY] = len(finished) - len(near) + sum(map(len, here.values()))
    return near, stopped, +beyond
