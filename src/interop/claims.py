"""What files claim, whatever their format: lines, some of them unreadable, and what is known to lack."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from msgspec import Struct


class Format(Struct, frozen=True, kw_only=True):
    """A format that can be imported.

    unit: what it calls that which is read as a whole, or not at all; `activity`: an activity
    keyed: its cases have keys of their own, and its lines the ids of events; else a case is known by its
        name, and a line by its number
    """

    name: str
    unit: str
    activity: str
    keyed: bool

    def reference(self, case: str, number: int) -> str:
        """Where in its file a line stands, as a record says it: `17`; `DEMO-4/10017`, or `DEMO-4`."""
        if not self.keyed:
            return str(number)
        return f"{case}/{number}" if number else case

    def case(self, title: str, reference: str) -> str:
        """Which case an initiative was, by the title and the reference that it came with."""
        return reference.partition("/")[0] if self.keyed else title


class Line(Struct, frozen=True, kw_only=True, gc=False):
    """One event of a log, as claimed.

    number: its line in the file; of a keyed format the event's id, 0 for the beginning of its case
    file: the number of its file
    title: what its case is called, where that is more than its name
    local: its time had no offset, and was read in the store's zone
    by_system: its actor is a program
    """

    number: int
    case: str
    activity: str
    at: datetime
    actor: str | None
    file: int = 0
    title: str | None = None
    local: bool = False
    by_system: bool = False


class BadLine(Struct, frozen=True, kw_only=True):
    """A line that cannot be read: which field (none: the line itself), and why."""

    file: str
    line: int
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field or 'the line'}: {self.why}"


class Truncated(Struct, frozen=True, kw_only=True):
    """What the files lack of a case (None: cases themselves), and how that is known.

    headless: its beginning is missing, so that its first line here follows on nothing that is known
    """

    case: str | None
    why: str
    headless: bool = False

    def answer(self) -> dict[str, Any]:
        return {"case": self.case, "why": self.why}


Claim = Line | BadLine | Truncated
Passed = Callable[[int, int], None]
"""Called with the number of a file and the bytes of it that are read."""


class Log(Struct, frozen=True, kw_only=True):
    """A log to import: its files, in the order in which they are numbered, and what reads their claims.

    zone: the one in which a time without an offset is read
    """

    form: Format
    paths: tuple[Path, ...]
    zone: tzinfo
    claims: Callable[[Passed], Iterator[Claim]]
