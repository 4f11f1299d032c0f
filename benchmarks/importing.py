"""Importing a CSV event log, beside inserting the same rows with `executemany`.

Ours is the whole command `roadlog import csv FILE --infer-workflow`: a process that starts, reads and checks
250,000 lines, sorts them by case, infers a workflow, enrols whom the file names, and records a move a line,
with leaves and tree, in transactions of 10,000. Bare is `executemany` of the rows that came of it, without
leaf and tree, into the same table, in transactions of 10,000; the rows are in memory before the clock starts.
Both commit durably (WAL, `synchronous=FULL`) on the same disk, and close the file. An import takes so long
that the machine changes its pace meanwhile: bare is measured before and after it, and their mean counts.

Peak memory is that of the command's process, as the system counts it; it is flat when five times the lines
take no more. Cases overlap in time, so that the file's order is not the log's.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from benchmarks import bare
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import OWNER, copied, open_roadmap
from benchmarks.process import ROADLOG, plain_environ
from benchmarks.timing import over, seconds
from roadlog.application import BATCH
from roadlog.store import EVENTS

FIGURES = (
    Figure(
        name="import",
        what="import of a CSV of 250,000 lines, whole process: rows a second ÷ executemany",
        bound="at least",
        limit=0.20,
        aim=0.35,
    ),
    Figure(
        name="import-memory",
        what="peak memory of that import",
        bound="at most",
        limit=300,
        aim=None,
        unit=" MB",
    ),
    Figure(
        name="import-growth",
        what="peak memory at 250,000 lines ÷ at 50,000 lines",
        bound="at most",
        limit=1.2,
        aim=None,
    ),
)
COLUMNS = ("--case", "ticket", "--activity", "status", "--time", "changed", "--actor", "who")
STATUSES = ("Discovery", "Spike", "Build", "Review", "Pilot", "Live")
WALK = (0, 1, 2, 1, 2, 3, 4, 3, 4, 5)
"""The statuses of a case one after the other: ten lines, seven moves forward and two back."""
PEOPLE = 20
BEGIN = datetime(2024, 1, 8, 9, tzinfo=UTC)
STARTER = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - began, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Starts a command from a small process: a child's peak is at least its parent's at that moment."""
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts a process's peak memory."""


class Run(NamedTuple):
    """What an import took."""

    seconds: float
    megabytes: float


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    store = folder / "store"
    open_roadmap(store).close()
    few, many = event_log(folder / "few.csv", size.few), event_log(folder / "many.csv", size.many)
    with copied(store) as copy:
        import_log(copy, many)
        rows = bare.rows(copy / EVENTS)[-size.many :]
    shorter, longer, inserts = [], [], []
    for _ in range(rounds):
        shorter.append(_imported(store, few))
        before = _inserted(folder, rows)
        longer.append(_imported(store, many))
        inserts.append(mean((before, _inserted(folder, rows))))
    peaks = [run.megabytes for run in longer]
    return {
        "import": over(inserts, [run.seconds for run in longer]),
        "import-memory": peaks,
        "import-growth": over(peaks, [run.megabytes for run in shorter]),
    }


def _imported(store: Path, log: Path) -> Run:
    with copied(store) as copy:
        return import_log(copy, log)


def import_log(store: Path, log: Path) -> Run:
    """Runs `roadlog import csv` in a process of its own."""
    typed = ("--as", OWNER, "--store", str(store), "import", "csv", str(log), *COLUMNS, "--infer-workflow")
    command = (sys.executable, "-c", STARTER, ROADLOG, *typed)
    said = subprocess.run(command, env=plain_environ(), stdout=subprocess.PIPE, text=True, check=True).stdout
    took, peak = said.split()
    return Run(float(took), int(peak) * PEAK_UNIT / 1e6)


def _inserted(folder: Path, rows: list[bare.Row]) -> float:
    with bare.new_file(folder) as connection:
        return seconds(partial(bare.insert_many, connection, rows, BATCH))


def event_log(path: Path, lines: int) -> Path:
    """A log of so many lines, in the order of time."""
    with path.open("w", encoding="utf-8") as file:
        file.write("ticket,status,changed,who\n")
        for at, case, status, who in sorted(_events(lines)):
            file.write(f"T-{case},{status},{at.isoformat()},Person {who}\n")
    return path


def _events(lines: int) -> Iterator[tuple[datetime, int, str, int]]:
    """A case begins every ten minutes, and moves every two days."""
    for number in range(lines):
        case, step = divmod(number, len(WALK))
        at = BEGIN + timedelta(minutes=10 * case, days=2 * step)
        yield at, case, STATUSES[WALK[step]], (case + step) % PEOPLE


GROUP = Group(name="import", figures=FIGURES, rounds=5, measure=_measure)
