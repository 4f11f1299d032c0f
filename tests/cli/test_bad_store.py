"""A store that is none, or was tampered with: what is said of it, and that nothing is recorded there."""

from __future__ import annotations

import os
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
        pytest.param(edited("PRAGMA user_version = 2"), id="newer"),
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
        pytest.param(state('"schema":1', '"schema":2'), "newer", id="newer schema"),
        pytest.param(
            edited("UPDATE stored_events SET topic = 'os:system' WHERE position = 8"), "os:system", id="type"
        ),
        pytest.param(
            edited("UPDATE stored_events SET recorded_at = 'zz' WHERE position = 8"), "8", id="time"
        ),
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
        assert said in str(error["message"])
        assert error["try"] == ["roadlog verify"]
    assert line.run("verify").exit_code == 4


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(
            edited("UPDATE stored_events SET recorded_at = 'zz' WHERE position = 11"), id="last time"
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


def test_6_a_pipe_in_the_place_of_the_store(line: Line) -> None:
    replaced(b"")(line.folder / "events.db")
    (line.folder / "events.db").unlink()
    os.mkfifo(line.folder / "events.db")
    for words in ("board", "note SUP-1 x", "verify"):
        assert typed(line, words).returncode == 6
