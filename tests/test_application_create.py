"""A store comes into being whole, or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from roadlog import store
from roadlog.application import Application, Wish
from roadlog.domain.refusals import Malformed, Refused, RoadlogError, StoreFailure
from tests.stores import OPEN, Store, frozen_store

PAULA = Wish(actor="paula")


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Store]:
    with frozen_store(tmp_path / "home" / ".roadlog") as made:
        yield made


FILES = ("config.toml", "events.db", "log.key", "log.pub")
MADE = [".roadlog", *(f".roadlog/{name}" for name in FILES)]


def entries(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def test_a_store_is_made_with_its_roadmap(new: Store) -> None:
    done = Application.create(new.folder, PAULA, OPEN)
    assert entries(new.folder.parent) == MADE
    assert [each.type for each in done.records] == ["RoadmapOpened", "StakeholderJoined", "WorkflowAdopted"]
    assert new.records() == list(done.records)
    assert done.roadmap.name == "Support AI"
    assert done.roadmap.holds("paula", "product")
    assert store.config(new.folder) == {}


def test_a_store_has_the_permissions_that_folders_are_made_with(new: Store) -> None:
    before = os.umask(0o027)
    try:
        new.create()
    finally:
        os.umask(before)
    assert new.folder.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("there", ["folder", "full folder", "file", "dangling link"])
def test_what_is_there_already_is_never_touched(new: Store, there: str) -> None:
    new.folder.parent.mkdir()
    if there == "file":
        new.folder.write_text("mine")
    elif there == "dangling link":
        new.folder.symlink_to("nowhere")
    else:
        new.folder.mkdir()
    if there == "full folder":
        (new.folder / "mine").touch()
    before = entries(new.folder.parent)
    with pytest.raises(Refused) as refused:
        new.create()
    assert (refused.value.exit_code, refused.value.rule) == (5, "store-exists")
    assert entries(new.folder.parent) == before


@pytest.mark.parametrize(
    ("wish", "command"),
    [
        (PAULA, replace(OPEN, stream="not a key")),
        (PAULA, replace(OPEN, definition={"milestones": []})),
        (Wish(actor="no handle"), OPEN),
    ],
    ids=["key", "workflow", "handle"],
)
def test_a_malformed_wish_leaves_nothing(new: Store, wish: Wish, command: object) -> None:
    with pytest.raises(Malformed):
        Application.create(new.folder, wish, command)  # type: ignore[arg-type]
    assert not new.folder.parent.exists()


@pytest.mark.parametrize(
    "place",
    ["roadlog.application.Application.execute", "roadlog.event_store.sqlite.lay_out", "pathlib.Path.rename"],
)
def test_a_failure_in_the_middle_leaves_nothing(
    new: Store, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place, full)
    with pytest.raises((StoreFailure, OSError)):
        new.create()
    assert not new.folder.parent.exists()


def test_folders_that_were_there_stay(new: Store) -> None:
    new.folder.parent.mkdir()
    with pytest.raises(Malformed):
        Application.create(new.folder, Wish(actor="no handle"), OPEN)
    assert entries(new.folder.parent) == []
    assert new.folder.parent.is_dir()


def test_two_who_make_it_at_once_make_one(new: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other is done just before ours takes its name."""
    rename = Path.rename

    def after_the_other(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        Application.create(new.folder, Wish(actor="dan"), OPEN)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", after_the_other)
    with pytest.raises(Refused) as refused:
        Application.create(new.folder, PAULA, OPEN)
    assert refused.value.rule == "store-exists"
    assert entries(new.folder.parent) == MADE
    with new.reading() as reading:
        assert list(reading.roadmap(reading.moment()).stakeholders) == ["dan"]


def test_a_dry_run_makes_nothing(new: Store) -> None:
    done = Application.create(new.folder, replace(PAULA, dry_run=True), OPEN)
    assert done.dry_run
    assert done.roadmap.key == "SUP"
    assert [each.position for each in done.records] == [1, 2, 3]
    assert not new.folder.parent.exists()


def test_a_store_cannot_be_made_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailure) as failure:
        Application.create(tmp_path / "file" / ".roadlog", PAULA, OPEN)
    assert failure.value.exit_code == 6


def test_a_roadmap_is_opened_once(team: Store) -> None:
    with pytest.raises(RoadlogError) as refused:
        team.do(OPEN)
    assert refused.value.exit_code == 5


def test_no_command_comes_before_the_roadmap(tmp_path: Path) -> None:
    from roadlog.domain.commands import AddStakeholder
    from roadlog.event_store import sqlite

    sqlite.create(str(tmp_path / store.EVENTS))
    with Application.open(tmp_path) as application, pytest.raises(Malformed) as malformed:
        application.execute(PAULA, AddStakeholder(stakeholder="dan", roles=()))
    assert malformed.value.rule == "no-roadmap"
    assert malformed.value.try_ == ("roadlog init",)


def test_there_is_no_store_where_nobody_made_one(tmp_path: Path) -> None:
    with pytest.raises(StoreFailure) as failure:
        Application.open(tmp_path)
    assert (failure.value.exit_code, failure.value.rule) == (6, "no-store")
