"""Charts on a page: where each picture is, how large, and the table that it is drawn from."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from roadlog import words
from roadlog.charts.registry import FORECAST as FAN
from roadlog.charts.registry import METRICS, Chart
from roadlog.charts.table import Column, Table
from roadlog.domain.refusals import unknown
from roadlog.web.asked import Asked
from roadlog.web.measuring import forecast, measured, zone_asked

FORECAST = "forecast"
NAMES = (*METRICS, FORECAST)
MANY = 60
"""Rows of a chart's table that a page tells; the command line tells all."""
SIZE = re.compile(r' width="([0-9.]+)" height="([0-9.]+)" color=')


class Figure(NamedTuple):
    """A picture on a page.

    numbers, days: the columns that hold some; left: rows that are not told
    """

    name: str
    title: str
    about: str
    address: str
    width: int
    height: int
    says: tuple[str, ...]
    titles: list[str]
    numbers: set[int]
    days: set[int]
    rows: list[list[str]]
    left: int


def drawing(name: str) -> Chart:
    """How the chart of that name is made. Raises Unknown where there is none."""
    if name not in NAMES:
        raise unknown("chart", name, NAMES, try_=("roadlog metrics --help",))
    return FAN if name == FORECAST else METRICS[name]


def answer_of(asked: Asked, name: str) -> dict[str, Any]:
    """What the picture of that name is made of, as an address asks. Raises as `measuring` does."""
    return forecast(asked) if name == FORECAST else measured(asked, asked.query.get("key") or None)


def figure(asked: Asked, name: str, answer: dict[str, Any], chosen: Mapping[str, str]) -> Figure:
    """The picture of an answer, at the address that asks for what is chosen."""
    chart = drawing(name)
    table = chart.table(answer)
    found = SIZE.search(chart.draw(table))
    width, height = (round(float(each)) for each in found.groups()) if found else (0, 0)
    return Figure(
        name=name,
        title=table.title,
        about=table.about,
        address=asked.link(f"/charts/{name}.svg", **chosen),
        width=width,
        height=height,
        says=(table.missing,) if table.missing else table.says,
        titles=[each.heading for each in table.columns],
        numbers={
            place for place, each in enumerate(table.columns) if each.kind in ("duration", "number", "share")
        },
        days={place for place, each in enumerate(table.columns) if each.kind == "time"},
        rows=[_cells(asked, table, row) for row in table.rows[:MANY]],
        left=max(0, len(table.rows) - MANY),
    )


def _cells(asked: Asked, table: Table, row: Any) -> list[str]:
    return [_cell(asked, each, column) for each, column in zip(row, table.columns, strict=True)]


def _cell(asked: Asked, value: Any, column: Column) -> str:
    """A value as the picture has it."""
    if value is None:
        return ""
    match column.kind:
        case "time":
            return words.day(value, zone_asked(asked))
        case "duration":
            return words.days(value)
        case "share":
            return words.percent(value)
        case "number":
            return words.number(value)
        case _:
            return str(value)
