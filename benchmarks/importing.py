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

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean

from benchmarks import bare
from benchmarks.command import Run, run
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import OWNER, copied, open_roadmap
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
    return run(store, OWNER, "import", "csv", str(log), *COLUMNS, "--infer-workflow")


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
