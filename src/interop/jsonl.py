"""Records as lines of JSON: as they are stored, in the shape in which `roadlog watch --json` prints them."""

from typing import BinaryIO

from roadlog.interop.exported import Exported, line
from roadlog.projections.records import record_json


def write(export: Exported, file: BinaryIO) -> dict[str, int]:
    """A line for each record, those that are void too: what voids them is a record like them."""
    count = 0
    for record in export.records():
        file.write(line(record_json(record)))
        count += 1
    return {"records": count}
