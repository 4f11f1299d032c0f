"""The projections' file: what is written shows at once and whole, and what it is of stands in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

import roadlog
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.cache import SCHEMA, VERSION, Cache
from roadlog.projections.copies import copy_over
from roadlog.projections.database import CacheFailure
from roadlog.projections.kept_trail import PAGE
from roadlog.projections.trail import entry
from tests.domain.spec import START, record
from tests.projections.histories import case, defined, short

# The shapes that VERSION stands for. When this fails, something that is kept has another shape now: give
# VERSION its next number, so that files of the old shape are built anew, and put the digest here.
SHAPE = ("0.1.0/32", "34db6ef4ef8246c6")


def shape() -> str:
    """A digest of all that is kept: tables, states, board rows, trail lines; not of docstrings."""
    from roadlog.projections.board import row

    state, roadmap = case(defined())
    line = entry(record(defined(), position=1), InitiativeState(), state, short())
    _, states = msgspec.json.schema_components([InitiativeState, RoadmapState])
    told = {name: {**shape, "description": None} for name, shape in states.items()}
    kept = [SCHEMA, list(row(state, roadmap, START)), list(line), told]
    return sha256(msgspec.json.encode(kept, order="sorted")).hexdigest()[:16]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "projections.db"


@pytest.fixture
def cache(path: Path) -> Iterator[Cache]:
    with closing(Cache.open(path)) as opened:
        yield opened


def fill(cache: Cache, *, number: int = 1) -> None:
    cache.begin()
    cache.put_states([("", 0, b"roadmap"), (f"SUP-{number}", 7, b"state")])
    cache.put_rows([(number, f"SUP-{number}", None, "2026", None, "{}")])
    cache.put_pages([(1, [("SUP", "NoteAdded", "paula", "root", 2026, None, None)] * number)])
    cache.put_lines([(number, "{}")])
    cache.set_mark(number, "leaf", 1, 0)
    cache.commit()


def test_the_version_stands_for_the_shape_of_what_is_kept() -> None:
    assert (VERSION, shape()) == SHAPE
    assert VERSION.startswith(f"{roadlog.__version__}/")


def test_a_new_file_is_of_no_position(cache: Cache) -> None:
    assert cache.mark() is None
    assert cache.counts() == {"states": 0, "snapshots": 0, "rows": 0, "trail": 0}


def test_what_is_written_is_read(cache: Cache, path: Path) -> None:
    fill(cache)
    with closing(Cache.open(path)) as other:
        assert other.mark() == (1, "leaf")
        assert other.state("") == b"roadmap"
        assert other.state("SUP-2") is None
        assert other.rows() == [("SUP-1", None, "2026", None, "{}")]
        assert (other.has("SUP-1"), other.has("SUP-2")) == (True, False)
        assert other.state("SUP-1") == b"state"
        assert [table for table, _ in other.contents()] == ["states", "states", "rows", "trail", "lines"]


def test_what_is_not_committed_shows_to_nobody_and_goes_with_a_rollback(cache: Cache, path: Path) -> None:
    fill(cache)
    cache.begin()
    cache.clear()
    with closing(Cache.open(path)) as other:
        assert other.counts() == {"states": 2, "snapshots": 0, "rows": 1, "trail": 1}
    cache.rollback()
    assert cache.mark() == (1, "leaf")


def test_what_is_held_stays_as_it_was(cache: Cache, path: Path) -> None:
    fill(cache)
    with closing(Cache.open(path)) as reader:
        assert reader.hold() == (1, "leaf")
        fill(cache, number=2)
        assert reader.mark() == (1, "leaf")
        assert len(reader.rows()) == 1
        reader.rollback()
        assert reader.mark() == (2, "leaf")


def test_a_copy_takes_the_place_of_what_was_there(cache: Cache, path: Path, tmp_path: Path) -> None:
    fill(cache)
    with closing(Cache.open(path)) as reader, closing(Cache.open(tmp_path / "new.db")) as new:
        fill(new, number=7)
        reader.hold()
        copy_over(path, new)
        assert reader.mark() == (1, "leaf")
        reader.rollback()
        assert reader.mark() == (7, "leaf")
        assert list(reader.contents()) == list(new.contents())


def test_rows_of_another_version_are_none_of_ours(cache: Cache, path: Path) -> None:
    fill(cache)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE mark SET version = '0.0.1/4'")
    assert cache.mark() is None


def test_the_trail_says_what_was_void_by_then(cache: Cache) -> None:
    entries = [
        ("SUP-1", "NoteAdded", "paula", "root", 301, None, None),
        ("SUP-1", "NoteAdded", "dan", "root", 201, None, None),
        ("SUP", "ConsentRequested", "dan", None, 302, None, "SUP-1"),
        ("SUP-1", "RecordVoided", "paula", "root", 303, 1, None),
    ]
    cache.put_pages([(1, entries)])
    cache.put_lines(enumerate(("one", "two", "three", "four"), start=1))

    def told(upto: int = 4, as_of: int = 9999, **given: Any) -> list[tuple[str, int | None]]:
        filters = {"stream": None, "kind": None, "actor": None, "since": None} | given
        found = cache.trail(upto=upto, as_of=as_of, **filters)
        lines = cache.lines([each.position for each in found])
        return [(lines[each.position], each.voided_by) for each in found]

    assert told() == [("one", 4), ("two", None), ("three", None), ("four", None)]
    assert told(upto=3) == [("one", None), ("two", None), ("three", None)]
    assert told(as_of=301) == [("one", 4), ("two", None)]
    assert told(since=302) == [("three", None), ("four", None)]
    assert told(stream="SUP-1", actor="dan") == [("two", None), ("three", None)]
    assert told(stream="SUP") == [("three", None)]
    assert told(kind="RecordVoided") == [("four", None)]
    assert told(last=2) == [("three", None), ("four", None)]
    assert told(last=1, kind="NoteAdded", actor="paula") == [("one", 4)]
    assert told(last=9, upto=2) == told(upto=2)


def test_of_the_last_entries_a_page_that_is_missing_is_missed_where_it_is_needed(cache: Cache) -> None:
    page = [("SUP-1", "NoteAdded", "paula", "root", 301, None, None)] * PAGE
    cache.put_pages((first, page) for first in (1, 2 * PAGE + 1))
    everything: dict[str, Any] = {"as_of": 9999, "stream": None, "kind": None, "actor": None, "since": None}
    found = cache.trail(upto=3 * PAGE, last=PAGE, **everything)
    assert [each.position for each in found] == list(range(2 * PAGE + 1, 3 * PAGE + 1))
    with pytest.raises(CacheFailure, match="missing"):
        cache.trail(upto=3 * PAGE, last=PAGE + 1, **everything)


@pytest.mark.parametrize("content", [b"no database, by far" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_damage_is_told_from_a_file_in_use(cache: Cache, path: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "damaged.db").write_bytes(content)
    with pytest.raises(CacheFailure) as damage:
        Cache.open(tmp_path / "damaged.db")
    assert damage.value.anew
    cache.begin()
    with closing(Cache.open(path, wait=0)) as other, pytest.raises(CacheFailure) as locked:
        other.begin()
    assert not locked.value.anew
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(CacheFailure) as unusable:
        Cache.open(tmp_path / "folder.db")
    assert not unusable.value.anew


# What came late


@pytest.fixture
def late(cache: Cache) -> Cache:
    """Records of SUP-1 at 7 and 9 and a void of SUP-2 at 8, each with times of its own."""
    cache.begin()
    cache.put_late([(1, 7, 100, 200, False), (2, 8, 100, 150, True)])
    cache.set_mark(8, "leaf")
    cache.put_late([(1, 9, 120, 300, False)])
    cache.set_mark(9, "leaf")
    cache.commit()
    return cache


@pytest.mark.parametrize(
    ("position", "at", "voided", "positions"),
    [
        (9, 99, set(), []),
        (9, 100, {2}, [7]),
        (9, 149, {2}, [7, 9]),
        (9, 150, set(), [7, 9]),
        (9, 200, set(), [9]),
        (9, 300, set(), []),
        (8, 149, {2}, [7]),
        (7, 149, set(), [7]),
        (6, 149, set(), []),
    ],
)
def test_what_a_snapshot_lacks_is_known_by_its_times(
    late: Cache, position: int, at: int, voided: set[int], positions: list[int]
) -> None:
    assert late.late(position, at) == (voided, positions)
    odd, even = late.late(position, at, 1, 2), late.late(position, at, 0, 2)
    assert (odd[0] | even[0], odd[1] + even[1]) == (voided, positions)
    assert not odd[0]
    assert not even[1]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM late WHERE number = 2",
        "UPDATE late SET number = 4 WHERE number = 2",
        "UPDATE late SET number = 3 WHERE number = 2",
        "UPDATE late SET times = replace(times, '150', '151')",
        "UPDATE late SET times = NULL",
    ],
)
def test_nothing_that_came_late_goes_missing(late: Cache, sql: str) -> None:
    late.connection.execute(sql)
    with pytest.raises(CacheFailure):
        _ = [late.late(9, 149, number, 2) for number in (0, 1)]
