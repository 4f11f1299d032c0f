"""`roadlog metrics --chart`: a picture into a file; three of them on the terminal too; the data as JSON."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import NameType
from roadlog.cli.program import program
from roadlog.domain.moments import instant
from roadlog.domain.refusals import OutsideFailure, Refused, unknown

if TYPE_CHECKING:
    from roadlog.charts.registry import Chart

NAMES = (
    *("cumulative-flow", "cycle-time", "ageing", "time-in-milestone", "throughput", "gate-latency"),
    *("outcome", "risk-exposure", "forecast"),
)
"""They stand here too, so that help and a wrong name need not import the drawing."""
TOLD = f"{', '.join(NAMES[:-1])} or {NAMES[-1]}"
ON_A_TERMINAL = ("ageing", "time-in-milestone", "outcome")
FORECAST = "forecast"
STDOUT = "-"
"""The `--out` that is no file; a file of that name is `./-`."""
CHART = NameType("chart", lambda _, __: NAMES)


def check(chart: str | None, out: str | None, key: str | None) -> None:
    """Refuses what cannot be drawn, before anything is read. Raises Unknown, Refused, UsageError."""
    if chart is None:
        if out is not None:
            raise click.UsageError("--out goes with --chart.")
        return
    if chart not in NAMES:
        raise unknown("chart", chart, NAMES, try_=("roadlog metrics --help",))
    if chart == FORECAST and key is not None:
        raise no_fan("--chart forecast")
    check_out(out)
    if out is None and chart not in ON_A_TERMINAL and not program().json:
        terminal = f"{', '.join(ON_A_TERMINAL[:-1])} and {ON_A_TERMINAL[-1]}"
        raise click.UsageError(
            f"{chart} is a picture: add --out {chart}.svg, or --json for its data. "
            f"The terminal shows {terminal}."
        )


def no_fan(option: str) -> click.UsageError:
    """Why a forecast of one initiative is no picture, and which option asked for one."""
    return click.UsageError(f"A forecast of one initiative has no fan to draw: leave {option} or KEY away.")


def check_out(out: str | None) -> None:
    """Raises Refused where a file is there already, UsageError where stdout is to hold JSON."""
    if out == STDOUT:
        if program().json:
            raise click.UsageError(
                "A picture is no JSON. Give --out FILE, and --json tells what was drawn; without --out "
                "--json is its data."
            )
    elif out is not None and os.path.lexists(out):
        raise _taken(out)


def answered(metrics: dict[str, Any], chart: str, out: str | None) -> dict[str, Any] | None:
    """The chart's data, with the file that its picture was put into; None where that is stdout.

    Raises Refused, OutsideFailure.
    """
    from roadlog.charts.registry import METRICS

    if chart == FORECAST:
        from roadlog.projections.forecast.forecasting import forecast
        from roadlog.projections.forecast.question import Question

        chosen = metrics["filter"]
        start, end = (instant(each) if each else None for each in (chosen["from"], chosen["to"]))
        return fan(forecast(metrics, Question(window=(start, end))), out, chosen)
    return _drawn(METRICS[chart], metrics, out)


def fan(forecast: dict[str, Any], out: str | None, chosen: dict[str, Any]) -> dict[str, Any] | None:
    """The same of a forecast's fan; `chosen` is the filter of the metrics that it was made from."""
    from roadlog.charts.registry import FORECAST as FAN

    return _drawn(FAN, {**forecast, "filter": chosen}, out)


def _drawn(chart: "Chart", answer: dict[str, Any], out: str | None) -> dict[str, Any] | None:
    from roadlog.trust import whole_files

    table = chart.table(answer)
    if out is None:
        return table.answer()
    picture = chart.draw(table).encode()
    if out == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(picture)
        sys.stdout.buffer.flush()
        return None
    try:
        whole_files.write(out, picture)
    except FileExistsError as error:
        raise _taken(out) from error
    except OSError as error:
        raise OutsideFailure("file", f"{out} cannot be written: {error.strerror}.") from error
    return {**table.answer(), "out": out}


def _taken(out: str) -> Refused:
    return Refused("file-exists", f"{out} is there already, and a picture is not written over anything.")
