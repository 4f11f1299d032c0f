"""Tables written as files: one alone, or all of them into a folder with a README."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from roadlog.interop.exported import Exported
from roadlog.interop.table_shapes import Table, Values
from roadlog.interop.tables import TABLES, record_values
from roadlog.visible import plain

README = "README"
Put = Callable[[tuple[Any, ...]], None]
"""Takes one row of a table."""
Open = Callable[[Table, Exported, BinaryIO], AbstractContextManager[Put]]
"""Begins a table in a file, takes its rows, and ends it."""
ABOUT = """\
A roadlog log as tables: {form}.

{stamp}

Times are in UTC, to the microsecond. Durations are elapsed seconds, nights and weekends included.
What is empty is not known, or does not apply. People are named by their handles. A void record is
marked in the table of records; the other tables show what stood, and it is not in them.
"""


def write_one(name: str, begin: Open, export: Exported, file: BinaryIO) -> dict[str, int]:
    """One table to a file; gives how many rows it has."""
    with ExitStack() as ends:
        return _filled({name: ends.enter_context(begin(TABLES[name], export, file))}, export)


def write_all(ending: str, form: str, begin: Open, export: Exported, folder: Path) -> dict[str, int]:
    """Every table to a file of its own in a folder; gives how many rows each has."""
    with ExitStack() as ends:
        puts: dict[str, Put] = {}
        for name, table in TABLES.items():
            file = ends.enter_context((folder / f"{name}.{ending}").open("wb"))
            puts[name] = ends.enter_context(begin(table, export, file))
        counts = _filled(puts, export)
    (folder / README).write_text(readme(ending, form, export), encoding="utf-8")
    return counts


def _filled(puts: Mapping[str, Put], export: Exported) -> dict[str, int]:
    counts = dict.fromkeys(puts, 0)
    for name, values in _rows(puts, export):
        puts[name](TABLES[name].row(values))
        counts[name] += 1
    return counts


def _rows(names: Mapping[str, Put], export: Exported) -> Iterator[tuple[str, Values]]:
    """Each row of these tables, and which table it is of."""
    if "records" in names:
        voided = export.voided()
        for record in export.records():
            yield "records", record_values(record, voided)
    told = [(name, TABLES[name].values) for name in names]
    wanted = [(name, values) for name, values in told if values is not None]
    for initiative in export.initiatives() if wanted else ():
        for name, values in wanted:
            for row in values(initiative):
                yield name, row


def readme(ending: str, form: str, export: Exported) -> str:
    """What the tables are of, and what their columns mean."""
    stamp = "\n".join(
        f"{name}: {'everything' if value is None else plain(str(value))}"
        for name, value in export.stamp().items()
    )
    said = [ABOUT.format(form=form, stamp=stamp)]
    for table in TABLES.values():
        width = max(len(each.name) for each in table.columns)
        columns = [f"  {each.name:{width}}  {each.kind}: {each.meaning}" for each in table.columns]
        said.append("\n".join([f"{table.name}.{ending}: {table.title}", *columns]) + "\n")
    return "\n".join(said)
