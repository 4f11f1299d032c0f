"""A CSV event log: one line an event, with its case, its activity, its time and perhaps its actor."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path

from roadlog.domain.limits import TEXT_BYTES
from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import ACTIVITY_CHARACTERS, BadLine, Columns, Line, one_line
from roadlog.interop.csv_records import Broken, Records

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""Before it lie only the zero dates of other tools."""


class Unreadable(Exception):
    """A field that says nothing: which column, and why."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


def read(path: Path, columns: Columns, *, now: datetime, zone: tzinfo = UTC) -> Iterator[Line | BadLine]:
    """The file's events in file order, bad lines among them. A time without an offset is in `zone`.

    Raises Malformed where the file cannot be opened, holds no header, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            records = Records(text)
            layout = _Layout(path.name, columns, _header(path.name, records))
            yield from _lines(path.name, records, layout, now, zone)
    except OSError as error:
        raise Malformed("import", f"{path} cannot be read: {error.strerror}.") from error


class _Layout:
    """Where the columns stand in a row."""

    def __init__(self, file: str, columns: Columns, header: list[str]) -> None:
        self.columns = columns
        self.width = len(header)
        wanted = [
            each for each in (columns.case, columns.activity, columns.time, columns.actor) if each is not None
        ]
        for column in wanted:
            if header.count(column) != 1:
                fact = "there is no column" if column not in header else "there is more than one column"
                known = ", ".join(dict.fromkeys(header))[:500]
                raise Malformed(
                    "import", f"{file}, line 1: {fact} {column!r}. Columns: {known}.", missing=(column,)
                )
        self.case, self.activity, self.time = (header.index(each) for each in wanted[:3])
        self.actor = header.index(columns.actor) if columns.actor is not None else None


def _header(file: str, records: Records) -> list[str]:
    try:
        header = [name.strip() for name in next(records, [])]
    except Broken as error:
        raise Malformed("import", f"{file}, line 1: {error}.") from error
    if not header:
        raise Malformed("import", f"{file} is empty: its first line must name the columns.")
    for name in header:
        if fault := encoding_fault(name):
            raise Malformed("import", f"{file}, line 1: {fault}.")
    return header


def _lines(
    file: str, records: Records, layout: _Layout, now: datetime, zone: tzinfo
) -> Iterator[Line | BadLine]:
    while True:
        try:
            row = next(records)
        except StopIteration:
            return
        except Broken as error:
            yield BadLine(file=file, line=records.line, field="", why=str(error))
            continue
        line = _line(file, records.line, row, layout, now, zone)
        if isinstance(line, Line) or any(map(str.strip, row)):
            yield line


def _line(
    file: str, number: int, row: list[str], layout: _Layout, now: datetime, zone: tzinfo
) -> Line | BadLine:
    columns = layout.columns
    if len(row) != layout.width:
        why = f"it has {len(row)} fields where the header has {layout.width}"
        return BadLine(file=file, line=number, field="", why=why)
    try:
        case = _named(columns.case, row[layout.case], TEXT_BYTES)
        activity = _named(columns.activity, row[layout.activity], ACTIVITY_CHARACTERS)
        at, local = _time(columns.time, row[layout.time], now, zone)
        return Line(
            number=number,
            case=case,
            activity=activity,
            at=at,
            local=local,
            actor=(_text(str(columns.actor), row[layout.actor], TEXT_BYTES) or None)
            if layout.actor is not None
            else None,
        )
    except Unreadable as error:
        return BadLine(file=file, line=number, field=error.column, why=str(error))


def _named(column: str, text: str, most: int) -> str:
    named = _text(column, text, most)
    if not named:
        raise Unreadable(column, "it is empty")
    return named


@lru_cache(maxsize=8192)
def _text(column: str, text: str, most: int) -> str:
    """The text in one line. Raises Unreadable."""
    fault = encoding_fault(text)
    if fault is None:
        line, fault = one_line(text, most)
        if fault is None:
            return line
    raise Unreadable(column, fault)


def encoding_fault(text: str) -> str | None:
    """What is said of a text that was no UTF-8; None for one that was."""
    if text.isascii():
        return None
    for place, character in enumerate(text, start=1):
        if "\udc80" <= character <= "\udcff":
            return f"it is not UTF-8 text (byte 0x{ord(character) - 0xDC00:02X} at place {place})"
    return None


def _time(column: str, text: str, now: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    """A time, and whether it had no offset. Raises Unreadable."""
    try:
        written = _as_written(text)
        at = _placed(written, zone)
    except (ValueError, OverflowError):
        shown = text.strip()[:80]
        why = f"{shown!r} is no time; ISO 8601 is read, for example 2026-03-02T09:00:00+01:00"
        raise Unreadable(column, why if shown else "it is empty") from None
    if at > now:
        raise Unreadable(column, f"{text.strip()} is in the future")
    if at < EARLIEST:
        raise Unreadable(column, f"{text.strip()} is before {EARLIEST.year}")
    return at, written.tzinfo is None


def moment(text: str, zone: tzinfo) -> datetime:
    """An ISO 8601 time; also with `/` between year, month and day, and `UTC` or a blank before the offset.

    Without an offset it is in `zone`: as RFC 5545 (3.3.5) says, a time that the clocks skipped has the offset
    from before the change, and one that they showed twice is the first. Raises ValueError, OverflowError.
    """
    return _placed(_as_written(text), zone)


def _as_written(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        plain = text.strip().upper().replace("/", "-")
        return datetime.fromisoformat(plain.replace(" UTC", "Z").replace(" +", "+").replace(" -", "-"))


def _placed(at: datetime, zone: tzinfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex. Raises Malformed where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Malformed("import", f"{path} cannot be read: {error.strerror}.") from error
