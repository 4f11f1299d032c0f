"""Flow metrics of 5,000 initiatives with a million records, beside a SELECT of the same visits.

Ours is what `roadlog metrics --json` answers: every initiative with its cycles, iterations and visits, and
all that is put together from them. Bare is a table that holds the visits and nothing else, one row each with
the columns that a visit has, read into a list. Told beside it: the first report after everything changed,
which measures each initiative anew and keeps it.
"""

from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import bare
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import OWNER
from benchmarks.long_history import open_side_by_side
from benchmarks.timing import in_turn, over, seconds
from roadlog import machine
from roadlog.application import Application, Wish
from roadlog.domain.commands import AdvanceMilestone
from roadlog.reading import Reading
from roadlog.store import PROJECTIONS

FIGURES = (
    Figure(
        name="metrics-large",
        what="metrics of 5,000 initiatives with a million records ÷ SELECT of their visits",
        bound="at most",
        limit=3.0,
        aim=None,
    ),
    Figure(
        name="metrics-anew",
        what="the first such report, which measures each initiative anew: likewise",
        bound="at most",
        limit=None,
        aim=None,
    ),
)
COLUMNS = ("milestone", "visit", "cycle", "iteration", "loop", "entered_at", "left_at", "seconds")
TABLE = f"CREATE TABLE visits (key TEXT, {', '.join(COLUMNS)})"
INSERT = f"INSERT INTO visits VALUES (?{', ?' * len(COLUMNS)})"
FINISHED = 5
"""Of so many initiatives one finishes at the end."""


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    store = folder / "store"
    open_side_by_side(store, size.many_initiatives, size.long[-1])
    _finish(store, size.many_initiatives)
    with Reading(store, now=machine.clock()) as reading:
        answer = reading.metrics(reading.moment())
    _write_visits(folder / "visits.db", answer)
    taken = in_turn(
        {
            "ours": lambda: _asked(store),
            "anew": lambda: _asked(store, anew=True),
            "bare": lambda: seconds(partial(_visits, folder / "visits.db")),
        },
        rounds,
    )
    return {
        "metrics-large": over(taken["ours"], taken["bare"]),
        "metrics-anew": over(taken["anew"], taken["bare"]),
    }


def _finish(store: Path, initiatives: int) -> None:
    """Some initiatives go live."""
    with Application.open(store) as application:
        for number in range(FINISHED, initiatives + 1, FINISHED):
            move = AdvanceMilestone(stream=f"SUP-{number}", to="live")
            application.execute(Wish(actor=OWNER, reason="as planned"), move)


def _asked(store: Path, *, anew: bool = False) -> float:
    """Seconds of a report; the projections are caught up before."""
    if anew:
        with bare.opened(store / PROJECTIONS) as connection:
            connection.execute("DELETE FROM measured")
    with Reading(store, now=machine.clock()) as reading:
        moment = reading.moment()
        return seconds(partial(reading.metrics, moment))


def _write_visits(path: Path, answer: dict[str, Any]) -> None:
    with bare.opened(path) as connection:
        connection.execute(TABLE)
        connection.execute("BEGIN")
        for initiative in answer["initiatives"]:
            for cycle in initiative["cycles"]:
                of = {"cycle": cycle["cycle"]}
                rows = (
                    (initiative["key"], *({**of, **each}[name] for name in COLUMNS))
                    for each in cycle["visits"]
                )
                connection.executemany(INSERT, rows)
        connection.execute("COMMIT")


def _visits(path: Path) -> list[Any]:
    with bare.opened(path) as connection:
        return connection.execute("SELECT * FROM visits").fetchall()


GROUP = Group(name="large-metrics", figures=FIGURES, rounds=9, measure=_measure)
