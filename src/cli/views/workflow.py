"""A workflow as people see it: what each milestone asks for, the roles, and the policy."""

import json
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen
from roadlog.cli.views.screen import Facts, indented, said

NOTHING = "nothing is asked for"


def render(workflow: dict[str, Any]) -> None:
    """Prints the workflow."""
    screen.show(*_parts(workflow))


def _parts(workflow: dict[str, Any]) -> Iterator[RenderableType]:
    cycles = f"cycles from {workflow['start']} to {workflow['finish']}"
    yield indented(said(f"{workflow['name']} {workflow['version']}, {cycles}"), 0)
    yield _told("  out of the backlog: ", words.several(workflow["entry"]) or NOTHING)
    for each in workflow["milestones"]:
        yield Text()
        yield _told(f"{each['id']}  ", each["question"] or "")
        again = ", votes renewed each iteration" if each["renew"] else ""
        yield _told("  to leave it: ", f"{words.several(each['requires']) or NOTHING}{again}")
    yield Text()
    yield _told("Roles: ", words.several(workflow["roles"]))
    yield Text("Policy:")
    for name, value in workflow["policy"].items():
        yield _told(f"  {name} = ", json.dumps(value, ensure_ascii=False))  # TOML writes it as JSON does


def _told(label: str, text: str) -> Facts:
    """The text after its label, under itself where it takes several lines."""
    lead = said(label)
    return Facts([said(text)], lead.cell_len, lead)
