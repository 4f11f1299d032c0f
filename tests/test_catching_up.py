"""The projections are a cache: they catch up with the log, whatever they were made of."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from roadlog import store
from roadlog.domain.commands import AddNote, AdoptWorkflow
from roadlog.domain.workflow_file import definition
from roadlog.event_store import sqlite
from roadlog.projections.cache import VERSION, Cache
from roadlog.reading import Reading
from tests.domain.spec import AI_PRODUCT
from tests.projections_file import NOTE, answers, answers_from_the_log, check, edit, path, status
from tests.stores import PROBLEM, Store, team_store

# Catching up


def test_a_read_catches_up_with_what_was_recorded(kept: Store) -> None:
    kept.do(NOTE)
    assert (status(kept)["state"], status(kept)["position"], status(kept)["head"]) == ("behind", 10, 11)
    found = answers(kept)
    assert status(kept) | {"file": ""} == {
        "file": "",
        "exists": True,
        "head": 11,
        "position": 11,
        "state": "current",
        "counts": {"states": 2, "snapshots": 1, "rows": 1, "trail": 11},
    }
    assert check(kept) == {"position": 11, "same": True, "differs": None}
    assert answers_from_the_log(kept) == found


def test_another_workflow_shows_in_every_row(kept: Store) -> None:
    """Rows of initiatives that nothing happened to: which roles they wait for is the workflow's to say."""

    def waiting() -> list[Any]:
        with kept.reading() as reading:
            return [row["waiting_on"] for row in reading.board(reading.moment())["initiatives"]]

    (before,) = waiting()
    first = AI_PRODUCT.milestones[0]
    other = replace(first, requires=tuple(each for each in first.requires if each != f"approval:{before[0]}"))
    workflow = replace(AI_PRODUCT, version=2, milestones=(other, *AI_PRODUCT.milestones[1:]))
    kept.do(AdoptWorkflow(definition=definition(workflow)))
    assert waiting() == [before[1:]]
    assert check(kept)["same"]
    found = answers(kept)
    assert answers_from_the_log(kept) == found


def test_one_reading_sees_one_state_of_things(kept: Store) -> None:
    """Somebody records, and somebody else catches up, between two questions."""
    with kept.reading() as reading:
        moment = reading.moment()
        before = [reading.board(moment), reading.page("SUP-1", moment), reading.keys()]
        kept.do(NOTE, PROBLEM)
        answers(kept)
        assert [reading.board(moment), reading.page("SUP-1", moment), reading.keys()] == before
        assert reading.moment() == moment
    assert len(answers(kept)[4]) == 2


def test_a_reading_that_opens_late_goes_on_to_where_the_others_are(kept: Store) -> None:
    """Between our look at the log and our look at the cache somebody recorded, and read."""
    with kept.reading() as reading:
        asked = reading.moment(position=10)
        kept.do(NOTE, PROBLEM)
        others = answers(kept)
        moment = reading.moment()
        assert moment.position == 12
        assert reading.board(moment) == others[0]
        assert reading.board(asked)["position"] == 10
        assert len(reading.board(asked)["initiatives"]) == 1
    assert status(kept)["state"] == "current"


def test_a_moment_at_the_head_stays_what_it_is_when_the_head_moves_on(kept: Store) -> None:
    with kept.reading() as reading:
        moment = reading.moment(position=10, as_of=kept.now)
        kept.do(PROBLEM)
        answers(kept)
        board = reading.board(moment)
    assert (board["position"], len(board["initiatives"])) == (10, 1)


# Another history, another version


@pytest.mark.parametrize("longer", [True, False])
def test_the_projections_of_another_history_are_built_anew(
    kept: Store, tmp_path: Path, *, longer: bool
) -> None:
    kept.do(NOTE)
    answers(kept)
    with team_store(tmp_path / "other") as other:
        other.do(PROBLEM, PROBLEM, *[AddNote(stream="SUP-2", text="another")] * (5 if longer else 0))
        other.close()
        kept.close()
        shutil.copy(other.folder / store.EVENTS, kept.folder / store.EVENTS)
        for suffix in ("-wal", "-shm"):
            (kept.folder / (store.EVENTS + suffix)).unlink(missing_ok=True)
        assert status(kept)["state"] == "stale"
        assert answers(kept) == answers(other)
        assert check(kept)["same"]


def test_the_projections_of_a_longer_copy_are_built_anew(kept: Store, tmp_path: Path) -> None:
    """An older copy of the log was put back."""
    shutil.copytree(kept.folder, tmp_path / "older")
    kept.do(NOTE, NOTE)
    answers(kept)
    shutil.copy(path(kept), tmp_path / "older" / store.PROJECTIONS)
    older = Store(tmp_path / "older", kept.clock)
    assert status(older)["state"] == "stale"
    assert answers(older)[0]["position"] == 10
    assert check(older) == {"position": 10, "same": True, "differs": None}


def test_the_projections_of_another_version_are_built_anew(kept: Store) -> None:
    found = answers(kept)
    edit(kept, "UPDATE mark SET version = '0.0.1/1'")
    edit(kept, "UPDATE rows SET row = '{}'")
    assert status(kept)["state"] == "stale"
    assert answers(kept) == found
    with closing(sqlite3.connect(path(kept))) as connection:
        assert connection.execute("SELECT version FROM mark").fetchone() == (VERSION,)


@pytest.mark.parametrize(
    "sql", ["ALTER TABLE rows DROP COLUMN good_from", "ALTER TABLE mark ADD COLUMN more", "DROP TABLE states"]
)
def test_tables_of_another_shape_are_built_anew(kept: Store, sql: str) -> None:
    found = answers(kept)
    edit(kept, sql)
    kept.do(NOTE)
    assert len(answers(kept)[2]) == len(found[2]) + 1
    assert check(kept)["same"]
    assert status(kept)["state"] == "current"


# Progress


def test_progress_is_told(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadlog.filling.BATCH", 4)
    told: list[tuple[int, int]] = []
    with Reading(kept.folder, now=kept.now, progress=lambda *each: told.append(each)) as reading:
        reading.rebuild()
    assert told == [(4, 10), (8, 10), (10, 10)]
    assert check(kept)["same"]


def test_an_empty_log_has_empty_projections(tmp_path: Path) -> None:
    sqlite.create(str(tmp_path / store.EVENTS))
    with closing(Cache.in_memory()) as cache:
        assert cache.mark() is None
    team = Store(tmp_path, None)  # type: ignore[arg-type]
    with team.reading() as reading:
        assert reading.board(reading.moment())["initiatives"] == []
        assert list(reading.trail(reading.moment())) == []
        assert reading.check()["same"]
