"""Outcome: how far each iteration brought it from its baseline, at 0 %, towards its target, at 100 %."""

from roadlog.charts import by_iteration
from roadlog.charts.table import Answer, Column, Table, about, counted, sentences, stamp

NAME = "outcome"


def table(answer: Answer) -> Table:
    """A row for each iteration of each initiative; of many, one for each iteration."""
    found = by_iteration.known(answer, "progress")
    gains = {(key, iteration): gain for key, _, iteration, gain in by_iteration.known(answer, "gain")}
    told = by_iteration.told(found, gains, Column("value", "Progress", "share"), by_iteration.MEDIAN)
    at_last = {key: value for key, _, _, value in found if value is not None}
    reached = sum(value >= 1 for value in at_last.values())
    return Table(
        chart=NAME,
        title="Outcome: progress to the target by iteration",
        about=about(answer),
        columns=told.columns,
        rows=told.rows,
        stamp=stamp(answer),
        says=sentences(
            f"{counted(len(told.keys), 'initiative')} with a measured outcome, "
            f"{reached or 'none'} at or beyond the target.",
            "0 % is the baseline. Where nothing was measured there is a gap."
            if told.alone
            else by_iteration.FEWER,
        ),
        missing="" if told.keys else "No iteration has ended with an outcome that was measured.",
    )


def draw(table: Table) -> str:
    """Lines, or their median and range."""
    return by_iteration.drawn_by_iteration(
        table, unit="progress", percent=True, whole_line="target", middle="median (nearest rank)"
    )
