"""What goes wrong with the store comes out in roadlog's words, with the exit code of the contract."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from roadlog import failures, store
from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote
from roadlog.domain.refusals import Conflict, Damaged, Malformed, RoadlogError, StoreFailure
from roadlog.event_store import errors
from tests.stores import Store

NOTE = AddNote(stream="SUP-1", text="seen")


@pytest.mark.parametrize(
    ("error", "kind", "code", "rule", "said"),
    [
        (errors.VersionConflict("SUP-1", 3, 4), Conflict, 3, "conflict", "SUP-1 is at version 4, not 3"),
        (errors.CommandReused("c-1", "a", "b"), Conflict, 3, "command-reused", "'c-1' was used before"),
        (errors.Unreadable("not JSON", position=7), Damaged, 4, "unreadable", "record 7 cannot be read"),
        (errors.Unstorable("NoteAdded at $.data: NaN"), Malformed, 2, "unstorable", "NaN"),
        (errors.PayloadTooLarge("NoteAdded", 300_000, 262_144), Malformed, 2, "unstorable", "300,000 bytes"),
        (errors.StoreMissing("a/x.db", "gone"), StoreFailure, 6, "no-store", "There is no store at a"),
        (errors.StoreExists("x.db", "taken"), StoreFailure, 6, "store", "taken"),
        (
            errors.StoreLocked("x.db", "another process is writing"),
            StoreFailure,
            6,
            "store",
            "another process",
        ),
        (errors.StoreReadOnly("x.db", "may not be written"), StoreFailure, 6, "store", "may not be written"),
        (
            errors.NotAStore("x.db", "not an SQLite database"),
            StoreFailure,
            6,
            "store",
            "not an SQLite database",
        ),
        (errors.NewerSchema("x.db", "its schema is 9"), StoreFailure, 6, "store", "its schema is 9"),
        (errors.StoreUnwritable("x.db", "the disk is full"), StoreFailure, 6, "store", "the disk is full"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_every_error_of_the_event_store_has_our_words(
    error: errors.EventStoreError, kind: type[RoadlogError], code: int, rule: str, said: str
) -> None:
    with pytest.raises(kind) as caught, failures.in_our_words():
        raise error
    assert (caught.value.exit_code, caught.value.rule) == (code, rule)
    assert said in caught.value.message
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize("kind", [errors.StoreReadOnly, errors.StoreLocked, errors.StoreUnwritable])
def test_no_command_is_offered_that_needs_the_same_file(kind: type[errors.StoreError]) -> None:
    with pytest.raises(StoreFailure) as caught, failures.in_our_words():
        raise kind("x.db", "look at its permissions")
    assert caught.value.try_ == ()


def test_no_error_of_the_event_store_was_forgotten() -> None:
    def leaves(kind: type[Exception]) -> set[type[Exception]]:
        return {kind}.union(*(leaves(each) for each in kind.__subclasses__()))

    for kind in leaves(errors.EventStoreError):
        error = kind.__new__(kind)
        for name in ("stream", "command_id", "expected", "found", "path"):
            setattr(error, name, "x")
        with pytest.raises(RoadlogError), failures.in_our_words():
            raise error


# Rows edited by hand: what anybody does who opens the file with another program


def edit(folder: Path, sql: str, *values: Any) -> None:
    """Changes a row behind the store's back, its triggers dropped for the while."""
    with closing(sqlite3.connect(folder / store.EVENTS, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(sql, values)
        for _, trigger in triggers:
            connection.execute(trigger)


def edit_body(folder: Path, position: int, change: Callable[[dict[str, Any]], object]) -> None:
    with closing(sqlite3.connect(folder / store.EVENTS)) as connection:
        (state,) = connection.execute(
            "SELECT state FROM stored_events WHERE position = ?", (position,)
        ).fetchone()
    body = json.loads(state)
    change(body)
    edit(folder, "UPDATE stored_events SET state = ? WHERE position = ?", json.dumps(body).encode(), position)


def check_damaged(team: Store, command: AddNote = NOTE) -> str:
    """Neither writing nor reading answers from such a store; what is said of it."""
    for ask in (
        lambda: team.do(command),
        lambda: _answers(team),
    ):
        with pytest.raises(Damaged) as damaged:
            ask()
        assert (damaged.value.exit_code, damaged.value.rule) == (4, "unreadable")
        assert damaged.value.try_ == ("roadlog verify",)
    return damaged.value.message


def _answers(team: Store) -> None:
    with team.reading() as reading:
        moment = reading.moment()
        reading.board(moment)
        reading.page("SUP-1", moment)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("RoadmapOpened", {"key": "SUP", "name": "x"}, "does not happen to an initiative"),
        ("StakeholderLeft", {"stakeholder": "dan"}, "does not happen to an initiative"),
        ("ProblemUnheardOf", {}, "no type is named"),
        ("NoteAdded", {"text": 3}, "at $.data.text"),
        ("NoteAdded", {}, "`text`"),
        ("NoteAdded", {"text": "a", "more": 1}, "`more`"),
        (
            "GateWaived",
            {"milestone": None, "requirement": "x", "until": "2026-03-02T09:00:00"},
            "timezone component",
        ),
        (
            "InitiativeAdopted",
            {
                "key": "SUP-7",
                "title": "a",
                "milestone": "b",
                "since": "2026-03-02T09:00:00Z",
                "owner": None,
                "origin": "import",
                "cycle": 1,
                "iteration": 1,
                "visit": 1,
            },
            "does not begin the stream",
        ),
    ],
)
def test_an_event_that_cannot_stand_in_an_initiative_is_damage(
    team: Store, kind: str, data: dict[str, Any], said: str
) -> None:
    team.define()
    position = team.do(NOTE).records[0].position
    team.do(NOTE)
    edit_body(team.folder, position, lambda body: body.update(data=data))
    edit(team.folder, "UPDATE stored_events SET topic = ? WHERE position = ?", kind, position)
    message = check_damaged(team)
    assert said in message
    assert f"record {position}" in message


def test_an_event_of_an_initiative_in_the_roadmap_is_damage(team: Store) -> None:
    team.define()
    edit_body(team.folder, 5, lambda body: body.update(data={"text": "a"}))
    edit(team.folder, "UPDATE stored_events SET topic = 'NoteAdded' WHERE position = 5")
    assert "this does not happen to a roadmap" in check_damaged(team)


def test_a_stream_without_its_beginning_is_damage(team: Store) -> None:
    team.define()
    team.do(NOTE)
    edit_body(team.folder, 8, lambda body: body.update(data={"text": "a"}))
    edit(team.folder, "UPDATE stored_events SET topic = 'NoteAdded' WHERE position = 8")
    assert "does not begin the stream" in check_damaged(team)


def test_a_stream_under_another_name_is_damage(team: Store) -> None:
    team.define()
    team.define()
    edit(team.folder, "UPDATE stored_events SET originator_id = 'SUP-x' WHERE position = 8")
    with pytest.raises(Damaged), team.reading() as reading:
        reading.board(reading.moment())


def test_a_workflow_that_is_none_is_damage(team: Store) -> None:
    team.define()
    edit_body(team.folder, 3, lambda body: body["data"].update(definition={"milestones": 3}))
    assert "This is no workflow" in check_damaged(team)


@pytest.mark.parametrize("state", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema": 1}'])
def test_bytes_that_are_no_body_are_damage(team: Store, state: bytes) -> None:
    team.define()
    edit(team.folder, "UPDATE stored_events SET state = ? WHERE position = 8", state)
    check_damaged(team)


def test_a_time_that_is_none_is_damage(team: Store) -> None:
    team.define()
    team.do(NOTE)
    edit_body(team.folder, 8, lambda body: body.update(effective_at="2026-03-02T09:00:00"))
    assert "timezone component" in check_damaged(team)
    edit_body(team.folder, 8, lambda body: body.update(effective_at="2026-03-02T09:00:00Z"))
    edit(team.folder, "UPDATE stored_events SET recorded_at = 'yesterday' WHERE position = 8")
    assert "yesterday" in check_damaged(team)


# The file itself


def test_a_file_that_is_no_store_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / store.EVENTS).write_bytes(b"no database, by far" * 100)
    for ask in (
        lambda: Application.open(tmp_path).execute(Wish(actor="paula"), NOTE),
        lambda: Store(tmp_path, None).reading().__enter__(),  # type: ignore[arg-type]
    ):
        with pytest.raises(StoreFailure) as failure:
            ask()
        assert failure.value.exit_code == 6


def test_a_store_of_a_newer_version_is_a_failure(team: Store) -> None:
    team.define()
    team.close()
    with closing(sqlite3.connect(team.folder / store.EVENTS)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreFailure, match="newer version"):
        Application.open(team.folder).execute(Wish(actor="paula"), NOTE)
    with pytest.raises(StoreFailure, match="newer version"), team.reading():
        pass


def test_a_log_that_was_emptied_is_no_roadmap(team: Store) -> None:
    team.define()
    edit(team.folder, "DELETE FROM stored_events WHERE position = 1")
    with pytest.raises(RoadlogError) as caught:
        team.do(NOTE)
    assert caught.value.exit_code in (2, 4)
    with pytest.raises(RoadlogError) as read, team.reading() as reading:
        reading.board(reading.moment())
    assert read.value.exit_code in (2, 4)
