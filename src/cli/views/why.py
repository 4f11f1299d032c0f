"""The records that made a value what it is, as people see them."""

from itertools import chain
from typing import Any

from rich.text import Text

from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import said
from roadlog.cli.views.trail import Form
from roadlog.projections.kept_trail import Entry
from roadlog.told import values


def render(answer: list[dict[str, Any]], key: str, field: str) -> None:
    """Prints each with who did it and why, and what it made of the field."""
    name = values.field_name(field)
    if not answer:
        screen.show(said(f"No record changed the {name} of {key}."))
        return

    def told(changes: list[dict[str, Any]]) -> list[Text]:
        ours = [each for each in changes if each["field"] == field]
        return [
            said(f"{name} ", "dim")
            + screen.toned(*values.told(field, each["before"], each["after"], wording.zone()))
            for each in ours
        ]

    index = [Entry(*(each[part] for part in PARTS)) for each in answer]
    screen.show(*chain.from_iterable(map(Form(index, key, told, ALL).entry, answer)))


PARTS = ("position", "key", "actor", "typed_by", "voided_by")
ALL = 1_000
"""Changes of one record that are shown: a list holds no more."""
