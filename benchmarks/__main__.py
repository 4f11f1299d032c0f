"""The command line of the benchmarks: measures what is asked for and prints the table."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import orjson

from benchmarks import (
    append,
    forecasting,
    importing,
    load,
    long_log,
    long_metrics,
    long_verify,
    pages,
    process,
    rebuild,
    table,
    verify,
)
from benchmarks.figures import Group, Measured, Size, measured
from benchmarks.peers import contest

GROUPS = (
    process.GROUP,
    append.GROUP,
    load.GROUP,
    importing.GROUP,
    rebuild.GROUP,
    verify.GROUP,
    forecasting.GROUP,
    pages.GROUP,
    contest.GROUP,
)
LARGE = (long_log.GROUP, long_verify.GROUP, long_metrics.GROUP)
"""Measured only when it is asked for: each makes a log of a million records."""
SCRATCH = Path(__file__).parents[1] / "build"
"""On the disk of the clone: a temporary folder may be in memory, where nothing has to be made durable."""


def measure(group: Group, folder: Path, size: Size, rounds: int) -> list[Measured]:
    """One group's figures, measured in a folder of its own, in `folder`, that is gone afterwards."""
    with TemporaryDirectory(dir=folder) as scratch:
        return measured(group, group.measure(Path(scratch), size, rounds))


@click.command(name="benchmarks", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([group.name for group in (*GROUPS, *LARGE)]),
    help="Measure this group of figures alone; may be given several times.",
)
@click.option(
    "--large", is_flag=True, help="Measure a log of a million records: moments of it, verifying it."
)
@click.option(
    "--rounds", type=click.IntRange(min=1), help="Rounds of every group, instead of its own number."
)
@click.option("--json", "form", flag_value="json", help="Print JSON, with the value of every round.")
@click.option("--markdown", "form", flag_value="markdown", help="Print a table to paste into a document.")
def main(only: tuple[str, ...], large: bool, rounds: int | None, form: str | None) -> None:
    """Measures roadlog beside the bare work that each figure is divided by, round by round.

    Exits 1 when a limit is missed, so that it can be used as a check. It takes some minutes. Peers that are
    not installed are not measured, and the table says so.
    """
    SCRATCH.mkdir(exist_ok=True)
    groups = [group for group in (LARGE if large else GROUPS) if group.name in only or not only]
    found: list[Measured] = []
    for group in groups:
        times = rounds or group.rounds
        click.echo(f"{group.name}: {times} round{'s' if times > 1 else ''}", err=True)
        found += measure(group, SCRATCH, Size(), times)
    match form:
        case "json":
            click.echo(orjson.dumps(table.as_json(found), option=orjson.OPT_INDENT_2))
        case "markdown":
            click.echo(table.as_markdown(found))
        case _:
            click.echo(table.as_text(found))
    sys.exit(any(each.missed for each in found))


if __name__ == "__main__":
    main()
