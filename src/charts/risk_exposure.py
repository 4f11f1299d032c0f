"""Risk exposure: likelihood × impact of the risks open at the end of each iteration, added up."""

from itertools import pairwise

from roadlog.charts import by_iteration
from roadlog.charts.table import Answer, Table, about, counted, sentences, stamp

NAME = "risk-exposure"


def table(answer: Answer) -> Table:
    """A row for each iteration of each initiative; of many, one for each iteration."""
    found = by_iteration.known(answer, "risk_exposure")
    keys = {key for key, *_ in found}
    alone = len(keys) <= by_iteration.FEW
    rows = (
        by_iteration.rows_alone(found, _changes(found))
        if alone
        else by_iteration.rows_together(found, by_iteration.mean)
    )
    return Table(
        chart=NAME,
        title="Risk exposure by iteration",
        about=about(answer),
        columns=by_iteration.columns_alone("number", "Exposure")
        if alone
        else by_iteration.columns_together("number", "Mean"),
        rows=tuple(rows) if keys else (),
        stamp=stamp(answer),
        says=sentences(
            f"{counted(len(keys), 'initiative')}. A risk counts with its residual score, or its present one.",
            "" if alone else by_iteration.FEWER,
        ),
        missing="" if keys else "No iteration has begun, so there is no exposure to show.",
    )


def _changes(found: list[tuple[str, str, int, float | None]]) -> dict[tuple[str, int], float]:
    """How much more was open at the end of each iteration than at the end of the one before."""
    known = [(key, iteration, value) for key, _, iteration, value in found if value is not None]
    return {
        (key, iteration): value - before
        for (of, _, before), (key, iteration, value) in pairwise(known)
        if of == key
    }


def draw(table: Table) -> str:
    """Lines, or their mean and range."""
    return by_iteration.drawn_by_iteration(table, unit="likelihood × impact", percent=False, middle="mean")
