"""Answers: their shape, days and zones, windows, what is no history, and what bad histories give."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Malformed, Unknown
from roadlog.projections.forecast.forecasting import forecast
from roadlog.projections.forecast.history import history_of
from roadlog.projections.forecast.lines import LEVELS
from roadlog.projections.forecast.question import Question, begins, seed_of
from tests.projections.forecast.synthetic import BEGIN, House, Life, Stayed, as_of, lives

NOW = BEGIN + timedelta(days=300, hours=9)
TODAY = NOW.date()
SHORT = House(arrivals=0.5, stays=(("build", 6.0, 0.6), ("check", 5.0, 0.6)), stop=0.0)
MADE = lives(SHORT, Random(3), 400)
ANSWER = as_of(MADE, NOW)
NOTHING = dict.fromkeys(LEVELS)


def asking(answer: dict[str, Any] = ANSWER, **asked: Any) -> dict[str, Any]:
    return forecast(answer, Question(**{"trials": 500, **asked}))


def cycles(*spans: tuple[float, float | None], stopped: bool = False) -> list[Life]:
    """One initiative each, in one milestone from a day to another; None never ends."""
    return [
        Life(
            f"SUP-{number}",
            (Stayed("build", BEGIN + timedelta(days=start), BEGIN + timedelta(days=end or 9_999)),),
            finished=not stopped,
        )
        for number, (start, end) in enumerate(spans, start=1)
    ]


def test_an_answer_says_what_it_was_computed_from() -> None:
    answer = asking(by=date(2026, 12, 1))
    assert {key: answer[key] for key in ("definition", "question", "position", "head", "zone", "trials")} == {
        "definition": "forecast/1",
        "question": {"key": None, "by": "2026-12-01", "count": None, "from": None, "to": None},
        "position": ANSWER["position"],
        "head": "ab" * 32,
        "zone": "UTC",
        "trials": 500,
    }
    assert answer["seed"] == seed_of("ab" * 32) == 0xABABABABABABA
    assert seed_of("ff" * 32) < 2**53
    assert seed_of("-") == 0


def test_the_same_answer_and_seed_give_the_same_bytes() -> None:
    for asked in ({}, {"count": 7}, {"key": _under_way()}):
        first, second = (orjson.dumps(asking(**asked)) for _ in range(2))
        assert first == second
        assert orjson.dumps(asking(**asked, seed=1)) != orjson.dumps(asking(**asked, seed=2))


def _under_way() -> str:
    return next(each.key for each in MADE if each.stays[0].entered < NOW < each.ended)


def test_without_a_question_it_is_thirty_days_and_what_is_under_way() -> None:
    answer = asking()
    assert answer["question"]["by"] == (TODAY + timedelta(days=30)).isoformat()
    assert answer["in_progress"]["count"] == sum(each.stays[0].entered < NOW < each.ended for each in MADE)
    assert asking(count=3)["in_progress"] is None


def test_a_more_certain_line_says_less_and_later() -> None:
    more = list(asking(by=TODAY + timedelta(days=60))["percentiles"].values())
    later = list(asking(count=10)["percentiles"].values())
    assert more == sorted(more, reverse=True)
    assert later == sorted(later)


def test_the_fan_ends_on_the_day_and_today_counts_in_the_morning() -> None:
    by = TODAY + timedelta(days=16)
    fan = asking(by=by)["fan"]
    assert [each["at"] for each in fan] == [
        (TODAY + timedelta(days=days)).isoformat() for days in (-1, 6, 13, 16)
    ]
    assert {line: fan[-1][line] for line in LEVELS} == asking(by=by)["percentiles"]
    evening = as_of(MADE, NOW + timedelta(hours=9))
    assert next(each["at"] for each in asking(evening, by=by)["fan"]) == TODAY.isoformat()
    assert asking(evening, by=TODAY)["percentiles"] == dict.fromkeys(LEVELS, 0)


def test_a_long_fan_has_about_sixty_points() -> None:
    fan = asking(by=TODAY + timedelta(days=3_650))["fan"]
    assert len(fan) <= 62
    assert fan[-1]["at"] == (TODAY + timedelta(days=3_650)).isoformat()


def test_fewer_than_ten_finishes_are_no_history() -> None:
    nine = as_of(cycles(*((each, 20 + each) for each in range(9)), (1, None), (70, None)), BEGIN + DAYS(100))
    answer = asking(nine, key="SUP-11")
    assert answer["insufficient"] == (
        "Insufficient history: 9 cycles have finished in its window, and a forecast needs 10."
    )
    assert (answer["n"], answer["percentiles"]) == (9, NOTHING)
    assert answer["peers"]["age"] == 30 * 86_400
    assert answer["peers"]["unfinished"] == [{"key": "SUP-10", "seconds": 99 * 86_400}]
    assert len(answer["peers"]["finished"]) == 9
    whole = asking(nine, by=(BEGIN + DAYS(130)).date())
    assert (whole["percentiles"], whole["peers"]["age"], whole["fan"]) == (NOTHING, None, None)
    ten = as_of(cycles(*((each, 20 + each) for each in range(10)), (70, None)), BEGIN + DAYS(100))
    assert asking(ten, key="SUP-11")["insufficient"] is None


def DAYS(number: float) -> timedelta:  # noqa: N802 - reads like a unit
    return timedelta(days=number)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([], "no cycle has finished"),
        (cycles((0, None)), "no cycle has finished"),
        (cycles((0, 5)), "1 cycle has finished"),
        (cycles(*((0, None) for _ in range(30))), "no cycle has finished"),
        (cycles(*((0, 9) for _ in range(30)), stopped=True), "no cycle has finished"),
    ],
    ids=["empty", "one", "one finished", "all unfinished", "all stopped"],
)
def test_what_is_no_history(made: list[Life], why: str) -> None:
    for asked in ({}, {"count": 3}, {"by": date(2026, 6, 1)}):
        answer = asking(as_of(made, BEGIN + DAYS(60.5)), **asked)
        assert answer["insufficient"].startswith(f"Insufficient history: {why} in its window")
        assert (answer["percentiles"], answer["fan"]) == (NOTHING, None)


def test_where_earlier_finishes_are_enough_it_says_since_when() -> None:
    made = cycles(*((each, 20 + each) for each in range(12)), (60, None))
    answer = as_of(made, BEGIN + DAYS(90))
    why = "Insufficient history: no cycle has finished in its window, and a forecast needs 10."
    out = "12 have finished since 2026-01-01: --from 2026-01-01 draws from them all."
    late = (BEGIN + DAYS(40), None)
    for asked in ({}, {"key": "SUP-13"}):
        assert asking(answer, window=late, **asked)["insufficient"] == f"{why} {out}"
        taken = asking(answer, window=(BEGIN, None), **asked)
        assert (taken["insufficient"], taken["n"]) == (None, 12)
    before = asking(answer, window=(BEGIN + DAYS(15), BEGIN + DAYS(20)))
    assert before["insufficient"] == why
    young = cycles(*((0, 5 + each) for each in range(12)), (0, 40))
    assert asking(as_of(young, BEGIN + DAYS(90)), count=3)["insufficient"] == (
        f"{why.replace('no cycle', '1 cycle')} {out.replace('12', '13')}"
    )


def test_whose_cycle_is_over_or_has_not_begun_is_not_forecast() -> None:
    made = cycles(*((each, 20 + each) for each in range(12)))
    answer = as_of(made, BEGIN + DAYS(50))
    assert asking(answer, key="SUP-1")["insufficient"] == (
        "SUP-1 is not under way: it finished at 2026-01-21T00:00:00Z."
    )
    answer["initiatives"][1]["cycles"][0] |= {"finished_at": None, "ended_at": rfc3339(BEGIN + DAYS(9))}
    assert asking(answer, key="SUP-2")["insufficient"] == (
        "SUP-2 is not under way: it was stopped or retired at 2026-01-10T00:00:00Z."
    )
    answer["initiatives"][2]["cycles"] = []
    assert asking(answer, key="SUP-3")["insufficient"] == (
        "SUP-3 is not under way: nothing in its history says when it will start."
    )
    with pytest.raises(Unknown, match="SUP-99"):
        asking(answer, key="SUP-99")


def test_longer_than_any_stay_that_ended_is_beyond() -> None:
    made = cycles(*((each, 20 + each) for each in range(12)), (0, None))
    answer = asking(as_of(made, BEGIN + DAYS(50)), key="SUP-13")
    assert (answer["percentiles"], answer["stopped"], answer["insufficient"]) == (NOTHING, 0.0, None)
    assert answer["beyond"] == {
        "share": 1.0,
        "why": "longer in build than any stay that has ended in this history",
    }
    assert answer["peers"]["age"] == 50 * 86_400


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"by": TODAY - DAYS(1)}, "by"),
        ({"by": TODAY + DAYS(3_653)}, "by"),
        ({"window": (NOW, NOW)}, "window"),
        ({"window": (NOW, NOW - DAYS(1))}, "window"),
    ],
)
def test_days_and_windows_that_cannot_be(asked: dict[str, Any], rule: str) -> None:
    with pytest.raises(Malformed) as refused:
        asking(**asked)
    assert refused.value.rule == rule
    assert asking(by=TODAY + DAYS(3_652))["insufficient"] is None


@pytest.mark.parametrize("days", [(-900, -800), (-900, 2), (299, 900), (600, 700)])
def test_a_window_outside_the_history_holds_no_finish(days: tuple[float, float]) -> None:
    window = BEGIN + DAYS(days[0]), BEGIN + DAYS(days[1])
    answer = asking(window=window)
    assert answer["n"] < 10
    assert answer["insufficient"].startswith("Insufficient history")
    assert answer["window"][0] <= answer["window"][1]


def test_a_window_is_of_whole_days() -> None:
    window = BEGIN + DAYS(100.5), BEGIN + DAYS(200.5)
    answer = asking(window=window)
    assert answer["window"] == [rfc3339(BEGIN + DAYS(101)), rfc3339(BEGIN + DAYS(200))]
    whole = [each.ended for each in MADE if BEGIN + DAYS(101) <= each.ended < BEGIN + DAYS(200)]
    assert answer["n"] == len(whole)


def test_history_begins_when_work_has_had_time_to_finish() -> None:
    """The first start plus what 95 % of the finished cycles took at most, but half of the time at most."""
    made = cycles((0, 30), *((40 + each, 60 + each) for each in range(30)))
    answer = asking(as_of(made, BEGIN + DAYS(100)))
    assert answer["window"][0] == rfc3339(BEGIN + DAYS(20))
    long = cycles((0, 90), *((each, 80 + each) for each in range(15)))
    assert asking(as_of(long, BEGIN + DAYS(100)))["window"][0] == rfc3339(BEGIN + DAYS(50))
    given = asking(as_of(made, BEGIN + DAYS(100)), window=(BEGIN - DAYS(9), None))
    assert given["window"][0] == rfc3339(BEGIN)


def test_days_are_those_of_the_zone_also_where_clocks_change() -> None:
    zone = ZoneInfo("America/Santiago")  # clocks go forward at midnight, on 6 September 2026
    assert begins(date(2026, 9, 6), zone).astimezone(UTC) == datetime(2026, 9, 6, 4, tzinfo=UTC)
    made = cycles(*((240 + each, 245 + each / 2) for each in range(30)))
    history = history_of(as_of(made, NOW, "America/Santiago"), (BEGIN + DAYS(241), None), zone)
    counts = history.daily()
    first, end = history.days()
    assert (first, end) == (date(2026, 8, 30), date(2026, 10, 28))
    assert len(counts) == 59
    assert counts[5:8] == [2, 2, 2]
    assert sum(counts) == 30


def test_leap_days_are_days() -> None:
    begin = datetime(2028, 2, 20, tzinfo=UTC)
    shift = begin - BEGIN
    made = [
        Life(
            each.key, tuple(Stayed(s.milestone, s.entered + shift, s.left + shift) for s in each.stays), True
        )
        for each in cycles(*((each / 2, 5 + each / 2) for each in range(30)))
    ]
    answer = asking(as_of(made, begin + DAYS(25)), window=(begin, None), by=date(2028, 4, 1))
    assert answer["window"] == ["2028-02-20T00:00:00.000000Z", "2028-03-16T00:00:00.000000Z"]
    assert (answer["n"], answer["insufficient"]) == (30, None)


def test_visits_of_no_length_and_a_thousand_loops_are_forecast() -> None:
    stays = [
        Stayed("check" if each % 2 else "build", BEGIN + DAYS(1), BEGIN + DAYS(1)) for each in range(2_000)
    ]
    looping = Life("SUP-1", (*stays, Stayed("build", BEGIN + DAYS(1), BEGIN + DAYS(2))), finished=True)
    made = [looping, *cycles(*((each, 20 + each) for each in range(12)), (49, None))[1:]]
    answer = asking(as_of(made, BEGIN + DAYS(50)), key="SUP-13")
    assert answer["insufficient"] is None
    assert answer["percentiles"]["p50"] is not None


def test_work_that_is_stopped_ends_its_trials() -> None:
    made = [
        *cycles(*((each, 20 + each) for each in range(12)), (49, None)),
        *[
            Life(f"SUP-{each}", (Stayed("build", BEGIN, BEGIN + DAYS(10)),), finished=False)
            for each in range(20, 28)
        ],
    ]
    answer = asking(as_of(made, BEGIN + DAYS(50)), key="SUP-13", trials=10_000)
    assert answer["stopped"] == pytest.approx(8 / 20, abs=0.02)
    assert answer["percentiles"] == dict.fromkeys(LEVELS, (BEGIN + DAYS(69)).date().isoformat())
