"""The catalogue names every type and field with its meaning, and its schema describes the stored bytes."""

import json
from typing import Any

import msgspec
import pytest

from roadlog.domain.events import CATALOGUE, REASONED
from roadlog.projections.catalogue import catalogue, json_schema
from tests.golden.lines import Line, golden_lines

SCHEMA = json_schema()
ENTRIES = {each["title"]: each for each in SCHEMA["oneOf"]}
PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def test_every_type_is_there_once() -> None:
    names = [each["type"] for each in catalogue()]
    assert sorted(names) == sorted(CATALOGUE)
    assert list(ENTRIES) == list(CATALOGUE)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda each: each["type"])
def test_every_type_and_field_has_a_meaning(entry: dict[str, Any]) -> None:
    kind = CATALOGUE[entry["type"]]
    assert entry["meaning"].endswith(".")
    assert entry["reason_required"] == (kind in REASONED)
    assert [each["name"] for each in entry["fields"]] == list(kind.__struct_encode_fields__)
    assert all(each["meaning"].strip() and each["type"] for each in entry["fields"])


def test_types_are_named_as_json_has_them() -> None:
    fields = {each["type"]: {f["name"]: f["type"] for f in each["fields"]} for each in catalogue()}
    assert fields["MilestoneAdvanced"]["from"] == "string | null"
    assert fields["MilestoneAdvanced"]["gate"] == "list of Satisfied"
    assert fields["InitiativeAdopted"]["since"] == "time"
    assert fields["StakeholderApproved"]["valid_until"] == "time | null"
    assert fields["EdgeCaseTriaged"]["outcome"] == "dataset | fix | risk | wont-fix"
    assert fields["RolloutSet"]["percent"] == "integer | number"
    assert fields["WorkflowAdopted"]["definition"] == "object"


@pytest.mark.parametrize("line", golden_lines(), ids=lambda each: f"{each.position}-{each.type}")
def test_the_schema_holds_for_every_golden_line(line: Line) -> None:
    assert faults(json.loads(line.state), ENTRIES[line.type]) == []


def test_the_schema_does_not_hold_for_what_the_codec_refuses() -> None:
    line = next(each for each in golden_lines() if each.type == "RiskAssessed")
    body = json.loads(line.state)
    schema = ENTRIES["RiskAssessed"]
    assert faults(body | {"more": 1}, schema) == ["$ has more"]
    assert faults({key: value for key, value in body.items() if key != "salt"}, schema) == ["$ lacks salt"]
    assert faults(body | {"data": body["data"] | {"impact": "5"}}, schema) == ["$.data.impact is str"]
    assert faults(body | {"actor": body["actor"] | {"kind": "dog"}}, schema) == [
        "$.actor.kind is none of them"
    ]


def test_the_schema_is_json() -> None:
    assert json.loads(msgspec.json.encode(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def faults(value: Any, schema: dict[str, Any], path: str = "$") -> list[str]:
    """Where a value breaks a schema, of the keywords that ours use; any other keyword fails the test."""
    known = {"$ref", "title", "description", "type", "properties", "required", "additionalProperties"}
    known |= {"items", "enum", "anyOf", "format", "minimum", "maximum"}
    assert schema.keys() <= known, schema.keys() - known
    if "$ref" in schema:
        return faults(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
    if "anyOf" in schema:
        tried = [faults(value, each, path) for each in schema["anyOf"]]
        return [] if [] in tried else [f"{path} is {type(value).__name__}"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{path} is none of them"]
    if "type" in schema and type(value) not in PYTHON[schema["type"]]:
        return [f"{path} is {type(value).__name__}"]
    if "minimum" in schema and not schema["minimum"] <= value <= schema["maximum"]:
        return [f"{path} is out of bounds"]
    if isinstance(value, list):
        items = schema.get("items", {})
        return [each for n, inner in enumerate(value) for each in faults(inner, items, f"{path}[{n}]")]
    if isinstance(value, dict):
        return _object_faults(value, schema, path)
    return []


def _object_faults(value: dict[str, Any], schema: dict[str, Any], path: str) -> list[str]:
    properties = schema.get("properties", {})
    further = schema.get("additionalProperties", {})
    found = [f"{path} lacks {name}" for name in schema.get("required", []) if name not in value]
    for name, inner in value.items():
        if name in properties:
            found += faults(inner, properties[name], f"{path}.{name}")
        elif further is False:
            found.append(f"{path} has {name}")
        elif isinstance(further, dict):
            found += faults(inner, further, f"{path}.{name}")
    return found
