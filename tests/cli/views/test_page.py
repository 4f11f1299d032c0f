"""One initiative for people: what hurts first, loops visible, every part that there is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen, widest

BEGINNING = """\
SUP-1  We want to reduce support load by 30 %
Problem     Support agents answer 900 tickets a week, and half of them ask the same ten questions.
For         new customers, resellers
Outcome     tickets 900 → 640, to reach 630 per week █████████░ 96 % · by 2026-09-30
Approach    Suggested answers from the help pages
Purpose     Suggests answers that an agent sends · limited risk
            affects Customers who write to support · basis: AI Act, article 50

Milestone   ! training, blocked · iteration 2 of an expected 3–5 · since 2026-02-21 · age 97.0 d
Blocked by  No access to the new ticket system
Gate        training → integration: closed, 3 of 5 met · waiting on data-science
            roadlog gate SUP-1
Quiet       data-science, engineering, compliance, customer-ops
Plan        now · owner paula · defined 2026-01-06

Visits
  1         feasibility 9.0 d → prototype 10.0 d → training 8.0 d
  2         ↩ learning: prototype 17.0 d → training 53.0 d so far
"""


def test_the_page_begins_with_the_problem_then_how_it_stands_then_its_loops(line: Line) -> None:
    assert seen(line, "show", "sup-1").startswith(BEGINNING)


def test_a_return_says_what_was_learned_and_what_will_be_different(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.page import render

    answer = line.json("show", "SUP-1")
    learned = (
        "New customers ask in their own words, and nothing that the help pages say is found by those words"
    )
    answer["visits"][-2] |= {"learned": learned, "change": "Index what customers wrote"}
    text = draw(render, answer)
    assert text.partition("Visits\n")[2].splitlines()[2:5] == [
        "            learned: New customers ask in their own words, and nothing that the help pages say is",
        "            found by those words",
        "            will change: Index what customers wrote",
    ]


def test_gates_passed_before_an_adoption_are_told(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.page import render

    answer = line.json("show", "SUP-1") | {"not_evidenced": ["feasibility"]}
    said = "Gates       not evidenced here: feasibility (passed before it was adopted)\n"
    assert said in draw(render, answer)


def test_every_part_that_there_is_has_its_section(line: Line) -> None:
    def sections(key: str) -> list[str]:
        text = seen(line, "show", key).splitlines()
        return [each for before, each in pairwise(text) if before == "" and "  " not in each]

    first = ["Visits", "Approvals", "Risks", "Safeguards", "Criteria", "Evidence", "Notes"]
    assert sections("SUP-1") == first
    assert sections("SUP-2") == ["Visits", "Approvals", "Safeguards", "Evidence", "Edge cases", "Incidents"]
    assert sections("SUP-5") == []


def test_a_vote_about_this_gate_says_why_it_does_not_count(line: Line) -> None:
    text = seen(line, "show", "SUP-1", columns=139)
    assert (
        "54  2026-03-07  dan    data-science  training     ✓ approved; on C1: Watch resellers weekly by "
        in text
    )
    assert " ".join(text.split()).count("does not count: risks changed since") == 1
    assert " ".join(text.split()).count("does not count") == 1


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
@pytest.mark.parametrize("key", ["SUP-1", "SUP-2", "SUP-3", "SUP-4", "SUP-5"])
def test_no_line_is_wider_than_the_screen(line: Line, key: str, columns: int) -> None:
    assert widest(seen(line, "show", key, columns=columns)) <= columns


def test_with_json_it_is_the_board_s_row_the_parts_and_the_gate(line: Line) -> None:
    page = line.json("show", "SUP-1")
    row = line.json("board")["initiatives"][0]
    assert {name: page[name] for name in row} == row
    assert page["gate"] == line.json("gate", "SUP-1")
    assert [each["id"] for each in page["risks"]] == ["R1", "R2"]


def test_an_unknown_key_offers_the_nearest(line: Line) -> None:
    assert line.error("show", "SUB-1")["message"] == "There is no initiative 'SUB-1'. Did you mean SUP-1?"


def test_before_it_was_defined_it_is_not_there(line: Line) -> None:
    assert line.error("show", "SUP-2", "--as-of", "2026-01-07T00:00:00Z")["rule"] == "not-yet"


def test_the_label_of_a_later_cycle_stands_apart(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.page import render

    answer = line.json("show", "SUP-1")
    for each in answer["visits"]:
        each["cycle"] = each["iteration"]
    assert "\n  2 (cycle 2) ↩ learning: prototype" in draw(render, answer)


@pytest.mark.parametrize(("verb", "label"), [("stop", "Stopped"), ("pause", "Paused")])
def test_what_stands_still_says_since_when_and_why(line: Line, verb: str, label: str) -> None:
    line(verb, "SUP-2", "--because", "The vendor left the market")
    said = line("show", "SUP-2")
    assert f"\n{label:12}since " in said
    assert "The vendor left the market\n" in said
