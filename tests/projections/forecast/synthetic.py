"""Made-up histories with loops, stops and pauses, whose end is known, to hold forecasts against.

The truth is a list of cycles; `as_of` cuts it as the answer of `metrics/1` would tell it at a moment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from msgspec import Struct

from roadlog.domain.moments import rfc3339, seconds

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400.0


class Stayed(Struct, frozen=True):
    milestone: str
    entered: datetime
    left: datetime


class Life(Struct, frozen=True):
    """One initiative's only cycle: its stays, and how it ended after the last."""

    key: str
    stays: tuple[Stayed, ...]
    finished: bool

    @property
    def ended(self) -> datetime:
        return self.stays[-1].left


class House(Struct, frozen=True, kw_only=True):
    """How a house works: what comes in a day, how long stays take, and what follows them.

    slots: how many are under way at a time, None for as many as come in
    """

    arrivals: float = 0.35
    slots: int | None = None
    stays: tuple[tuple[str, float, float], ...] = (
        ("feasibility", 9.0, 0.9),
        ("prototype", 12.0, 0.8),
        ("training", 15.0, 0.9),
        ("experimentation", 10.0, 0.7),
    )
    back: float = 0.22
    stop: float = 0.05
    pause: float = 0.10


def some_house(chance: Random, slots: int | None = None) -> House:
    """A house of any kind, as far as a forecast may meet it."""
    scale = chance.uniform(0.5, 1.2)
    return House(
        arrivals=chance.uniform(0.3, 1.2),
        slots=slots,
        stays=tuple((name, scale * median, spread) for name, median, spread in House().stays),
        back=chance.uniform(0.10, 0.30),
        stop=chance.uniform(0.0, 0.08),
        pause=chance.uniform(0.0, 0.20),
    )


def life(house: House, chance: Random, key: str, start: datetime) -> Life:
    """One initiative: stays of lognormal length, some with a pause in them, forward, back or stopped."""
    stays: list[Stayed] = []
    place, at = 0, start
    while True:
        name, median, spread = house.stays[place]
        lasted = median * chance.lognormvariate(0, spread)
        if chance.random() < house.pause:
            lasted += chance.expovariate(1 / 20)
        left = at + timedelta(days=lasted)
        stays.append(Stayed(name, at, left))
        draw = chance.random()
        at = left
        if draw < house.stop:
            return Life(key, tuple(stays), finished=False)
        if place and draw < house.stop + house.back:
            place = chance.randrange(place)
        elif place + 1 == len(house.stays):
            return Life(key, tuple(stays), finished=True)
        else:
            place += 1


def lives(house: House, chance: Random, days: float) -> list[Life]:
    """All that starts within so many days: as it comes in, or when a slot is free."""
    made: list[Life] = []
    free = [BEGIN] * (house.slots or 0)
    at = BEGIN
    while at < BEGIN + timedelta(days=days):
        start = at
        if house.slots:
            free.sort()
            start = max(at, free[0])
        made.append(life(house, chance, f"SUP-{len(made) + 1}", start))
        if house.slots:
            free[0] = made[-1].ended
        at += timedelta(days=chance.expovariate(house.arrivals))
    return made


def as_of(made: list[Life], moment: datetime, zone: str = "UTC") -> dict[str, Any]:
    """What `metrics/1` says of them at a moment, as far as a forecast reads it."""
    initiatives = [
        {"key": each.key, "cycles": [_cycle(each, moment)]} for each in made if each.stays[0].entered < moment
    ]
    return {
        "as_of": rfc3339(moment),
        "known_at": rfc3339(moment),
        "position": len(initiatives),
        "head": "ab" * 32,
        "zone": zone,
        "initiatives": initiatives,
        "left_out": [],
        "quality": [],
    }


def _cycle(each: Life, moment: datetime) -> dict[str, Any]:
    over = each.ended <= moment
    stopped = over and not each.finished
    seen = [stay for stay in each.stays if stay.entered <= moment]
    return {
        "started_at": rfc3339(each.stays[0].entered),
        "finished_at": rfc3339(each.ended) if over and each.finished else None,
        "ended_at": rfc3339(each.ended) if stopped else None,
        "visits": [
            {
                "milestone": stay.milestone,
                "entered_at": rfc3339(stay.entered),
                "left_at": None
                if stay.left > moment or (stopped and stay is seen[-1])
                else rfc3339(stay.left),
                "seconds": seconds(stay.entered, min(stay.left, moment)),
            }
            for stay in seen
        ],
    }
