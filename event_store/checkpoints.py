"""Checkpoints: rows beside the records, of what the log signed.

What a note says and who signed it, the caller knows. Here are its bytes, and of which size it is.
"""

from collections.abc import Callable
from datetime import datetime

from roadlog.event_store.errors import Unreadable
from roadlog.event_store.records import KeptCheckpoint, is_time, later_time

NO_CHECKPOINT = KeptCheckpoint(0, 0, "", b"")
"""Stands where none was made yet."""

RootAt = Callable[[int], bytes]
"""The root of the log as it was with so many records."""
Sign = Callable[[KeptCheckpoint, int, str, RootAt], bytes | None]
"""Gives a note, from the last checkpoint, the size, the time and the roots; None where none is due."""


def next_checkpoint(
    last: KeptCheckpoint, size: int, now: datetime, recorded_at: str, root_at: RootAt, sign: Sign
) -> KeptCheckpoint | None:
    """The checkpoint of the log's first `size` records, where `sign` finds that one is due.

    `recorded_at` is when the last of them was. Raises `Unreadable` where the last checkpoint has no time.
    """
    if last.id and not is_time(last.made_at):
        raise Unreadable(f"checkpoint {last.id} was made at no time: {last.made_at!r}")
    made_at = later_time(now, recorded_at, last.made_at)
    note = sign(last, size, made_at, root_at)
    return None if note is None else KeptCheckpoint(last.id + 1, size, made_at, note)
