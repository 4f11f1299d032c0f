"""`roadlog search` as it is typed: what people see, what a program gets, and what is said of no word."""

from __future__ import annotations

import io
import sys
from contextlib import AbstractContextManager

import pytest
from freezegun import freeze_time

from roadlog.cli import progress
from roadlog.indexing import Progress
from tests.cli.line import NOW, Line
from tests.cli.views.seen import seen

NONE = "Every word must occur in one text. Fewer words, or beginnings of words, find more.\n"


@pytest.fixture
def noted(line: Line) -> Line:
    """Notes at positions 9 and 11, an edge case at 10."""
    with freeze_time("2026-03-03T09:00:00Z"):
        line("note", "SUP-1", "Refund rules are in the wiki", "--because", "asked twice")
        line("edge-case", "log", "SUP-1", "Two refunds\nin one mail", "--severity", "2")
        line("note", "SUP-1", "The wiki has no rule for a refund", by="dan")
    return line


def test_each_text_is_told_with_its_place(noted: Line) -> None:
    assert seen(noted, "search", "refund") == (
        " #9  SUP-1  notes       «Refund» rules are in the wiki\n"
        "#11  SUP-1  notes       The wiki has no rule for a «refund»\n"
        "#10  SUP-1  edge cases  Two «refunds» in one mail\n"
        "\n"
        "3 texts found\n"
    )


def test_words_need_no_quotes(noted: Line) -> None:
    assert noted("search", "wiki", "rules") == noted("search", "wiki rules")
    assert noted("search", "wiki rules").endswith("\n1 text found\n")


def test_as_json_it_is_a_list(noted: Line) -> None:
    assert noted.json("search", "refund rule") == [
        {
            "key": "SUP-1",
            "position": 11,
            "field": "notes",
            "snippet": "The wiki has no «rule» for a «refund»",
        },
        {"key": "SUP-1", "position": 9, "field": "notes", "snippet": "«Refund» «rules» are in the wiki"},
    ]
    assert len(noted.json("search", "refund", "--best", "1")) == 1
    assert noted.json("search", "asked") == [
        {"key": "SUP-1", "position": 9, "field": "reason", "snippet": "«asked» twice"}
    ]


def test_that_there_may_be_more_is_said(noted: Line) -> None:
    more = "; there may be more, which a greater --best tells\n"
    assert noted("search", "refund", "--best", "1").endswith(f"\n1 text found{more}")
    assert more not in noted("search", "refund", "--best", "9")


def test_of_a_moment_it_is_said_which(noted: Line) -> None:
    assert noted.json("search", "refund", "--as-of", "2026-03-03") == []
    assert [each["position"] for each in noted.json("search", "refund", "--position", "9")] == [9]
    with freeze_time(NOW):
        said = seen(noted, "search", "refund", "--position", "9")
    assert said.endswith("1 text found\n\nas of 2026-03-03 09:00 UTC, position 9, head HASH\n")


def test_nothing_found_is_an_answer(noted: Line) -> None:
    assert seen(noted, "search", "zebra") == f"Nothing has this word: zebra\n{NONE}"
    assert seen(noted, "search", "zebra rules") == f"Nothing has all these words: zebra rules\n{NONE}"
    assert noted.json("search", "zebra") == []


@pytest.mark.parametrize("text", ["", "?!", '""'])
def test_without_a_word_it_is_not_understood(noted: Line, text: str) -> None:
    assert noted.error("search", text) == {
        "exit": 2,
        "rule": "search",
        "message": f"{text!r} holds no word to look for.",
        "missing": [],
        "try": ["roadlog search --help"],
    }


def test_what_is_longer_than_a_question_is_not_understood(noted: Line) -> None:
    assert "is longer than 1,000 characters" in noted.fails(2, "search", "x" * 1_001)


def test_marks_stand_also_where_only_ascii_can(noted: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    from roadlog.cli.views import screen

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert screen.encodable("Two «refunds» …") == "Two [refunds] ~"


def test_who_watches_sees_a_bar_only_where_much_is_indexed(
    noted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    bar = progress._drawn

    def noticed(what: str) -> AbstractContextManager[Progress]:
        drawn.append(what)
        return bar(what)

    monkeypatch.setattr(progress, "_drawn", noticed)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    noted("search", "refund", "--json")
    assert drawn == []
    (noted.folder / "projections.db").unlink()
    monkeypatch.setattr("roadlog.indexing.BATCH", 4)
    noted("search", "refund", "--json")
    assert drawn == ["Indexing"]
