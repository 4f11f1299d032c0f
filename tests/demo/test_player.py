"""Days, steps and the player: what is typed when, and that a step gone wrong stops the play."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from roadlog.demo import scenario, support_load
from roadlog.demo.calendar import LAST_WEEK, Calendar, calendar_before
from roadlog.demo.player import DemoFailure, play
from roadlog.demo.steps import shown, step

FIRST = Calendar(first=date(2026, 3, 2))


@pytest.mark.parametrize("ahead", range(14))
def test_the_last_week_is_over_whatever_day_it_is(ahead: int) -> None:
    today = date(2026, 11, 16) + timedelta(days=ahead)
    calendar = calendar_before(today)
    assert calendar.first.weekday() == 0
    assert timedelta(days=3) <= today - calendar.day(LAST_WEEK, "fri") <= timedelta(days=9)


def test_the_scenario_stays_within_its_weeks() -> None:
    moments = [FIRST.moment(each.when) for each in scenario.history(FIRST)]
    assert moments == sorted(moments)
    assert moments[0] >= datetime(2026, 3, 2, tzinfo=UTC)
    assert moments[-1].date() <= FIRST.day(LAST_WEEK, "fri")


def test_days_stand_in_texts_as_their_dates() -> None:
    assert FIRST.moment("3 tue 14:20") == datetime(2026, 3, 17, 14, 20, tzinfo=UTC)
    assert FIRST.dated("Strip names@{5 fri}") == "Strip names@2026-04-03"


def test_a_step_is_typed_with_who_and_when() -> None:
    one = step("1 mon 09:15", "mara", "risk log SUP-1", "Bad", from_="output-bias", likelihood=3, passed=True)
    assert one.typed(FIRST) == (
        *("risk", "log", "SUP-1", "Bad", "--from", "output-bias", "--likelihood", "3", "--passed"),
        *("--as", "mara", "--at", "2026-03-02T09:15:00Z"),
    )


def test_a_long_command_is_broken_before_options() -> None:
    text = "x" * 90
    assert shown(("note", "SUP-1", text, "--as", "mara")) == f"roadlog note SUP-1 {text} \\\n    --as mara"
    assert shown(("note", "it's", "a $5 'fee'")) == "roadlog note \"it's\" 'a $5 '\"'\"'fee'\"'\"''"


@pytest.mark.parametrize("refused", ["", "another rule"])
def test_a_step_that_goes_otherwise_stops_the_play(
    refused: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the same step with its refusal named goes on, see test_history."""
    wrong = step("1 mon 09:15", "mara", "board", refused=refused)
    monkeypatch.setattr(support_load, "STEPS", (wrong,))
    monkeypatch.setattr(scenario, "PARTS", (support_load,))
    with pytest.raises(DemoFailure, match="The demo stopped") as failure:
        play(tmp_path, FIRST, lambda *_: None)
    assert "$ roadlog board --as mara" in failure.value.message
