"""A store that is none, or was tampered with: what is said of it, and that nothing is recorded there."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.line import Line
from tests.cli.refusing import Damage, edited, refused, typed

SHORT_WAIT = "import roadlog.projections.cache as it; it.WAIT = 0.2"


def replaced(content: bytes) -> Damage:
    def damage(events: Path) -> None:
        for each in events.parent.glob("events.db*"):
            each.unlink()
        events.write_bytes(content)

    return damage


def state(old: str, new: str) -> Damage:
    return edited(
        f"UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '{old}', '{new}') AS BLOB) "
        "WHERE position = 8"
    )


def elsewhere(statement: str) -> Damage:
    """When the last record is of another initiative than what comes next."""

    def damage(events: Path) -> None:
        Line(events.parent)("define", "Answer faster", "--problem", "Customers wait for two days")
        edited(statement)(events)

    return damage


def a_folder(events: Path) -> None:
    replaced(b"")(events)
    events.unlink()
    events.mkdir()


def a_loop(events: Path) -> None:
    replaced(b"")(events)
    events.unlink()
    events.symlink_to(events.name)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(replaced(b""), id="empty"),
        pytest.param(replaced(b"hello" * 2000), id="no database"),
        pytest.param(edited("PRAGMA application_id = 5"), id="another program's"),
        pytest.param(edited("PRAGMA user_version = 3"), id="newer"),
        pytest.param(a_folder, id="folder"),
        pytest.param(a_loop, id="loop"),
    ],
)
def test_6_what_is_no_store_of_ours(line: Line, damage: Damage) -> None:
    damage(line.folder / "events.db")
    for words in ("", "board", "show SUP-1", "log", "note SUP-1 x", "undo", "projections rebuild"):
        error = refused(line, 6, *words.split())
        assert "events.db" in str(error["message"]) or ".roadlog" in str(error["message"])
    assert line.run("verify").exit_code == 6


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(
            edited("UPDATE stored_events SET state = x'7b' WHERE position = 8"), "record 8", id="no JSON"
        ),
        pytest.param(state('"key":', '"kex":'), "record 8", id="another field"),
        pytest.param(state('"title":', '"more":1,"title":'), "record 8", id="one field more"),
        pytest.param(state('"target":-30', f'"target":{"9" * 400}'), "record 8", id="beyond every number"),
        pytest.param(state('"schema":1', '"schema":2'), "newer", id="newer schema"),
        pytest.param(
            edited("UPDATE stored_events SET topic = 'os:system' WHERE position = 8"), "os:system", id="type"
        ),
        pytest.param(
            edited("UPDATE stored_events SET recorded_at = 'zz' WHERE position = 8"), "8", id="time"
        ),
        pytest.param(
            edited("UPDATE stored_events SET originator_id = 'SUP-7' WHERE position = 9"),
            "9|version 2",
            id="stream",
        ),
        pytest.param(edited("DELETE FROM stored_events WHERE position = 9"), "9|version 2", id="hole"),
    ],
)
def test_4_a_record_edited_by_hand(line: Line, damage: Damage, said: str) -> None:
    line("note", "SUP-1", "nine")
    line("note", "SUP-1", "ten")
    damage(line.folder / "events.db")
    for path in line.folder.glob("projections.db*"):
        path.unlink()
    for words in ("board", "show SUP-1", "log", "note SUP-1 x"):
        error = refused(line, 4, *words.split())
        assert re.search(said, str(error["message"]))
        assert error["try"] == ["roadlog verify"]
    assert line.run("verify").exit_code == 4


def test_4_a_record_that_is_missing_at_the_end_of_what_was_asked(line: Line) -> None:
    line("note", "SUP-1", "nine")
    line("note", "SUP-1", "ten")
    line("note", "SUP-1", "eleven")
    edited("DELETE FROM stored_events WHERE position = 9")(line.folder / "events.db")
    error = refused(line, 4, "board", "--position", "9")
    assert error["message"] == "The record at position 9 is missing."


def test_what_was_there_before_the_damage_is_still_answered(line: Line) -> None:
    was = line.json("board", "--position", "7")
    line("note", "SUP-1", "nine")
    line("note", "SUP-1", "ten")
    state("support load", "Support load")(line.folder / "events.db")
    for path in line.folder.glob("projections.db*"):
        path.unlink()
    assert line.json("board", "--position", "7") == was
    refused(line, 4, "board", "--position", "9")


def test_4_a_text_that_was_changed_is_not_believed(line: Line) -> None:
    state("support load", "Support load")(line.folder / "events.db")
    for words in ("board", "show SUP-1", "log", "note SUP-1 x"):
        error = refused(line, 4, *words.split())
        assert "record 8 cannot be read" in str(error["message"])
        assert "not what its leaf says" in str(error["message"])


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(
            edited("UPDATE stored_events SET recorded_at = 'zz' WHERE position = 11"), id="last time"
        ),
        pytest.param(edited("UPDATE stored_events SET leaf = 'zz' WHERE position = 11"), id="last leaf"),
        pytest.param(
            elsewhere("UPDATE stored_events SET recorded_at = '2036' WHERE position = 12"),
            id="last time, ahead",
        ),
        pytest.param(
            elsewhere("UPDATE stored_events SET leaf = hex(zeroblob(32)) WHERE position = 12"),
            id="last leaf, a hash",
        ),
        pytest.param(elsewhere("DELETE FROM stored_events WHERE position = 12"), id="last record"),
        pytest.param(edited("DELETE FROM stored_events WHERE position > 9"), id="cut short"),
        pytest.param(edited("DELETE FROM tree"), id="no nodes"),
        pytest.param(elsewhere("DELETE FROM tree WHERE node = 10"), id="no last node"),
        pytest.param(
            edited("DELETE FROM stored_events WHERE position > 9", "DELETE FROM commands WHERE last > 9"),
            id="cut short in two tables",
        ),
        pytest.param(
            edited("UPDATE stored_events SET originator_version = 7 WHERE position = 11"), id="last version"
        ),
    ],
)
def test_4_nothing_is_recorded_on_a_log_that_was_tampered_with(line: Line, damage: Damage) -> None:
    """As far as the write must read it: what is wrong elsewhere is for `verify` to find."""
    for text in ("nine", "ten", "eleven"):
        line("note", "SUP-1", text)
    damage(line.folder / "events.db")
    assert refused(line, 4, "note", "SUP-1", "x")["try"] == ["roadlog verify"]
    assert line.run("verify").exit_code == 4


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE stored_events",
        "DROP TABLE tree",
        "DROP TABLE commands",
        "ALTER TABLE stored_events RENAME COLUMN leaf TO leaves",
        "ALTER TABLE tree DROP COLUMN hash",
    ],
)
def test_4_tables_that_somebody_changed(line: Line, statement: str) -> None:
    edited(statement)(line.folder / "events.db")
    error = refused(line, 4, "note", "SUP-1", "x")
    assert error["try"] == ["roadlog verify"]
    assert line.run("verify").exit_code == 4


def test_a_last_page_that_is_not_there_ends_a_read(line: Line) -> None:
    """SQLite gives the rows of a page that a full disk left empty as rows without anything in them."""
    for n in range(20):
        line("note", "SUP-1", f"{n} " + "long " * 100)
    events = line.folder / "events.db"
    with closing(sqlite3.connect(events)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = store.execute("PRAGMA page_size").fetchone()[0]
        (root,) = store.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'stored_events'").fetchone()
    content = bytearray(events.read_bytes())
    pages = [
        n
        for n in range(1, len(content) // size)
        if n + 1 != root and b"long long" in content[n * size : (n + 1) * size]
    ]
    last = pages[-1] * size
    content[last + size // 3 : last + size] = bytes(size - size // 3)
    events.write_bytes(content)
    for path in line.folder.glob("projections.db*"):
        path.unlink()
    for words in ("board", "log", "show SUP-1", "projections rebuild", "board --as-of 2026-03-10"):
        assert typed(line, words).returncode == 4, words


def test_a_rebuild_does_not_wait_for_ever(line: Line) -> None:
    line("board")
    with closing(sqlite3.connect(line.folder / "projections.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = typed(
            line, "projections rebuild", before="import roadlog.projections.cache as it; it.WAIT = 0.2"
        )
    assert done.returncode == 6
    assert re.match("Store failure: .*projections.db", done.stderr)


def test_6_a_pipe_in_the_place_of_the_store(line: Line) -> None:
    replaced(b"")(line.folder / "events.db")
    (line.folder / "events.db").unlink()
    os.mkfifo(line.folder / "events.db")
    for words in ("board", "note SUP-1 x", "verify"):
        assert typed(line, words).returncode == 6


@pytest.mark.parametrize("position", range(1, 12))
@pytest.mark.parametrize("change", ["'2025' || substr(recorded_at, 5)", "'2036' || substr(recorded_at, 5)"])
def test_4_a_time_that_was_moved_leads_no_question_astray(line: Line, position: int, change: str) -> None:
    for text in ("nine", "ten", "eleven"):
        line("note", "SUP-1", text)
    asked = [
        *(("--known-at", each["recorded_at"]) for each in line.json("log")),
        *(("--position", str(each)) for each in range(1, 12)),
    ]
    usual = [line.json("board", *each) for each in asked]
    edited(f"UPDATE stored_events SET recorded_at = {change} WHERE position = {position}")(
        line.folder / "events.db"
    )
    told = 0
    for words, answer in zip(asked, usual, strict=True):
        result = line.run("board", *words, "--json")
        told += result.exit_code == 4
        assert result.exit_code == 4 or json.loads(result.stdout) == answer
    assert told


def test_4_the_roadmap_is_not_known_by_another_name(line: Line) -> None:
    line("board")
    edited("UPDATE stored_events SET originator_id = 'SUQ' WHERE position = 1")(line.folder / "events.db")
    assert refused(line, 4, "board")


def test_4_what_was_imported_is_not_doubled_because_its_id_was_changed(line: Line, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("t,s,w\nA,feasibility,2026-01-01T00:00:00Z\nA,prototype,2026-01-02T00:00:00Z\n")
    words = ("import", "csv", str(log), "--case", "t", "--activity", "s", "--time", "w")
    line(*words)
    renamed = 'CAST(replace(CAST(state AS TEXT), \'"title":"A"\', \'"title":"B"\') AS BLOB)'
    edited(f"UPDATE stored_events SET state = {renamed} WHERE topic = 'InitiativeAdopted'")(
        line.folder / "events.db"
    )
    assert "not what its leaf says" in str(refused(line, 4, *words)["message"])
