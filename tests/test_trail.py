"""The trail part by part: the same lines, whatever was told before, and nothing held in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import orjson
import pytest

from roadlog import store, trail, upkeep
from roadlog.domain.commands import AddNote, AdvanceMilestone, VoidRecord
from roadlog.projections.cache import Cache
from roadlog.reading import Reading
from roadlog.trail import changes_in
from tests.stores import Store


@pytest.fixture
def untold(team: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Three initiatives that took turns; no line of theirs was told yet."""
    keys = [team.define() for _ in range(3)]
    for _ in range(3):
        for key in keys:
            team.do(AddNote(stream=key, text="seen"))
    team.do(AdvanceMilestone(stream=keys[0]))
    monkeypatch.setattr(upkeep, "FEW", 0)
    return team


def told(team: Store, **asked: Any) -> list[dict[str, Any]]:
    with team.reading() as reading:
        return list(reading.trail(reading.moment(), **asked))


def kept(team: Store) -> set[int]:
    with closing(Cache.open(team.folder / store.PROJECTIONS)) as cache:
        return cache.told()


def test_in_parts_it_is_the_same(untold: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(untold)
    assert [each["position"] for each in whole] == list(range(1, 21))
    for suffix in ("", "-wal", "-shm"):
        (untold.folder / f"{store.PROJECTIONS}{suffix}").unlink(missing_ok=True)
    monkeypatch.setattr(trail, "PART", 2)
    assert told(untold, last=5) == whole[-5:]
    assert told(untold) == told(untold) == whole


def test_between_two_positions_so_many_from_either_end_are_told(untold: Store) -> None:
    whole = told(untold)
    assert told(untold, first=3) == whole[:3]
    assert told(untold, first=3, after=5) == whole[5:8]
    assert told(untold, last=3, before=9) == whole[5:8]
    assert told(untold, after=5, before=9) == whole[5:8]
    assert told(untold, first=99, before=1) == []


def test_what_was_voided_later_says_so_on_any_page(untold: Store) -> None:
    untold.do(VoidRecord(stream="SUP-1", position=11))
    (entry,) = told(untold, first=1, after=10, before=12)
    assert (entry["position"], entry["voided_by"]) == (11, 21)


def test_only_what_is_asked_for_is_told_and_that_once(untold: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "PART", 2)
    folded: list[set[str]] = []
    lines = upkeep.Upkeep.lines

    def counted(self: upkeep.Upkeep, streams: set[str], *rest: Any) -> Iterator[tuple[int, str]]:
        folded.append({*streams} - {"SUP"})
        return lines(self, streams, *rest)

    monkeypatch.setattr(upkeep.Upkeep, "lines", counted)
    notes = {each["position"] for each in told(untold, kind="NoteAdded")}
    assert folded == [{"SUP-1", "SUP-2"}, {"SUP-3"}]
    assert kept(untold) == notes


def test_what_cannot_be_kept_is_told_all_the_same(untold: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "PART", 2)
    with untold.reading() as reading, closing(sqlite3.connect(untold.folder / store.PROJECTIONS)) as other:
        entries = reading.trail(reading.moment())
        other.execute("BEGIN IMMEDIATE")
        meanwhile = list(entries)
    assert not kept(untold)
    assert told(untold) == meanwhile
    assert kept(untold) == set(range(1, 21))


def test_progress_is_told_of_the_streams_whose_lines_are_told(untold: Store) -> None:
    def asked() -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        with untold.reading() as reading:
            list(reading.trail(reading.moment()).changes(lambda *each: found.append(each)))
        return found

    assert asked() == [(1, 3), (2, 3), (3, 3)]
    assert asked() == []


def test_between_two_parts_the_projections_are_not_held(
    untold: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PART", 2)

    def is_held(reading: Reading) -> bool:
        with closing(sqlite3.connect(untold.folder / store.PROJECTIONS, timeout=0)) as other:
            return bool(other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    with untold.reading() as reading:
        parts = reading.trail(moment := reading.moment()).parts()
        assert is_held(reading)  # the control: by the index
        first = next(parts)
        assert not is_held(reading)
        untold.do(AddNote(stream="SUP-1", text="meanwhile"))
        with untold.reading() as other:
            other.board(other.moment())
        rest = [each["position"] for part in parts for each in part]
        assert [each["position"] for each in first] + rest == list(range(1, 21))
        assert reading.board(moment)["position"] == 20


@pytest.mark.parametrize("text", ['","changes":[],"gate":', "\\", '\\","changes":[{', ',"gate":null'])
def test_the_changes_of_a_line_are_found_whatever_its_texts_say(text: str) -> None:
    change = {"field": "title", "before": text, "after": {"changes": [text], "reason": text}}
    line = {"position": 1, "sentence": text, "reason": text, "changes": [change], "gate": None}
    gate = [{"requirement": text, "who": [text]}]
    for each in (line, {**line, "gate": gate}, {**line, "changes": []}):
        assert orjson.loads(changes_in(orjson.dumps(each).decode())) == each["changes"]
