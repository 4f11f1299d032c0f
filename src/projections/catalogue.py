"""The catalogue of events: every type with its fields and their meaning, read from the types themselves."""

from typing import Any, get_args

import msgspec

from roadlog.domain import events
from roadlog.domain.records import Body

SUBJECTS: tuple[tuple[str, Any], ...] = (
    ("The roadmap and its people", events.RoadmapEvent),
    ("What and why", events.ProblemEvent),
    ("Milestones", events.MilestoneEvent),
    ("Approvals", events.ApprovalEvent),
    ("Risks", events.RiskEvent),
    ("Safeguards", events.SafeguardEvent),
    ("Criteria and experiments", events.ExperimentEvent),
    ("Anything", events.AnythingEvent),
)


def catalogue() -> list[dict[str, Any]]:
    """Each type, in story order, and of its fields `{name, type, meaning}`."""
    return [_described(kind, subject) for subject, union in SUBJECTS for kind in get_args(union)]


def json_schema() -> dict[str, Any]:
    """The stored bytes of every type as JSON Schema (2020-12), one definition a type."""
    names = list(events.CATALOGUE)
    bodies = [Body[kind] for kind in events.CATALOGUE.values()]  # type: ignore[valid-type]
    schemas, definitions = msgspec.json.schema_components(bodies, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "roadlog records, as stored",
        "oneOf": [{"title": name, **schema} for name, schema in zip(names, schemas, strict=True)],
        "$defs": definitions,
    }


def _described(kind: type[events.Event], subject: str) -> dict[str, Any]:
    meaning, _, rest = (kind.__doc__ or "").partition("\n\n")
    meanings = dict(line.strip().split(": ", 1) for line in rest.strip().splitlines())
    return {
        "type": kind.__name__,
        "subject": subject,
        "schema": events.SCHEMA,
        "meaning": " ".join(meaning.split()),
        "reason_required": kind in events.REASONED,
        "fields": [
            {
                "name": field.encode_name,
                "type": _type_name(field.type),
                "meaning": meanings[field.encode_name],
            }
            for field in msgspec.structs.fields(kind)
        ],
    }


def _type_name(kind: Any) -> str:
    """The field's type in JSON's words."""
    schema = msgspec.json.schema(kind)
    return _schema_name(schema, schema.get("$defs", {}))


def _schema_name(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return str(definitions[name].get("title", name))
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "anyOf" in schema:
        names = dict.fromkeys(_schema_name(each, definitions) for each in schema["anyOf"])
        return " | ".join(names)
    if schema.get("type") == "array":
        return f"list of {_schema_name(schema.get('items', {}), definitions)}"
    if schema.get("type") == "object":
        return "object"
    name = str(schema.get("format") or schema.get("type", "any"))
    return "time" if name == "date-time" else name
