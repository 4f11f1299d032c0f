"""What a table of an export is: its columns, each with what it holds and means, and what gives its rows."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from roadlog.interop.exported import Initiative

Kind = Literal["text", "list", "time", "integer", "number", "yes"]
"""What a column holds: text, a list of texts, a time, a whole number, a number, whether it is so."""
Values = dict[str, Any]


class Column(NamedTuple):
    """A column: its name, what it holds, and what that means. Any may be empty."""

    name: str
    kind: Kind
    meaning: str


class Table(NamedTuple):
    """A table: a row for each of something. `values` gives those of an initiative, by column.

    Of the table of records it is None: that has a row for each record.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    values: Callable[[Initiative], Iterable[Values]] | None = None

    def row(self, values: Values) -> tuple[Any, ...]:
        return tuple(values[each.name] for each in self.columns)


def columns_of(text: str) -> tuple[Column, ...]:
    """A line a column: its name, what it holds, and what that means."""
    kinds: dict[str, Kind] = {each: each for each in ("text", "list", "time", "integer", "number", "yes")}
    parts = [each.split(maxsplit=2) for each in text.strip().splitlines()]
    return tuple(Column(name, kinds[kind], meaning) for name, kind, meaning in parts)


OF = "initiative text the initiative's key"
