"""The projections' commands: where they stand, making them anew, and naming what differs."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.cli.line import Line
from tests.cli.views.seen import seen


def change(line: Line, sql: str) -> None:
    with closing(sqlite3.connect(line.folder / "projections.db")) as connection:
        connection.execute(sql)
        connection.commit()


def test_before_the_first_read_they_are_not_there(line: Line) -> None:
    assert line.json("projections", "status") == {
        "file": str(line.folder / "projections.db"),
        "exists": False,
        "head": 64,
        "position": 0,
        "state": "absent",
        "counts": {},
    }
    assert seen(line, "projections", "status").startswith("○ not there yet; the next read builds them\n")


def test_after_a_read_they_are_current(line: Line) -> None:
    line("board")
    assert seen(line, "projections", "status", columns=139) == (
        "✓ current\n"
        "position 64 of 64 · 6 states · 14 snapshots · 5 board rows · 64 trail entries\n"
        f"{line.folder / 'projections.db'}\n"
    )


def test_after_a_search_the_texts_are_counted_and_compared(line: Line) -> None:
    line("search", "support")
    texts = line.json("projections", "status")["counts"]["texts"]
    assert f" · 64 trail entries · {texts} texts to search\n" in seen(
        line, "projections", "status", columns=139
    )
    change(line, "INSERT INTO texts (rowid, text) VALUES (64, 'nowhere')")
    assert seen(line, "projections", "check", exit_code=1) == (
        "✗ index of record 8 is not what the records make it.\n"
        "Make them anew:\n  roadlog projections rebuild\n"
    )


def test_after_a_write_they_are_behind(line: Line) -> None:
    line("board")
    line("note", "SUP-1", "hello")
    assert line.json("projections", "status")["state"] == "behind"


def test_check_names_the_first_row_that_differs_and_rebuild_makes_it_right(line: Line) -> None:
    line("board")
    assert seen(line, "projections", "check") == "✓ They are what the 64 records make them.\n"
    change(line, "UPDATE lines SET line = upper(line) WHERE position = 54")
    assert seen(line, "projections", "check", exit_code=1) == (
        "✗ trail line 54 is not what the records make it.\nMake them anew:\n  roadlog projections rebuild\n"
    )
    result = line.run("projections", "check", "--json")
    assert (result.exit_code, result.stdout) == (
        1,
        '{"position":64,"same":false,"differs":{"table":"lines","row":54}}\n',
    )
    assert line.json("projections", "rebuild")["state"] == "current"
    assert line.json("projections", "check") == {"position": 64, "same": True, "differs": None}


def test_a_progress_bar_is_for_people_who_watch(line: Line) -> None:
    result = line.run("projections", "rebuild")
    assert (result.exit_code, result.stderr) == (0, "")
