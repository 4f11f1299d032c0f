"""Blocks of words as templates take them: part by part, each with what it is, cells in pieces."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from roadlog.told import blocks
from roadlog.told.blocks import Block, Cell, Name
from roadlog.told.facts import Fact, Tone


class Piece(NamedTuple):
    """A few words, how they are meant, and the initiative or the record that they lead to."""

    text: str
    tone: Tone = "plain"
    key: str | None = None
    position: int | None = None


class Part(NamedTuple):
    """What stands under a title; the first part may have none. Each block with the name of its kind."""

    title: str
    blocks: list[tuple[str, dict[str, Any]]]


def parts(told: Iterable[Block]) -> list[Part]:
    """The blocks, by the heading that they stand under."""
    found = [Part("", [])]
    for each in told:
        if isinstance(each, blocks.Heading):
            found.append(Part(each.text, []))
        elif each != blocks.Said(""):
            found[-1].blocks.append((type(each).__name__.lower(), _block(each)))
    return [each for each in found if each.blocks]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case blocks.Facts(facts, lead):
            said = [pieces(each) for each in facts]
            return {"facts": [each for each in said if each], "lead": pieces(lead)}
        case blocks.Items(texts):
            return {"items": [pieces(each) for each in texts]}
        case blocks.Said(text):
            return {"text": pieces(text)}
        case blocks.Rows(titles, rows, right, drawn):
            shown = [place for place in range(len(titles)) if place != drawn]
            return {
                "titles": [titles[place] for place in shown],
                "rows": [[pieces(row[place]) for place in shown] for row in rows],
                "numbers": set(right),
            }
        case _:
            return block._asdict()


def pieces(cell: Cell) -> list[Piece]:
    """The pieces of a cell that say something."""
    match cell:
        case str():
            found = [Piece(cell.strip())]
        case Fact(text, tone):
            found = [Piece(text, tone)]
        case Name(text, key, position):
            found = [Piece(text.strip(), "strong", key, position)]
        case _:
            found = [piece for each in cell for piece in pieces(each)]
    return [each for each in found if each.text]
