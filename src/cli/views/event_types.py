"""The catalogue of events as people see it: by subject, each type with its meaning and its fields."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType

from roadlog.cli.output import print_json
from roadlog.cli.views import screen
from roadlog.cli.views.screen import Facts, Rows, heading, said


def render(answer: Any) -> None:
    """Prints the catalogue. A schema is JSON for people, too."""
    if isinstance(answer, dict):
        print_json(answer)
    else:
        screen.show(*_types(answer))


def _types(answer: list[dict[str, Any]]) -> Iterator[RenderableType]:
    for subject, group in groupby(answer, key=lambda each: each["subject"]):
        yield heading(subject)
        for each in group:
            reason = [said("reason mandatory", "yellow")] if each["reason_required"] else []
            yield Facts([said(each["type"], "bold cyan") + said(f"  {each['meaning']}"), *reason])
            rows = [("", said(f["name"]), said(f["type"], "dim"), said(f["meaning"])) for f in each["fields"]]
            if rows:
                yield Rows(("", "", "", ""), rows)
