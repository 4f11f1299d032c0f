"""The moment that an answer is about: what was true then, and what the log said then."""

from datetime import datetime
from typing import Any, NamedTuple

from roadlog.domain.moments import rfc3339


class Moment(NamedTuple):
    """as_of: what was true then. known_at, position: what the log said then, up to and including that record.

    `head` is the leaf of the record at `position`, `-` for an empty log.
    """

    as_of: datetime
    known_at: datetime
    position: int
    head: str

    def stamp(self) -> dict[str, Any]:
        """The keys that every answer about a moment begins with."""
        return {
            "as_of": rfc3339(self.as_of),
            "known_at": rfc3339(self.known_at),
            "position": self.position,
        }
