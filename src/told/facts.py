"""A few words and how they are meant: a terminal gives them a colour, a page a class."""

from typing import Literal, NamedTuple

Tone = Literal["plain", "strong", "dim", "good", "odd", "bad", "gone"]


class Fact(NamedTuple):
    """A few words and how they are meant; `gone` is what holds no more."""

    text: str
    tone: Tone = "plain"
