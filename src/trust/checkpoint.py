"""Checkpoints, as C2SP specifies them: which log, how many records, and the root over them, in a signed note.

https://c2sp.org/tlog-checkpoint
"""

from base64 import b64encode
from typing import NamedTuple, Self

from roadlog.event_store.proofs import HASH
from roadlog.trust.note import BadNote, Note, decoded

MADE = "made "
"""Begins the line that says when."""
DIGITS = 18
"""Of a size, at most."""


class Checkpoint(NamedTuple):
    """What a note says of a log.

    origin: which log, `roadlog/<key>/<16 hex of leaf 1>`
    root: the hash over its first `size` leaves
    made_at: when it was made, RFC 3339: a line that C2SP leaves to each log; None where it has none
    """

    origin: str
    size: int
    root: bytes
    made_at: str | None = None

    @property
    def text(self) -> str:
        """As it is signed."""
        made = "" if self.made_at is None else f"{MADE}{self.made_at}\n"
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{made}"

    @classmethod
    def of(cls, note: Note) -> Self:
        """What a note says, whoever signed it; further lines are left alone. Raises BadNote."""
        lines = note.text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]):
            raise BadNote("a checkpoint says an origin, a size and a root, and has no empty line")
        origin, size, root, *further = lines
        if not (size.isascii() and size.isdecimal() and len(size) <= DIGITS) or str(int(size)) != size:
            raise BadNote("a checkpoint's size is a number without leading zeros")
        found = decoded(root)
        if len(found) != HASH:
            raise BadNote(f"a checkpoint's root has {HASH} bytes")
        made = next((each.removeprefix(MADE) for each in further if each.startswith(MADE)), None)
        return cls(origin, int(size), found, made)
