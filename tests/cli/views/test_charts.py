"""Charts on a terminal: bars with their numbers, at 60 columns, without colour, of other people's names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roadlog.charts.registry import METRICS
from roadlog.cli.charts import NAMES, ON_A_TERMINAL
from roadlog.cli.views.charts import render
from tests.charts import answers
from tests.charts.pictures import parsed
from tests.charts.test_edges import MADE
from tests.charts.test_pictures import HOSTILE, hostile
from tests.cli.hostile import raw
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import widest

AGEING = """\
Ageing work in progress: days since its start
all initiatives

           days  0   100    200    300

feasibility (1)
SUP-4    81.1 d  ██████

prototype (1)
SUP-1   107.3 d  ████████                         blocked

training (1)
SUP-10  261.7 d  ██████████████████     over p85
"""


def shown(draw: Draw, name: str, answer: answers.Answer, columns: int = 100) -> str:
    return draw(render, METRICS[name].table(answer).answer(), columns=columns)


def aged() -> answers.Answer:
    """Three unfinished cycles, and five finished ones, whose p85 is 100 days."""
    answer = answers.made(0)
    days = {"SUP-4": (81.1, "feasibility", "active"), "SUP-1": (107.3, "prototype", "blocked")}
    days["SUP-10"] = (261.7, "training", "active")
    for key, (age, milestone, status) in days.items():
        answer["initiatives"].append(
            {
                "key": key,
                "title": key,
                "milestone": milestone,
                "status": status,
                "age": age * answers.DAY,
                "cycles": [{"cycle": 1}],
            }
        )
    answer["cycle_time"] = answers.summary([("SUP-9", days * answers.DAY) for days in (10, 20, 30, 90, 120)])
    return answer


def test_ageing_work_stands_under_its_milestone_with_its_days(draw: Draw) -> None:
    text = shown(draw, "ageing", aged(), columns=61)
    assert text.startswith(AGEING)
    assert "Of finished cycles p50 is 30.0 d and p85 is 120.0 d; older\nare 3 and 1." in text


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
@pytest.mark.parametrize("oldest", [0.4, 9.0, 99.0, 1234.0])
def test_a_bar_ends_under_the_number_of_its_days(draw: Draw, columns: int, oldest: float) -> None:
    answer = aged()
    parts = {"SUP-4": 0.1, "SUP-1": 0.5, "SUP-10": 1.0}
    for each in answer["initiatives"]:
        each["age"] = oldest * parts[each["key"]] * answers.DAY
    lines = shown(draw, "ageing", answer, columns=columns).splitlines()
    ruler = next(each for each in lines if each.strip().startswith("days"))
    begin = ruler.index("days") + len("days  ")
    numbers = [(float(each[0].replace(",", "")), each) for each in re.finditer(r"[\d.,]+", ruler)]
    top, wide = numbers[-1][0], len(ruler) - begin
    for value, found in numbers:
        assert found.end() - begin == pytest.approx(max(len(found[0]), wide * value / top), abs=0.51)
    for key, part in parts.items():
        bar = next(each for each in lines if each.startswith(f"{key} ")).count("█")
        assert bar == pytest.approx(max(1, oldest * part / top * wide), abs=0.51)


@pytest.mark.parametrize("name", ["time-in-milestone", "outcome"])
def test_the_title_of_one_initiative_is_told_once(draw: Draw, name: str) -> None:
    answer = answers.made(1, key="SUP-1")
    title = answer["initiatives"][0]["title"]
    assert shown(draw, name, answer).count(title) == 1
    assert METRICS[name].svg(answer).count(f">SUP-1 {title}<") == 1
    several = answers.made(3)
    assert all(shown(draw, name, several).count(each["key"]) <= 1 for each in several["initiatives"])
    assert f"\nSUP-1 {title}\n" in shown(draw, name, several)


def test_time_in_milestones_tells_each_visit(draw: Draw) -> None:
    text = shown(draw, "time-in-milestone", MADE["a_thousand_loops"]())
    assert "█ first visit  ▓ second visit  ▒ later visits, in days" in text
    (bar,) = re.findall(r"training  (\S+)  1\.0 \+ 1\.0 \+ 998\.0 d", text)
    assert set(bar) == set("█▓▒")


def test_the_outcome_of_a_few_is_told_iteration_by_iteration(draw: Draw) -> None:
    answer = MADE["a_thousand_loops"]()
    iterations = answer["initiatives"][0]["cycles"][0]["iterations"]
    del iterations[3:]
    for each, progress, gain in zip(iterations, (0.25, None, 1.1), (0.25, None, 0.85), strict=True):
        each["progress"], each["gain"] = progress, gain
    text = shown(draw, "outcome", answer)
    assert (
        "   1  ██░░░░░░░░ 25 %  +25 points\n   2  not measured\n   3  ██████████ 110 %  +85 points\n" in text
    )


def test_the_outcome_of_many_is_their_median_and_range(draw: Draw) -> None:
    text = shown(draw, "outcome", answers.made(50))
    assert "iteration, median, lowest to highest, n\n   1  " in text
    assert re.search(r"   2  [█░]{10} \d+ %  -?\d+ % to \d+ %, n \d+", text)


@pytest.mark.parametrize("name", ON_A_TERMINAL)
@pytest.mark.parametrize("columns", [40, 60, 80, 100, 140])
@pytest.mark.parametrize("count", [0, 1, 5, 50, 500])
def test_no_line_is_wider_than_the_screen(draw: Draw, name: str, columns: int, count: int) -> None:
    text = shown(draw, name, answers.made(count), columns=columns)
    assert widest(text) <= columns
    assert "\x1b" not in text
    assert text.count("\n") < 90
    if columns >= 60:
        assert "…" not in text


@pytest.mark.parametrize("name", ON_A_TERMINAL)
def test_an_empty_roadmap_says_what_is_missing(draw: Draw, name: str) -> None:
    answer = answers.made(0)
    assert METRICS[name].table(answer).missing in shown(draw, name, answer)


@pytest.mark.parametrize("name", ON_A_TERMINAL)
@pytest.mark.parametrize("made", MADE)
def test_what_is_seldom_is_drawn_too(draw: Draw, name: str, made: str) -> None:
    assert METRICS[name].table(MADE[made]()).title in shown(draw, name, MADE[made]())


@pytest.mark.parametrize("name", ON_A_TERMINAL)
def test_other_peoples_words_are_shown_and_not_obeyed(draw: Draw, name: str) -> None:
    text = shown(draw, name, hostile(HOSTILE), columns=60)
    assert raw(text) == []
    assert "\\u202e" in text
    assert widest(text) <= 60


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("about", [(), ("SUP-1",), ("--from", "2026-02-01", "--to", "2026-03-01")])
def test_every_chart_is_drawn_of_what_was_played(
    line: Line, tmp_path: Path, name: str, about: tuple[str, ...]
) -> None:
    out = str(tmp_path / "a.svg")
    if (name, *about) == ("forecast", "SUP-1"):  # of one initiative it is refused
        return
    answer = line.json("metrics", *about, "--chart", name, "--out", out)
    assert parsed(Path(out).read_text(encoding="utf-8")) is not None
    assert answer["rows"] or answer["missing"]


def test_a_roadmap_without_initiatives_has_pictures_too(tmp_path: Path) -> None:
    line = Line(tmp_path / ".roadlog")
    line("init", "--key", "NEW")
    for name in NAMES:
        assert line.json("metrics", "--chart", name, "--out", str(tmp_path / f"{name}.svg"))["missing"]


def test_time_in_milestones_is_that_of_the_report(line: Line) -> None:
    for window in ((), ("--from", "2026-01-20"), ("--from", "2026-01-20", "--to", "2026-03-03")):
        report = line.json("metrics", *window)["time_in_milestone"]
        chart = line.json("metrics", *window, "--chart", "time-in-milestone")
        names = [each["name"] for each in chart["columns"]]
        rows = [dict(zip(names, row, strict=True)) for row in chart["rows"]]
        for milestone, visits in report.items():
            here = [row for row in rows if row["milestone"] == milestone]
            total = sum(row[part] for row in here for part in ("first", "second", "later"))
            assert total == pytest.approx(sum(each["seconds"] for each in visits))
            assert sum(row["visits"] for row in here) == sum(each["n"] for each in visits)
