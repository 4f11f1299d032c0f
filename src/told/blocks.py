"""What an answer is told in: headings, facts, rows and commands, which a screen draws and a page writes."""

from collections.abc import Sequence
from typing import NamedTuple

from roadlog.told.facts import Fact


class Name(NamedTuple):
    """What leads somewhere on a page: to an initiative by its key, or to a record by its position."""

    text: str
    key: str | None = None
    position: int | None = None


Piece = Fact | Name
Cell = str | Piece | tuple[Piece, ...]
"""A few words, or several that stand together."""


class Heading(NamedTuple):
    """The title of a part."""

    text: str


class Facts(NamedTuple):
    """Facts one after the other, after what they are about. `indent` is in columns; None goes by the lead."""

    facts: Sequence[Cell]
    lead: Cell = ""
    indent: int | None = 0


class Items(NamedTuple):
    """Things of one kind, each by itself."""

    texts: Sequence[Cell]


class Said(NamedTuple):
    """A sentence."""

    text: Cell
    indent: int = 0


class Rows(NamedTuple):
    """Rows under titles. `right` hold numbers; the column `drawn` only draws what others say."""

    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    right: Sequence[int] = ()
    drawn: int | None = None


class Command(NamedTuple):
    """A line to type."""

    line: str
    indent: int = 0


Block = Heading | Facts | Items | Said | Rows | Command


def key(name: str) -> Name:
    """An initiative's key, which leads to it."""
    return Name(name, key=name)


def record(position: int) -> Name:
    """`#12`, which leads to the record."""
    return Name(f"#{position}", position=position)
