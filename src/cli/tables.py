"""Rows of a file that people hand in, CSV or JSON, each with its place for when something is wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

from roadlog.domain.refusals import Malformed, RoadlogError
from roadlog.visible import plain

MAX_FILE = 64 * 1024 * 1024
MAX_LINE = 1024 * 1024
MAX_ROWS = 1000

T = TypeVar("T")


class Line(NamedTuple):
    """One row: `file:line` (of JSON, `file entry N`), and its values by column, blank ones left out."""

    place: str
    values: dict[str, Any]

    def take(self, column: str, convert: Callable[[str], T]) -> T | None:
        """A value converted, None where it is blank. Raises Malformed with file, line and field."""
        if column not in self.values:
            return None
        try:
            return convert(str(self.values[column]))
        except ValueError as error:
            self.wrong(column, f"{error}.")

    def need(self, column: str, convert: Callable[[str], T]) -> T:
        """A value that must be there. Raises Malformed with file, line and field."""
        value = self.take(column, convert)
        if value is None:
            self.wrong(column, "is missing.")
        return value

    def wrong(self, column: str, what: str) -> NoReturn:
        raise Malformed("file", f"{self.place} {column}: {what} Nothing was recorded.", missing=(column,))


def read(path: Path, data: bytes, columns: tuple[str, ...]) -> list[Line]:
    """The rows of a file, whose bytes are `data`; JSON where its name ends so. Raises Malformed."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Malformed("file", f"{path}:{line} is no UTF-8 text: {error.reason}.") from error
    rows = list(_json_rows(path, text) if path.suffix.lower() == ".json" else _csv_rows(path, text))
    if not rows:
        raise Malformed("file", f"{path} has no rows. Its columns are {', '.join(columns)}.")
    if len(rows) > MAX_ROWS:
        raise Malformed("file", f"{path} has {len(rows):,} rows; at most {MAX_ROWS:,} are recorded at once.")
    for row in rows:
        _check_columns(row, columns)
    return rows


def read_bytes(path: Path) -> bytes:
    """A file whole, up to 64 MiB. Raises Malformed."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)  # a device or a pipe does not say how much it holds
    except OSError as error:
        raise Malformed("file", f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_FILE:
        raise Malformed("file", f"{path} is larger than {MAX_FILE // 1024 // 1024} MiB.")
    return data


def whole_number(text: str) -> int:
    """A whole number. Raises ValueError."""
    if not text.strip().lstrip("+-").isdecimal() or len(text) > 20:
        raise ValueError(f"{plain(text)!r} is no whole number")
    return int(text)


def placed(error: RoadlogError, lines: list[Line], first: int = 0) -> RoadlogError:
    """The error of a command that came from a row, with the row's place before its message."""
    number = None if error.place is None else error.place - first
    if number is None or not 0 <= number < len(lines):
        return error
    message = f"{lines[number].place} {error.message} Nothing was recorded."
    return type(error)(error.rule, message, missing=error.missing, try_=error.try_)


def _csv_rows(path: Path, text: str) -> Iterator[Line]:
    import csv
    import io

    lines = list(io.StringIO(text, newline=""))  # str.splitlines would split at U+2028 and its like, too
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            raise Malformed("file", f"{path}:{number} is longer than 1 MiB.")
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed("file", f"{path}:{start} is no CSV: {error}.") from error
        if not any(each.strip() for each in row):
            continue
        if header is None:
            header = [each.strip().lower() for each in row]
            _check_header(path, start, header)
        elif len(row) != len(header):
            raise Malformed(
                "file",
                f"{path}:{start} has {len(row)} fields; the header has {len(header)}. Nothing was recorded.",
            )
        else:
            filled = {name: each.strip() for name, each in zip(header, row, strict=True) if each.strip()}
            yield Line(f"{path}:{start}", filled)


def _check_header(path: Path, line: int, header: list[str]) -> None:
    twice = sorted({each for each in header if header.count(each) > 1})
    if twice:
        raise Malformed("file", f"{path}:{line} names a column twice: {', '.join(map(plain, twice))}.")


def _json_rows(path: Path, text: str) -> Iterator[Line]:
    import msgspec

    try:
        entries = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise Malformed("file", f"{path} is no JSON: {error}.") from error
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Malformed("file", f"{path} is no list of objects.")
    for number, (entry, names) in enumerate(zip(entries, _json_names(text), strict=True), start=1):
        values = {name: each for name, each in entry.items() if each is not None and each != ""}
        line = Line(f"{path} entry {number}", values)
        if len(names) > len(entry):
            line.wrong(plain(next(each for each in names if names.count(each) > 1)), "is there twice.")
        for name, each in values.items():
            if isinstance(each, bool | list | dict):
                line.wrong(name, "is neither text nor number.")
        yield line


def _json_names(text: str) -> list[list[str]]:
    """The names in each object of a list, also those that stand there twice: readers keep the last."""
    import json

    def names(pairs: list[tuple[str, Any]]) -> list[str]:
        return [name for name, _ in pairs]

    found: list[list[str]] = json.loads(text, object_pairs_hook=names, parse_int=str, parse_float=str)
    return found


def _check_columns(line: Line, columns: tuple[str, ...]) -> None:
    for name in line.values:
        if name not in columns:
            line.wrong(plain(name), f"no such column; there are {', '.join(columns)}.")
