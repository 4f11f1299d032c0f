"""What a figure is: what is compared, what it may be and should be, and what was measured."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Literal

from msgspec import Struct

Bound = Literal["at most", "at least"]


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the table.

    what: ours, and after the ÷ what it is divided by
    bound: whether limit and aim are the most or the least that it may be
    limit, aim: None where there is none; a figure without both is told beside another, to explain it
    unit: × for a ratio
    """

    name: str
    what: str
    bound: Bound
    limit: float | None
    aim: float | None
    unit: str = "×"

    def within(self, value: float, border: float | None) -> bool:
        """Whether a value keeps to a border on the side that this figure is bound to."""
        return border is None or (value <= border if self.bound == "at most" else value >= border)


class Size(Struct, frozen=True, kw_only=True):
    """How much work a round is. The figures are those of the sizes given here; tests measure with tiny ones.

    commits: of one event each
    events: of the initiative that is loaded, `loads` times a round
    initiatives, records: of the log that is rebuilt and verified, and of each of its initiatives
    many_initiatives, long: of the long logs, and of each of their initiatives, from the shortest log on
    few, many: lines of the logs whose import is measured; `imported` of the one that is rebuilt
    """

    commits: int = 200
    events: int = 1_000
    loads: int = 10
    initiatives: int = 100
    records: int = 100
    few: int = 50_000
    many: int = 250_000
    imported: int = 20_000
    many_initiatives: int = 5_000
    long: tuple[int, int, int] = (2, 20, 200)


Values = Mapping[str, Sequence[float] | str]
"""Of each figure by name: its values, one a round; or why it could not be measured."""

Measure = Callable[[Path, Size, int], Values]
"""Works in an empty folder, so many rounds."""


class Group(Struct, frozen=True, kw_only=True):
    """Figures that are measured together, round by round; `rounds` is how many, unless others are given."""

    name: str
    figures: tuple[Figure, ...]
    rounds: int
    measure: Measure


class Measured(Struct, frozen=True, kw_only=True):
    """A figure with its values, one a round. Without values it could not be measured; `why` says why not."""

    figure: Figure
    values: Sequence[float]
    why: str | None = None

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def missed(self) -> bool:
        """Whether the limit is missed."""
        return bool(self.values) and not self.figure.within(self.median, self.figure.limit)

    @property
    def verdict(self) -> str:
        if not self.values:
            return f"not measured: {self.why}"
        if self.missed:
            return "misses the limit"
        if self.figure.aim is not None and self.figure.within(self.median, self.figure.aim):
            return "reaches the aim"
        if self.figure.limit is not None:
            return "within the limit"
        return "misses the aim" if self.figure.aim is not None else "told beside it"


def measured(group: Group, values: Values) -> list[Measured]:
    """The group's figures with their values, in order."""
    return [
        Measured(figure=figure, values=(), why=found)
        if isinstance(found := values[figure.name], str)
        else Measured(figure=figure, values=found)
        for figure in group.figures
    ]
