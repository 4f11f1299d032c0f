"""What may stand in an address: each kind of value, how it is read, and how the document tells it."""

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from roadlog.domain.refusals import Malformed
from roadlog.projections.zones import zone_of
from roadlog.web.asked import time_in, whole

Read = Callable[[QueryParams, str, tzinfo], Any]
"""Of the values of an address the one of that name, None where it is not given. Raises Malformed."""


class Kind(NamedTuple):
    """A kind of value: its JSON Schema, and how it is read."""

    schema: Mapping[str, Any]
    read: Read


class Parameter(NamedTuple):
    """One value of an address; `called` is its name where it is handed on."""

    name: str
    kind: Kind
    says: str
    required: bool = False

    @property
    def called(self) -> str:
        return self.name.replace("-", "_")


def number(low: int, high: int = 2**53 - 1) -> Kind:
    """A whole number from `low` to `high`."""

    def read(given: QueryParams, name: str, _: tzinfo) -> int | None:
        found = whole(given, name)
        if found is not None and not low <= found <= high:
            raise Malformed("number", f"{name} is {found}; it is from {low} to {high}.", missing=(name,))
        return found

    return Kind({"type": "integer", "minimum": low, "maximum": high}, read)


def _text(given: QueryParams, name: str, _: tzinfo) -> str | None:
    return given.get(name) or None


def _texts(given: QueryParams, name: str, _: tzinfo) -> tuple[str, ...]:
    return tuple(given.getlist(name))


def _day(given: QueryParams, name: str, _: tzinfo) -> date | None:
    text = given.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("day", f"{name} is no day: {text!r}.", missing=(name,)) from error


def _truth(given: QueryParams, name: str, _: tzinfo) -> bool:
    text = given.get(name) or "false"
    if text not in ("true", "false"):
        raise Malformed("truth", f"{name} is true or false, not {text!r}.", missing=(name,))
    return text == "true"


def _zone(given: QueryParams, name: str, zone: tzinfo) -> tzinfo:
    text = given.get(name)
    return zone_of(text) if text else zone


def _moment(given: QueryParams, name: str, zone: tzinfo) -> dict[str, Any] | None:
    """What `Reading.moment` takes: of what this log said at a time, after a record, or says now."""
    text = given.get(name)
    if not text:
        return None
    if text == "now":
        return {}
    if text.isdigit():
        return {"position": whole(given, name)}
    return {"known_at": time_in(given, name, zone)}


TEXT = Kind({"type": "string"}, _text)
TEXTS = Kind({"type": "array", "items": {"type": "string"}}, _texts)
DAY = Kind({"type": "string", "format": "date"}, _day)
TIME = Kind({"type": "string", "examples": ["2026-03-01T09:00:00Z", "2026-03-01"]}, time_in)
TRUTH = Kind({"type": "boolean"}, _truth)
ZONE = Kind({"type": "string", "examples": ["Europe/Berlin"]}, _zone)
ANY_MOMENT = Kind({"type": "string", "examples": ["now", "1240", "2026-03-01"]}, _moment)

POSITION = number(0)
AT_MOMENT = (
    Parameter("as-of", TIME, "What was true then, with all we know now."),
    Parameter("known-at", TIME, "What this log said then."),
    Parameter("position", POSITION, "What this log said up to that record."),
)
"""Of every answer about a moment, which is now unless they say otherwise."""


def read(
    known: tuple[Parameter, ...], path: Mapping[str, str], query: QueryParams, zone: tzinfo
) -> dict[str, Any]:
    """The values of an address by what they are called. Raises Malformed for one that is not known."""
    names = tuple(each.name for each in known if each.name not in path)
    for name in query:
        if name not in names:
            takes = f" It takes {', '.join(names)}." if names else " It takes none."
            raise Malformed("parameter", f"There is no parameter {name!r} here.{takes}")
    given = QueryParams([*path.items(), *query.multi_items()])
    found = {each.called: each.kind.read(given, each.name, zone) for each in known}
    missing = tuple(each.name for each in known if each.required and found[each.called] is None)
    if missing:
        raise Malformed("parameter", f"{', '.join(missing)} must be given.", missing=missing)
    return found
