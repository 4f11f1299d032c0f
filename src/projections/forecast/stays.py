"""What may come of a stay in a milestone: how long it lasts and what follows, open stays weighed in.

To leave out the stays that are still open would make a young history look fast: its long stays have not
ended yet. So each ended stay has the weight of its jump in the Kaplan-Meier estimate over all stays of the
milestone, S(t-) · 1/(still there at t), for which the open ones are censored. Together with what followed,
these jumps are the Aalen-Johansen estimate for competing ends: on, back, to the finish, stopped (Aalen and
Johansen, 1978, "An Empirical Transition Matrix for Non-homogeneous Markov Chains Based on Censored
Observations").
"""

from collections.abc import Iterable
from itertools import accumulate
from random import Random

from msgspec import Struct

from roadlog.projections.forecast.history import OPEN, Stay

BEYOND = " beyond"
"""What follows where a stay outlasts every one that has ended: nobody knows."""


class Ends(Struct, frozen=True, kw_only=True):
    """The ends that stays of one milestone may have, each with its weight, added up."""

    ends: list[tuple[float, str]]
    weights: list[float]

    def drawn(self, chance: Random, times: int) -> list[tuple[float, str]]:
        return chance.choices(self.ends, cum_weights=self.weights, k=times)


def ends_of(stays: Iterable[Stay]) -> Ends:
    """The Kaplan-Meier jumps of one milestone's stays; what remains after the last one lies beyond.

    Of stays that lasted alike the ended ones count before the open ones, which were there longer.
    """
    ordered = sorted(stays, key=lambda each: (each.seconds, each.then == OPEN, each.then))
    remaining, survival = len(ordered), 1.0
    ends, weights, longest = [], [], 0.0
    for stay in ordered:
        if stay.then != OPEN:
            jump = survival / remaining
            ends.append((stay.seconds, stay.then))
            weights.append(jump)
            survival = 0.0 if remaining == 1 else survival - jump
            longest = stay.seconds
        remaining -= 1
    if survival > 0.0:
        ends.append((longest, BEYOND))
        weights.append(survival)
    return Ends(ends=ends, weights=list(accumulate(weights)))


def ends_after(stays: Iterable[Stay], age: float) -> Ends:
    """The ends of a stay that has lasted so long already: those of the stays that lasted longer.

    The weights given an age are the jumps among the stays that outlasted it: what ended before, or was last
    seen before, changes no later jump but by a factor that all share.
    """
    ends = ends_of(each for each in stays if each.seconds > age)
    return Ends(ends=[(max(0.0, lasted - age), then) for lasted, then in ends.ends], weights=ends.weights)
