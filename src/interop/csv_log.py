"""A CSV event log: one line an event, with its case, its activity, its time and perhaps its actor."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from roadlog.domain.limits import check_text
from roadlog.domain.refusals import Malformed

LINE_BYTES = 1024 * 1024
"""An import line's bound."""
DELIMITERS = ",;\t|"


class Columns(Struct, frozen=True, kw_only=True):
    """The names of the columns that hold an event's parts."""

    case: str
    activity: str
    time: str
    actor: str | None = None


class Line(Struct, frozen=True, kw_only=True):
    """One event of the log, as claimed; `number` is its line in the file."""

    file: str
    number: int
    case: str
    activity: str
    at: datetime
    actor: str | None


class BadLine(Struct, frozen=True, kw_only=True):
    """A line that cannot be read: which field, and why."""

    file: str
    line: int
    field: str
    why: str


def read(path: Path, columns: Columns, *, now: datetime, zone: tzinfo = UTC) -> Iterator[Line | BadLine]:
    """The file's events in file order, bad lines among them. A time without an offset is in `zone`.

    Raises Malformed where the file is no UTF-8 text, holds no header, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            header = text.readline(LINE_BYTES)
            delimiter = max(DELIMITERS, key=header.count)
            names = next(csv.reader([header], delimiter=delimiter), [])
            places = _places(path.name, [name.strip() for name in names], columns)
            yield from _lines(path.name, _bounded(path.name, text), delimiter, len(names), places, now, zone)
    except UnicodeDecodeError as error:
        raise Malformed("import", f"{path.name} is not UTF-8 text (at byte {error.start}).") from error
    except csv.Error as error:
        raise Malformed("import", f"{path.name} is not a CSV file: {error}.") from error
    except OSError as error:
        raise Malformed("import", f"{path} cannot be read: {error.strerror}.") from error


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex. Raises Malformed where it cannot be read."""
    hashed = sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                hashed.update(block)
    except OSError as error:
        raise Malformed("import", f"{path} cannot be read: {error.strerror}.") from error
    return hashed.hexdigest()


def _places(file: str, names: list[str], columns: Columns) -> dict[str, int]:
    wanted = {"case": columns.case, "activity": columns.activity, "time": columns.time, "actor": columns.actor}
    missing = [name for name in wanted.values() if name is not None and name not in names]
    if missing:
        raise Malformed(
            "import",
            f"{file}, line 1: there is no column {', '.join(map(repr, missing))}. Columns: {', '.join(names)}.",
            missing=tuple(missing),
        )
    return {part: names.index(name) for part, name in wanted.items() if name is not None}


def _bounded(file: str, text: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(text, start=2):
        if len(line) > LINE_BYTES:
            raise Malformed("import", f"{file}, line {number}: a line holds at most {LINE_BYTES:,} characters.")
        yield line


def _lines(
    file: str,
    text: Iterable[str],
    delimiter: str,
    width: int,
    places: dict[str, int],
    now: datetime,
    zone: tzinfo,
) -> Iterator[Line | BadLine]:
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    for row in rows:
        number = rows.line_num + 1
        if not row:
            continue
        if len(row) != width:
            yield BadLine(file=file, line=number, field="", why=f"{len(row)} fields where the header has {width}")
            continue
        yield _line(file, number, {part: row[place].strip() for part, place in places.items()}, now, zone)


def _line(file: str, number: int, row: dict[str, str], now: datetime, zone: tzinfo) -> Line | BadLine:
    for part, value in row.items():
        if part != "actor" and not value:
            return BadLine(file=file, line=number, field=part, why="it is empty")
        try:
            check_text(part, value)
        except Malformed as error:
            return BadLine(file=file, line=number, field=part, why=error.message)
    try:
        at = moment(row["time"], zone)
    except ValueError:
        why = f"{row['time']!r} is no time; ISO 8601 is read, for example 2026-03-02T09:00:00+01:00"
        return BadLine(file=file, line=number, field="time", why=why)
    if at > now:
        return BadLine(file=file, line=number, field="time", why=f"{row['time']} is in the future")
    return Line(
        file=file,
        number=number,
        case=row["case"],
        activity=row["activity"],
        at=at,
        actor=row.get("actor") or None,
    )


def moment(text: str, zone: tzinfo) -> datetime:
    """An ISO 8601 time, with `/` for `-` too; without an offset it is in `zone`. Raises ValueError."""
    at = datetime.fromisoformat(text.replace("/", "-"))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
