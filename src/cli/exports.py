"""Export: the log, or one initiative of it, in the formats of other tools."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import KEY
from roadlog.cli.asking import reading
from roadlog.cli.output import say
from roadlog.cli.program import program
from roadlog.cli.progress import bar
from roadlog.interop.exported import Exported
from roadlog.interop.formats import FORMATS, Format, to_place, to_stream
from roadlog.interop.tables import TABLES

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading


def _render(answer: dict[str, Any]) -> None:
    holds = answer["holds"].items()
    counts = ", ".join(f"{count:,} {what if count != 1 else what.removesuffix('s')}" for what, count in holds)
    say(f"✓ {answer['out']} holds {counts}.")
    say(f"It is of {answer['key'] or 'the whole roadmap'} up to record {answer['position']}.")


def _place(_context: click.Context, _option: click.Parameter, given: str | None) -> Path | None:
    """Where it goes; None is stdout, which `-` is, too. A file of that name is `./-`."""
    return None if given in (None, "-") else Path(given)


@reading(_render)
@click.argument("form", metavar="FORMAT", type=click.Choice(tuple(FORMATS)))
@click.argument("key", type=KEY, required=False)
@click.option(
    "--out",
    type=click.Path(),
    callback=_place,
    metavar="FILE",
    help="The file to make, of csv and parquet the folder; it must not be there yet. Else, or as -, stdout.",
)
@click.option(
    "--table",
    type=click.Choice(tuple(TABLES)),
    help="Of csv and parquet: this table alone, as a file of its own.",
)
def export(
    reading: "Reading", moment: "Moment", form: str, key: str | None, out: Path | None, table: str | None
) -> dict[str, Any] | None:
    """FORMAT is csv or parquet (tables), jsonl (records), ocel (OCEL 2.0), xes (IEEE 1849: a trace for each
    cycle) or cloudevents (CloudEvents 1.0). KEY is an initiative; everything, unless given. Void records are
    in it, marked where the format has a place for that; tables of votes, risks and the like are of what
    stood. People are named by their handles. The same log at the same moment gives the same bytes.

    roadlog export csv --out tables
    roadlog export csv --table cycles
    roadlog export xes --out cycles.xes --position 1240
    roadlog export jsonl SUP-1
    """
    chosen = FORMATS[form]
    _check(chosen, out, table)
    run = program()
    with bar("Exporting") as progress:
        told = Exported(reading, moment, key, progress)
        if out is None:
            run.tell_asides()
            sys.stdout.flush()
            to_stream(chosen, table, told, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return None
        holds = to_place(chosen, table, told, out)
        return {"format": form, "out": os.fspath(out), "table": table, **told.stamp(), "holds": holds}


def _check(form: Format, out: Path | None, table: str | None) -> None:
    """Raises UsageError for options that do not go together."""
    if table is not None and not form.tables:
        raise click.UsageError(f"--table goes with csv and parquet: {form.name} has no tables.")
    if out is not None:
        return
    if form.tables and table is None:
        raise click.UsageError(
            f"{form.name} has several tables. Give --out DIR for a folder of all, or --table for one: "
            f"{', '.join(TABLES)}."
        )
    if form.binary and sys.stdout.isatty():
        raise click.UsageError(f"{form.name} is no text for a terminal. Give --out FILE.")
    if program().json and (form.tables or form.name == "xes"):
        raise click.UsageError(f"{form.name} is no JSON. Give --out FILE, and --json tells what was written.")
