"""Every exit code of the contract, as text and as JSON, and nothing on stdout when it is a failure."""

import os
import shlex
import sqlite3
from pathlib import Path

import pytest

from roadlog.cli import corrections, errors
from roadlog.domain.commands import AddNote
from tests.cli.line import Line


def test_0_done(line: Line) -> None:
    assert line("note", "SUP-1", "hello").startswith("#9  ")


@pytest.mark.parametrize(
    ("args", "saying"),
    [
        (("plase", "SUP-1", "now"), "'pause', 'place'"),
        (("risk", "lgo", "SUP-1"), "Did you mean 'log'?"),
        (("place", "SUP-1", "now", "--rnk", "1"), "Did you mean '--rank'?"),
        (("place", "SUP-1", "soon"), "'soon' is not one of 'now', 'next', 'later'"),
        (("place", "SUP-1"), "Missing argument"),
        (("place", "SUP-1", "now", "later"), "unexpected extra argument"),
        (("measure", "SUP-1", "tickets", "nan"), "'nan' is no number"),
        (("measure", "SUP-1", "tickets", "inf"), "'inf' is no number"),
        (("measure", "SUP-1", "tickets", "1e999"), "'1e999' is too large"),
        (("measure", "SUP-1", "tikets", "9"), "Did you mean tickets?"),
        (("advance", "SUP-1", "--to", "prototipe"), "Did you mean prototype?"),
        (("checkin", "SUP-1", "--role", "complience", "fine"), "Did you mean compliance?"),
        (("owner", "SUP-1", "carle"), "Did you mean carla?"),
        (("note", "SUP-12", "x"), "There is no initiative 'SUP-12'. Did you mean SUP-1?"),
        (("note", "SUP1", "x"), "There is no initiative 'SUP1'. Did you mean SUP-1?"),
        (("note", "SUP", "x"), "There is no initiative 'SUP'. Did you mean SUP-1?"),
        (("note", "SUP-1", "x\x1b[2J"), "a control character (U+001B)"),
        (("note", "SUP-1", "\ud800"), "half a character"),
        (("note", "SUP-1", "x" * 17 * 1024), "17,408 bytes long; at most 16,384"),
        (("note", "SUP-1", "x", "--at", "someday"), "'someday' is no time that can be read"),
        (("note", "SUP-1", "x", "--at", "2026-13-45"), "'2026-13-45' is no time that can be read"),
        (("void", "999"), "There is no record at position 999"),
        (("consent", "3"), "There is no request '3'"),
        (("workflow", "adopt", "ai-produkt"), "Did you mean ai-product?"),
        (
            ("risk", "log", "SUP-1", "--from", "output-bia", "--likelihood", "1", "--impact", "1"),
            "output-bias?",
        ),
        (("evidence", "attach", "SUP-1", "nowhere.csv", "--kind", "dataset"), "nowhere.csv cannot be read"),
        (("evidence", "attach", "SUP-1", "https://x.example/a", "--kind", "dataset"), "--sha256"),
    ],
)
def test_2_not_understood(line: Line, args: tuple[str, ...], saying: str) -> None:
    said = line.fails(2, *args)
    assert saying in said
    assert said.startswith("Not understood: ")
    assert "\nTry: roadlog" in said
    assert line.records() == 8


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("note", "SUP-1", "x", "--at"), "requires an argument"),
        (("note", "SUP-1", "x", "--dry-run=yes"), "does not take a value"),
        (("note", "SUP-1", "x", "--elsewhere"), "No such option"),
    ],
)
def test_2_the_help_that_is_offered_is_that_of_the_command(
    line: Line, words: tuple[str, ...], saying: str
) -> None:
    said = line.fails(2, *words)
    assert saying in said
    assert said.endswith("Try: roadlog note --help\n")


def test_3_somebody_recorded_first(line: Line) -> None:
    error = line.error("note", "SUP-1", "x", "--expect-version", "7")
    assert (error["exit"], error["rule"], error["try"]) == (3, "conflict", ["roadlog log SUP-1"])
    assert line.records() == 8


def test_3_a_command_id_with_other_content(line: Line) -> None:
    line("note", "SUP-1", "x", "--command-id", "once")
    assert line.fails(3, "note", "SUP-1", "y", "--command-id", "once").startswith("Conflict: ")
    assert line.fails(3, "note", "SUP-1", "x", "--command-id", "once", by="dan").startswith("Conflict: ")
    assert line.fails(3, "pause", "SUP-1", "--command-id", "once").startswith("Conflict: ")
    assert (
        "Give another --command-id, or none."
        in line.error("pause", "SUP-1", "--command-id", "once")["message"]
    )
    assert line.records() == 9


def test_4_a_record_that_cannot_be_read(line: Line) -> None:
    connection = sqlite3.connect(line.folder / "events.db")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE stored_events SET topic = 'os.system' WHERE position = 8")
    connection.commit()
    connection.close()
    said = line.fails(4, "note", "SUP-1", "x")
    assert said.startswith("Damaged: ")
    assert "os.system" in said
    assert said.endswith("Try: roadlog verify\n")


def test_5_refused_by_a_rule_with_what_is_missing_and_what_would_supply_it(line: Line) -> None:
    line("advance", "SUP-1")
    error = line.error("advance", "SUP-1")
    assert (error["exit"], error["rule"]) == (5, "gate")
    assert "Evidence: no dataset attached yet" in error["missing"]
    assert "roadlog evidence attach SUP-1 FILE --kind dataset" in error["try"]
    said = line.fails(5, "advance", "SUP-1")
    assert "\n  - Evidence: no dataset attached yet\n" in said
    assert "\nTry: roadlog target SUP-1 tickets --baseline N\n     roadlog evidence attach" in said


def test_5_an_actor_nobody_knows(line: Line) -> None:
    assert line.error("note", "SUP-1", "x", by="mallory")["rule"] == "actor"


def test_5_the_future(line: Line) -> None:
    assert line.error("note", "SUP-1", "x", "--at", "2999-01-01T00:00:00Z")["rule"] == "future"


def test_5_init_over_a_store(line: Line) -> None:
    assert line.error("init")["rule"] == "store-exists"
    assert line.records() == 8


def test_6_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "nothing" / ".roadlog"
    init = f"roadlog --store {folder} init"
    for args in (("note", "SUP-1", "x"), ("board",)):
        error = Line(folder).error(*args)
        assert (error["exit"], error["rule"], error["try"]) == (6, "no-store", [init])
    Line(folder, named=False)(*shlex.split(init)[1:], "--key", "SUP")
    assert Line(folder).records() == 3


def test_6_not_a_store(line: Line) -> None:
    for path in line.folder.iterdir():
        path.unlink()
    (line.folder / "events.db").write_bytes(b"this is no database, and long enough to be read as one " * 40)
    for args in (("note", "SUP-1", "x"), ("board",)):
        error = line.error(*args)
        assert (error["exit"], error["try"]) == (6, ["roadlog --store OTHER-PATH init"])
        assert "not an SQLite database. Put a copy of the store back" in error["message"]


def test_6_a_store_that_another_process_holds(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = sqlite3.connect(line.folder / "events.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert line.fails(6, "note", "SUP-1", "x").startswith("Store failure: ")
    finally:
        holder.close()


def test_70_a_defect_is_told_in_one_line_and_with_verbose_where(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> AddNote:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(corrections, "AddNote", broken)
    said = line.fails(70, "note", "SUP-1", "x")
    assert "This is a defect in roadlog: ZeroDivisionError: by zero" in said
    assert "Traceback" not in said
    assert "Traceback" in line.fails(70, "note", "SUP-1", "x", "--verbose")
    assert line.error("note", "SUP-1", "x", "--verbose")["rule"] == "defect"


def test_130_interrupted(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> AddNote:
        raise KeyboardInterrupt

    monkeypatch.setattr(corrections, "AddNote", interrupted)
    assert line.run("note", "SUP-1", "x").exit_code == errors.INTERRUPTED == 130
    assert line.records() == 8


def test_a_noun_without_a_verb_shows_its_verbs(line: Line) -> None:
    assert "Write down what may go wrong." in line.fails(2, "risk")
    assert line.error("risk")["message"] == "Missing command."


def test_hostile_arguments_are_shown_and_not_obeyed(line: Line) -> None:
    said = line.fails(2, "note", "SUP-9", "x", "--as", "paula", "--at", "\u202e\x1b]0;owned\x07")
    assert "\\u202e\\u001b]0;owned\\u0007" in said or "\\u202e\\x1b]0;owned\\x07" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_6_a_pipe_in_the_place_of_the_store_is_no_store(line: Line) -> None:
    events = line.folder / "events.db"
    events.rename(events.with_name("kept.db"))
    os.mkfifo(events)
    assert "this is no file" in line.error("board")["message"]
    assert line.run("note", "SUP-1", "x").exit_code == 6


def test_2_settings_that_are_no_text(line: Line) -> None:
    (line.folder / "config.toml").write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in line.error("board", "--as-of", "2026-01-01")["message"]


@pytest.mark.parametrize("name", ["\udcff", "\x1b[2J", "x" * 257])
def test_an_account_whose_name_no_record_can_hold_is_unknown(
    line: Line, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("LOGNAME", name)
    (record,) = line.json("note", "SUP-1", "x")["records"]
    assert record["source"]["os_user"] == "unknown"


def test_6_a_place_where_no_store_can_be_made_gets_no_init_for_it(line: Line, tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text("{}")
    (line.folder / "events.db").unlink()
    elsewhere = ["roadlog --store OTHER-PATH init"]
    for place in (tmp_path / "export.json", Path("/proc/nope"), line.folder):
        assert Line(place).error("board")["try"] == elsewhere
        assert elsewhere[0].replace("OTHER-PATH", str(place)) not in Line(place).fails(6, "board")
    assert "export.json is no folder" in Line(tmp_path / "export.json").fails(6, "board")
    assert Line(line.folder).fails(5, "init")
