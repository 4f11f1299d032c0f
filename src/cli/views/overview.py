"""What the program says without a command: the board, and what the one who asks owes next."""

from datetime import datetime
from typing import Any

from rich.text import Text

from roadlog.cli.views import board, owed, screen
from roadlog.cli.views.screen import said

SHOWN = 7


def render(answer: dict[str, Any], duties: list[dict[str, Any]], handle: str | None, at: datetime) -> None:
    """Prints the board and the oldest few duties: those of `handle`, or of everybody."""
    screen.show(*board.parts(answer))
    if not answer["initiatives"]:
        return
    whose = said(f"What {handle} can do or owes") if handle else Text("What is owed, by anybody")
    whose.stylize("bold")
    screen.show(Text(), whose, *owed.parts(duties[:SHOWN], handle, at))
    more = len(duties) - SHOWN
    if more > 0:
        screen.show(said(f"and {more} more: roadlog next --for {handle or 'HANDLE'}", "dim"))
