"""Checkpoints, as C2SP specifies them: which log, how many records, and the root over them, in a signed note.

https://c2sp.org/tlog-checkpoint
"""

from base64 import b64encode
from typing import NamedTuple, Self

from roadlog.event_store.proofs import HASH
from roadlog.event_store.records import is_time
from roadlog.trust.note import BadNote, Note, decoded

KEPT = "checkpoint "
"""Begins the line that says which one of the log's checkpoints it is, and when it was made."""
DIGITS = 18
"""Of a size, at most."""


class Checkpoint(NamedTuple):
    """What a note says of a log.

    origin: which log, `roadlog/<key>/<16 hex of leaf 1>`
    root: the hash over its first `size` leaves
    number: which one of the log's checkpoints it is, from 1; None of a log that does not say
    made_at: when it was made, RFC 3339; likewise. C2SP leaves the lines after the root to each log
    """

    origin: str
    size: int
    root: bytes
    number: int | None = None
    made_at: str | None = None

    @property
    def text(self) -> str:
        """As it is signed."""
        kept = "" if self.number is None else f"{KEPT}{self.number} {self.made_at}\n"
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{kept}"

    @classmethod
    def of(cls, note: Note) -> Self:
        """What a note says, whoever signed it; further lines are left alone. Raises BadNote."""
        lines = note.text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]):
            raise BadNote("a checkpoint says an origin, a size and a root, and has no empty line")
        origin, size, root, *further = lines
        found = decoded(root)
        if len(found) != HASH:
            raise BadNote(f"a checkpoint's root has {HASH} bytes")
        made = cls(origin, size_of(size), found)
        kept = next((each.removeprefix(KEPT) for each in further if each.startswith(KEPT)), None)
        if kept is None:
            return made
        number, _, made_at = kept.partition(" ")
        if not is_time(made_at):
            raise BadNote("a checkpoint was made at no time")
        return made._replace(number=size_of(number), made_at=made_at)


def size_of(text: str) -> int:
    """A number as checkpoints write it. Raises BadNote."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS) or str(int(text)) != text:
        raise BadNote("a checkpoint's numbers have no leading zeros")
    return int(text)
