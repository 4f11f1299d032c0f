"""A record as JSON: the shape in which every write answers and every stream of records is printed."""

from typing import Any

import msgspec

from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record
from roadlog.projections.plain import plain


def record_json(record: Record) -> dict[str, Any]:
    """The envelope and the event; `leaf` is the hash in hex, empty for what was not stored."""
    body = record.body
    return {
        "position": record.position,
        "stream": record.stream,
        "version": record.version,
        "type": record.type,
        "schema": body.schema,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(body.effective_at),
        "actor": plain(body.actor),
        "reason": body.reason,
        "command_id": body.command_id,
        "source": _named(body.source),
        "workflow": body.workflow,
        "data": _named(body.event),
        "leaf": record.leaf,
    }


def _named(struct: msgspec.Struct) -> dict[str, Any]:
    """The fields under the names that are stored, such as `from` and `import`."""
    names = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    return {stored: plain(getattr(struct, name)) for name, stored in names}
