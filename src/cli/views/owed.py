"""What is owed, as people see it: what, for how long, and the command to type."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen
from roadlog.cli.views.screen import Facts, columns, command, said
from roadlog.domain.moments import instant

AGE = 8


def render(answer: list[dict[str, Any]], handle: str | None, at: datetime) -> None:
    """Prints what a stakeholder, or anybody, owes at a moment, oldest first."""
    screen.show(*parts(answer, handle, at))


def parts(answer: list[dict[str, Any]], handle: str | None, at: datetime) -> Iterator[RenderableType]:
    """Two lines each: since when and what, and under it the command."""
    if not answer:
        yield Text("Nothing is owed.")
        return
    key = max(len(each["key"]) for each in answer)
    ages = [words.days(max(0.0, (at - instant(each["since"])).total_seconds())) for each in answer]
    age = max(AGE, *map(len, ages))
    for each, since in zip(answer, ages, strict=True):
        lead = columns(
            (said(each["key"], "bold cyan"), key, "left"),
            (said(since, "dim"), age, "right"),
        )
        yield Facts([_what(each, handle)], key + age + 4, lead)
        yield command(each["try"], key + age + 4)


def _what(each: dict[str, Any], handle: str | None) -> Text:
    """What it is, and who else could do it."""
    others = [by for by in each["by"] if by != handle]
    if not each["by"]:
        return said(each["what"]) + said("  (nobody here can)", "yellow")
    if not others:
        return said(each["what"])
    others_said = ("or " if handle else "") + words.several(others)
    return said(each["what"]) + said(f"  ({others_said})", "dim")
