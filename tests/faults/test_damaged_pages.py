"""Each page of a small store in turn zeroed, overwritten or with a bit flipped: no answer is a wrong one."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from msgspec.structs import replace

from roadlog.event_store import appending, log, vouching
from roadlog.event_store.records import Row
from roadlog.event_store.report import Report
from roadlog.event_store.verify import verify_file
from roadlog.verification import verdict as verification
from tests.cli.conftest import TEAM
from tests.cli.line import Line
from tests.conftest import Figure, Times
from tests.faults.counts import FLIPS
from tests.interop.boards import history, issue, page, status
from tests.interop.logs import at

PAGE = 4096
EVENTS, PROJECTIONS = "events.db", "projections.db"
TABLES = (
    "SELECT * FROM stored_events",
    "SELECT * FROM tree",
    "SELECT id, first, last FROM commands",
    "SELECT * FROM sqlite_schema",
)
"""All that `verify` vouches for; it says of the digests of commands that nothing covers them."""
READING = (
    *("board", "show SUP-1", "show SUP-3", "gate SUP-2", "next", "log", "log SUP-2", "metrics", "digest"),
    *(
        "stakeholder list",
        "edge-case list",
        "workflow show",
        "board --position 20",
        "show SUP-2 --position 25",
        "board --known-at 2026-03-12T09:06:30Z",
        "board --as-of 2026-03-12T09:06:30Z",
        "show SUP-2 --as-of 2026-03-12T09:06:30Z",
        "audit",
        "audit SUP-2 --position 25",
        "search case",
        "search case --position 25",
    ),
)
WRITING = (
    *("note SUP-1 x", "edge-case log SUP-2 y --severity 3", "define T --problem Slow"),
    *("undo --because mistake", "stakeholder add zoe --role product", "note SUP-1 x --expect-version 9"),
    *("import csv LOG --case case --activity activity --time time --actor who", "import jira ISSUES"),
)
"""The imports are of what was imported before."""
LINES = "case,activity,time,who\nA,feasibility,2026-03-02T09:00:00Z,Ana\nA,live,2026-03-03T09:00:00Z,Ana\n"
KEEPING = ("verify", "projections status", "projections rebuild", "projections check")


def filled(folder: Path, words: str) -> list[str]:
    """A line's words, with the files that are imported beside a store."""
    files = {"LOG": folder.parent / "log.csv", "ISSUES": folder.parent / "issues.json"}
    return [str(files.get(each, each)) for each in words.split()]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three initiatives whose log, and projections, take some dozen pages."""
    folder = tmp_path_factory.mktemp("seed") / ".roadlog"
    issues = page(issue("DEMO-1", history(1, at(2), status("feasibility", "training")), now="training"))
    (folder.parent / "issues.json").write_text(json.dumps(issues), encoding="utf-8")
    (folder.parent / "log.csv").write_text(LINES, encoding="utf-8")
    line = Line(folder)
    with freeze_time("2026-03-12T09:00:00Z") as clock:
        assert isinstance(clock, FrozenDateTimeFactory)
        line("init", "--key", "SUP", "--name", "Support AI")
        for handle, role in TEAM.items():
            line("stakeholder", "add", handle, "--role", role)
        for _ in range(3):
            line(
                "define",
                "Reduce support load",
                "--problem",
                "Customers wait",
                "--metric",
                "m",
                "--target",
                "3",
            )
        for number in range(12):
            clock.tick(60)
            key = f"SUP-{number % 3 + 1}"
            line("note", key, f"{number} " * 150)
            line("edge-case", "log", key, f"case {number}", "--severity", "2")
        clock.tick(60)
        for words in WRITING[-2:]:
            line(*filled(folder, words))
        line("search", "case")
    return folder


class Asked:
    """Asks a store whose file was damaged, always at one time and with the same salts."""

    def __init__(self, seed: Path, place: Path, name: str, *, cached: bool) -> None:
        self._seed = seed
        self._place = place
        self._name = name
        self._cached = cached
        self.content = (seed / name).read_bytes()
        self.usual = {
            words: self(self.content, words) for words in (*READING, *WRITING, *KEEPING, "note SUP-5 x")
        }

    def __call__(self, content: bytes, words: str) -> Result:
        self.lay(content)
        chance = Random(words)
        with freeze_time("2026-03-12T10:00:00Z"), patch("os.urandom", chance.randbytes):
            return Line(self._place).run(*filled(self._seed, words), "--json")

    def lay(self, content: bytes) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        shutil.copytree(self._seed, self._place)
        if not self._cached:
            (self._place / PROJECTIONS).unlink()
        (self._place / self._name).write_bytes(content)

    def said(self, content: bytes, words: str) -> str:
        """How the answer compares: `right`, `told` (that something is damaged), or whatever else."""
        result, usual = self(content, words), self.usual[words]
        if words == "verify":
            if result.exit_code == 1:
                return "right" if self._holds_all(content) else "wrong: intact"
            return "told" if result.exit_code in (4, 6) else f"exit {result.exit_code}"
        if (result.exit_code, result.stdout) == (usual.exit_code, usual.stdout):
            return "right"
        if result.exit_code in (4, 6):
            return "told" if '"message":' in result.stderr and result.stdout == "" else "told badly"
        return "wrong" if result.exit_code == usual.exit_code else f"exit {result.exit_code}: {result.stderr}"

    def _holds_all(self, content: bytes) -> bool:
        """Whether the damage took nothing away: some bytes of a page hold nothing."""
        self.lay(content)
        return rows(self._place / self._name) == rows(self._seed / self._name)


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    """What the tables of a log hold."""
    with closing(sqlite3.connect(path)) as store:
        return [store.execute(table).fetchall() for table in TABLES]


def damages(content: bytes, flips: int) -> Iterator[tuple[str, bytes]]:
    chance = Random(flips)
    for start in range(0, len(content), PAGE):
        rest = content[start + PAGE :]
        yield f"page {start // PAGE} zeroed", content[:start] + bytes(PAGE) + rest
        yield f"page {start // PAGE} overwritten", content[:start] + chance.randbytes(PAGE) + rest
        for _ in range(flips):
            at, flipped = start + chance.randrange(PAGE), bytearray(content)
            flipped[at] ^= 1 << chance.randrange(8)
            yield f"page {start // PAGE} byte {at - start}", bytes(flipped)


Damages = Iterator[tuple[str, bytes]]


def campaign(asked: Asked, words: tuple[str, ...], found: Damages) -> tuple[Counter[str], list[str]]:
    """What came of asking with each damage; and all that is neither right nor told."""
    counted: Counter[str] = Counter()
    wrong = []
    for damage, content in found:
        counted["damages"] += 1
        for each in words:
            said = asked.said(content, each)
            counted[said.partition(":")[0]] += 1
            if said not in ("right", "told"):
                wrong.append(f"{damage}: {each}: {said}")
    return counted, wrong


@pytest.mark.parametrize("words", [READING, WRITING, KEEPING], ids=["reading", "writing", "keeping"])
@pytest.mark.parametrize("cached", [False, True], ids=["from the log", "from the projections"])
def test_a_damaged_log_gives_right_answers_or_none(
    seed: Path, tmp_path: Path, times: Times, figure: Figure, words: tuple[str, ...], cached: bool
) -> None:
    asked = Asked(seed, tmp_path / ".roadlog", EVENTS, cached=cached)
    counted, wrong = campaign(asked, words, damages(asked.content, times(FLIPS)))
    figure(
        f"{counted['damages']:,} damages: {counted['right']:,} right answers, "
        f"{counted['told']:,} times told (exit 4 or 6), {len(wrong)} wrong"
    )
    assert wrong == []
    assert counted["told"] > counted["damages"] / 2


def test_damaged_projections_change_no_answer(
    seed: Path, tmp_path: Path, times: Times, figure: Figure
) -> None:
    """They are sealed: what is not as it was put in is made anew."""
    asked = Asked(seed, tmp_path / ".roadlog", PROJECTIONS, cached=True)
    counted: Counter[str] = Counter()
    for damage, content in damages(asked.content, times(FLIPS)):
        counted["damages"] += 1
        assert asked(content, "projections check").exit_code in (0, 1), damage
        for words in (*READING, *WRITING):
            assert asked.said(content, words) == "right", (damage, words)
            counted["right"] += 1
    figure(f"{counted['damages']:,} damages: {counted['right']:,} right answers")


def flipped(content: bytes, text: bytes) -> bytes:
    """A bit flipped in the text's last byte, where it stands first."""
    at = content.index(text) + len(text) - 1
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def index_of(path: Path) -> int:
    """Where the page begins that is the index of streams."""
    asked = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_stored_events_1'"
    with closing(sqlite3.connect(path)) as store:
        ((root,),) = store.execute(asked)
    return (int(root) - 1) * PAGE


def miscounted(content: bytes, path: Path, bit: int = 64) -> bytes:
    """A bit flipped in the number of entries of the index of streams; where that grows, it ends in none.

    It is in bytes 3 and 4 of the page: https://www.sqlite.org/fileformat.html#b_tree_pages.
    """
    at = index_of(path) + 4
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def misplaced(content: bytes, path: Path) -> bytes:
    """A bit flipped in the name of a stream in the index: that entry is found under another name."""
    at = index_of(path)
    return content[:at] + flipped(content[at:], b"SUP-2")


CSV, JIRA = WRITING[-2:]
KNOWN_AT = next(words for words in READING if "--known-at" in words)
GOES_BY = {
    "show SUP-3": b"5 5 5 5",
    KNOWN_AT: b"2026-03-12T09:06",
    CSV: b'"title":"A',
    JIRA: b'"line":"DEMO-1',
}
"""What a question's answer goes by, as it is stored."""


@pytest.mark.parametrize("words", GOES_BY)
def test_what_an_answer_goes_by_is_held_against_its_leaf(seed: Path, tmp_path: Path, words: str) -> None:
    asked = Asked(seed, tmp_path / ".roadlog", EVENTS, cached=False)
    assert asked.said(flipped(asked.content, GOES_BY[words]), words) == "told"


@pytest.mark.parametrize("bit", [1, 2, 4, 8, 16, 32])
def test_the_end_of_the_index_is_not_believed(seed: Path, tmp_path: Path, bit: int) -> None:
    """It lacks the last records of the last streams, and nothing follows that would not fit."""
    asked = Asked(seed, tmp_path / ".roadlog", EVENTS, cached=False)
    damage = (f"bit {bit}", miscounted(asked.content, seed / EVENTS, bit))
    assert campaign(asked, (*READING, *WRITING, "note SUP-5 x"), iter([damage]))[1] == []


def test_what_the_index_hides_is_told(seed: Path, tmp_path: Path) -> None:
    asked = Asked(seed, tmp_path / ".roadlog", EVENTS, cached=False)
    assert asked.said(miscounted(asked.content, seed / EVENTS), WRITING[0]) == "told"


def believed(
    rows: Iterable[Row], decode: Callable[..., Any], make: Callable[[Row, Any], Any], _: object
) -> Iterator[Any]:
    """Records as they are stored, whatever their leaves say."""
    for row in rows:
        yield make(row, decode(row[3], row[5], position=row[0], stream=row[1]))


def believed_whole(path: str, **named: Any) -> Report:
    """What is verified, whatever was found."""
    return replace(verify_file(path, **named), verdict=verification.INTACT, problems=())


@pytest.mark.parametrize(
    ("place", "check", "believing", "words"),
    [
        (vouching, "vouched", believed, READING),
        (log, "vouched", believed, WRITING),
        (verification, "verify_file", believed_whole, KEEPING),
        (appending, "check_index", lambda *_: None, WRITING),
        (appending, "check_count", lambda *_: None, WRITING),
    ],
    ids=["reading", "writing", "keeping", "the index", "its count"],
)
def test_who_believes_what_is_stored_answers_wrongly(
    seed: Path, tmp_path: Path, place: Any, check: str, believing: Any, words: tuple[str, ...]
) -> None:
    """The controls: the same campaign, with one check each left out."""
    asked = Asked(seed, tmp_path / ".roadlog", EVENTS, cached=False)
    found = {text.decode(): flipped(asked.content, text) for text in GOES_BY.values()}
    found["the index"] = misplaced(asked.content, seed / EVENTS)
    found["its count"] = miscounted(asked.content, seed / EVENTS, 1)
    with patch.object(place, check, believing):
        _, wrong = campaign(asked, words, iter(found.items()))
    assert wrong != []
