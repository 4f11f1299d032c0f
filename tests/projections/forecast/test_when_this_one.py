"""When this one finishes: Kaplan-Meier weights by hand, and a small chain with loops solved exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import pytest

from roadlog.projections.forecast.history import FINISH, OPEN, STOP, Stay
from roadlog.projections.forecast.lines import LEVELS
from roadlog.projections.forecast.stays import BEYOND, ends_after, ends_of
from roadlog.projections.forecast.when_this_one import MOST_VISITS, ends_of_trials, remaining
from tests.conftest import Figure

TRIALS = 10_000
DAY = 86_400.0
BUILD = {(1, "check"): 6, (3, "check"): 3, (4, STOP): 1}
CHECK = {(2, FINISH): 6, (5, FINISH): 1, (1, "build"): 2, (2, "check"): 1}
"""How often a stay of so many days had which end."""


def stays(milestone: str, ends: dict[tuple[int, str], int]) -> list[Stay]:
    return [Stay(milestone, days * DAY, then) for (days, then), times in ends.items() for _ in range(times)]


HISTORY = [*stays("build", BUILD), *stays("check", CHECK)]


def exact(milestone: str, age: float, days: int = 400) -> tuple[list[float], float]:
    """The probability of finishing on each day, and of ending stopped: every path, day by day."""
    ends = {"build": BUILD, "check": CHECK}
    here: dict[tuple[str, int], float] = defaultdict(float)
    finish, stopped = [0.0] * (days + 1), 0.0
    left = {end: times for end, times in ends[milestone].items() if end[0] > age}

    def leave(found: dict[tuple[int, str], int], at: int, mass: float, spent: float) -> None:
        nonlocal stopped
        for (lasted, then), times in found.items():
            day, share = at + lasted - int(spent), mass * times / sum(found.values())
            if then == FINISH:
                finish[min(day, days)] += share
            elif then == STOP:
                stopped += share
            else:
                here[then, day] += share

    leave(left, 0, 1.0, age)
    for day in range(days):
        for name, found in ends.items():
            leave(found, day, here.pop((name, day), 0.0), 0.0)
    return finish, stopped


@pytest.mark.parametrize(("milestone", "age"), [("build", 0), ("build", 2), ("build", 3), ("check", 1)])
def test_a_chain_with_loops_is_solved_as_it_is_exactly(milestone: str, age: int, figure: Figure) -> None:
    finish, stopped = exact(milestone, age)
    if not sum(finish):
        assert remaining(HISTORY, milestone, age * DAY, TRIALS, Random(1)).stopped == 1.0
        return
    found = remaining(HISTORY, milestone, age * DAY, TRIALS, Random(1))
    assert found.stopped == pytest.approx(stopped, abs=0.02)
    assert not found.beyond
    for line, level in LEVELS.items():
        seconds = found.lines[line]
        assert seconds is not None
        day = round(seconds / DAY)
        assert sum(finish[: day + 2]) / sum(finish) >= level
        assert sum(finish[: max(0, day - 1)]) / sum(finish) < level


@pytest.mark.parametrize(("milestone", "age"), [("build", 0), ("build", 2), ("check", 1)])
def test_every_day_has_its_probability_within_two_hundredths(
    milestone: str, age: int, figure: Figure
) -> None:
    there = {name: [each for each in HISTORY if each.milestone == name] for name in ("build", "check")}
    ends = {name: ends_of(each) for name, each in there.items()}
    begun = ends_after(there[milestone], age * DAY)
    times, stopped, beyond = ends_of_trials(ends, milestone, begun, TRIALS, Random(2))
    finish, exactly_stopped = exact(milestone, age)
    days = Counter(round(each / DAY) for each in times)
    differ = [abs(sum(finish[:day]) - sum(days[each] for each in range(day)) / TRIALS) for day in range(60)]
    figure(f"{milestone} after {age} days: probabilities differ by at most {max(differ):.4f}")
    assert max(differ) <= 0.02
    assert stopped / TRIALS == pytest.approx(exactly_stopped, abs=0.02)
    assert not beyond


def test_open_stays_are_weighed_in_by_kaplan_and_meier() -> None:
    """S falls to 3/4 after the first of four, then to 3/8 after the third, one of two still there."""
    four = [
        Stay("build", 1, "check"),
        Stay("build", 2, OPEN),
        Stay("build", 3, FINISH),
        Stay("build", 4, OPEN),
    ]
    found = ends_of(four)
    assert found.ends == [(1, "check"), (3, FINISH), (3, BEYOND)]
    assert found.weights == pytest.approx([1 / 4, 1 / 4 + 3 / 8, 1.0])


def test_of_alike_stays_the_open_one_was_there_longer() -> None:
    found = ends_of([Stay("build", 2, OPEN), Stay("build", 2, FINISH)])
    assert found.weights == [0.5, 1.0]
    assert ends_of([Stay("build", 2, OPEN), Stay("build", 3, FINISH)]).weights == [1.0]


def test_a_stay_that_lasts_as_long_as_any_that_ended_is_beyond() -> None:
    found = remaining(HISTORY, "check", 5 * DAY, TRIALS, Random(1))
    assert found.lines == dict.fromkeys(LEVELS)
    assert found.beyond == {"check": 1.0}
    assert found.stopped == 0.0


def test_a_milestone_that_nobody_left_yet_is_beyond() -> None:
    found = remaining([*HISTORY, Stay("pilot", DAY, OPEN)], "pilot", DAY, 100, Random(1))
    assert (found.lines, found.beyond) == (dict.fromkeys(LEVELS), {"pilot": 1.0})


def test_a_milestone_in_which_nobody_stood_is_beyond() -> None:
    assert remaining([Stay("build", 2, "check")], "build", 1, 10, Random(1)).beyond == {"check": 1.0}


def test_all_stopped_gives_no_day_and_nothing_beyond() -> None:
    found = remaining([Stay("build", 2, STOP)], "build", 1, 100, Random(1))
    assert (found.lines, found.beyond, found.stopped) == (dict.fromkeys(LEVELS), {}, 1.0)


def test_a_loop_without_a_way_out_ends_after_a_thousand_visits() -> None:
    found = remaining([Stay("build", 1, "build")], "build", 0, 10, Random(1))
    assert (found.lines, found.beyond) == (dict.fromkeys(LEVELS), {"": 1.0})
    assert MOST_VISITS == 1_000


def test_visits_of_no_length_are_visits() -> None:
    history = [Stay("build", 0, "check"), Stay("check", DAY, FINISH)]
    assert remaining(history, "check", 0, 10, Random(1)).lines == dict.fromkeys(LEVELS, DAY)
    assert remaining(history, "build", 0, 10, Random(1)).beyond == {"build": 1.0}
