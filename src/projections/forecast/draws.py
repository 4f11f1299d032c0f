"""Random days: draws of daily throughput, with replacement, many at once.

The generator is the standard library's `random.Random`: what `random()` and `getrandbits` give for a seed is
the same on every machine and, by its documentation ("Notes on Reproducibility"), in later versions. numpy's
Generator promises no such thing (NEP 19).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from operator import add
from random import Random

UNDECIDED = 255
"""The byte that stands for no value; what a byte can count is less."""


class Days:
    """Draws from the days of a history, each as likely as any other.

    One random byte decides most draws: of n days of which c have the value v, ⌊256·c/n⌋ of the 256 bytes
    stand for v. For those that remain a second draw is made among the values by what each lacks, so that each
    day has its exact share (Marsaglia, 1963, "Generating Discrete Random Variables in a Computer").
    """

    def __init__(self, chance: Random, counts: Sequence[int]) -> None:
        self._chance = chance
        self._counts = counts
        self.most = max(counts)
        values = Counter(counts)
        self._values = sorted(values)
        table = [
            each
            for each in self._values
            for _ in range(256 * values[each] // len(counts))
            if each < UNDECIDED
        ]
        self._table = bytes([*table, *[UNDECIDED] * (256 - len(table))])
        self._lacking = list(accumulate(256 * values[each] % len(counts) for each in self._values))

    def sums(self, days: int, trials: int) -> tuple[list[Sequence[int]], Sequence[int]]:
        """So many days of each trial, a column a day, and the sum of each trial."""
        if days * self.most >= UNDECIDED:  # a bulk import: more on one day than a byte can sum up
            wide = self._chance.choices(self._counts, k=days * trials)
            columns: list[Sequence[int]] = [
                wide[each : each + trials] for each in range(0, len(wide), trials)
            ]
            return columns, [sum(each) for each in zip(*columns, strict=True)]
        drawn = self._drawn(days * trials)
        narrow = [drawn[each : each + trials] for each in range(0, len(drawn), trials)]
        lanes = sum(int.from_bytes(each, "little") for each in narrow)  # no byte carries into the next
        return list(narrow), lanes.to_bytes(trials, "little")

    def _drawn(self, size: int) -> bytes:
        drawn = self._chance.randbytes(size).translate(self._table)
        undecided = drawn.count(UNDECIDED)
        if not undecided:
            return drawn
        second = self._chance.choices(self._values, cum_weights=self._lacking, k=undecided)
        first, *others = drawn.split(bytes([UNDECIDED]))
        parts = [first]
        for value, other in zip(second, others, strict=True):
            parts += (bytes([value]), other)
        return b"".join(parts)


def added(totals: list[int], sums: Sequence[int]) -> list[int]:
    """The totals with one sum more each."""
    return list(map(add, totals, sums))
