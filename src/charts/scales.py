"""From values to places in the plot, and the ticks that people expect: 1, 2, 5; weeks, months, years."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from roadlog.domain.moments import instant
from roadlog.words import HUGE

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not those of the machine's language: the same answer gives the same bytes everywhere."""
HOUR, DAY = 3_600.0, 86_400.0


class Scale(Struct, frozen=True):
    """Values from `low` to `high` lie from `begin` to `end` of the plot."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)


def from_zero(values: Sequence[float], begin: float, end: float, *, whole: bool = False) -> Scale:
    """A scale that holds zero and every value, up to a nice number; `whole` counts."""
    return between(min([0.0, *values]), max([0.0, *values]), begin, end, whole=whole)


def between(low: float, high: float, begin: float, end: float, *, whole: bool = False) -> Scale:
    """A scale from the nice number below to the one above."""
    high = high if high > low else low + 1.0
    step = nice_step(high - low, whole=whole)
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Scale(bottom, top, begin, end)


def nice_step(span: float, most: int = 5, *, whole: bool = False) -> float:
    """1, 2 or 5 times a power of ten, so that about `most` steps fill the span."""
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * (1 - 1e-9))
    return max(1.0, step) if whole else step


def ticks(scale: Scale, most: int = 5, *, whole: bool = False) -> list[float]:
    """The nice numbers of a scale."""
    step = nice_step(scale.high - scale.low, most, whole=whole)
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def plain_number(value: float) -> str:
    """`1,200`, `0.5`, `0`, `8e+32`."""
    if 0 < abs(value) < 1e-3:
        return f"{value:.9f}".rstrip("0")
    return f"{value:,.0f}" if 1e5 <= abs(value) < HUGE else f"{value:,.6g}"


# Time


def seconds(moment: str) -> float:
    """An RFC 3339 time as seconds since 1970."""
    return instant(moment).timestamp()


def time_scale(window: Sequence[str], end: float) -> Scale:
    """The window's times from 0 to `end`; a window without length is a day."""
    low, high = (seconds(each) for each in window)
    return Scale(low, high if high > low else low + DAY, 0.0, end)


class Tick(Struct, frozen=True):
    """A time with its label, and what stands under the label where that changes."""

    at: float
    label: str
    under: str = ""


Step = tuple[float, Callable[[datetime], datetime], Callable[[datetime], datetime], Callable[[datetime], str]]


def _days(count: int) -> Step:
    def begin(at: datetime) -> datetime:
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return day - timedelta(days=day.weekday() if count % 7 == 0 else 0)

    return (
        count * DAY,
        begin,
        lambda at: at + timedelta(days=count),
        lambda at: f"{at.day} {MONTHS[at.month - 1]}",
    )


def _hours(count: float) -> Step:
    def begin(at: datetime) -> datetime:
        return at.replace(hour=0, minute=0, second=0, microsecond=0)

    return count * HOUR, begin, lambda at: at + timedelta(hours=count), lambda at: f"{at:%H:%M}"


def _months(count: int) -> Step:
    def begin(at: datetime) -> datetime:
        return at.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)

    def after(at: datetime) -> datetime:
        month = at.month - 1 + count
        return at.replace(year=at.year + month // 12, month=month % 12 + 1)

    return count * 30.4 * DAY, begin, after, lambda at: MONTHS[at.month - 1]


def _years(count: int) -> Step:
    def begin(at: datetime) -> datetime:
        first = at.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        return first.replace(year=max(1, at.year - at.year % count))

    return count * 365.25 * DAY, begin, lambda at: at.replace(year=at.year + count), lambda at: str(at.year)


STEPS: tuple[Step, ...] = (
    *(_hours(each) for each in (1 / 60, 1 / 12, 1 / 4, 1, 3, 6, 12)),
    *(_days(each) for each in (1, 2, 7, 14)),
    *(_months(each) for each in (1, 2, 3, 6)),
    *(_years(each) for each in (1, 2, 5, 10, 20, 50, 100)),
)


def time_ticks(scale: Scale, zone: tzinfo, most: int = 6) -> list[Tick]:
    """At most `most` ticks, at starts of hours, days, weeks (Mondays), months or years of the zone."""
    found: list[datetime] = []
    step = STEPS[0]
    for step in STEPS:
        if (scale.high - scale.low) / step[0] <= most + 1:
            found = list(_starts(scale, zone, step))
            if len(found) <= most:
                break
    return list(_labelled(found, step))


def _starts(scale: Scale, zone: tzinfo, step: Step) -> Iterator[datetime]:
    _, begin, after, _ = step
    at = begin(datetime.fromtimestamp(scale.low, zone))
    while at.timestamp() <= scale.high:
        if at.timestamp() >= scale.low:
            yield at
        if at.year > 9_890:
            return
        at = after(at)


def _labelled(found: Sequence[datetime], step: Step) -> Iterator[Tick]:
    length, _, _, label = step
    said = ""
    for at in found:
        under = (
            ""
            if length >= 360 * DAY
            else str(at.year)
            if length >= DAY
            else f"{at.day} {MONTHS[at.month - 1]} {at.year}"
        )
        yield Tick(at.timestamp(), label(at), under if under != said else "")
        said = under
