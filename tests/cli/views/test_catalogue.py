"""catalogue: every event type with its fields and meaning, and as JSON Schema. It needs no store."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadlog.domain.events import CATALOGUE
from tests.cli.line import Line
from tests.cli.views.seen import seen, widest


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path / "nowhere")


def test_every_type_is_there_with_its_meaning_and_its_fields(line: Line) -> None:
    types = line.json("catalogue")
    assert sorted(each["type"] for each in types) == sorted(CATALOGUE)
    assert all(each["meaning"] and all(field["meaning"] for field in each["fields"]) for each in types)


def test_people_read_it_by_subject(line: Line) -> None:
    text = seen(line, "catalogue")
    assert text.startswith(
        "\nThe roadmap and its people\n"
        "RoadmapOpened  The roadmap was opened.\n"
        "  key   string  two to ten capitals that begin every initiative's key\n"
        "  name  string  what people call it\n"
    )
    assert [each for each in CATALOGUE if f"\n{each}  " not in text] == []
    assert "MilestoneReturned  " in text


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_screen(line: Line, columns: int) -> None:
    assert widest(seen(line, "catalogue", columns=columns)) <= columns


def test_the_schema_is_json_schema_of_every_type(line: Line) -> None:
    schema = line.json("catalogue", "--schema")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert [each["title"] for each in schema["oneOf"]] == list(CATALOGUE)


def test_the_schema_is_json_for_people_too(line: Line) -> None:
    assert line("catalogue", "--schema") == line("catalogue", "--schema", "--json")
