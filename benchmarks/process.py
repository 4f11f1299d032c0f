"""Whole processes: what a command takes from the moment it is typed, beside a process that only imports.

Every command runs as people run it, the installed `roadlog`, on the roadmap that `roadlog demo` plays, with
its projections caught up; what it prints is thrown away. The divisor is a Python that imports click, sqlite3
and orjson and ends: what a program with a command line and a store cannot do without. The same parent starts
both, and both find their files and bytecode in a warm cache. `note` records into a fresh copy of the store
each round, and is done when the record is on disk; the divisor waits for no disk.
"""

import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.command import ROADLOG, plain_environ
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import copied
from benchmarks.timing import Contender, in_turn, over, seconds

IMPORTS = (sys.executable, "-c", "import click, sqlite3, orjson")
ACTOR = "mara"
NOTE = ("note", "SUP-2", "The export of March is in the archive")
READING = {
    "help": ("--help",),
    "board": ("board", "--json"),
    "gate": ("gate", "SUP-2", "--json"),
    "show": ("show", "SUP-2", "--json"),
    "next": ("next", "--json"),
    "log": ("log", "--json"),
    "search": ("search", "refund", "--json"),
}


def _figure(name: str, typed: str, limit: float, aim: float) -> Figure:
    what = f"whole process: roadlog {typed} ÷ importing click, sqlite3, orjson"
    return Figure(name=name, what=what, bound="at most", limit=limit, aim=aim)


FIGURES = (
    _figure("note", "note SUP-2 TEXT", 1.8, 1.5),
    *(_figure(name, " ".join(typed), 1.5, 1.25) for name, typed in READING.items()),
)


def _measure(folder: Path, _size: Size, rounds: int) -> dict[str, list[float]]:
    _run(folder, ROADLOG, "demo", "--dir", "demo")
    demo = folder / "demo"
    commands: dict[str, Contender] = {
        "note": partial(_noted, demo),
        **{name: partial(_timed, demo, ROADLOG, *typed) for name, typed in READING.items()},
    }
    values = {}
    for name, command in commands.items():
        taken = in_turn({"roadlog": command, "imports": partial(_timed, demo, *IMPORTS)}, rounds)
        values[name] = over(taken["roadlog"], taken["imports"])
    return values


def _noted(demo: Path) -> float:
    with copied(demo) as copy:
        return _timed(copy, ROADLOG, *NOTE)


def _timed(working: Path, *command: str) -> float:
    return seconds(partial(_run, working, *command))


def _run(working: Path, *command: str) -> None:
    """One process in a working folder, where it finds the store."""
    acting = {**plain_environ(), "ROADLOG_ACTOR": ACTOR}
    subprocess.run(command, cwd=working, env=acting, stdout=subprocess.DEVNULL, check=True)


GROUP = Group(name="process", figures=FIGURES, rounds=21, measure=_measure)
