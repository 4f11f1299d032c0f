"""`roadlog metrics --chart`: a new file, whole or not at all; a table as JSON; what is refused, and why."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from roadlog.charts import registry
from roadlog.charts.registry import METRICS
from roadlog.charts.table import Table
from roadlog.cli.charts import FORECAST, NAMES, ON_A_TERMINAL
from roadlog.projections.forecast.forecasting import forecast
from roadlog.projections.forecast.question import Question
from roadlog.reading import Reading
from tests.charts import answers
from tests.charts.pictures import parsed
from tests.cli.line import Line

ANSWER = answers.made(12)


def table(name: str) -> Table:
    """What the chart of that name shows of the answer."""
    if name == FORECAST:
        return registry.FORECAST.table({**forecast(ANSWER, Question()), "filter": ANSWER["filter"]})
    return METRICS[name].table(ANSWER)


def svg(name: str) -> str:
    return (registry.FORECAST if name == FORECAST else METRICS[name]).draw(table(name))


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A store whose metrics are made up."""
    monkeypatch.chdir(tmp_path)
    made = Line(tmp_path / ".roadlog")
    made("init", "--key", "SUP")
    monkeypatch.setattr(Reading, "metrics", lambda *_, **__: ANSWER)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_put_into_a_new_file(line: Line, name: str) -> None:
    said = line("metrics", "--chart", name, "--out", "picture.svg")
    assert said == f"✓ {table(name).title} (all initiatives) is in picture.svg.\n"
    picture = Path("picture.svg").read_text(encoding="utf-8")
    assert picture == svg(name)
    assert parsed(picture) is not None


@pytest.mark.parametrize("name", NAMES)
def test_as_a_hyphen_a_picture_goes_to_stdout(line: Line, name: str) -> None:
    """The same bytes as in a file, and nothing beside them."""
    assert line("metrics", "--chart", name, "--out", "-") == svg(name)
    assert line.run("metrics", "--chart", name, "--out", "-").stderr == ""
    assert os.listdir() == [".roadlog"]
    line("metrics", "--chart", name, "--out", "./-")
    assert Path("-").read_text(encoding="utf-8") == svg(name)


def test_a_forecast_goes_to_stdout_too(line: Line) -> None:
    assert line("forecast", "--out", "-") == svg(FORECAST)


def test_what_was_read_stands_beside_a_picture_on_stdout(line: Line) -> None:
    result = line.run("metrics", "--chart", "ageing", "--from", "2020-01-01", "--out", "-")
    assert result.stdout == svg("ageing")
    assert result.stderr == 'Read "2020-01-01" as 2020-01-01T00:00:00.000000Z\n'


@pytest.mark.parametrize("words", [("metrics", "--chart", "ageing"), ("forecast",)])
def test_stdout_holds_a_picture_or_json(line: Line, words: tuple[str, ...]) -> None:
    error = line.error(*words, "--out", "-")
    assert (error["exit"], error["rule"]) == (2, "usage")
    assert "A picture is no JSON. Give --out FILE" in error["message"]


def test_a_file_that_is_there_stays(line: Line) -> None:
    Path("a.svg").write_text("mine", encoding="utf-8")
    error = line.error("metrics", "--chart", "ageing", "--out", "a.svg")
    assert (error["exit"], error["rule"]) == (5, "file-exists")
    assert error["message"] == "a.svg is there already, and a picture is not written over anything."
    assert Path("a.svg").read_text(encoding="utf-8") == "mine"


def test_a_file_that_comes_meanwhile_stays(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def while_reading(*_: Any, **__: Any) -> Any:
        Path("a.svg").write_text("theirs", encoding="utf-8")
        return ANSWER

    monkeypatch.setattr(Reading, "metrics", while_reading)
    assert line.error("metrics", "--chart", "ageing", "--out", "a.svg")["rule"] == "file-exists"
    assert Path("a.svg").read_text(encoding="utf-8") == "theirs"


def test_where_no_file_can_be_nothing_stays(line: Line) -> None:
    error = line.error("metrics", "--chart", "ageing", "--out", "nowhere/a.svg")
    assert (error["exit"], error["rule"]) == (6, "file")
    assert "nowhere/a.svg cannot be written: No such file or directory." in error["message"]
    assert os.listdir() == [".roadlog"]


@pytest.mark.parametrize("name", NAMES)
def test_its_data_is_a_table_in_json(line: Line, name: str) -> None:
    answer = line.json("metrics", "--chart", name)
    assert answer == table(name).answer()
    assert line.json("metrics", "--chart", name, "--out", "a.svg") == {**answer, "out": "a.svg"}


@pytest.mark.parametrize("name", ON_A_TERMINAL)
def test_three_are_printed_too(line: Line, name: str) -> None:
    assert line("metrics", "--chart", name).startswith(table(name).title)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(ON_A_TERMINAL)))
def test_of_the_others_it_says_how_to_get_them(line: Line, name: str) -> None:
    said = line.fails(2, "metrics", "--chart", name)
    assert f"{name} is a picture: add --out {name}.svg, or --json for its data." in said
    assert "The terminal shows ageing, time-in-milestone and outcome." in said


def test_a_name_that_is_none_is_refused_with_those_that_are(line: Line) -> None:
    error = line.error("metrics", "--chart", "pie", "--out", "a.svg")
    assert (error["exit"], error["rule"]) == (2, "unknown-chart")
    assert error["message"] == f"There is no chart 'pie'. Known: {', '.join(NAMES)}."
    assert "Did you mean ageing?" in line.fails(2, "metrics", "--chart", "aging")
    assert not Path("a.svg").exists()


def test_a_file_alone_is_refused(line: Line) -> None:
    assert "--out goes with --chart." in line.fails(2, "metrics", "--out", "a.svg")


def test_a_forecast_says_whose_history_it_draws_from(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {**ANSWER["filter"], "segment": "smb"}
    monkeypatch.setattr(Reading, "metrics", lambda *_, **__: {**ANSWER, "filter": chosen})
    answer = line.json("metrics", "--segment", "smb", "--chart", "forecast")
    assert (answer["about"], answer["filter"]) == ("all initiatives · segment smb", chosen)


def test_a_forecast_of_one_initiative_is_no_picture(line: Line) -> None:
    said = " ".join(line.fails(2, "metrics", "SUP-1", "--chart", "forecast", "--out", "a.svg").split())
    assert "A forecast of one initiative has no fan to draw: leave --chart forecast or KEY away." in said
    assert not Path("a.svg").exists()
