"""Outcome: how far each iteration brought it from its baseline, at 0 %, towards its target, at 100 %."""

from roadlog.charts import by_iteration
from roadlog.charts.table import Answer, Table, about, counted, sentences, stamp

NAME = "outcome"


def table(answer: Answer) -> Table:
    """A row for each iteration of each initiative; of many, one for each iteration."""
    found = by_iteration.known(answer, "progress")
    keys = {key for key, *_ in found}
    alone = len(keys) <= by_iteration.FEW
    gains = {(key, iteration): gain for key, _, iteration, gain in by_iteration.known(answer, "gain")}
    rows = (
        by_iteration.rows_alone(found, gains)
        if alone
        else by_iteration.rows_together(found, by_iteration.median)
    )
    at_last = {key: value for key, _, _, value in found if value is not None}
    reached = sum(value >= 1 for value in at_last.values())
    return Table(
        chart=NAME,
        title="Outcome: progress to the target by iteration",
        about=about(answer),
        columns=by_iteration.columns_alone("share", "Progress")
        if alone
        else by_iteration.columns_together("share", "Median"),
        rows=tuple(rows) if keys else (),
        stamp=stamp(answer),
        says=sentences(
            f"{counted(len(keys), 'initiative')} with a measured outcome, "
            f"{reached or 'none'} at or beyond the target.",
            "0 % is the baseline. Where nothing was measured there is a gap."
            if alone
            else by_iteration.FEWER,
        ),
        missing="" if keys else "No iteration has ended with an outcome that was measured.",
    )


def draw(table: Table) -> str:
    """Lines, or their median and range."""
    return by_iteration.drawn_by_iteration(
        table, unit="progress", percent=True, whole_line="target", middle="median (nearest rank)"
    )
