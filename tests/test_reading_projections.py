"""The projections are a cache: whatever becomes of their file, answers are those of the log."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from roadlog import store
from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote, AdoptWorkflow, AdvanceMilestone, MeasureOutcome
from roadlog.domain.refusals import StoreFailure
from roadlog.domain.workflow_file import definition
from roadlog.event_store import sqlite
from roadlog.projections.cache import VERSION, Cache
from roadlog.reading import Reading
from roadlog.verification import verify
from tests.domain.spec import AI_PRODUCT
from tests.stores import OPEN, PROBLEM, Store, team_store

NOBODY = 65534
"""The account that owns nothing, on Debian and its kin."""
NOTE = AddNote(stream="SUP-1", text="seen")


@pytest.fixture
def kept(team: Store) -> Store:
    """A store with an initiative, whose projections are at the head."""
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"), NOTE)
    assert status(team)["state"] == "absent"
    answers(team)
    assert status(team)["state"] == "current"
    return team


def path(team: Store) -> Path:
    return team.folder / store.PROJECTIONS


def status(team: Store) -> dict[str, Any]:
    with team.reading() as reading:
        return reading.status()


def check(team: Store) -> dict[str, Any]:
    with team.reading() as reading:
        return reading.check()


def answers(team: Store) -> list[Any]:
    with team.reading() as reading:
        moment = reading.moment()
        return [
            reading.board(moment),
            reading.page("SUP-1", moment),
            list(reading.trail(moment)),
            reading.owed(None, moment),
            reading.keys(),
        ]


def answers_from_the_log(team: Store) -> list[Any]:
    """The same, with another store's projections: none."""
    for suffix in ("", "-wal", "-shm"):
        path(team).with_name(store.PROJECTIONS + suffix).unlink(missing_ok=True)
    return answers(team)


def edit(team: Store, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(path(team), isolation_level=None)) as connection:
        connection.execute(sql, values)


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


# A file that cannot be used


@pytest.mark.parametrize(
    "content", [b"", b"no database, by far" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_built_anew(kept: Store, content: bytes) -> None:
    found = answers_from_the_log(kept)
    path(kept).write_bytes(content)
    assert answers(kept) == found
    assert status(kept)["state"] == "current"
    assert sorted(each.name for each in kept.folder.glob(f"{store.PROJECTIONS}*.new*")) == []


def test_a_file_damaged_in_the_middle_is_built_anew(kept: Store) -> None:
    kept.do(*[AddNote(stream="SUP-1", text="x" * 10_000)] * 20)
    found = answers_from_the_log(kept)
    content = bytearray(path(kept).read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    path(kept).write_bytes(content)
    assert answers(kept) == found
    assert status(kept)["state"] == "current"
    assert check(kept)["same"]


def test_where_no_file_can_be_it_is_folded_in_memory(kept: Store) -> None:
    found = answers_from_the_log(kept)
    for suffix in ("", "-wal", "-shm"):
        path(kept).with_name(store.PROJECTIONS + suffix).unlink(missing_ok=True)
    path(kept).mkdir()
    assert answers(kept) == found
    assert status(kept)["state"] == "unreadable"
    assert check(kept)["differs"]["table"] == "file"
    with pytest.raises(StoreFailure) as failure, kept.reading() as reading:
        reading.rebuild()
    assert failure.value.exit_code == 6


@contextmanager
def an_ordinary_user() -> Iterator[None]:
    """Nothing is read-only to the superuser, so inside this nobody is one."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_folder_that_may_not_be_written_is_read_all_the_same(kept: Store) -> None:
    found = answers_from_the_log(kept)
    kept.close()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(kept.folder, Path(place) / store.FOLDER))
        elsewhere = Store(folder, kept.clock)
        path(elsewhere).unlink()
        Path(place).chmod(0o755)
        folder.chmod(0o555)
        with an_ordinary_user():
            with pytest.raises(PermissionError):
                (folder / "new").touch()
            assert answers(elsewhere) == found
        folder.chmod(0o755)


def test_a_cache_that_another_holds_is_not_waited_for_long(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.do(NOTE)
    opened = Cache.open
    monkeypatch.setattr(Cache, "open", lambda path, **_: opened(path, wait=0.05))
    with closing(sqlite3.connect(path(kept), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = answers(kept)
        assert status(kept)["state"] == "behind"
        other.execute("ROLLBACK")
    assert answers(kept) == found
    assert status(kept)["state"] == "current"


# Rows that somebody edited


@pytest.mark.parametrize(
    ("sql", "table", "row"),
    [
        ("UPDATE rows SET row = replace(row, 'support', 'Support')", "rows", 1),
        ("UPDATE rows SET good_until = '9999'", "rows", 1),
        ("UPDATE rows SET age_from = '2020-01-01T00:00:00.000000Z'", "rows", 1),
        ("UPDATE rows SET good_from = 'x'", "rows", 1),
        ("DELETE FROM rows", "rows", 1),
        ("INSERT INTO rows SELECT 7, 'SUP-7', age_from, good_from, good_until, row FROM rows", "rows", 7),
        ("UPDATE lines SET line = replace(line, 'paula', 'carla') WHERE position = 9", "lines", 9),
        ("UPDATE trail SET entries = replace(entries, 'paula', 'carla')", "trail", 1),
        ("DELETE FROM trail", "trail", 1),
        ("UPDATE states SET state = x'80' WHERE stream = 'SUP-1'", "states", "SUP-1"),
        ("DELETE FROM states WHERE stream = ''", "states", ""),
    ],
)
def test_the_check_names_the_row_that_was_edited(kept: Store, sql: str, table: str, row: object) -> None:
    edit(kept, sql)
    assert check(kept) == {"position": 10, "same": False, "differs": {"table": table, "row": row}}
    with kept.reading() as reading:
        reading.rebuild()
    assert check(kept) == {"position": 10, "same": True, "differs": None}


@pytest.fixture
def behind(kept: Store) -> Store:
    """One record behind, and nobody has it open."""
    kept.do(NOTE)
    kept.close()
    return kept


def files(team: Store) -> dict[str, bytes]:
    """What is there, but for what SQLite keeps beside a log while it is read: an empty WAL, its index."""
    held = {each.name: each.read_bytes() for each in team.folder.iterdir()}
    return {
        name: content
        for name, content in held.items()
        if name != f"{store.EVENTS}-shm" and (content or name != f"{store.EVENTS}-wal")
    }


@contextmanager
def untouched(team: Store) -> Iterator[None]:
    before = files(team)
    yield
    assert files(team) == before


def in_wal(team: Store, sql: str) -> None:
    """As `edit`, and what was edited stays in the WAL, as when a process is killed."""
    with tempfile.TemporaryDirectory() as place:
        aside = Path(place)
        with closing(sqlite3.connect(path(team), isolation_level=None)) as connection:
            connection.execute(sql)
            for suffix in ("", "-wal"):
                shutil.copy(path(team).with_name(store.PROJECTIONS + suffix), aside)
        shutil.copytree(aside, team.folder, dirs_exist_ok=True)
    assert path(team).with_name(store.PROJECTIONS + "-wal").stat().st_size


MALFORMED = [
    ("UPDATE states SET state = x'c1' WHERE stream = 'SUP-1'", "states", "SUP-1"),
    ("UPDATE rows SET row = 'no json'", "rows", 1),
    ("UPDATE rows SET row = replace(row, 'support', 'Support')", "rows", 1),
    ("UPDATE rows SET good_from = '9999-12-31T23:59:59.000000Z'", "rows", 1),
    ("UPDATE lines SET line = x'00' WHERE position = 9", "lines", 9),
    ("UPDATE trail SET entries = x'00'", "trail", 1),
    ("UPDATE states SET stream = x'80' WHERE stream = 'SUP-1'", "file", None),
    ("INSERT INTO states VALUES (x'80', 0, x'80')", "states", "b'\\x80'"),
    ("UPDATE trail SET entries = CAST(x'ff' AS TEXT)", "file", None),
    ("ALTER TABLE rows DROP COLUMN good_from", "file", None),
]


@pytest.mark.parametrize(("sql", "table", "row"), MALFORMED)
@pytest.mark.parametrize("change", [edit, in_wal])
def test_what_was_edited_is_found_before_a_read_repairs_it(
    behind: Store, change: Callable[[Store, str], None], sql: str, table: str, row: object
) -> None:
    change(behind, sql)
    with untouched(behind):
        found = check(behind)
        assert found["differs"] == {"table": table, "row": row or str(path(behind))}
        assert not found["same"]
        verdict = verify(behind.folder, now=behind.now)
        assert (verdict["verdict"], verdict["exit"]) == ("altered", 4)
        assert status(behind)["state"] == "behind"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE mark SET position = 'x'",
        "UPDATE mark SET position = NULL",
        "UPDATE mark SET position = -1",
        "UPDATE mark SET position = 5",
        "UPDATE mark SET position = 99, leaf = '-'",
        "UPDATE mark SET leaf = '-'",
        "UPDATE mark SET leaf = x'00'",
        "UPDATE mark SET version = '0.0.1/1'",
        "DELETE FROM mark",
    ],
)
def test_a_mark_that_is_not_of_this_history_is_never_the_same(behind: Store, sql: str) -> None:
    edit(behind, sql)
    with untouched(behind):
        assert status(behind)["state"] == "stale"
        assert check(behind) == {"position": 0, "same": False, "differs": {"table": "mark", "row": 1}}
        verdict = verify(behind.folder, now=behind.now)
        assert verdict["checked"]["projections"] == 0
        assert any("the next read builds them anew" in each for each in verdict["not_proved"])
    assert answers(behind)[0]["position"] == 11
    assert check(behind) == {"position": 11, "same": True, "differs": None}


def test_what_is_merely_behind_is_compared_up_to_where_it_stands(behind: Store) -> None:
    with untouched(behind):
        assert status(behind)["state"] == "behind"
        assert check(behind) == {"position": 10, "same": True, "differs": None}
        verdict = verify(behind.folder, now=behind.now)
        assert (verdict["verdict"], verdict["checked"]["projections"]) == ("intact-unanchored", 14)
        assert any("up to position 10" in each for each in verdict["not_proved"])


@pytest.mark.parametrize("content", [None, b"", b"no database, by far" * 100])
def test_what_cannot_be_compared_stays_as_it_is(behind: Store, content: bytes | None) -> None:
    path(behind).unlink()
    if content is not None:
        path(behind).write_bytes(content)
    with untouched(behind):
        status(behind)
        assert check(behind)["same"] is (content is None)
        assert verify(behind.folder, now=behind.now)["exit"] == (4 if content else 1)


def test_others_who_write_while_it_is_copied_do_not_make_it_differ(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile
    meanwhile = [NOTE]

    def copying(source: Path, target: Path) -> None:
        copy(source, target)
        if meanwhile:
            kept.do(meanwhile.pop())
            answers(kept)

    monkeypatch.setattr(shutil, "copyfile", copying)
    assert check(kept) == {"position": 11, "same": True, "differs": None}


def test_the_check_does_not_mind_that_time_goes_by(kept: Store) -> None:
    for days in (1, 20, 400):
        kept.clock.tick(days * 86_400)
        assert check(kept)["same"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE states SET state = x'c1' WHERE stream = 'SUP-1'",
        "UPDATE states SET state = x'80' WHERE stream = ''",
        "DELETE FROM states",
        "UPDATE rows SET row = 'no json'",
        "UPDATE rows SET age_from = 'yesterday'",
        "UPDATE rows SET good_from = NULL",
        "UPDATE lines SET line = x'00'",
        "UPDATE trail SET entries = replace(entries, 'paula', 'carla')",
        "UPDATE trail SET entries = CAST(entries AS BLOB)",
        "UPDATE trail SET first = 2",
        "DELETE FROM trail",
        "DELETE FROM rows",
        "UPDATE states SET state = (SELECT state FROM states WHERE stream = '')",
        "UPDATE mark SET rows = 7",
    ],
)
def test_rows_that_cannot_be_read_are_built_anew(kept: Store, sql: str) -> None:
    found = answers(kept)
    edit(kept, sql)
    edit(kept, "DELETE FROM answers")
    assert answers(kept) == found
    assert check(kept)["same"]


def test_a_row_that_went_missing_is_missed_after_others_were_caught_up(kept: Store) -> None:
    kept.define()
    answers(kept)
    edit(kept, "DELETE FROM rows WHERE number = 2")
    kept.do(NOTE)
    found = answers(kept)
    assert found[4] == ("SUP-1", "SUP-2")
    assert answers_from_the_log(kept) == found


# Several processes

READ = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from roadlog.reading import Reading

with Reading(Path(sys.argv[1]), now=datetime.now(UTC)) as reading:
    moment = reading.moment()
    board = reading.board(moment)
    print(board["position"], len(board["initiatives"]), len(list(reading.trail(moment))))
"""
DIE = """
import os, signal, sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
import roadlog.upkeep
from roadlog.projections.folding import Index
from roadlog.reading import Reading

careless = sys.argv[4:] == ["careless"]  # commits before it is whole, and rebuilds in place
if careless:
    roadlog.upkeep._scratch = nullcontext
taken = 0
take = Index.take

def taking(self, record):
    global taken
    take(self, record)
    taken += 1
    if taken == int(sys.argv[2]):
        self.write()
        if careless:
            self._cache.set_mark(*reading._upkeep.head[:2])
            self._cache.commit()
        os.kill(os.getpid(), signal.SIGKILL)

Index.take = taking
with Reading(Path(sys.argv[1]), now=datetime.now(UTC)) as reading:
    getattr(reading, sys.argv[3])()
"""


@pytest.fixture
def real_time(tmp_path: Path) -> Path:
    """A store made by the clock on the wall, which other processes read; 60 records."""
    folder = tmp_path / ".roadlog"
    Application.create(folder, Wish(actor="paula"), OPEN)
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), PROBLEM, *[NOTE] * 56)
    return folder


def process(script: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_readers_who_catch_up_at_once_read_the_same(real_time: Path) -> None:
    readers = [process(READ, str(real_time)) for _ in range(4)]
    for reader in readers:
        out, err = reader.communicate(timeout=60)
        assert (out, err, reader.returncode) == ("60 1 60\n", "", 0)


def killed(folder: Path, taken: int, method: str, *careless: str) -> Store:
    """The store after a process that folds into its projections was killed, so many records along."""
    died = process(DIE, str(folder), str(taken), method, *careless)
    died.communicate(timeout=60)
    assert died.returncode == -signal.SIGKILL
    return Store(folder, None)  # type: ignore[arg-type]


def glimpse(team: Store) -> tuple[int, int, tuple[str, ...]]:
    """What a reader sees: the position, how many entries, the initiatives."""
    with team.reading() as reading:
        moment = reading.moment()
        return reading.board(moment)["position"], len(list(reading.trail(moment))), reading.keys()


WHOLE = (60, 60, ("SUP-1",))


@pytest.mark.parametrize("method", ["moment", "rebuild"])
def test_who_is_killed_midway_leaves_what_was_there(real_time: Path, method: str) -> None:
    team = killed(real_time, 30, method)
    assert status(team)["position"] == 0
    out, err = process(READ, str(real_time)).communicate(timeout=60)
    assert (out, err) == ("60 1 60\n", "")
    assert check(team)["same"]


@pytest.mark.parametrize("method", ["moment", "rebuild"])
def test_what_a_careless_fold_leaves_is_seen(real_time: Path, method: str) -> None:
    """The controls of the tests around: a fold that commits before it is whole fails each of them."""
    team = killed(real_time, 30, method, "careless")
    assert status(team)["position"] != 0
    assert not check(team)["same"]
    with team.reading() as reading:
        assert reading.board(reading.moment())["initiatives"] == []


def one_more(folder: Path) -> None:
    """Projections at the head, and then another record."""
    process(READ, str(folder)).communicate(timeout=60)
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), MeasureOutcome(stream="SUP-1", metric="tickets", value=3))


def test_a_killed_rebuild_changes_nothing_and_is_swept_up_by_the_next(real_time: Path) -> None:
    one_more(real_time)
    team = killed(real_time, 30, "rebuild")
    assert (status(team)["position"], check(team)["same"]) == (60, True)
    assert list(real_time.glob("*.new"))
    with team.reading() as reading:
        assert reading.rebuild()["position"] == 61
    assert not list(real_time.glob("*.new*"))
    assert check(team)["same"]


def test_what_a_careless_rebuild_changes_is_seen(real_time: Path) -> None:
    """The control of the test above: a rebuild in place that commits before it is whole."""
    one_more(real_time)
    team = killed(real_time, 1, "rebuild", "careless")
    assert (status(team)["position"], check(team)["same"]) == (61, False)


def test_a_rebuild_under_readers_never_shows_half(real_time: Path) -> None:
    """While one rebuilds again and again, every answer of another is whole."""
    again = process(
        READ.replace("    moment", "    for _ in range(20): reading.rebuild()\n    moment", 1), str(real_time)
    )
    team = Store(real_time, None)  # type: ignore[arg-type]
    seen = []
    while again.poll() is None:
        seen.append(glimpse(team))
        time.sleep(0.001)
    assert again.communicate() == ("60 1 60\n", "")
    assert set(seen) == {WHOLE}


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
