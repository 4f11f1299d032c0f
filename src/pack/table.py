"""A table of the pack: the same rows are a file of comma-separated values and a part of the report."""

import io
from typing import Any, Literal, NamedTuple

from roadlog.interop.cells import LINE_END, cell

Kind = Literal["text", "time", "hash", "number", "position", "yes", "more"]
"""How the report shows a column's values; those of kind `more` share its last, each after its heading."""
Row = tuple[Any, ...]


class Column(NamedTuple):
    """A column: its name in the file, and its heading in the report; None: it is in the file alone."""

    name: str
    heading: str | None = None
    kind: Kind = "text"


class Table(NamedTuple):
    """What is known of one question, row by row.

    name: of its file, without `.csv`
    note: how it is to be read
    empty: what it means that there are no rows
    """

    name: str
    title: str
    note: str
    empty: str
    columns: tuple[Column, ...]
    rows: list[Row]


def in_days(seconds: float) -> float:
    """A duration as the pack tells it, to a tenth of a day."""
    return round(seconds / 86_400, 1)


def csv_text(table: Table) -> str:
    """The table as RFC 4180 has it, safe in a spreadsheet."""
    import csv

    file = io.StringIO()
    writer = csv.writer(file, lineterminator=LINE_END)
    writer.writerow([each.name for each in table.columns])
    writer.writerows([cell(value) for value in row] for row in table.rows)
    return file.getvalue()
