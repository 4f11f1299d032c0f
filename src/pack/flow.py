"""The flow as pictures, each with the table that it is drawn from."""

from typing import Any

from roadlog.charts.registry import METRICS
from roadlog.charts.table import Column as ChartColumn
from roadlog.charts.table import Table as ChartTable
from roadlog.markup import Html, element, together
from roadlog.pack.parts import shown
from roadlog.pack.table import Column, Kind, Table, in_days
from roadlog.pack.told import Told

PICTURES = ("time-in-milestone", "gate-latency", "outcome", "risk-exposure")
"""Those whose tables are short; roadlog draws more."""
KINDS: dict[str, tuple[str, Kind]] = {
    "text": ("", "text"),
    "time": ("", "time"),
    "day": ("", "text"),
    "duration": (", days", "number"),
    "number": ("", "number"),
    "share": (", %", "number"),
}
"""By the kind of a chart's column: what its heading adds, and its kind here."""


def flow_tables(told: Told) -> list[Table]:
    """What the pictures are drawn from, as tables of the pack."""
    return [_table(METRICS[name].table(told.flow)) for name in PICTURES]


def flow(told: Told, made: dict[str, Table]) -> Html:
    """Each picture, and its table beneath."""
    return together([_figure(METRICS[name].table(told.flow), made[_name(name)]) for name in PICTURES])


def _figure(drawn: ChartTable, table: Table) -> Html:
    picture = Html(METRICS[drawn.chart].draw(drawn))  # it escapes what others wrote, as every chart does
    return element("figure", picture, None if drawn.missing else shown(table))


def _table(drawn: ChartTable) -> Table:
    return Table(
        name=_name(drawn.chart),
        title=drawn.title,
        note="As metrics/1 defines it, at the moment of this pack.",
        empty=drawn.missing,
        columns=tuple(_column(each) for each in drawn.columns),
        rows=[
            tuple(_cell(value, each) for value, each in zip(row, drawn.columns, strict=True))
            for row in drawn.rows
        ],
    )


def _name(chart: str) -> str:
    return f"flow-{chart}"


def _column(column: ChartColumn) -> Column:
    unit, kind = KINDS[column.kind]
    return Column(column.name, f"{column.heading}{unit}", kind)


def _cell(value: Any, column: ChartColumn) -> Any:
    """Days to a tenth and percent to a whole, as the picture has them."""
    if value is None:
        return None
    if column.kind == "duration":
        return in_days(value)
    return round(value * 100) if column.kind == "share" else value
