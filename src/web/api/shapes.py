"""The shapes of answers, as JSON Schema: the keys that are always there. Further keys are free."""

from typing import Any

Schema = dict[str, Any]

MOMENT = ("as_of", "known_at", "position")


def holding(*keys: str) -> Schema:
    """An object with these keys, and perhaps others."""
    return {"type": "object", "required": list(keys)}


def array(entry: Schema) -> Schema:
    """Any number of these."""
    return {"type": "array", "items": entry}


def several(name: str, entry: Schema, *keys: str) -> Schema:
    """An object with these keys, under one of which stand any number of entries."""
    return {**holding(*keys, name), "properties": {name: array(entry)}}


ROW = holding(
    *("key", "title", "milestone", "status", "cycle", "iteration", "visit", "expected_iterations"),
    *("horizon", "rank", "owner", "age", "waiting_on", "quiet", "open_risks", "outcome"),
)
BOARD = several("initiatives", ROW, "roadmap", *MOMENT)
GATE = several(
    "requirements", holding("id", "kind", "text", "met", "by", "stale", "not_counted", "try"),
    "key", "milestone", "next", "open",
)  # fmt: skip
SHOW = holding(
    *ROW["required"],
    *("problem", "segments", "approach", "outcomes", "visits", "approvals", "risks", "evidence", "criteria"),
    *("results", "experiments", "fallback", "notice", "monitor", "edge_cases", "incidents", "waivers"),
    *("dependencies", "classification", "notes", "version", "gate"),
)
ENTRY = holding(
    *("position", "recorded_at", "effective_at", "late", "actor", "typed_by", "type", "key", "sentence"),
    *("reason", "changes", "voided_by", "assurance"),
)
RECORD = holding(
    *("position", "stream", "version", "type", "schema", "recorded_at", "effective_at", "actor", "reason"),
    *("command_id", "source", "workflow", "data", "leaf"),
)
WRITE = several("records", RECORD, "initiative", "dry_run", "next")
STEP = holding("position", "key", "sentence", "changes")
DIFF = holding("from", "to", "added", "removed", "changed")
OWED = array(holding("key", "what", "role", "since", "try"))
FOUND = array(holding("key", "position", "field", "snippet"))
DIGEST = holding("for", "since", *MOMENT, "after", "upto", "happened")
METRICS = holding(
    *("definition", *MOMENT, "head", "filter", "zone", "n", "unfinished", "left_out", "cycle_time"),
    *("lead_time", "throughput", "wip", "flow_efficiency", "rework_ratio", "backward_moves"),
    *("gate_latency", "risk_exposure", "quality", "initiatives"),
)
FORECAST = holding("definition", "seed", "trials", "position", "head", "n", "percentiles", "insufficient")
PART = array(holding("key", "id"))
PEOPLE = array(holding("handle", "kind", "roles"))
WORKFLOW = holding("name", "version", "digest")
TYPES = {"type": ["array", "object"]}
VERDICT = holding("verdict", "exit", "origin", "size", "root", "checked", "problems", "not_proved")
AUDIT = several("controls", holding("id", "title", "status", "evidence", "findings"), "summary", "is_not")
PROOF = holding("origin", "position", "size", "root", "leaf", "header", "proof")
GROWTH = holding("origin", "from", "to", "proof")
PROBLEM = holding("type", "title", "status", "detail", "exit", "rule", "message", "missing", "try")
