"""A small domain to store: notes, counts, and one type whose shape has changed twice."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from roadlog.event_store.codec import Codec
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark, Row, StoredRecord

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: int = 1
    at: datetime = MORNING
    command_id: str = "c"


class Noted(Body, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    by: str | None
    tags: tuple[str, ...]


class Counted(Body, frozen=True, kw_only=True, forbid_unknown_fields=True):
    value: float | None
    sample: int


class Due(Body, frozen=True, kw_only=True, forbid_unknown_fields=True):
    by: date


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"of": "in"}):
    of: str | None
    value: float
    at: datetime | None


class Mixed(Body, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every kind of value that a body may hold, at every place."""

    number: int | float | None
    flag: bool
    kind: Literal["a", "b"]
    day: date | None
    part: Part | None
    parts: tuple[Part, ...]
    counts: list[int]
    times: list[datetime]
    free: dict[str, Any]


class Renamed(Body, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    reason: str


class Record(Struct, frozen=True):
    """What the store is asked to make of a row and a body."""

    stored: StoredRecord
    body: Any


def make_record(row: Row, body: Any) -> Record:
    return Record(StoredRecord(*row), body)


def _name_to_title(raw: dict[str, Any]) -> dict[str, Any]:
    title = raw["name"]
    return {key: value for key, value in raw.items() if key != "name"} | {"title": title, "schema": 2}


def _without_reason(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"reason": "", "schema": 3}


CODEC = Codec(
    {
        "Noted": (1, Noted),
        "Counted": (1, Counted),
        "Due": (1, Due),
        "Mixed": (1, Mixed),
        "Renamed": (3, Renamed),
    },
    {("Renamed", 1): _name_to_title, ("Renamed", 2): _without_reason},
)


class Clock:
    """A clock that a test sets; it goes on by a second at each look."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def noted(text: str = "it is slow", command_id: str = "c") -> Noted:
    return Noted(text=text, by=None, tags=("a", "ü"), command_id=command_id)


def texts(state: tuple[str, ...] | None, records: Iterable[Record]) -> tuple[str, ...] | None:
    """A fold: what was noted, in order."""
    found = [record.body.text for record in records]
    return (*(state or ()), *found) if found or state else None


def note(log: Log[Record], stream: str, *said: str, at: int, command: str) -> list[StoredRecord]:
    """Append notes to one stream that is at version `at`."""
    new = [New(stream, "Noted", noted(text, command)) for text in said]
    appended = log.append(new, expected={stream: at}, command=CommandMark(command, f"digest of {command}"))
    return [record.stored for record in appended.records]
