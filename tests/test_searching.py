"""Searching: what is found at a moment is what a look at every record up to there finds."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from roadlog import store
from roadlog.domain.commands import (
    AddNote,
    AdoptInitiative,
    LogEdgeCase,
    LogRisk,
    MitigateRisk,
    ReframeProblem,
    VoidRecord,
)
from roadlog.domain.events import RecordVoided
from roadlog.domain.records import Record
from roadlog.domain.refusals import Damaged, Malformed, StoreFailure
from roadlog.event_store.reading import Reader
from roadlog.projections import search
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure, sealed
from roadlog.projections.search import Index
from roadlog.projections.texts import TEXTS
from roadlog.reading import Reading
from tests.random_commands import WISHES, Wanted, play
from tests.stores import OPENED, Store, team_store

Hit = tuple[int, str]


def note(text: str, key: str = "SUP-1") -> AddNote:
    return AddNote(stream=key, text=text)


def found(team: Store, text: str, best: int = search.BEST, **moment: Any) -> list[dict[str, Any]]:
    with team.reading() as reading:
        return reading.search(text, reading.moment(**moment), best=best)


def places(team: Store, text: str, **asked: Any) -> list[Hit]:
    return [(each["position"], each["field"]) for each in found(team, text, **asked)]


def path(team: Store) -> Path:
    return team.folder / store.PROJECTIONS


def check(team: Store) -> Any:
    with team.reading() as reading:
        return reading.check()["differs"]


def counts(team: Store) -> dict[str, int]:
    with team.reading() as reading:
        answer: dict[str, int] = reading.status()["counts"]
        return answer


def edit(team: Store, *statements: str) -> None:
    with closing(sqlite3.connect(path(team), isolation_level=None)) as connection:
        for sql in statements:
            connection.execute(sql)


@pytest.fixture
def noted(team: Store) -> Store:
    """SUP-1 at position 8, and three notes."""
    team.define()
    team.do(note("Refund rules"), note("A refund"), note("Rules of refunds"), because=None)
    return team


# What is found


def test_every_kind_of_text_is_found_where_a_reader_knows_it(team: Store) -> None:
    team.define()
    team.do(ReframeProblem(stream="SUP-1", title="Zebra title", problem="The zebra hurts"), because="Zebra!")
    team.do(note("zebra"), because=None)
    team.do(LogRisk(stream="SUP-1", description="A ZEBRA", category="bias", likelihood=4, impact=4))
    team.do(MitigateRisk(stream="SUP-1", risk="R1", treatment="zébra", likelihood=1, impact=1))
    team.do(LogEdgeCase(stream="SUP-1", description="zebra-crossing", severity=2))
    adopt = AdoptInitiative(title="Old zebra", milestone="training", since=OPENED - timedelta(days=9))
    team.do(adopt, at=OPENED - timedelta(days=2))
    assert sorted(found(team, "zebra"), key=lambda each: (each["position"], each["field"])) == [
        {"key": "SUP-1", "position": 9, "field": "problem", "snippet": "The «zebra» hurts"},
        {"key": "SUP-1", "position": 9, "field": "reason", "snippet": "«Zebra»!"},
        {"key": "SUP-1", "position": 9, "field": "title", "snippet": "«Zebra» title"},
        {"key": "SUP-1", "position": 10, "field": "notes", "snippet": "«zebra»"},
        {"key": "SUP-1", "position": 11, "field": "risks", "snippet": "A «ZEBRA»"},
        {"key": "SUP-1", "position": 12, "field": "risks", "snippet": "«zébra»"},
        {"key": "SUP-1", "position": 13, "field": "edge_cases", "snippet": "«zebra»-crossing"},
        {"key": "SUP-2", "position": 14, "field": "title", "snippet": "Old «zebra»"},
    ]


def test_reasons_of_the_roadmap_are_found_under_its_key(team: Store) -> None:
    team.define()
    assert {each["key"] for each in found(team, "because")} == {"SUP", "SUP-1"}


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("refund", [10, 9, 11]),
        ("REFUNDS", [11]),
        ("refund rules", [9, 11]),
        ("rules refund", [9, 11]),
        ("refund of", [11]),
        ("refund missing", []),
        ('"refund"', [10, 9]),
        ('"rules of"', [11]),
        ('"of rules"', []),
        ('"refund ru"', []),
        ("ru'", [9, 11]),
        ("refund-rul", [9]),
        ("rules-of", [11]),
        ('"refund rules', [9]),
        ("efund", []),
    ],
)
def test_every_word_must_occur(noted: Store, text: str, positions: list[int]) -> None:
    """The words themselves come before longer ones; then shorter texts come first, then late ones."""
    assert places(noted, text) == [(each, "notes") for each in positions]


def test_only_the_best(noted: Store) -> None:
    assert found(noted, "refund", best=2) == found(noted, "refund")[:2]
    assert found(noted, "refund", best=9) == found(noted, "refund")


@pytest.mark.parametrize("part", [1, 2, 500])
def test_of_more_than_can_be_told_apart_the_very_words_and_then_the_latest_are_looked_at(
    noted: Store, part: int
) -> None:
    noted.do(*(note(f"refunds of rules {number} times") for number in range(8)), because=None)
    noted.do(note("zebra rules"), note("rules, zebra"), because=None)
    with patch("roadlog.searching.BEST", 2), patch("roadlog.searching.PART", part):
        assert places(noted, "refund", best=2) == [(10, "notes"), (9, "notes")]
        assert places(noted, '"zebra rules"', best=2) == [(20, "notes")]
        last = places(noted, "refunds", best=2)
    assert last == [(19, "notes"), (18, "notes")]


def test_a_writer_s_own_marks_are_no_marks(noted: Store) -> None:
    noted.do(note("a «zebra» and «horses»"), because=None)
    (each,) = found(noted, "zebra")
    assert each["snippet"] == "a ‹«zebra»› and ‹horses›"


def test_a_snippet_is_cut_around_what_was_found(noted: Store) -> None:
    noted.do(note("before " * 40 + "zebra" + " after" * 40), because=None)
    (each,) = found(noted, "zebra")
    assert re.fullmatch("…(before )+«zebra»( after)+…", each["snippet"])
    assert len(each["snippet"].split()) == search.AROUND


@pytest.mark.parametrize("text", ["", " ", '"', '""', "!?", "* ( ) ^ :", "'", "\0", "x" * 1_001])
def test_where_there_is_no_word_nothing_is_asked(noted: Store, text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        found(noted, text)
    assert refusal.value.exit_code == 2


@given(st.text(max_size=60) | st.text(alphabet='"*()^:-+{},.AND OR NOT NEAR', max_size=60))
@settings(max_examples=300, deadline=None)
def test_nothing_that_is_typed_is_syntax(text: str) -> None:
    try:
        words = search.Words.read(text)
    except ValueError:
        return
    with closing(search.Found(words)) as hits, closing(Cache.in_memory()) as cache:
        hits.add([(8, text.replace('"', " "))])
        index = Index(cache)
        index.make()
        index.add([(8, text.replace('"', " "))])
        assert index.numbers(words, 1) == [8]
        assert [number for number, _ in hits.best(9)] == [8]


# When


def test_what_was_not_yet_in_effect_is_not_found(noted: Store) -> None:
    late = noted.now
    noted.do(note("zebra"), at=OPENED + timedelta(minutes=2), because=None)
    assert places(noted, "zebra") == places(noted, "zebra", as_of=late) == [(12, "notes")]
    assert places(noted, "zebra", as_of=OPENED + timedelta(minutes=1)) == []
    assert places(noted, "zebra", known_at=late) == []
    assert places(noted, "zebra", position=11) == []
    assert places(noted, "zebra", position=12) == [(12, "notes")]
    assert places(noted, "zebra", position=12, as_of=OPENED + timedelta(minutes=1)) == []


def test_what_was_void_by_then_is_not_found(noted: Store) -> None:
    before = noted.now
    noted.do(note("zebra"), because=None)
    noted.do(VoidRecord(stream="SUP-1", position=12), because="no zebra")
    assert places(noted, "zebra") == [(13, "reason")]
    assert places(noted, "zebra", position=12) == [(12, "notes")]
    assert places(noted, "zebra", known_at=noted.now - timedelta(minutes=1)) == [(12, "notes")]
    assert places(noted, "zebra", as_of=before + timedelta(minutes=1)) == []


def test_what_is_recorded_later_changes_no_answer_about_before(noted: Store) -> None:
    before = found(noted, "refund rules", position=11)
    noted.do(*[note("rules rules refund")] * 9, because="refund by the rules")
    assert found(noted, "refund rules", position=11) == before


def looked_through(records: list[Record], word: str, position: int, as_of: datetime) -> list[Hit]:
    """What a look at every record up to a position finds; what is void or takes effect later is left out."""
    known = records[:position]
    void = {each.event.position for each in known if isinstance(each.event, RecordVoided)}
    hits = []
    for each in known:
        texts = [("reason", each.reason)]
        texts += [(field, asdict(each.event)[name]) for name, field in TEXTS.get(each.type, ())]
        if each.position in void or each.effective_at > as_of:
            continue
        hits += [(each.position, field) for field, text in texts if text and word in text.lower().split()]
    return sorted(hits)


@given(
    wishes=st.lists(WISHES, max_size=25),
    word=st.sampled_from(("one", "another", "because", "agents", "load")),
    moments=st.lists(st.tuples(st.floats(0, 1), st.integers(-300, 3000)), min_size=1, max_size=4),
)
@settings(max_examples=25, deadline=None)
def test_at_any_moment_it_finds_what_a_look_at_every_record_finds(
    wishes: list[Wanted], word: str, moments: list[tuple[float, int]]
) -> None:
    with TemporaryDirectory() as place, team_store(Path(place) / ".roadlog") as team:
        team.define()
        places(team, word)
        play(team, wishes)
        records = team.records()
        for part, hours in moments:
            position, as_of = round(part * len(records)), min(team.now, OPENED + timedelta(hours=hours))
            hits = places(team, f'"{word}"', position=position, as_of=as_of)
            assert sorted(hits) == looked_through(records, word, position, as_of)
        assert check(team) is None


# The index


def test_who_does_not_search_has_no_index(noted: Store) -> None:
    with noted.reading() as reading:
        reading.board(reading.moment())
        reading.rebuild()
    assert "texts" not in counts(noted)
    with closing(sqlite3.connect(path(noted))) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert {"mark", "rows"} <= names
    assert names.isdisjoint(search.TABLES)


def test_the_index_is_caught_up_by_the_next_search_alone(
    noted: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(found(noted, "refund")) == 3
    texts = counts(noted)["texts"]
    noted.do(note("refund"), because="another refund")
    with noted.reading() as reading:
        reading.board(reading.moment())
    assert counts(noted)["texts"] == texts
    rows: list[tuple[int, int]] = []
    read = Reader.rows

    def counted(self: Reader, after: int = 0, upto: int | None = None) -> Iterator[Any]:
        rows.append((after, upto or 0))
        return read(self, after, upto)

    monkeypatch.setattr(Reader, "rows", counted)
    assert len(found(noted, "refund")) == 5
    assert (11, 12) in rows
    assert (0, 12) not in rows
    monkeypatch.undo()
    assert counts(noted)["texts"] == texts + 2
    assert check(noted) is None


def test_a_rebuild_makes_the_index_anew_where_there_was_one(noted: Store) -> None:
    hits = found(noted, "refund")
    texts = counts(noted)["texts"]
    with noted.reading() as reading:
        assert reading.rebuild()["counts"]["texts"] == texts
    assert check(noted) is None
    assert found(noted, "refund") == hits


def test_an_index_of_another_version_is_made_anew(noted: Store) -> None:
    hits = found(noted, "refund")
    edit(noted, "UPDATE texts_data SET block = x'00' WHERE id = 10")
    mark = sealed('["0.0.1/1",11,"-",3,[],0]')
    edit(noted, f"UPDATE indexed SET mark = '{mark}'")
    assert found(noted, "refund") == hits
    with closing(Cache.open(path(noted))) as cache:
        made = Index(cache).mark()
        assert made is not None
        assert made.position == 11
    assert check(noted) is None


def test_an_index_of_another_history_is_made_anew(noted: Store, tmp_path: Path) -> None:
    """An older copy of the log was put back, and went on otherwise."""
    shutil.copytree(noted.folder, tmp_path / "older")
    noted.do(note("zebra"), because=None)
    assert places(noted, "zebra") == [(12, "notes")]
    older = Store(tmp_path / "older", noted.clock)
    shutil.copy(path(noted), path(older))
    assert check(older) == {"table": "mark", "row": 1}
    assert places(older, "zebra") == []
    assert len(places(older, "refund")) == 3
    assert check(older) is None


def test_an_index_of_another_history_beside_rows_of_this_one_is_told(noted: Store) -> None:
    hits = found(noted, "refund")
    with closing(Cache.open(path(noted))) as cache:
        cache.begin()
        Index(cache).set_mark(11, "0" * 64, 3, [])
        cache.commit()
    assert check(noted) == {"table": "indexed", "row": 1}
    assert found(noted, "refund") == hits
    assert check(noted) is None


DAMAGE = [
    ("INSERT INTO texts (texts, rowid, text) VALUES ('delete', 73, 'Refund rules')", "texts", 9),
    ("INSERT INTO texts (rowid, text) VALUES (65, 'refund')", "texts", 8),
    ("DELETE FROM texts_data WHERE id > 10", "file", None),
    ("UPDATE texts_data SET block = x'00' WHERE id > 10", "file", None),
    ("DELETE FROM texts_idx", "texts", None),
    ("UPDATE texts_config SET v = 3", "file", None),
    ("UPDATE indexed SET mark = replace(mark, '[]', '[[9,11]]')", "file", None),
    ("UPDATE indexed SET mark = x'00'", "file", None),
    ("DELETE FROM indexed", "file", None),
    ("DROP TABLE texts", "file", None),
    ("ALTER TABLE indexed ADD COLUMN more", "file", None),
]


@pytest.mark.parametrize(("sql", "table", "row"), DAMAGE)
def test_a_damaged_index_changes_no_answer(noted: Store, sql: str, table: str, row: int | None) -> None:
    hits = found(noted, "refund")
    edit(noted, sql)
    differs = check(noted)
    assert differs is not None
    if row is not None:
        assert differs == {"table": table, "row": row}
    assert found(noted, "refund") == hits
    assert check(noted) is None


def test_who_believes_the_index_misses_what_it_lost(noted: Store) -> None:
    """The control of the test above: nobody looks at the seal."""
    hits = found(noted, "refund")
    edit(noted, DAMAGE[0][0])
    with patch.object(Index, "check", lambda *_: None):
        assert len(found(noted, "refund")) == len(hits) - 1


def test_a_text_that_an_index_gives_wrongly_is_not_shown(noted: Store) -> None:
    """Also where nobody looks at the seal: what is shown is read from the record."""
    edit_hits = found(noted, "refund")
    edit(noted, DAMAGE[1][0])
    with patch.object(Index, "check", lambda *_: None):
        assert found(noted, "refund") == edit_hits


def test_a_record_that_is_not_what_its_leaf_says_is_never_shown(noted: Store) -> None:
    found(noted, "refund")
    noted.close()
    with closing(sqlite3.connect(noted.folder / store.EVENTS, isolation_level=None)) as log:
        for (name,) in log.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            log.execute(f"DROP TRIGGER {name}")
        log.execute("UPDATE stored_events SET state = CAST(replace(state, 'A refund', 'A rofund') AS BLOB)")
    with pytest.raises(Damaged):
        found(noted, "refund")
    edit(noted, "DROP TABLE texts", "DROP TABLE indexed")
    with pytest.raises(Damaged):
        found(noted, "refund")


def test_where_no_index_can_be_written_it_is_made_in_memory(noted: Store) -> None:
    with noted.reading() as reading:
        reading.board(reading.moment())
    opened = Cache.open
    with (
        patch.object(Cache, "open", lambda path, **_: opened(path, wait=0.05)),
        closing(sqlite3.connect(path(noted), isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        assert len(found(noted, "refund")) == 3
        other.execute("ROLLBACK")
    assert "texts" not in counts(noted)
    assert len(found(noted, "refund")) == 3


def test_where_no_file_can_be_everything_is_in_memory(noted: Store) -> None:
    path(noted).mkdir()
    assert len(found(noted, "refund")) == 3


def test_who_is_stopped_midway_leaves_no_half_of_an_index(noted: Store) -> None:
    hits = found(noted, "refund", position=11)
    noted.do(note("refund"), because=None)
    with patch.object(Index, "set_mark", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        found(noted, "refund")
    assert check(noted) is None
    assert found(noted, "refund", position=11) == hits
    assert len(found(noted, "refund")) == 4


def test_others_may_record_and_index_while_one_reads(noted: Store) -> None:
    with noted.reading() as reading:
        moment = reading.moment()
        noted.do(note("refund"), because=None)
        assert len(found(noted, "refund")) == 4
        assert len(reading.search("refund", moment, best=9)) == 3


def test_progress_is_told_of_many_records(noted: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    with Reading(noted.folder, now=noted.now) as reading:
        monkeypatch.setattr("roadlog.indexing.BATCH", 4)
        moment = reading.moment()
        hits = reading.search("refund", moment, best=9, progress=lambda *each: told.append(each))
    assert told == [(4, 11), (8, 11)]
    assert hits == found(noted, "refund")


def test_an_sqlite_that_cannot_search_is_a_store_that_cannot_be_used(noted: Store) -> None:
    with (
        patch.object(search, "_tokens", side_effect=CacheFailure("no such module: fts5")),
        pytest.raises(StoreFailure, match="no such module"),
    ):
        found(noted, "refund")
