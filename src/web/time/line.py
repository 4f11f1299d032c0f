"""The line: where each record stands in the log's life, in either time, and which is nearest to a place."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from roadlog.domain.moments import microseconds
from roadlog.projections.moment import Moment

if TYPE_CHECKING:
    from datetime import datetime

    from roadlog.projections.kept_trail import Dated

Mode = Literal["as-of", "position"]
AS_OF: Mode = "as-of"
POSITION: Mode = "position"
"""As it was, with all that is known now; as we knew it: what the log said then. In the words of addresses."""

KINDS = {
    "InitiativeAdopted": "milestone",
    "MilestoneAdvanced": "milestone",
    "MilestoneReturned": "return",
    "StakeholderApproved": "approval",
}
"""The records that mark the line, each with the kind of mark."""


class Step(NamedTuple):
    """A record that one can stop at: when it took effect, in microseconds since 1970, and what of."""

    position: int
    at: int
    stream: str
    kind: str | None


class Line:
    """The steps of one log, or of one initiative, first to last; beyond the last is now.

    As it was, one stops at the times at which something took effect; what was voided never was. As we knew
    it, at the records.
    """

    def __init__(self, mode: Mode, dated: "Iterable[Dated]") -> None:
        self.mode = mode
        if mode == AS_OF:
            dated = sorted((each for each in dated if each.stands), key=attrgetter("at", "position"))
        self.steps = [Step(each.position, each.at, each.stream, KINDS.get(each.type)) for each in dated]
        self.stops = self._stops()
        self._values = [self._value(self.steps[stop]) for stop in self.stops]
        self._marked = [number for number, kinds in enumerate(self._kinds()) if kinds]

    def _value(self, step: Step) -> int:
        return step.at if self.mode == AS_OF else step.position

    def _stops(self) -> list[int]:
        """The last step of each time, as nobody can be between two of them."""
        grouped = groupby(range(len(self.steps)), key=lambda number: self._value(self.steps[number]))
        return [list(numbers)[-1] for _, numbers in grouped]

    def _kinds(self) -> list[set[str]]:
        first, found = 0, []
        for stop in self.stops:
            found.append({each.kind for each in self.steps[first : stop + 1] if each.kind})
            first = stop + 1
        return found

    @property
    def end(self) -> int:
        """The number of the stop that is now."""
        return len(self.stops)

    def step(self, stop: int) -> Step | None:
        """The last record of a stop; None of now where there is none."""
        return self.steps[self.stops[min(stop, self.end - 1)]] if self.stops else None

    def place(self, step: Step, now: "datetime") -> float:
        """Where on the line a step stands: 0 is where it begins, 1 is now."""
        if self.mode == AS_OF:
            first = self._values[0]
            return (step.at - first) / max(microseconds(now) - first, 1)
        return (bisect_right(self._values, step.position) - 1) / max(self.end, 1)

    def place_of(self, stop: int, now: "datetime") -> float:
        """The same of a stop, of which the last is now."""
        return 1.0 if stop >= self.end else self.place(self.steps[self.stops[stop]], now)

    def nearest(self, place: float, now: "datetime") -> int:
        """The stop that is nearest to a place."""
        if self.mode == POSITION or not self.stops:
            return max(0, min(self.end, round(place * self.end)))
        first, last = self._values[0], microseconds(now)
        wanted = first + place * (last - first)
        after = bisect_right(self._values, wanted)
        near = [stop for stop in (after - 1, after) if 0 <= stop <= self.end]
        return min(near, key=lambda stop: abs((last if stop == self.end else self._values[stop]) - wanted))

    def at(self, moment: Moment) -> int:
        """The stop of a past moment: the last that it is not before, or the first."""
        value = microseconds(moment.as_of) if self.mode == AS_OF else moment.position
        return max(0, bisect_right(self._values, value) - 1)

    def is_after(self, moment: Moment) -> bool:
        """Whether the line begins after a moment."""
        value = microseconds(moment.as_of) if self.mode == AS_OF else moment.position
        return bool(self._values) and value < self._values[0]

    def of_record(self, position: int) -> int:
        """The stop of a record of the log, or of the last one on this line that was recorded by then."""
        if self.mode == POSITION:
            return max(0, bisect_right(self._values, position) - 1)
        known = [each for each in self.steps if each.position <= position]
        return max(0, bisect_right(self._values, max(known).at) - 1) if known else 0

    def marked(self, stop: int, by: int) -> int:
        """The next stop with a mark, or the one before; now, or the first, where there is none."""
        place = bisect_right(self._marked, stop if by > 0 else stop - 1)
        if by > 0:
            return self._marked[place] if place < len(self._marked) else self.end
        return self._marked[place - 1] if place else 0
