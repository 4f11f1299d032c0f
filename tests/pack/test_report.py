"""The report: its first page, that a screen reader finds its way, and that what is absent is said."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from roadlog.pack.told import SAMPLE, sample
from tests.cli.line import Line
from tests.pack.packs import packed, root_of
from tests.pack.test_hostile import Seen


@pytest.fixture(scope="module")
def page(of_one: Path) -> str:
    return (of_one / "report.html").read_text()


def first_page(page: str) -> str:
    return page[page.index("<header") : page.index("</header>")]


def test_the_first_page_says_what_one_holds_and_what_it_cannot_prove(page: str, of_one: Path) -> None:
    said = Seen(first_page(page)).text
    for each in (
        "SUP-1: We want to reduce support load by 30 %",
        "What you hold",
        "What it cannot prove",
        "How to check it",
        "python3 -I -S verify.py --key log.pub --witness witness.pub --against kept.txt",
        "The key shows who signed the log; the others show that it was not made anew.",
        "17 with findings; 0 without a record",
        "recorded from 2026-11-2",
        "165 in the log: 100 with content, 65 with its SHA-256 alone",
        root_of(of_one).hex(),
        "That what people wrote is true, or that they recorded everything.",
        "Who sat at the keyboard.",
        "whoever holds its key can",
    ):
        assert each in said, each


def test_a_control_is_known_by_its_id_and_findings_come_first(page: str) -> None:
    said = Seen(page[page.index('id="controls"') :]).text
    assert said.index("approval-at-gate") < said.index("Out of scope, ")
    rows = re.findall(r"<td>(finding|absent|satisfied|out-of-scope)</td>", page)
    assert "out-of-scope" not in rows
    assert rows[0] == "finding"


def test_nothing_is_called_compliant(of_one: Path) -> None:
    for name in ("report.html", "README"):
        assert "compliant" not in (of_one / name).read_text().lower()


def test_a_screen_reader_finds_its_way(page: str) -> None:
    """A language, one title, headings without gaps, tables with captions and headed columns."""
    assert '<html lang="en">' in page
    levels = Seen(page).headings
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.count("<table>") == page.count("<caption>") == page.count("<thead>")
    assert re.findall(r"<th(?: class=\"\w+\")?>", page) == []
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    named = re.findall(r'(?:aria-labelledby|href)="#?([^"]+)"', page)
    assert {name for each in named for name in each.split()} <= set(names)


def test_what_is_absent_is_said(line: Line, tmp_path: Path) -> None:
    said = Seen((packed(line.folder, tmp_path / "pack") / "report.html").read_text()).text
    for each in (
        "Nobody voted in this time.",
        "No gate was passed in this time.",
        "No risk was logged, scored, treated or closed in this time.",
        "No safeguard was defined, tested or used in this time.",
        "There were no waivers, no break-glass, no late or voided records, and nothing was erased.",
        "No evidence was attached in this time.",
        "Intended purposenot recorded",
    ):
        assert each in said, each


def test_the_sample_is_drawn_by_the_root_alone() -> None:
    positions = list(range(1, 1001))
    drawn = sample(positions, "ab" * 32)
    assert (len(drawn), drawn) == (SAMPLE, sorted(drawn))
    assert drawn == sample(positions[::-1], "ab" * 32)
    assert drawn != sample(positions, "cd" * 32)
    assert sample([3, 1], "ab" * 32) == [1, 3]


def test_exceptions_are_named_as_what_they_are(line: Line, tmp_path: Path) -> None:
    line("advance", "SUP-1")
    line("waive", "SUP-1", "baseline", "--until", "2999-01-01", "--because", "No baseline yet", by="carla")
    line("advance", "SUP-1", "--break-glass", "--because", "The customer cannot wait")
    line("note", "SUP-1", "Not so")
    line("undo")
    line("erase", "carla", "--basis", "She asked for it")
    line("consent", "14", "--because", "So she did", by="dan")
    rows = (packed(line.folder, tmp_path / "pack") / "tables" / "exceptions.csv").read_text().splitlines()
    assert [each.split(",")[0].strip('"') for each in rows] == [
        "kind",
        "waiver",
        "break-glass",
        "voided by #13",
        "erased",
    ]


def test_a_criterion_says_when_it_was_set_and_when_it_was_measured(of_one: Path) -> None:
    rows = (of_one / "tables" / "criteria.csv").read_text().splitlines()
    assert rows[1].startswith("SUP-1,right-en,training,answers judged right,>= 0.8,tickets in English,,28,")
    assert ",33," in rows[1]
