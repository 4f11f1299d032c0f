"""The questions that the store answers: board, show, gate, next, log, metrics, and the program without a command."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import HANDLE, KEY, MILESTONE, NameType
from roadlog.cli.asking import reading, show
from roadlog.cli.program import program
from roadlog.cli.times import PAST

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading

Answer = dict[str, Any]


def view(name: str) -> Callable[[Any], None]:
    """Prints an answer through `render` of `cli/views/NAME.py`, which is imported only then."""

    def render(answer: Any) -> None:
        from importlib import import_module

        import_module(f"roadlog.cli.views.{name}").render(answer)

    return render
