"""The exit codes of metrics and forecasts, as docs/reference/exit-codes.md tells them."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.line import Line

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md"
CODES = (0, 2, 3, 4, 5, 6)
"""Each has its test below; 3, which needs a forecast that says something, in test_forecast.py."""


def test_the_document_tells_each_code_that_is_tested_here() -> None:
    section = (
        DOCUMENT.read_text(encoding="utf-8").partition("Of `roadlog metrics`")[2].partition("A failure")[0]
    )
    assert tuple(map(int, re.findall(r"^- \*\*(\d+)\*\*:", section, re.MULTILINE))) == CODES


@pytest.mark.parametrize(
    "words", [("metrics",), ("metrics", "SUP-1"), ("forecast",), ("forecast", "SUP-1"), ("forecast", "score")]
)
def test_0_an_answer_that_says_that_it_knows_little(line: Line, words: tuple[str, ...]) -> None:
    assert line(*words)
    assert line.json(*words)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("metrics", "SUP-9"), "unknown-initiative"),
        (("metrics", "--role", "x"), "unknown-role"),
        (("metrics", "--milestone", "x"), "unknown-milestone"),
        (("metrics", "--segment", "x"), "unknown-segment"),
        (("metrics", "--chart", "x"), "unknown-chart"),
        (("metrics", "--zone", "x"), "unknown-zone"),
        (("metrics", "--from", "2026-03-02", "--to", "2026-03-01"), "window"),
        (("metrics", "--from", "2026-03-17", "--as-of", "2026-03-16"), "window"),
        (("metrics", "--position", "1"), "moment"),
        (("metrics", "--as-of", "2999-01-01"), "future"),
        (("metrics", "--chart", "ageing", "--out", "-"), "usage"),
        (("forecast", "SUP-9"), "unknown-initiative"),
        (("forecast", "--zone", "x"), "unknown-zone"),
        (("forecast", "--by", "2020-01-01"), "by"),
        (("forecast", "--by", "2999-01-01"), "by"),
        (("forecast", "--from", "2026-03-02", "--to", "2026-03-01"), "window"),
        (("forecast", "--count", "2", "SUP-1"), "usage"),
        (("forecast", "--out", "-"), "usage"),
        (("forecast", "keep", "--zone", "x"), "unknown-zone"),
        (("forecast", "score", "--as-of", "2999-01-01"), "future"),
    ],
)
def test_2_not_understood(line: Line, words: tuple[str, ...], rule: str) -> None:
    error = line.error(*words)
    assert (error["exit"], error["rule"]) == (2, rule)
    assert line.records() == 8


def test_4_a_record_that_cannot_be_read(line: Line) -> None:
    connection = sqlite3.connect(line.folder / "events.db")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE stored_events SET topic = 'os.system' WHERE position = 8")
    connection.commit()
    connection.close()
    for words in (("metrics",), ("forecast",), ("forecast", "keep"), ("forecast", "score")):
        assert line.error(*words)["exit"] == 4, words


def test_5_refused_by_a_rule(line: Line, tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text("mine", encoding="utf-8")
    for words in (("metrics", "--chart", "ageing"), ("forecast",)):
        error = line.error(*words, "--out", str(picture))
        assert (error["exit"], error["rule"]) == (5, "file-exists")
    assert line.error("forecast", "keep")["rule"] == "forecast"
    assert line.records() == 8


def test_6_the_store_or_the_file(line: Line, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "a.svg")
    for words in (("metrics", "--chart", "ageing"), ("forecast",)):
        error = line.error(*words, "--out", nowhere)
        assert (error["exit"], error["rule"]) == (6, "file")
        assert (Line(tmp_path / "nothing").error(*words)["rule"]) == "no-store"
