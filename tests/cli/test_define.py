"""`define` asks when it is given nothing, and opening a roadmap says what it made."""

from pathlib import Path

import pytest

from roadlog.cli import problem
from roadlog.cli.beginning import derived_key
from tests.cli.line import Line


@pytest.fixture
def asking(line: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(problem, "_can_ask", lambda: True)
    return line


def test_it_asks_on_a_terminal(asking: Line) -> None:
    answers = "Onboarding\nNew users leave within a week\nretention\n%\n40\n+10%\n2026-12-31\nEU, US\n\ndan\n"
    result = asking.run("define", typed=answers)
    assert result.exit_code == 0, result.stderr
    assert "SUP-2  paula defined the problem “Onboarding”" in result.stdout
    state = asking.json("target", "SUP-2", "retention", "--by", "2026-12-30", "--because", "earlier")[
        "records"
    ][0]
    assert state["data"]["outcome"] == {
        "metric": "retention",
        "unit": "%",
        "baseline": 40,
        "target": 10,
        "relative": True,
        "by": "2026-12-30",
    }


def test_what_can_be_said_later_may_be_left_empty(asking: Line) -> None:
    result = asking.run("define", "Onboarding", typed="New users leave within a week\n\n\n\n\n")
    assert result.exit_code == 0, result.stderr
    assert "SUP-2" in result.stdout


def test_a_bad_answer_is_asked_again(asking: Line) -> None:
    answers = "New users leave within a week\nretention\n\nmany\n40\n\n\n\n\n\n"
    result = asking.run("define", "Onboarding", typed=answers)
    assert result.exit_code == 0, result.stderr
    assert "'many' is no number" in result.stdout + result.stderr


def test_with_any_option_it_does_not_ask(asking: Line) -> None:
    assert "--problem" in asking.fails(2, "define", "Onboarding", "--metric", "retention")


def test_elsewhere_it_says_what_is_missing(line: Line) -> None:
    assert "TITLE" in line.fails(2, "define")
    assert "--problem" in line.fails(2, "define", "Onboarding")


def test_a_technology_in_the_problem_is_refused_with_the_way_out(line: Line) -> None:
    error = line.error("define", "Load", "--problem", "Build an LLM chatbot")
    assert error["exit"] == 5
    assert "chatbot" in error["message"]
    allowed = ("--allow-solution", "--because", "The board asked for it in these words")
    assert line.json("define", "Load", "--problem", "Build an LLM chatbot", *allowed)["initiative"] == "SUP-2"


def test_init_says_what_it_made(tmp_path: Path) -> None:
    line = Line(tmp_path / "shop floor" / ".roadlog")
    said = line("init", "--workflow", "lite")
    assert f"SHO, shop floor, is in {line.folder}." in said
    assert "It follows the workflow lite 1: feasibility → prototype" in said
    assert "Enrolled: paula (product)." in said
    assert sorted(each.name for each in line.folder.iterdir())[:2] == ["config.toml", "events.db"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Support AI", "SUP"),
        ("ai", "AI"),
        ("x", "MAP"),
        ("", "MAP"),
        ("7 wonders", "MAP"),
        ("Żółw", "MAP"),
        ("a-b-c", "ABC"),
    ],
)
def test_a_key_from_a_name(name: str, key: str) -> None:
    assert derived_key(name) == key


@pytest.mark.parametrize("key", ["S", "SUPPORTTEAM", "SU1", "ŻÓŁ"])
def test_a_key_that_cannot_be(tmp_path: Path, key: str) -> None:
    line = Line(tmp_path / ".roadlog")
    assert line.error("init", "--key", key)["rule"] == "roadmap-key"
    assert list(tmp_path.iterdir()) == []


def test_a_technology_that_is_part_of_the_pain_passes_with_a_hint(line: Line) -> None:
    words = ("define", "Refunds", "--problem", "Our bot's wrong answers cause refunds")
    result = line.run(*words)
    assert result.exit_code == 0
    assert result.stderr.startswith('Warning: It mentions "')
    assert "--approach" in line.json(*words)["warnings"][0]
    assert line.run("define", "Speed", "--problem", "Customers wait 9 hours").stderr == ""
