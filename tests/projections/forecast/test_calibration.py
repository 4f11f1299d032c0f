"""What forecasts said of made-up histories with loops, held against what then happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import pytest

from roadlog.projections.forecast.forecasting import forecast
from roadlog.projections.forecast.history import OPEN, history_of
from roadlog.projections.forecast.lines import LEVELS
from roadlog.projections.forecast.question import Question
from roadlog.projections.forecast.when_this_one import remaining
from roadlog.projections.zones import zone_of
from tests.conftest import Figure, Times
from tests.faults.counts import FORECASTS
from tests.projections.forecast.synthetic import BEGIN, Life, as_of, lives, some_house

pytestmark = pytest.mark.fuzz

MIDDLE = 365
"""The day on which is forecast, in histories of twice as many."""
TRIALS = 2_000
KEYS = 4
"""Initiatives of each history that are asked for by their key."""

Made = tuple[int, Random, list[Life], datetime]


def histories(number: int, middle: int = MIDDLE) -> Iterator[Made]:
    for seed in range(number):
        chance = Random(seed)
        made = lives(some_house(chance), chance, 2 * middle)
        yield seed, chance, made, BEGIN + timedelta(days=middle, hours=chance.uniform(0, 24))


class Held:
    """Which share of the lines held, by line."""

    def __init__(self) -> None:
        self.lines: dict[str, list[bool]] = defaultdict(list)

    def of(self, line: str) -> float:
        return sum(self.lines[line]) / len(self.lines[line])

    def __str__(self) -> str:
        return ", ".join(
            f"{LEVELS[line]:.0%} line {self.of(line):.1%} of {len(self.lines[line]):,}" for line in LEVELS
        )


def finishes(made: list[Life], after: datetime) -> list[date]:
    return sorted(each.ended.date() for each in made if each.finished and each.ended > after)


def test_how_many_by_a_day_holds_as_often_as_it_says(times: Times, figure: Figure) -> None:
    held = Held()
    for seed, chance, made, now in histories(times(FORECASTS)):
        by = now.date() + timedelta(days=chance.randint(30, 90))
        said = forecast(as_of(made, now), Question(by=by, seed=seed, trials=TRIALS))
        assert said["insufficient"] is None
        came = sum(day <= by for day in finishes(made, now))
        for line, count in said["percentiles"].items():
            held.lines[line].append(came >= count)
    figure(str(held))
    assert 0.80 <= held.of("p85") <= 0.90


def test_days_on_which_nothing_could_finish_make_every_forecast_late(times: Times, figure: Figure) -> None:
    """The control: history from the first start on, when all work had only begun."""
    held = Held()
    for seed, chance, made, now in histories(times(FORECASTS)):
        by = now.date() + timedelta(days=chance.randint(30, 90))
        asked = Question(by=by, seed=seed, trials=TRIALS, window=(BEGIN, None))
        came = sum(day <= by for day in finishes(made, now))
        for line, count in forecast(as_of(made, now), asked)["percentiles"].items():
            held.lines[line].append(came >= count)
    figure(str(held))
    assert held.of("p85") > 0.95


def test_when_for_so_many_holds_as_often_as_it_says(times: Times, figure: Figure) -> None:
    held = Held()
    for seed, chance, made, now in histories(times(FORECASTS)):
        count = chance.randint(5, 40)
        said = forecast(as_of(made, now), Question(count=count, seed=seed, trials=TRIALS))
        came = finishes(made, now)[count - 1]
        for line, day in said["percentiles"].items():
            held.lines[line].append(came <= date.fromisoformat(day))
    figure(str(held))
    assert 0.80 <= held.of("p85") <= 0.90


def test_when_this_one_holds_as_often_as_it_says(times: Times, figure: Figure) -> None:
    held, beyond = Held(), 0
    for seed, chance, made, now in histories(times(FORECASTS)):
        for life in chance.choices(_under_way(made, now), k=KEYS):
            said = forecast(as_of(made, now), Question(key=life.key, seed=seed, trials=TRIALS))
            for line, day in said["percentiles"].items():
                if day is not None:
                    held.lines[line].append(life.ended.date() <= date.fromisoformat(day))
            beyond += said["percentiles"]["p85"] is None
    figure(f"{held}; {beyond} without an 85 % line")
    assert 0.80 <= held.of("p85") <= 0.90


def test_leaving_the_open_stays_out_makes_a_young_history_look_fast(times: Times, figure: Figure) -> None:
    """The control: the same trials on the stays that have ended, none of the open ones weighed in."""
    weighed, without = Held(), Held()
    for seed, chance, made, now in histories(times(FORECASTS), middle=90):
        stays = list(history_of(as_of(made, now), (None, None), zone_of("UTC")).stays())
        for life in chance.choices(_under_way(made, now), k=KEYS):
            visit = next(each for each in reversed(life.stays) if each.entered <= now)
            age = (now - visit.entered).total_seconds()
            for found, known in ((weighed, stays), (without, [each for each in stays if each.then != OPEN])):
                line = remaining(known, visit.milestone, age, TRIALS, Random(seed)).lines["p85"]
                if line is not None:
                    found.lines["p85"].append(life.ended <= now + timedelta(seconds=line))
    figure(f"held by the 85 % line {weighed.of('p85'):.1%}, without the open stays {without.of('p85'):.1%}")
    assert without.of("p85") < 0.80
    assert without.of("p85") < weighed.of("p85") - 0.05


def _under_way(made: list[Life], now: datetime) -> list[Life]:
    """Those that were under way then and finished later: of those that were stopped nothing was said."""
    return [each for each in made if each.stays[0].entered < now < each.ended and each.finished]
