"""What differs between two moments, put together from what the records between them changed.

It reads the told lines of the trail alone, and so imports neither the catalogue nor the fold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from roadlog.domain.keys import number_of

Key = str
Line = tuple[int, Key, list[dict[str, Any]]]
"""Of a line of the trail: the position, the key, what the record changed."""

COLLECTIONS = frozenset(
    {
        *("outcomes", "visits", "spans", "requests", "approvals", "waivers", "break_glass", "risks"),
        *("evidence", "criteria", "results", "experiments", "edge_cases", "edge_case_reviews", "incidents"),
        *("notes", "heard", "stakeholders", "consents", "keys", "log_keys", "erasures", "forecasts"),
    }
)
"""Fields that are told entry by entry."""
FIELDS = (
    *("status", "title", "problem", "segments", "approach", "owner", "adopted_since", "imported", "origin"),
    *("outcomes", "milestone", "cycle", "iteration", "visit", "visits", "spans", "horizon", "rank"),
    *("rollout", "dependencies", "expectation", "classification", "requests", "approvals", "waivers"),
    *("break_glass", "risks", "evidence", "criteria", "results", "experiments", "fallback", "notice"),
    *("monitor", "edge_cases", "edge_case_reviews", "incidents", "notes", "heard"),
)
"""Of an initiative, those that records change, as far as the trail tells it."""
ROADMAP_FIELDS = (
    *("name", "stakeholders", "workflow", "consents", "keys", "log_keys", "erasures", "forecasts"),
)
"""Of the roadmap itself."""
CALLED = {
    "blocked_by": "spans",
    "broken_glass": "break_glass",
    "expected_iterations": "expectation",
    "fallback_active": "fallback",
    "open_incidents": "incidents",
    "open_risks": "risks",
    "outcome": "outcomes",
    "quiet": "heard",
    "requested": "requests",
    "since": "visits",
    "untreated_risks": "risks",
}
"""Keys of `show` that are made of one field, and that field."""
STANDING = ("title", "milestone", "status", "owner", "horizon")
"""What is told of an initiative that came."""


class _Pair:
    """A value, or an entry of a collection, as it was first and as it is last; None where there is none."""

    __slots__ = ("after", "before")

    def __init__(self, before: Any, after: Any) -> None:
        self.before = before
        self.after = after


class _Entries:
    """The entries of one collection that its changes lead from and to.

    They are found by their first part, such as an id or a position, as a collection may be long.
    """

    def __init__(self) -> None:
        self.pairs: list[_Pair] = []
        self._found: dict[Any, list[_Pair]] = {}

    def follow(self, before: Any, after: Any) -> None:
        """One more change: it goes on from the pair that ends as it begins; an entry may come back, too."""
        name = _name(before or after)
        known = self._found.setdefault(name, [])
        for pair in known:
            if pair.after == before if before is not None else pair.after is None and pair.before == after:
                break
        else:
            pair = _Pair(before, None)
            self.pairs.append(pair)
            known.append(pair)
        pair.after = after
        if before is not None and after is not None and _name(after) != name:
            self._found.setdefault(_name(after), []).append(pair)


def _name(entry: dict[str, Any]) -> Any:
    for first in entry.values():
        return first
    return None


def differences(lines: Iterable[Line]) -> dict[str, Any]:
    """What differs after these lines of the trail, which follow each other, from before them.

    added: the initiatives that began with them: key, position of the first record, and STANDING as it is last
    removed: none; it is for the way back
    changed: of everything else each field that differs, of collections each entry that does
    """
    added: dict[Key, dict[str, Any]] = {}
    values: dict[tuple[Key, str], _Pair] = {}
    collections: dict[tuple[Key, str], _Entries] = defaultdict(_Entries)
    seen: set[Key] = set()
    for position, key, changes in lines:
        if key not in seen:
            seen.add(key)
            if any(each["field"] == "title" and each["before"] is None for each in changes):
                added[key] = {"key": key, "position": position, **dict.fromkeys(STANDING)}
        if key in added:
            added[key] |= {each["field"]: each["after"] for each in changes if each["field"] in STANDING}
            continue
        for change in changes:
            field, before, after = change["field"], change["before"], change["after"]
            if field in COLLECTIONS:
                collections[key, field].follow(before, after)
            elif (key, field) in values:
                values[key, field].after = after
            else:
                values[key, field] = _Pair(before, after)
    pairs = {place: [pair] for place, pair in values.items()} | {
        place: entries.pairs for place, entries in collections.items()
    }
    changed = [
        _changed(*place, each.before, each.after)
        for place, found in sorted(pairs.items(), key=lambda each: _order(*each[0]))
        for each in found
        if each.before != each.after
    ]
    came = sorted(added.values(), key=lambda each: number_of(each["key"]))
    return {"added": came, "removed": [], "changed": changed}


def with_statuses(
    found: dict[str, Any], before: Mapping[Key, str], after: Mapping[Key, str]
) -> dict[str, Any]:
    """The same with these statuses at the two moments: another workflow may say another one is live."""
    others = [each for each in found["changed"] if each["field"] != "status"]
    statuses = [
        _changed(key, "status", before[key], status)
        for key, status in after.items()
        if before.get(key, status) != status
    ]
    changed = ordered([*others, *statuses])
    added = [{**each, "status": after.get(each["key"], each["status"])} for each in found["added"]]
    return {**found, "added": added, "changed": changed}


def mirrored(found: dict[str, Any]) -> dict[str, Any]:
    """The same, seen from the later moment."""
    changed = [{**each, "before": each["after"], "after": each["before"]} for each in found["changed"]]
    return {"added": found["removed"], "removed": found["added"], "changed": changed}


def _changed(key: Key, field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"key": key, "field": field, "before": before, "after": after}


def ordered(changed: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changes by number, the roadmap itself first; then in the order of FIELDS, and as they came."""
    return sorted(changed, key=lambda each: _order(each["key"], each["field"]))


def _order(key: Key, field: str) -> tuple[int, Key, int, str]:
    """By number, the roadmap itself first; then in the order of FIELDS."""
    return number_of(key), key, FIELDS.index(field) if field in FIELDS else len(FIELDS), field
