"""The table: each figure with limit, aim and what was measured, for a terminal, as Markdown or as JSON."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Measured

HEADER = ("figure", "limit", "aim", "median [min–max]", "rounds", "verdict", "what is measured")


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def as_json(measured: Sequence[Measured]) -> dict[str, Any]:
    """Everything, each round's value included."""
    return {
        "machine": machine(),
        "figures": [
            {
                "name": each.figure.name,
                "what": each.figure.what,
                "unit": each.figure.unit.strip(),
                "bound": each.figure.bound,
                "limit": each.figure.limit,
                "aim": each.figure.aim,
                "median": each.median if each.values else None,
                "rounds": list(each.values),
                "verdict": each.verdict,
            }
            for each in measured
        ],
    }


def as_text(measured: Sequence[Measured]) -> str:
    """Columns for a terminal."""
    lines = [HEADER, *map(_cells, measured)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([_machine_line(), "", *table])


def as_markdown(measured: Sequence[Measured]) -> str:
    """A table to paste into a document."""
    lines = [HEADER, ("---",) * len(HEADER), *map(_cells, measured)]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", _machine_line()])


def _cells(each: Measured) -> tuple[str, ...]:
    figure = each.figure
    return (
        figure.name,
        _border(figure, figure.limit),
        _border(figure, figure.aim),
        _spread(each),
        str(len(each.values)),
        each.verdict,
        figure.what,
    )


def _border(figure: Figure, border: float | None) -> str:
    if border is None:
        return "–"
    return f"{'≤' if figure.bound == 'at most' else '≥'} {border:g}{figure.unit}"


def _spread(each: Measured) -> str:
    if not each.values:
        return "–"
    median, least, most = (_shown(value) for value in (each.median, min(each.values), max(each.values)))
    return f"{median}{each.figure.unit} [{least}–{most}]"


def _shown(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _machine_line() -> str:
    has = machine()
    return (
        f"{has['cpu']}, {has['cores']} cores, {has['system']}; Python {has['python']}, SQLite {has['sqlite']}"
    )


def _cpu() -> str:
    """The processor's name, where Linux tells it; else its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
