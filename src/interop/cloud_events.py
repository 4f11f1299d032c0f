"""Records as CloudEvents 1.0, a line of JSON each: https://github.com/cloudevents/spec.

`source` and `id` are the log and the position, and so the same at every export. `time` is when it happened,
the extension `recordedat` when it was stored. `data` are the event's own fields, and `dataschema` names their
type and schema number, as `roadlog catalogue --schema` defines it.
"""

from typing import Any, BinaryIO

from roadlog.domain.records import Record
from roadlog.interop.exported import Exported, line
from roadlog.projections.records import record_json
from roadlog.visible import plain

EXTENSIONS: dict[str, str] = {
    "recordedat": "when roadlog stored it; `time` is when it happened",
    "actor": "the handle of who acted",
    "actorkind": "human, agent or system",
    "assurance": "how sure it is who acted: asserted, signed or hardware",
    "reason": "why, in the actor's words, on one line; absent where no reason was given",
    "commandid": "the id of the command that recorded it",
    "leaf": "the record's leaf in the Merkle log, in hex",
}
"""Attributes beyond the standard's, with their meaning. All are strings."""


def write(export: Exported, file: BinaryIO) -> dict[str, int]:
    """A line for each record, those that are void too: an event never changes, so it bears no mark."""
    count = 0
    for record in export.records():
        file.write(line(cloud_event(record, export.origin)))
        count += 1
    return {"records": count}


def cloud_event(record: Record, origin: str) -> dict[str, Any]:
    """The record as a CloudEvent. An attribute holds no control characters, so those of texts are shown."""
    told = record_json(record)
    return {
        "specversion": "1.0",
        "id": str(record.position),
        "source": origin,
        "type": f"roadlog.{record.type}",
        "subject": record.stream,
        "time": told["effective_at"],
        "datacontenttype": "application/json",
        "dataschema": f"urn:roadlog:{record.type}:{told['schema']}",
        "recordedat": told["recorded_at"],
        "actor": record.actor.id,
        "actorkind": record.actor.kind,
        "assurance": record.actor.assurance,
        **({"reason": plain(record.reason)} if record.reason else {}),
        "commandid": plain(record.body.command_id),
        "leaf": record.leaf,
        "data": told["data"],
    }
