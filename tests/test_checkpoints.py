"""When a log's checkpoints are made, by which key, and what is said where none can be."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from roadlog import log_key, store
from roadlog.application import Application
from roadlog.domain.commands import AddNote, Approve
from roadlog.domain.refusals import Damaged, StoreFailure
from roadlog.event_store.reading import Reader
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import Note
from tests.cli.line import Line
from tests.stores import Store

NOTE = AddNote(stream="SUP-1", text="one")


def sizes(team: Store) -> list[int]:
    with Reader(str(team.folder / store.EVENTS)) as reader:
        return [each.size for each in reader.checkpoints()]


def last(team: Store) -> tuple[Note, Checkpoint]:
    with Reader(str(team.folder / store.EVENTS)) as reader:
        *_, kept = reader.checkpoints()
    note = Note.read(kept.note)
    return note, Checkpoint.of(note)


def without_key(team: Store) -> None:
    (team.folder / log_key.KEY).unlink()


def readable_by_others(team: Store) -> None:
    (team.folder / log_key.KEY).chmod(0o640)


def of_another_log(team: Store) -> None:
    path = team.folder / log_key.KEY
    path.write_text(path.read_text().replace("roadlog/SUP", "roadlog/SUQ"))


def no_key_at_all(team: Store) -> None:
    (team.folder / log_key.KEY).write_text("nonsense\n")


KEYS = pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without_key, "cannot be read"),
        (readable_by_others, "others than its owner may read"),
        (of_another_log, "its id is not that of its name and key"),
        (no_key_at_all, "holds no key"),
    ],
)


def test_a_roadmap_begins_with_a_checkpoint_by_its_own_key(team: Store) -> None:
    assert sizes(team)[0] == 3
    public = log_key.verifier(team.folder)
    assert public is not None
    note, said = last(team)
    assert public.signed(note) is not None
    assert said.origin == public.name
    mode = (team.folder / log_key.KEY).stat().st_mode & 0o777
    assert mode == 0o600


def test_every_approval_is_stored_with_one(team: Store) -> None:
    team.define()
    before = sizes(team)
    team.do(NOTE)
    assert sizes(team) == before
    team.do(Approve(stream="SUP-1", role="compliance"), by="carla")
    assert sizes(team) == [*before, 10]


@pytest.mark.parametrize(("hours", "made"), [(23, []), (24, [9]), (72, [9])])
def test_so_is_the_first_record_after_the_interval(team: Store, hours: int, made: list[int]) -> None:
    team.define()
    team.application.checkpoint()
    before = sizes(team)
    team.clock.tick(timedelta(hours=hours))
    team.do(NOTE)
    assert sizes(team) == [*before, *made]


def test_one_is_made_when_somebody_asks_though_nothing_happened(team: Store) -> None:
    first, second = team.application.checkpoint(), team.application.checkpoint()
    assert (first.size, second.size) == (7, 7)
    assert second.made_at > first.made_at
    assert last(team)[1].number == second.id == first.id + 1


@KEYS
def test_without_a_key_that_can_be_used_it_is_recorded_all_the_same(
    team: Store, damage: object, said: str
) -> None:
    team.define()
    before = sizes(team)
    damage(team)  # type: ignore[operator]
    team.application.close()
    result = Line(team.folder).run("approve", "SUP-1", "--role", "compliance", by="carla")
    assert result.exit_code == 0
    assert "No checkpoint was made. The key cannot be used" in result.stderr
    assert said in " ".join(result.stderr.split())
    assert sizes(team) == before


@KEYS
def test_who_asks_for_one_is_told_why_there_is_none(team: Store, damage: object, said: str) -> None:
    damage(team)  # type: ignore[operator]
    with pytest.raises(StoreFailure, match=said):
        team.application.checkpoint()


def test_a_store_that_never_had_a_key_gets_one_when_it_is_written(team: Store) -> None:
    team.define()
    team.application.close()
    with closing(sqlite3.connect(team.folder / store.EVENTS)) as connection:
        connection.execute("DROP TABLE checkpoints")
        connection.execute("DROP TABLE anchors")
        connection.execute("PRAGMA user_version = 1")
    for name in (log_key.KEY, log_key.PUBLIC):
        os.unlink(team.folder / name)
    with Application.open(team.folder) as application:
        application.checkpoint()
    assert sizes(team) == [8]


def test_a_log_that_was_changed_is_not_signed(team: Store) -> None:
    team.define()
    team.application.checkpoint()
    team.application.close()
    with closing(sqlite3.connect(team.folder / store.EVENTS)) as connection:
        connection.execute("DROP TRIGGER tree_no_update")
        connection.execute("UPDATE tree SET hash = zeroblob(32) WHERE node = 7")
        connection.commit()
    with Application.open(team.folder) as application, pytest.raises(Damaged, match="not the one of which"):
        application.checkpoint()
