"""The keys of a log: what two of them sign when one takes the other's place, and what is known of each."""

from datetime import datetime

import msgspec
from msgspec import Struct

FORM = "roadlog/log-key/v1"


class LogKey(Struct, frozen=True, gc=False, kw_only=True):
    """A public key that signs from a record on, and the one in whose place it came.

    key, before: as signed notes have them: name, id and key, with + between them
    """

    position: int
    key: str
    before: str
    changed_by: str
    changed_at: datetime
    reason: str | None


def change_text(origin: str, version: int, old: str, new: str) -> str:
    """What both keys sign: which log, the record's version in the roadmap's stream, and the two keys.

    Its first line names the form. Each line after it is a name, a colon and a value in JSON, as in the text
    of an approval.
    """
    lines = {"origin": origin, "version": version, "old": old, "new": new}
    return f"{FORM}\n" + "".join(
        f"{name}: {msgspec.json.encode(value).decode()}\n" for name, value in lines.items()
    )


def key_id(key: str) -> str:
    """A key as people tell it from others: the id in it, or the whole text where it has none."""
    return (key.split("+", 2)[1:2] or [key])[0]
