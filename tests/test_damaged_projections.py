"""The projections are a cache: whatever becomes of their file, answers are those of the log."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from roadlog import store
from roadlog.domain.commands import AddNote
from roadlog.domain.refusals import StoreFailure
from roadlog.projections.cache import Cache
from roadlog.verification.verdict import verify
from tests.projections_file import NOTE, answers, answers_from_the_log, check, edit, path, status
from tests.stores import Store

NOBODY = 65534
"""The account that owns nothing, on Debian and its kin."""
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
        assert any("after position 10:" in each for each in verdict["not_proved"])


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
