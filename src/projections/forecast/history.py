"""What a forecast draws from, out of the answer of `metrics/1`: finishes, and stays in milestones."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct

from roadlog.domain.moments import day_of, instant, seconds
from roadlog.projections.forecast.question import begins
from roadlog.projections.metrics.chosen import Window
from roadlog.projections.metrics.summary import nearest_rank

FINISH, STOP, OPEN = " finish", " stop", " open"
"""How a stay ended, where another milestone did not follow. No milestone has such a name."""
WARM = 0.95


class Stay(Struct, frozen=True, gc=False):
    """One visit: how many seconds it lasted or has lasted, and what followed."""

    milestone: str
    seconds: float
    then: str


class Cycle(Struct, frozen=True, kw_only=True):
    """One cycle and its visits; `ended` is when it was stopped or retired."""

    key: str
    started: datetime
    finished: datetime | None
    ended: datetime | None
    visits: list[dict[str, Any]]


class History(Struct, frozen=True, kw_only=True):
    """All cycles as of a moment, and which part of the time is drawn from."""

    cycles: list[Cycle]
    as_of: datetime
    zone: tzinfo
    window: Window

    def finishes(self) -> list[datetime]:
        """The finishes in the window: those of later cycles count like the first."""
        start, end = self.window
        return sorted(
            each.finished
            for each in self.cycles
            if each.finished
            and (start is None or start <= each.finished)
            and (end is None or each.finished < end)
        )

    def under_way(self) -> list[Cycle]:
        """The cycles that have neither finished nor ended."""
        return [each for each in self.cycles if each.finished is None and each.ended is None]

    def days(self) -> tuple[date, date]:
        """The whole days that are drawn from, `[first, end)`.

        They end with yesterday. They begin where the window does, but not before the first start. Without a
        beginning of its own the window begins when work has had time to finish: when as long has gone by
        since the first start as 95 % of the finished cycles took at most, or half of the time until now. The
        days before have few finishes because there was nothing that could finish, and with them every
        forecast would be late. A day of which only a part lies in the window is none of them.
        """
        start, end = self.window
        last = min(end or self.as_of, self.as_of)
        first = min((each.started for each in self.cycles), default=last)
        first = max(start, first) if start else first + self._warming_up(last - first)
        day = day_of(first, self.zone)
        if begins(day, self.zone) < first:
            day += timedelta(days=1)
        return day, day_of(last, self.zone)

    def _warming_up(self, whole: timedelta) -> timedelta:
        times = sorted(seconds(each.started, each.finished) for each in self.cycles if each.finished)
        return min(timedelta(seconds=nearest_rank(times, WARM)), whole / 2) if times else timedelta()

    def daily(self) -> list[int]:
        """How many cycles finished on each of these days, days without a finish included."""
        first, end = self.days()
        counts = [0] * max(0, (end - first).days)
        for each in self.finishes():
            place = (day_of(each, self.zone) - first).days
            if 0 <= place < len(counts):
                counts[place] += 1
        return counts

    def stays(self) -> Iterator[Stay]:
        """The visits that began in the window, as they stood at its end."""
        start, end = self.window
        until = min(end or self.as_of, self.as_of)
        for cycle in self.cycles:
            for visit, then in zip(cycle.visits, _followed(cycle), strict=True):
                entered = instant(visit["entered_at"])
                left = instant(visit["left_at"]) if visit["left_at"] else cycle.ended or until
                if entered > until or (start is not None and entered < start):
                    continue
                known = then if left <= until else OPEN
                yield Stay(visit["milestone"], max(0.0, seconds(entered, min(left, until))), known)


def _followed(cycle: Cycle) -> list[str]:
    """What followed each of its visits."""
    last = FINISH if cycle.finished else STOP if cycle.ended else OPEN
    return [*(each["milestone"] for each in cycle.visits[1:]), last][: len(cycle.visits)]


def history_of(answer: dict[str, Any], window: Window, zone: tzinfo) -> History:
    """The history that an answer of `metrics/1` tells."""
    cycles = [
        Cycle(
            key=each["key"],
            started=instant(cycle["started_at"]),
            finished=_moment(cycle["finished_at"]),
            ended=_moment(cycle["ended_at"]),
            visits=cycle["visits"],
        )
        for each in answer["initiatives"]
        for cycle in each["cycles"]
    ]
    return History(cycles=cycles, as_of=instant(answer["as_of"]), zone=zone, window=window)


def _moment(text: str | None) -> datetime | None:
    return instant(text) if text else None
