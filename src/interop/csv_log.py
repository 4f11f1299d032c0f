"""A CSV event log: one line an event, with its case, its activity, its time and perhaps its actor."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from msgspec import Struct

from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine, Format, Line, Log, Passed
from roadlog.interop.csv_records import Broken, Records
from roadlog.interop.files import readable
from roadlog.interop.other_formats import HEAD, check_is_text
from roadlog.interop.written import ACTIVITY_CHARACTERS, Unreadable, encoding_fault, named, text, time

OFTEN = 4096
"""Lines between two calls that say how far the file is read."""


CSV = Format(name="csv", unit="line", activity="activity", keyed=False)


class Columns(Struct, frozen=True, kw_only=True):
    """The names of the columns that hold an event's parts."""

    case: str
    activity: str
    time: str
    actor: str | None = None


def log(paths: Sequence[Path], columns: Columns, *, now: datetime, zone: tzinfo = UTC) -> Log:
    """The files as one log."""

    def claims(passed: Passed) -> Iterator[Line | BadLine]:
        for file, path in enumerate(paths):
            yield from read(path, columns, now=now, zone=zone, file=file, passed=partial(passed, file))

    return Log(form=CSV, paths=tuple(paths), zone=zone, claims=claims)


def read(
    path: Path,
    columns: Columns,
    *,
    now: datetime,
    zone: tzinfo = UTC,
    file: int = 0,
    passed: Callable[[int], None] = lambda _: None,
) -> Iterator[Line | BadLine]:
    """The file's events in file order, bad lines among them. A time without an offset is in `zone`.

    `file` is the file's number; `passed` is called with the bytes that are read. Raises Malformed where the
    file cannot be opened, is no text, holds no header, or lacks a column.
    """
    with (
        readable(path),
        path.open("rb") as stored,
        TextIOWrapper(stored, encoding="utf-8-sig", errors="surrogateescape", newline="") as content,
    ):
        check_is_text(path.name, stored.peek(HEAD)[:HEAD])
        records = Records(content)
        layout = _Layout(path.name, file, columns, _header(path.name, records))
        for count, line in enumerate(_lines(layout, records, now, zone)):
            if count % OFTEN == 0:
                passed(stored.tell())
            yield line
        passed(stored.tell())


class _Layout:
    """Which file it is, and where the columns stand in a row of it."""

    def __init__(self, name: str, number: int, columns: Columns, header: list[str]) -> None:
        self.name = name
        self.number = number
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
                    "import", f"{name}, line 1: {fact} {column!r}. Columns: {known}.", missing=(column,)
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


def _lines(layout: _Layout, records: Records, now: datetime, zone: tzinfo) -> Iterator[Line | BadLine]:
    while True:
        try:
            row = next(records)
        except StopIteration:
            return
        except Broken as error:
            yield BadLine(file=layout.name, line=records.line, field="", why=str(error))
            continue
        line = _line(layout, records.line, row, now, zone)
        if isinstance(line, Line) or any(map(str.strip, row)):
            yield line


def _line(layout: _Layout, number: int, row: list[str], now: datetime, zone: tzinfo) -> Line | BadLine:
    columns = layout.columns
    if len(row) != layout.width:
        why = f"it has {len(row)} fields where the header has {layout.width}"
        return BadLine(file=layout.name, line=number, field="", why=why)
    try:
        case = named(columns.case, row[layout.case])
        activity = named(columns.activity, row[layout.activity], ACTIVITY_CHARACTERS)
        at, local = time(columns.time, row[layout.time], now, zone)
        return Line(
            number=number,
            case=case,
            activity=activity,
            at=at,
            local=local,
            actor=(text(str(columns.actor), row[layout.actor]) or None) if layout.actor is not None else None,
            file=layout.number,
        )
    except Unreadable as error:
        return BadLine(file=layout.name, line=number, field=error.field, why=str(error))
