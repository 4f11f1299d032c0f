"""Records as OCEL 2.0 in JSON, which tools for process mining read: https://www.ocel-standard.org/.

Events are records. Objects are the roadmap, initiatives, their cycles and stays in milestones, stakeholders
(by their handles), approvals and risks. What people wrote is not in it, but for titles and categories. It is
made part by part: the objects, stream after stream, then the events in log order. Values are texts, as the
standard's schema wants them, of the type that is declared.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

import orjson

from roadlog.domain.events import InitiativeAdopted, RecordVoided
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record
from roadlog.interop.exported import Exported
from roadlog.interop.ocel_objects import TYPES, Objects, Places, Thing, related
from roadlog.visible import safe_json

EVENT: dict[str, str] = {
    "position": "integer",
    "recorded_at": "time",
    "adopted_at": "time",
    "stream": "string",
    "voided_by": "integer",
}


def write(export: Exported, file: BinaryIO) -> dict[str, int]:
    """The log as one document; gives how many objects and events it has."""
    counts = {"objects": 0, "events": 0}
    objects = Objects(export.finishing, export.stamp())
    voided = export.voided()
    file.write(b'{"objectTypes":')
    file.write(orjson.dumps(object_types()))

    def put(name: str, things: Iterable[Thing]) -> None:
        file.write(f',"{name}":['.encode())
        for place, thing in enumerate(things):
            file.write((b",\n" if place else b"\n") + safe_json(orjson.dumps(thing).decode()).encode())
            counts[name] += 1
        file.write(b"\n]")

    def all_objects() -> Iterator[Thing]:
        for _, records in export.streams():
            yield from objects.of(export.effective(records))
        yield from objects.people()

    put("objects", all_objects())
    file.write(b',"eventTypes":')
    file.write(orjson.dumps(event_types(objects.seen)))
    put("events", events(export.records(), export.finishing, voided))
    file.write(b"}\n")
    return counts


def ocel(records: Collection[Record], finishing: tuple[str, ...], stamp: Thing) -> Thing:
    """The records, given in log order, as one document."""
    objects = Objects(finishing, stamp)
    voided = {each.event.position: each.position for each in records if isinstance(each.event, RecordVoided)}
    return {
        "objectTypes": object_types(),
        "objects": [*objects.of(records), *objects.people()],
        "eventTypes": event_types(objects.seen),
        "events": list(events(records, finishing, voided)),
    }


def object_types() -> list[Thing]:
    """The types of objects, with the names and types of their attributes."""
    return [{"name": name, "attributes": _attributes(attributes)} for name, attributes in TYPES.items()]


def event_types(seen: Iterable[str]) -> list[Thing]:
    """These types of events, likewise; all have the same attributes."""
    return [{"name": name, "attributes": _attributes(EVENT)} for name in sorted(seen)]


def events(records: Iterable[Record], finishing: tuple[str, ...], voided: dict[int, int]) -> Iterator[Thing]:
    """Each record as an event with the objects that it is about."""
    places = Places(finishing)
    for record in records:
        attributes: Thing = {
            "position": record.position,
            "recorded_at": rfc3339(record.recorded_at),
            "stream": record.stream,
        }
        if isinstance(record.event, InitiativeAdopted):
            attributes["adopted_at"] = rfc3339(record.effective_at)
        if record.position in voided:
            attributes["voided_by"] = voided[record.position]
        about = dict.fromkeys(related(record, places))
        yield {
            "id": str(record.position),
            "type": record.type,
            "time": rfc3339(happened(record)),
            "attributes": [{"name": name, "value": str(value)} for name, value in attributes.items()],
            "relationships": [{"objectId": each, "qualifier": how} for each, how in about],
        }


def happened(record: Record) -> datetime:
    """When it took effect; of an adoption since when the work was under way, where its cycle starts."""
    event = record.event
    return event.since if isinstance(event, InitiativeAdopted) else record.effective_at


def _attributes(types: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in types.items()]
