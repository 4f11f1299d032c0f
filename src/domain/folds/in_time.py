"""Values kept by effective time, whatever the order in which their records came."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from roadlog.domain.initiative import Measurement, Result

Dated = TypeVar("Dated", bound=Measurement | Result)


def in_time(earlier: tuple[Dated, ...], new: Dated) -> tuple[Dated, ...]:
    """With the new one in its place, oldest effective time first; ties keep log order."""
    place = len(earlier)
    while place and earlier[place - 1].at > new.at:
        place -= 1
    return (*earlier[:place], new, *earlier[place:])


def latest(times: Mapping[str, datetime], key: str, at: datetime) -> dict[str, datetime]:
    """With the later of `at` and what stood under the key."""
    return {**times, key: max(at, times.get(key, at))}
