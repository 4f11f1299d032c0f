"""`roadlog why`: the records that changed a field."""

from __future__ import annotations

import pytest

from tests.cli.line import Line
from tests.cli.views.seen import seen, widest


def test_why_tells_the_records_that_changed_a_field(line: Line) -> None:
    chain = line.json("why", "SUP-1", "milestone")
    changes = [change for each in chain for change in each["changes"] if change["field"] == "milestone"]
    assert [each["after"] for each in changes][-1] == line.json("show", "SUP-1")["milestone"]
    assert chain == [
        each for each in line.json("log", "SUP-1") if each["position"] in {e["position"] for e in chain}
    ]
    text = seen(line, "why", "SUP-1", "milestone")
    assert all(f"#{each['position']} " in text for each in chain)
    assert "milestone backlog → feasibility" in text


def test_why_knows_fields_as_show_calls_them(line: Line) -> None:
    assert line.json("why", "SUP-1", "expected_iterations") == line.json("why", "SUP-1", "expectation") != []
    assert line.json("why", "SUP-1", "Edge-Cases") == line.json("why", "SUP-1", "edge_cases")
    assert seen(line, "why", "SUP-1", "origin") == "No record changed the origin of SUP-1.\n"
    assert line.json("why", "SUP-1", "origin") == []


def test_why_of_the_roadmap_itself(line: Line) -> None:
    people = line.json("why", "SUP", "stakeholders")
    assert {each["type"] for each in people} == {"StakeholderJoined"}
    assert "stakeholders + dan (data-science)" in seen(line, "why", "SUP", "stakeholders")


def test_why_at_a_moment_before(line: Line) -> None:
    found = line.json("why", "SUP-1", "milestone", "--position", "20")
    assert found == [each for each in line.json("why", "SUP-1", "milestone") if each["position"] <= 20]
    assert "position 20" in seen(line, "why", "SUP-1", "milestone", "--position", "20")


def test_why_of_a_field_that_there_is_not(line: Line) -> None:
    error = line.error("why", "SUP-1", "mileston")
    assert (error["exit"], error["rule"]) == (2, "unknown-field")
    assert "milestone" in error["message"]
    assert line.error("why", "SUP-99", "milestone")["exit"] == 2
    assert line.error("why", "SUP", "milestone")["exit"] == 2


@pytest.mark.parametrize("columns", [40, 57, 80, 140])
def test_no_line_is_wider_than_the_screen(line: Line, columns: int) -> None:
    assert widest(seen(line, "why", "SUP-1", "approvals", columns=columns)) <= columns
