"""What was found, as people see it: where it stands, and the words around it."""

import re
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen
from roadlog.cli.views.screen import Facts, columns, said

FOUND = re.compile("(«[^«»]*»)")
NAMES = {"edge_cases": "edge cases"}


def render(answer: list[dict[str, Any]], text: str, best: int) -> None:
    """Prints what was found for a text, best first; `best` is how many were wanted."""
    screen.show(*parts(answer, text, best))


def parts(answer: list[dict[str, Any]], text: str, best: int) -> Iterator[RenderableType]:
    """A line for each text, more where it has no room; then how many there are."""
    if not answer:
        yield said(f"Nothing has {'all these words' if len(text.split()) > 1 else 'this word'}: {text}")
        yield Text("Every word must occur in one text. Fewer words, or beginnings of words, find more.")
        return
    position, key = (max(len(str(each[name])) for each in answer) for name in ("position", "key"))
    field = max(len(_name(each)) for each in answer)
    for each in answer:
        lead = columns(
            (said(f"#{each['position']}", "dim"), position + 1, "right"),
            (said(each["key"], "bold cyan"), key, "left"),
            (said(_name(each), "dim"), field, "left"),
        )
        yield Facts([_snippet(each["snippet"])], lead.cell_len + 2, lead)
    yield Text()
    more = "; there may be more, which a greater --best tells" if len(answer) == best else ""
    yield said(f"{words.counted(len(answer), 'text')} found{more}", "dim")


def _name(each: dict[str, Any]) -> str:
    field: str = each["field"]
    return NAMES.get(field, field)


def _snippet(text: str) -> Text:
    """What was found is bold, and stands between marks also where nothing can be."""
    return Text.assemble(*(said(each, "bold" if FOUND.fullmatch(each) else "") for each in FOUND.split(text)))
