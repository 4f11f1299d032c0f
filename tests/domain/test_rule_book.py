"""The catalogue and the rule book are whole: no event type is left out, no command is decided untested."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

from roadlog.domain import events
from roadlog.domain.commands import Command


def test_every_event_struct_is_in_the_union() -> None:
    declared = {
        kind
        for name, kind in vars(events).items()
        if isinstance(kind, type) and issubclass(kind, events._Event) and not name.startswith("_")
    }
    assert declared == set(get_args(events.Event))


def test_every_command_is_given_to_a_rule() -> None:
    made = {
        each.func.id
        for path in Path(__file__).parent.glob("test_*.py")
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    }
    assert {kind.__name__ for kind in get_args(Command)} - made == set()
