"""Names and times as files write them: brought into one form, or refused with why."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from roadlog.domain.limits import TEXT_BYTES, text_fault

ACTIVITY_CHARACTERS = 200
"""As long as a milestone's name may be, which an activity's becomes when the workflow is inferred."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""Before it lie only the zero dates of other tools."""


class Unreadable(Exception):
    """A field that says nothing: which one, and why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@lru_cache(maxsize=8192)
def named(field: str, value: str, most: int = TEXT_BYTES) -> str:
    """A name that must be there, in one line of at most so many characters. Raises Unreadable."""
    name = text(field, value, most)
    if not name:
        raise Unreadable(field, "it is empty")
    return name


@lru_cache(maxsize=8192)
def text(field: str, value: str, most: int = TEXT_BYTES) -> str:
    """The text in one line, "" for one of blanks. Raises Unreadable."""
    fault = encoding_fault(value)
    if fault is None:
        line, fault = one_line(value, most)
        if fault is None:
            return line
    raise Unreadable(field, fault)


def one_line(value: str, most: int) -> tuple[str, str | None]:
    """A name in one line, every run of white space in it a single blank; and what is wrong with it, if any.

    Blanks are how exports differ; capitals are left alone, because they may be meant.
    """
    if fault := text_fault(value):
        return "", f"it {fault.rstrip('.')}"
    line = " ".join(value.split())
    if len(line) > most:
        return "", f"it is {len(line):,} characters long; at most {most:,} are kept"
    return line, None


def encoding_fault(value: str) -> str | None:
    """What is said of a text that was no UTF-8 (read with `surrogateescape`); None for one that was."""
    if value.isascii():
        return None
    for place, character in enumerate(value, start=1):
        if "\udc80" <= character <= "\udcff":
            return f"it is not UTF-8 text (byte 0x{ord(character) - 0xDC00:02X} at place {place})"
    return None


def time(field: str, value: str, now: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """A time from 1900 up to now, and whether it had no offset. Raises Unreadable."""
    try:
        written = _as_written(value)
        at = _placed(written, zone)
    except (ValueError, OverflowError):
        shown = value.strip()[:80]
        why = f"{shown!r} is no time; ISO 8601 is read, for example 2026-03-02T09:00:00+01:00"
        raise Unreadable(field, why if shown else "it is empty") from None
    if at > now:
        raise Unreadable(field, f"{value.strip()} is in the future")
    if at < EARLIEST:
        raise Unreadable(field, f"{value.strip()} is before {EARLIEST.year}")
    return at, written.tzinfo is None


def moment(value: str, zone: tzinfo) -> datetime:
    """An ISO 8601 time; also with `/` between year, month and day, and `UTC` or a blank before the offset.

    Without an offset it is in `zone`: as RFC 5545 (3.3.5) says, a time that the clocks skipped has the offset
    from before the change, and one that they showed twice is the first. Raises ValueError, OverflowError.
    """
    return _placed(_as_written(value), zone)


def _as_written(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        plain = value.strip().upper().replace("/", "-")
        return datetime.fromisoformat(plain.replace(" UTC", "Z").replace(" +", "+").replace(" -", "-"))


def _placed(at: datetime, zone: tzinfo) -> datetime:
    if at.tzinfo is UTC:
        return at
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
