"""What is owed, as people see it: what, for how long, and the command to type."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import columns, command, said
from roadlog.domain.moments import instant

AGE = 8


def render(answer: list[dict[str, Any]], at: datetime) -> None:
    """Prints what is owed at a moment, oldest first."""
    screen.show(*(parts(answer, at) if answer else [Text("Nothing is owed.")]))


def parts(answer: list[dict[str, Any]], at: datetime) -> Iterator[RenderableType]:
    """Two lines each: since when and what, and under it the command."""
    key = max(len(each["key"]) for each in answer)
    room = screen.width() - key - AGE - 4
    for each in answer:
        since = (at - instant(each["since"])).total_seconds()
        yield columns(
            (said(each["key"], "bold cyan"), key, "left"),
            (Text(wording.days(max(0.0, since)), style="dim"), AGE, "right"),
            (_what(each), room, "left"),
        )
        yield command(each["try"], key + AGE + 4)


def _what(each: dict[str, Any]) -> Text:
    who = Text(f"  ({wording.several(each['by'])})" if each["by"] else "  (nobody here can)", style="dim")
    return said(each["what"]) + who
