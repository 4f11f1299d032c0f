"""Forecasts that are kept: what can have been forecast, and what is none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import KeepForecast
from roadlog.domain.events import ForecastKept, Lines
from roadlog.domain.roadmap import Forecast, fold_roadmap
from tests.domain.spec import NOW, TEAM, at, given, record, roadmap_records

HEAD = "a7" * 32
DAYS = Lines(p50=date(2026, 5, 1), p70=date(2026, 5, 9), p85=date(2026, 5, 9), p95=None)
COUNTS = Lines(p50=9, p70=7, p85=5, p95=5)
KEEP = KeepForecast(
    computed_as="forecast/1",
    by=date(2026, 6, 1),
    zone="UTC",
    seed=7,
    trials=10_000,
    as_of=at(0),
    position=1,
    head=HEAD,
    n=31,
    lines=COUNTS,
)


def kept(command: KeepForecast) -> ForecastKept:
    return ForecastKept(**{name: getattr(command, name) for name in ForecastKept.__struct_fields__})


WHEN = replace(KEEP, by=None, count=4, lines=DAYS)
ONE = replace(KEEP, by=None, key="SUP-1", lines=DAYS)


@pytest.mark.parametrize("command", [KEEP, WHEN, ONE], ids=["by", "count", "key"])
def test_a_forecast_of_each_question_is_kept_by_anybody(command: KeepForecast) -> None:
    given().when(command, by="dan").then(kept(command))


def test_what_was_kept_word_for_word_is_not_kept_again() -> None:
    there = given(roadmap=[record(kept(KEEP), position=20, stream="SUP", at=NOW)])
    there.when(KEEP).then()
    there.when(replace(KEEP, seed=8)).then(kept(replace(KEEP, seed=8)))


def test_it_is_made_by_records_that_the_log_holds() -> None:
    last = len(TEAM) + 2
    given().when(replace(KEEP, position=last)).then(kept(replace(KEEP, position=last)))
    given().when(replace(KEEP, position=last + 1)).then_refused("forecast", saying=f"holds {last} records")


def test_it_is_kept_when_it_was_made_or_later() -> None:
    given().when(replace(KEEP, as_of=NOW)).then(kept(replace(KEEP, as_of=NOW)))
    late = replace(KEEP, as_of=NOW + timedelta(seconds=1))
    given().when(late).then_refused("forecast", saying="cannot be kept before it")


@pytest.mark.parametrize(
    ("command", "changes", "saying"),
    [
        (KEEP, {"by": None}, "one of an initiative, a day and a count"),
        (KEEP, {"count": 3}, "one of an initiative, a day and a count"),
        (ONE, {"key": "OPS-1"}, "OPS-1 is no key of SUP"),
        (WHEN, {"count": 0}, "the count is 1 or more"),
        (KEEP, {"trials": 0}, "its trials or its seed"),
        (KEEP, {"trials": 1_000_001}, "its trials or its seed"),
        (KEEP, {"seed": -1}, "its trials or its seed"),
        (KEEP, {"position": 0}, "its position, its n or its head"),
        (KEEP, {"n": 0}, "its position, its n or its head"),
        (KEEP, {"head": "A7" * 32}, "its position, its n or its head"),
        (KEEP, {"head": "a7"}, "its position, its n or its head"),
        (KEEP, {"window_from": at(1), "window_to": at(1)}, "the window of its history is empty"),
        (KEEP, {"lines": Lines(p50=None, p70=None, p85=None, p95=None)}, "it says nothing"),
        (KEEP, {"lines": Lines(p50=0, p70=0, p85=0, p95=0)}, "it says nothing"),
        (KEEP, {"lines": replace(COUNTS, p70=None)}, "a line is told after one that cannot be"),
        (KEEP, {"lines": DAYS}, "its lines are counts for a day"),
        (WHEN, {"lines": COUNTS}, "its lines are counts for a day"),
        (KEEP, {"lines": replace(COUNTS, p95=6)}, "a more certain line says more"),
        (ONE, {"lines": replace(DAYS, p70=date(2026, 4, 30))}, "a more certain line says more"),
        (KEEP, {"lines": Lines(p50=0, p70=0, p85=0, p95=-1)}, "a count is below 0"),
    ],
)
def test_what_can_be_no_forecast(command: KeepForecast, changes: dict[str, Any], saying: str) -> None:
    given().when(replace(command, **changes)).then_refused("forecast", saying=saying)


def test_the_roadmap_knows_what_was_kept() -> None:
    records = [*roadmap_records(), record(kept(KEEP), position=20, stream="SUP", actor="dan", at=NOW)]
    (forecast,) = fold_roadmap(records).forecasts
    assert forecast == Forecast(position=20, by="dan", kept_at=NOW, recorded_at=NOW, said=kept(KEEP))
