"""`roadlog metrics --chart`: a picture into a file; three of them on the terminal too; the data as JSON."""

import os
from typing import Any

import click

from roadlog.cli.arguments import NameType
from roadlog.cli.program import program
from roadlog.domain.refusals import OutsideFailure, Refused, unknown

NAMES = (
    *("cumulative-flow", "cycle-time", "ageing", "time-in-milestone", "throughput", "gate-latency"),
    *("outcome", "risk-exposure"),
)
"""They stand here too, so that help and a wrong name need not import the drawing."""
TOLD = f"{', '.join(NAMES[:-1])} or {NAMES[-1]}"
ON_A_TERMINAL = ("ageing", "time-in-milestone", "outcome")


CHART = NameType("chart", lambda _, __: NAMES)


def check(chart: str | None, out: str | None) -> None:
    """Refuses what cannot be drawn, before anything is read. Raises Unknown, Refused, UsageError."""
    if chart is None:
        if out is not None:
            raise click.UsageError("--out goes with --chart.")
        return
    if chart not in NAMES:
        raise unknown("chart", chart, NAMES, try_=("roadlog metrics --help",))
    if out is not None and os.path.lexists(out):
        raise _taken(out)
    if out is None and chart not in ON_A_TERMINAL and not program().json:
        terminal = f"{', '.join(ON_A_TERMINAL[:-1])} and {ON_A_TERMINAL[-1]}"
        raise click.UsageError(
            f"{chart} is a picture: add --out {chart}.svg, or --json for its data. "
            f"The terminal shows {terminal}."
        )


def answered(metrics: dict[str, Any], chart: str, out: str | None) -> dict[str, Any]:
    """The chart's data, with the file that its picture was put into. Raises Refused, OutsideFailure."""
    from roadlog.charts.registry import METRICS
    from roadlog.trust import whole_files

    drawing = METRICS[chart]
    table = drawing.table(metrics)
    if out is None:
        return table.answer()
    try:
        whole_files.write(out, drawing.draw(table).encode())
    except FileExistsError as error:
        raise _taken(out) from error
    except OSError as error:
        raise OutsideFailure("file", f"{out} cannot be written: {error.strerror}.") from error
    return {**table.answer(), "out": out}


def _taken(out: str) -> Refused:
    return Refused("file-exists", f"{out} is there already, and a picture is not written over anything.")
