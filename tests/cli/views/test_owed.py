"""What is owed, for people, and what the program says without a command."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from roadlog.cli.views.owed import render
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen

DAN = """\
SUP-2    58.0 d  Hear data-science: silent for 14 days or more
                 roadlog checkin SUP-2 --role data-science TEXT
SUP-1    40.0 d  Decide as data-science on leaving training (risks changed since the vote)
                 roadlog approve SUP-1 --role data-science
SUP-1    25.0 d  Hear data-science: silent for 14 days or more
                 roadlog checkin SUP-1 --role data-science TEXT
"""


def test_next_says_what_since_when_and_the_command_oldest_first(line: Line) -> None:
    assert seen(line, "next", by="dan") == DAN
    assert seen(line, "next", "--for", "dan", by="paula") == DAN


def test_a_long_one_wraps_and_its_command_stays_whole(line: Line) -> None:
    text = seen(line, "next", by="paula", columns=60).splitlines()
    assert text[0] == "SUP-2    59.0 d  Criteria: none set yet (and 3 more)"
    assert text[1].startswith(" " * 17 + "roadlog criterion set SUP-2 ID ")
    assert text[1].endswith(" --threshold N")
    assert text[2] == "SUP-2    48.0 d  Decide what becomes of E1, severity 4: Tour"


def test_what_is_owed_for_long_says_how_long_whole(line: Line, draw: Draw) -> None:
    later = datetime(2029, 4, 15, 10, tzinfo=UTC)
    text = draw(render, line.json("next", by="dan"), "dan", later)
    assert text.startswith("SUP-2  1,154.0 d  Hear data-science: silent for 14 days or more\n")


def test_at_another_time_it_counts_from_then(line: Line) -> None:
    assert "  30.0 d  Hear data-science" in seen(line, "next", "--as-of", "2026-03-18T09:00:00Z", by="dan")


def test_nothing_owed_says_so_and_is_an_empty_list(line: Line) -> None:
    assert seen(line, "next", "--position", "7", by="dan").startswith("Nothing is owed.\n")
    assert line.json("next", "--position", "7", by="dan") == []


def test_somebody_unknown_is_an_argument_not_understood(line: Line) -> None:
    error = line.error("next", "--for", "dann")
    assert (error["exit"], error["rule"]) == (2, "unknown-stakeholder")


def test_without_a_command_it_prints_the_board_and_what_i_owe(line: Line) -> None:
    board = seen(line, "board")
    assert seen(line, by="dan") == f"{board}\nWhat dan can do or owes\n{DAN}"


def test_without_a_command_a_stranger_sees_the_oldest_that_anybody_owes(line: Line) -> None:
    text = seen(line, by="stranger")
    board = seen(line, "board")
    owed = text.removeprefix(board).splitlines()
    assert owed[:4] == [
        "",
        "What is owed, by anybody",
        "SUP-1    75.0 d  Hear compliance: silent for 14 days or more  (carla)",
        "                 roadlog checkin SUP-1 --role compliance TEXT",
    ]
    assert owed[-1] == "and 9 more: roadlog next --for HANDLE"


def test_without_a_command_json_is_the_board_with_what_i_owe(line: Line) -> None:
    answer = line.json(by="dan")
    assert answer == {**line.json("board"), "next": line.json("next", by="dan")}


@pytest.mark.parametrize("command", ["next", "digest"])
def test_whoever_is_nobody_on_the_roadmap_is_told_how_to_ask(line: Line, command: str) -> None:
    error = line.error(command, by="root")
    assert (error["exit"], error["rule"], error["missing"]) == (2, "unknown-stakeholder", ["root"])
    assert error["message"].startswith("There is no stakeholder 'root'.")
    assert error["message"].endswith(" --as, or ROADLOG_ACTOR, says who you are.")
    assert error["try"] == [f"roadlog {command} --for HANDLE", "roadlog stakeholder list"]
    other = line.error(command, "--for", "root", by="paula")
    assert ("ROADLOG_ACTOR" in other["message"], other["try"]) == (False, ["roadlog stakeholder list"])
