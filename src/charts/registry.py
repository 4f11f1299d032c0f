"""Which charts there are: by the name that `--chart` takes, its table and its drawing."""

from collections.abc import Callable

from msgspec import Struct

from roadlog.charts import (
    ageing,
    cumulative_flow,
    cycle_time,
    forecast,
    gate_latency,
    outcome,
    risk_exposure,
    throughput,
    time_in_milestone,
)
from roadlog.charts.frame import without_plot
from roadlog.charts.table import Answer, Table


class Chart(Struct, frozen=True):
    """How an answer becomes a table, and a table that misses nothing a picture."""

    table: Callable[[Answer], Table]
    drawing: Callable[[Table], str]

    def draw(self, table: Table) -> str:
        """The picture of a table, or of what is missing."""
        return without_plot(table) if table.missing else self.drawing(table)

    def svg(self, answer: Answer) -> str:
        """The picture of an answer: the same answer gives the same bytes."""
        return self.draw(self.table(answer))


METRICS = {
    each.NAME: Chart(each.table, each.draw)
    for each in (
        cumulative_flow,
        cycle_time,
        ageing,
        time_in_milestone,
        throughput,
        gate_latency,
        outcome,
        risk_exposure,
    )
}
"""Charts of what `roadlog metrics` answers."""
FORECAST = Chart(forecast.table, forecast.draw)
"""The chart of a forecast with its `fan`."""
