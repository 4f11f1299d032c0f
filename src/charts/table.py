"""What a chart shows, as a table: the drawing is made from it, and a page or a pack can put it underneath."""

from typing import Any, Literal

from msgspec import Struct

from roadlog.projections.metrics.summary import FEWEST

Answer = dict[str, Any]
Cell = str | int | float | None
Row = tuple[Cell, ...]
Kind = Literal["text", "time", "day", "duration", "number", "share"]
"""A time is RFC 3339, a day its date, a duration in seconds, a share a fraction of 1."""
DAY = 86_400.0
STAMP = ("definition", "as_of", "known_at", "position", "head", "filter", "zone", "window", "n", "unfinished")
CHOSEN = ("milestone", "role", "segment")


class Column(Struct, frozen=True):
    """A column: its key in JSON, its heading for people, what its cells are."""

    name: str
    heading: str
    kind: Kind = "text"


class Line(Struct, frozen=True):
    """A line across the picture, such as a percentile: its label and its value."""

    label: str
    value: float


class Table(Struct, frozen=True, kw_only=True):
    """One chart's data. `says` are sentences under the picture; `missing` says why nothing is drawn.

    milestones: the workflow's in order, of a picture that gives them their colours
    """

    chart: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    stamp: Answer
    lines: tuple[Line, ...] = ()
    says: tuple[str, ...] = ()
    missing: str = ""
    milestones: tuple[str, ...] = ()

    def place(self, name: str) -> int:
        """At which place of a row the column of that name stands."""
        return next(place for place, each in enumerate(self.columns) if each.name == name)

    def column(self, name: str) -> list[Any]:
        """The cells of one column."""
        place = self.place(name)
        return [row[place] for row in self.rows]

    def named(self) -> list[dict[str, Any]]:
        """Each row by the names of its columns."""
        names = [each.name for each in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def answer(self) -> Answer:
        """The table as JSON."""
        return {
            "chart": self.chart,
            "title": self.title,
            "about": self.about,
            "columns": [
                {"name": each.name, "heading": each.heading, "kind": each.kind} for each in self.columns
            ],
            "rows": [list(row) for row in self.rows],
            "lines": [{"label": each.label, "value": each.value} for each in self.lines],
            "says": list(self.says),
            "missing": self.missing or None,
            **self.stamp,
        }


def stamp(answer: Answer) -> Answer:
    """What an answer was made from: what the caption says, and JSON repeats."""
    return {name: answer[name] for name in STAMP if name in answer}


def about(answer: Answer) -> str:
    """Which initiatives: `SUP-1 We want …`, `all initiatives · role compliance`."""
    chosen = answer["filter"]
    what = "all initiatives" if chosen["key"] is None else _named(answer, chosen["key"])
    return " · ".join([what, *(f"{name} {chosen[name]}" for name in CHOSEN if chosen[name] is not None)])


def _named(answer: Answer, key: str) -> str:
    titles = {each["key"]: each["title"] for each in answer["initiatives"]}
    return f"{key} {titles.get(key, '')}".strip()


def percentiles(summary: Answer) -> tuple[Line, ...]:
    """The percentiles that a summary gives, as lines; none where there are too few items."""
    return tuple(Line(name, summary[name]) for name in ("p50", "p85", "p95") if summary.get(name) is not None)


def too_few(n: int) -> str:
    """`Too few for percentiles: 3 finished cycles, 5 are needed.`"""
    return f"Too few for percentiles: {counted(n, 'finished cycle')}, {FEWEST} are needed."


def counted(count: int, one: str) -> str:
    """`1 cycle`, `2 cycles`, `no cycle`."""
    return f"{count:,} {one}{'' if count == 1 else 's'}" if count else f"no {one}"


def days(seconds: float) -> str:
    """`12.5 d`, as every report prints a duration."""
    return f"{seconds / DAY:,.1f} d"


def sentences(*said: str) -> tuple[str, ...]:
    """The sentences that are not empty."""
    return tuple(filter(None, said))
