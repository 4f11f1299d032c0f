"""The sample of the report: records drawn by chance, each with what it changed."""

import json
from typing import Any

from roadlog.markup import Html, element, together
from roadlog.pack.parts import in_minutes, items, time
from roadlog.pack.told import Told

DUMPS = ("shown", "signature", "public_key")
"""Fields that nobody reads: the pack has them as they are."""
LONGEST = 400
"""Characters of a value before or after that the report shows; the bytes are in the pack."""


def drawn(told: Told) -> Html:
    """The records of the sample, for a reviewer to begin with."""
    note = (
        f"{len(told.sample):,} of the {len(told.scope.positions):,} records, drawn by the log's root, which "
        "nobody chooses: those whose SHA-256 of the text ROOT-POSITION is smallest. Draw again, and hold "
        "each against its bytes in records.jsonl."
    )
    found = [each for each in told.entries if each["position"] in told.sample]
    return together(element("p", note, class_="note"), map(_record, found))


def _record(entry: dict[str, Any]) -> Html:
    why = f", because: {entry['reason']}" if entry["reason"] else ""
    return element(
        "section",
        element("h3", f"#{entry['position']}, {time(entry['recorded_at'])}, {entry['key']}"),
        element("p", f"{entry['actor']} {entry['sentence']}{why}"),
        items(map(_changed, entry["changes"])) if entry["changes"] else None,
        class_="drawn",
    )


def _changed(change: dict[str, Any]) -> str:
    """A change in a line; of what has fields on both sides, those that differ."""
    before, after = change["before"], change["after"]
    field = change["field"].replace("_", " ")
    if isinstance(before, dict) and isinstance(after, dict):
        field = f"{field} {after.get('id') or after.get('milestone') or ''}".rstrip()
        names = [each for each in after if before.get(each) != after[each]]
        before, after = ({name: each.get(name) for name in names} for each in (before, after))
    return f"{field}: {_value(after)}" if before is None else f"{field}: {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    """A value in short; of one with fields, those that say something."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        said = {
            name: each for name, each in value.items() if each not in (None, "", [], {}) and name not in DUMPS
        }
        text = ", ".join(f"{name.replace('_', ' ')} {_value(each)}" for name, each in said.items())
    elif isinstance(value, list):
        text = "; ".join(map(_value, value)) or "none"
    elif isinstance(value, str):
        text = in_minutes(value)
    else:
        text = json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
