"""Bits that flip in the projections' file: every answer is that of the log all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from roadlog import store
from roadlog.domain.commands import AddNote, AdvanceMilestone, VoidRecord
from roadlog.projections import cache, kept_snapshots, kept_trail
from tests.cli.line import Line
from tests.stores import PROBLEM, Store

FLIPS = 300
KEPT = ("board", "show SUP-1", "next", "log", "log SUP-2 --actor paula")
"""Asked before, so that the file holds what is to be answered."""
ASKED = (
    *KEPT,
    "show SUP-2",
    "gate SUP-1",
    "next --for dan",
    "metrics",
    "audit",
    "show SUP-7",
    "board --position 25",
)
"""The others are worked out from the states."""


class Flipped:
    """A store whose projections are laid anew, with a bit flipped or as they were, for each question."""

    def __init__(self, team: Store) -> None:
        self._line = Line(team.folder)
        self._path = team.folder / store.PROJECTIONS
        for words in KEPT:
            self._line(*words.split(), "--json")
        self._content = self._path.read_bytes()
        self._places = [place for place, byte in enumerate(self._content) if byte]
        self._usual = {words: self._answer(self._content, words) for words in ASKED}

    def _answer(self, content: bytes, words: str) -> tuple[int, str, str]:
        for suffix in ("-wal", "-shm", "-journal"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        self._path.write_bytes(content)
        result = self._line.run(*words.split(), "--json")
        return result.exit_code, result.stdout, result.stderr

    def wrong(self, times: int, asked: tuple[str, ...] = ASKED) -> Iterator[str]:
        """Whatever is not answered as it is without a flip; each question is asked as often."""
        chance = Random(times)
        for number in range(times):
            content, place = bytearray(self._content), chance.choice(self._places)
            content[place] ^= 1 << chance.randrange(8)
            words = asked[number % len(asked)]
            answer = self._answer(bytes(content), words)
            if answer != self._usual[words]:
                yield f"byte {place}: {words}: {answer}"


@pytest.fixture
def flipped(team: Store) -> Flipped:
    problem = replace(PROBLEM, problem="Customers wait. " * 200)
    team.do(problem, problem, AdvanceMilestone(stream="SUP-1"))
    team.do(*(AddNote(stream=f"SUP-{1 + number % 2}", text=f"seen {number}") for number in range(20)))
    team.do(VoidRecord(stream="SUP-1", position=len(team.records()) - 1))
    team.close()
    return Flipped(team)


def test_a_bit_that_flips_changes_no_answer(flipped: Flipped) -> None:
    assert list(flipped.wrong(FLIPS)) == []


@pytest.mark.parametrize(
    ("place", "check", "believing", "asked"),
    [
        (kept_trail, "unsealed", lambda kept, *_: kept[8:], "log"),
        (cache, "unsealed_bytes", lambda kept, *_: kept[4:], "show SUP-2"),
        (kept_snapshots, "unsealed_bytes", lambda kept, *_: kept[4:], "board --position 25"),
        (kept_trail, "_entries", lambda _, page: orjson.loads(page[8:]), "log SUP-2 --actor paula"),
    ],
)
def test_who_does_not_check_answers_wrongly(
    flipped: Flipped, monkeypatch: pytest.MonkeyPatch, place: Any, check: str, believing: Any, asked: str
) -> None:
    """The controls of the test above: one check each is left out."""
    monkeypatch.setattr(place, check, believing)
    assert next(flipped.wrong(10 * FLIPS, (asked,)), None)
