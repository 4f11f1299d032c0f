"""The golden lines: how an event is stored, one line of JSON each, and the bodies that they hold.

`python -m tests.golden.lines` appends a line for every event of `events.py` that has none yet, and for the
same event with nothing in its optional fields. Lines that are there are released: they are never removed or
changed.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import fields, replace

from roadlog import rows
from roadlog.domain.events import SCHEMA, Event, RoadmapEvent
from roadlog.domain.records import Actor, Body, ImportSource, Source
from tests.golden.events import EVENTS

PATH = Path(__file__).with_name("records.jsonl")
START = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as stored: columns, the leaf before it in its stream, its bytes as text, and its leaf."""

    type: str
    position: int
    stream: str
    version: int
    recorded_at: str
    previous: str
    state: str
    leaf: str


def golden_lines() -> list[Line]:
    return [Line(**json.loads(each)) for each in PATH.read_text(encoding="utf-8").split("\n") if each]


def golden_bodies() -> list[Body[Event]]:
    """What the lines hold, in their order: every event, full and then bare, in an envelope of its own."""
    return [body(event, number) for number, event in enumerate(variants(), start=1)]


def variants() -> Iterator[Event]:
    for event in EVENTS:
        yield event
        nothing = {each.name: _nothing(each.type, getattr(event, each.name)) for each in fields(event)}
        bare = replace(event, **nothing)
        if bare != event:
            yield bare


def body(event: Event, number: int) -> Body[Event]:
    """An envelope: full where the number is odd, with nothing optional where it is even."""
    full = number % 2 == 1
    imported = ImportSource(format="csv", digest="7a" * 32, line=str(number))
    return Body(
        schema=SCHEMA,
        effective_at=START + timedelta(hours=number, microseconds=number),
        actor=Actor(
            id="paula",
            kind="human" if full else "agent",
            assurance="asserted",
            roles=("product", "compliance") if full else (),
        ),
        reason="because it hurts – sehr" if full else None,
        command_id=f"{number:032x}",
        source=Source(
            client="import" if full else "cli",
            version="0.1.0",
            os_user="tester",
            imported=imported if full else None,
        ),
        workflow="8b" * 32 if full else None,
        event=event,
        salt=f"{number:032x}"[::-1],
    )


def leaf(line: Line) -> str:
    """The leaf as trust.md has it, written out once more: SHA-256(0x00 ‖ header)."""
    header = (
        "roadlog/leaf/v1",
        str(line.position),
        line.stream,
        str(line.version),
        line.type,
        line.recorded_at,
        sha256(line.state.encode()).hexdigest(),
        line.previous,
    )
    return sha256(b"\0" + "".join(f"{each}\n" for each in header).encode()).hexdigest()


def append_missing() -> int:
    """Appends the lines that are missing, and gives their number."""
    lines = golden_lines() if PATH.exists() else []
    there = len(lines)
    codec = rows.codec()
    for number, each in enumerate(golden_bodies()[there:], start=there + 1):
        kind = type(each.event).__name__
        stream = "SUP" if isinstance(each.event, RoadmapEvent) else "SUP-1"
        before = [line for line in lines if line.stream == stream]
        line = Line(
            type=kind,
            position=number,
            stream=stream,
            version=len(before) + 1,
            recorded_at=f"2026-03-20T09:00:00.{number:06}Z",
            previous=before[-1].leaf if before else "-",
            state=codec.encode(kind, each).decode(),
            leaf="",
        )
        lines.append(replace(line, leaf=leaf(line)))
    with PATH.open("a", encoding="utf-8") as file:
        for line in lines[there:]:
            columns = {each.name: getattr(line, each.name) for each in fields(line)}
            file.write(json.dumps(columns, ensure_ascii=False) + "\n")
    return len(lines) - there


def _nothing(kind: Any, value: Any) -> Any:
    """Null or empty where the field's type lets it be."""
    if type(None) in get_args(kind):
        return None
    if isinstance(value, tuple | dict):
        return type(value)()
    return value


if __name__ == "__main__":
    print(append_missing(), "lines appended")  # noqa: T201
