"""Durable appends, one event a commit: the whole write path beside a bare INSERT of the same bytes.

Ours is `Application.execute` with a note, in a process that stays: it looks whether somebody else wrote
(and reads and folds an initiative when it first comes up), decides, encodes, computes leaf and tree, checks
versions, and commits with the command's mark. Bare is an INSERT of the rows that came of it, without leaf,
tree and mark, into the same table. Both commit each event by itself, in WAL mode with `synchronous=FULL`,
on the same disk. The notes go round ten initiatives of 20 records each; the first turn, in which each is read
and folded, does not count.
"""

import gc
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks import bare
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import OWNER, add_initiative, copied, open_roadmap
from benchmarks.timing import elapsed, over
from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote
from roadlog.store import EVENTS

INITIATIVES = 10
RECORDS = 20
IN_A_ROW = 10
TEXT = "The queue for refunds is handled by hand until the policy is in the dataset"
FIGURES = (
    Figure(
        name="append",
        what="durable appends a second, one event a commit: Application.execute ÷ bare INSERT",
        bound="at least",
        limit=0.70,
        aim=0.80,
    ),
    Figure(
        name="commit",
        what="one bare commit, most of it the disk's: the faster the disk, the lower the figure above",
        bound="at most",
        limit=None,
        aim=None,
        unit=" ms",
    ),
)


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    store = folder / "store"
    with open_roadmap(store) as application:
        keys = [add_initiative(application, RECORDS) for _ in range(INITIATIVES)]
    notes = [AddNote(stream=key, text=TEXT) for key in islice(cycle(keys), size.commits)]
    rows = _recorded(store, notes)
    ours, theirs = zip(*(_round(store, notes, rows) for _ in range(rounds)), strict=True)
    return {"append": over(theirs, ours), "commit": [each / (len(rows) - IN_A_ROW) * 1000 for each in theirs]}


def _recorded(store: Path, notes: list[AddNote]) -> list[bare.Row]:
    """The rows that the notes make."""
    with copied(store) as copy:
        with Application.open(copy) as application:
            _note(application, notes)
        return bare.rows(copy / EVENTS)[-len(notes) :]


def _round(store: Path, notes: list[AddNote], rows: list[bare.Row]) -> tuple[float, float]:
    """Seconds that ours and bare take, a few commits of each in turn: the disk changes its pace quickly."""
    ours = theirs = 0.0
    with (
        copied(store) as copy,
        Application.open(copy) as application,
        bare.new_file(store.parent) as connection,
    ):
        gc.collect()
        for start in range(0, len(notes), IN_A_ROW):
            some = slice(start, start + IN_A_ROW)
            taken = elapsed(partial(_note, application, notes[some]))
            taken_bare = elapsed(partial(bare.insert_each, connection, rows[some]))
            if start:  # the first turn opens files and reads each initiative, which `load` measures
                ours, theirs = ours + taken, theirs + taken_bare
    return ours, theirs


def _note(application: Application, notes: list[AddNote]) -> None:
    for note in notes:
        application.execute(Wish(actor=OWNER), note)


GROUP = Group(name="append", figures=FIGURES, rounds=9, measure=_measure)
