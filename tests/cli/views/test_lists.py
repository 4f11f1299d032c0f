"""The lists: the entries of `show`, of one initiative or of all."""

from __future__ import annotations

import pytest

from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen, widest

LISTS = {
    ("stakeholder", "list"): """\
Handle  Kind   Roles         Here
paula   human  product       since 2026-01-05
dan     human  data-science  since 2026-01-05
erin    human  engineering   since 2026-01-05
carla   human  compliance    since 2026-01-05
oscar   human  customer-ops  since 2026-01-05
""",
    ("risk", "list"): """\
Key    ID  Category       Score       Remains  State      Risk
SUP-1  R1  hallucination  4 × 4 = 16        8  mitigated  Invents refund rules that do not exist →
                                                          Answers cite the help page (dan)
SUP-1  R2  bias           3 × 3 = 9         9  untreated  Answers resellers worse
""",
    ("edge-case", "list", "SUP-2"): """\
Key    ID  Day         Severity  Became       Edge case
SUP-2  E1  2026-02-26         4  not triaged  Tour loops for deleted users
""",
    ("incident", "list"): """\
Key    ID  Aware             Severity  State  Incident
SUP-2  I1  2026-02-26 15:00         4  open   A customer saw another customer's name
""",
    ("evidence", "list", "SUP-2"): """\
Key    ID   #  Day         By    Kind       SHA-256   Title
SUP-2  D1  30  2026-01-31  dan   dataset    aaaaaaaa  Tickets of 2025
SUP-2  D2  36  2026-02-12  erin  prototype  bbbbbbbb  Notebook
""",
}


@pytest.mark.parametrize("words", LISTS)
def test_a_list(line: Line, words: tuple[str, ...]) -> None:
    assert seen(line, *words) == LISTS[words]


@pytest.mark.parametrize(
    ("title", "uri", "said"),
    [
        ("tickets.csv", "data/tickets.csv", "data/tickets.csv"),
        ("tickets.csv", "tickets.csv", "tickets.csv"),
        ("Tickets of 2025", "data/tickets.csv", "Tickets of 2025 data/tickets.csv"),
        ("tickets", "https://example.com/tickets/", "https://example.com/tickets/"),
    ],
)
def test_a_file_s_name_is_told_once(line: Line, draw: Draw, title: str, uri: str, said: str) -> None:
    from roadlog.cli.views.lists import evidence

    [first, _] = line.json("evidence", "list", "SUP-2")
    assert draw(evidence, [{**first, "title": title, "uri": uri}]).splitlines()[1].endswith(f"  {said}")


@pytest.mark.parametrize("words", LISTS)
@pytest.mark.parametrize("columns", [40, 60, 70, 80])
def test_no_line_is_wider_than_the_screen_and_nothing_is_cut(
    line: Line, words: tuple[str, ...], columns: int
) -> None:
    text = seen(line, *words, columns=columns)
    assert widest(text) <= columns
    assert "…" not in text


def test_a_row_that_has_no_room_is_told_as_facts(line: Line) -> None:
    assert (
        seen(line, "risk", "list", columns=60)
        == """\
SUP-1  ID R1 · Category hallucination · Score 4 × 4 = 16
       Remains 8 · State mitigated
       Risk Invents refund rules that do not exist → Answers
       cite the help page (dan)
SUP-1  ID R2 · Category bias · Score 3 × 3 = 9 · Remains 9
       State untreated · Risk Answers resellers worse
"""
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("evidence", "list", "SUP-3"), "No evidence is attached yet.\n"),
        (("risk", "list", "SUP-3"), "No risk is logged yet.\n"),
        (("edge-case", "list", "SUP-3"), "No edge case is logged yet.\n"),
        (("incident", "list", "--position", "9"), "No incident was opened.\n"),
    ],
)
def test_an_empty_list_says_so_and_is_an_empty_list(line: Line, words: tuple[str, ...], said: str) -> None:
    assert seen(line, *words).partition("\nas of")[0] == said
    assert line.json(*words) == []


@pytest.mark.parametrize(
    ("noun", "part"), [("risk", "risks"), ("evidence", "evidence"), ("edge-case", "edge_cases")]
)
def test_the_entries_are_those_of_show_with_the_key(line: Line, noun: str, part: str) -> None:
    for key in ("SUP-1", "SUP-2"):
        entries = line.json("show", key)[part]
        assert line.json(noun, "list", key) == [{"key": key, **each} for each in entries]


def test_at_another_time_a_list_is_what_was_so(line: Line) -> None:
    assert line.json("risk", "list", "--as-of", "2026-03-01T00:00:00Z")[0]["treatment"] is None
    assert len(line.json("stakeholder", "list", "--position", "4")) == 2
