"""The formats in which a log is exported, and where that goes: to a file, a folder of tables, or stdout."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from roadlog.domain.refusals import OutsideFailure, Refused
from roadlog.folders import whole_folder
from roadlog.interop import table_files
from roadlog.interop.exported import Exported, Write
from roadlog.trust import whole_files
from roadlog.trust.whole_files import sync


class Format(NamedTuple):
    """A format: its name, the module that writes it, what it is for people.

    tables: whether it is several tables, of which one file holds one
    binary: whether it is no text
    """

    name: str
    module: str
    said: str
    tables: bool = False
    binary: bool = False

    def written_by(self) -> Any:
        """The module, imported only now. Raises OutsideFailure where a package is missing that it needs."""
        module = import_module(f"roadlog.interop.{self.module}")
        if hasattr(module, "check_installed"):
            module.check_installed()
        return module


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "csv_tables", "tables of comma-separated values", tables=True),
        Format("jsonl", "jsonl", "records as lines of JSON"),
        Format("ocel", "ocel", "an object-centric event log (OCEL 2.0, JSON)"),
        Format("xes", "xes", "cycles as traces of an event log (XES, IEEE 1849)"),
        Format("cloudevents", "cloud_events", "records as CloudEvents 1.0, a line of JSON each"),
        Format("parquet", "parquet", "tables in Parquet", tables=True, binary=True),
    )
}


def to_stream(form: Format, table: str | None, export: Exported, file: BinaryIO) -> dict[str, int]:
    """Writes to a stream that cannot be taken back; of tables one. Gives how many of what it holds."""
    return _writer(form, table)(export, file)


def to_place(form: Format, table: str | None, export: Exported, out: Path) -> dict[str, int]:
    """Writes a file, or a folder of all tables: whole, or not at all. Gives how many of what it holds.

    Raises Refused where something is there already, OutsideFailure where it cannot be written.
    """
    taken = Refused("file-exists", f"{out} is there already, and an export is not written over anything.")
    if os.path.lexists(out):
        raise taken
    if not out.absolute().parent.is_dir():
        raise OutsideFailure("export", f"{out} cannot be written: {out.parent} is no folder.")
    if form.tables and table is None:
        module = form.written_by()
        with whole_folder(out, taken) as folder:
            counts = table_files.write_all(form.name, module.FORM, module.begin, export, folder)
            for each in folder.iterdir():
                sync(each)
            return counts
    write = _writer(form, table)
    try:
        with whole_files.new(os.fspath(out)) as file:
            return write(export, file)
    except FileExistsError as error:
        raise taken from error
    except OSError as error:
        raise OutsideFailure("export", f"{out} cannot be written: {error.strerror}.") from error


def _writer(form: Format, table: str | None) -> Write:
    module = form.written_by()
    if table is None:
        write: Callable[[Exported, BinaryIO], dict[str, int]] = module.write
        return write
    return lambda export, file: table_files.write_one(table, module.begin, export, file)
