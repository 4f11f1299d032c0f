"""Tables in Parquet, with typed columns and their meaning in the file; by pyarrow, the extra `parquet`."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, BinaryIO

from roadlog.domain.moments import instant
from roadlog.domain.refusals import OutsideFailure
from roadlog.interop.exported import Exported
from roadlog.interop.table_files import Put
from roadlog.interop.table_shapes import Kind, Table

FORM = "Parquet. Texts are exact. What stands here is in each file, too, as its metadata"
ROWS = 2_000
"""Rows of a group: what is held in memory."""


def check_installed() -> None:
    """Raises OutsideFailure where the package is missing that writes it."""
    if find_spec("pyarrow") is None:
        raise OutsideFailure(
            "extra",
            "Parquet is written by the package pyarrow, which is not installed. Install it: "
            'pip install "roadlog[parquet]"',
        )


@contextmanager
def begin(table: Table, export: Exported, file: BinaryIO) -> Iterator[Put]:
    """The file with its schema, then its rows, group after group."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(table, export)
    waiting: list[tuple[Any, ...]] = []

    def put(row: tuple[Any, ...]) -> None:
        waiting.append(row)
        if len(waiting) == ROWS:
            flush()

    def flush() -> None:
        arrays = [
            pa.array([_value(each, column.kind) for each in values], type=field.type)
            for column, field, values in zip(table.columns, schema, zip(*waiting, strict=True), strict=True)
        ]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        waiting.clear()

    with parquet.ParquetWriter(_Counted(file), schema, compression="zstd") as writer:
        yield put
        if waiting:
            flush()


class _Counted:
    """The file for pyarrow, which asks where it is: a pipe cannot say so."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0
        self.closed = False

    def write(self, content: Any) -> int:
        self._file.write(content)
        self._written += len(content)
        return len(content)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True


def _schema(table: Table, export: Exported) -> Any:
    import pyarrow as pa

    text = pa.string()
    types: dict[Kind, Any] = {
        "text": text,
        "list": pa.list_(text),
        "time": pa.timestamp("us", tz="UTC"),
        "integer": pa.int64(),
        "number": pa.float64(),
        "yes": pa.bool_(),
    }
    said = {name: str(value) for name, value in export.stamp().items() if value is not None}
    said |= {f"column.{each.name}": each.meaning for each in table.columns} | {"table": table.title}
    fields = [pa.field(each.name, types[each.kind]) for each in table.columns]
    return pa.schema(fields, metadata={f"roadlog.{name}": value for name, value in said.items()})


def _value(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "time":
        return instant(value)
    return float(value) if kind == "number" else value
