"""Risk exposure: likelihood × impact of the risks open at the end of each iteration, added up."""

from itertools import pairwise

from roadlog.charts import by_iteration
from roadlog.charts.table import Answer, Column, Table, about, counted, sentences, stamp

NAME = "risk-exposure"


def table(answer: Answer) -> Table:
    """A row for each iteration of each initiative; of many, one for each iteration."""
    found = by_iteration.known(answer, "risk_exposure")
    value = Column("value", "Exposure", "number")
    told = by_iteration.told(found, _changes(found), value, by_iteration.MEAN)
    how_many = counted(len(told.keys), "initiative")
    return Table(
        chart=NAME,
        title="Risk exposure by iteration",
        about=about(answer),
        columns=told.columns,
        rows=told.rows,
        stamp=stamp(answer),
        says=sentences(
            f"{how_many}. A risk counts with its residual score, or its present one.",
            "" if told.alone else by_iteration.FEWER,
        ),
        missing="" if told.keys else "No iteration has begun, so there is no exposure to show.",
    )


def _changes(found: list[by_iteration.Known]) -> dict[tuple[str, int], float]:
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
