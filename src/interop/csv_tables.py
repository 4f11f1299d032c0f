"""Tables as comma-separated values (RFC 4180, UTF-8), safe in a spreadsheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from roadlog.interop.cells import LINE_END, cell
from roadlog.interop.exported import Exported
from roadlog.interop.table_files import Put
from roadlog.interop.table_shapes import Table

FORM = (
    "comma-separated values (RFC 4180, UTF-8). Lists are parted by semicolons. A text that a\n"
    "spreadsheet might take for a formula has a ' before it; line breaks are spaces, and what nobody\n"
    "would see is written \\u202e and the like"
)


class _Text:
    """What csv writes to: the text as UTF-8."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


@contextmanager
def begin(table: Table, export: Exported, file: BinaryIO) -> Iterator[Put]:  # noqa: ARG001
    """The table's header, then its rows."""
    import csv

    writer = csv.writer(_Text(file), lineterminator=LINE_END)
    writer.writerow([each.name for each in table.columns])

    def put(row: tuple[Any, ...]) -> None:
        writer.writerow([cell(value) for value in row])

    yield put
