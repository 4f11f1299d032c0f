"""What a file claims, whatever its format: lines, bad lines, and the form that names in them take."""

from datetime import datetime

from msgspec import Struct

from roadlog.domain.limits import text_fault

ACTIVITY_CHARACTERS = 200
"""As long as a milestone's name may be, which an activity's becomes when the workflow is inferred."""


class Columns(Struct, frozen=True, kw_only=True):
    """The names of the columns that hold an event's parts."""

    case: str
    activity: str
    time: str
    actor: str | None = None


class Line(Struct, frozen=True, kw_only=True, gc=False):
    """One event of a log, as claimed; `number` is its line in the file.

    local: its time had no offset, and was read in the store's zone
    """

    number: int
    case: str
    activity: str
    at: datetime
    actor: str | None
    local: bool = False


class BadLine(Struct, frozen=True, kw_only=True):
    """A line that cannot be read: which field (none: the line itself), and why."""

    file: str
    line: int
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field or 'the line'}: {self.why}"


def one_line(text: str, most: int) -> tuple[str, str | None]:
    """A name in one line, every run of white space in it a single blank; and what is wrong with it, if any.

    Blanks are how exports differ; capitals are left alone, because they may be meant.
    """
    if fault := text_fault(text):
        return "", f"it {fault.rstrip('.')}"
    line = " ".join(text.split())
    if len(line) > most:
        return "", f"it is {len(line):,} characters long; at most {most:,} are kept"
    return line, None
