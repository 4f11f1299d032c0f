"""Progress: a bar on stderr while something long goes on, where somebody watches."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadlog.filling import Progress


REFRESH = 0.1
"""Seconds from one drawing to the next, at least."""


@contextmanager
def bar(what: str) -> Iterator["Progress | None"]:
    """A function to call with how much is done, of how much; None where stderr is no terminal.

    The bar is there from its first call on: what takes no time to speak of needs none, nor what draws it.
    """
    if not sys.stderr.isatty():
        yield None
        return
    with ExitStack() as stack:
        started: list[Progress] = []

        def tell(done: int, total: int) -> None:
            if not started:
                started.append(stack.enter_context(_drawn(what)))
            started[0](done, total)

        yield tell


@contextmanager
def _drawn(what: str) -> Iterator["Progress"]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from roadlog.cli.program import program

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(
        stderr=True, no_color=program().color is False, emoji=False, markup=False, highlight=False
    )
    last = 0.0
    # Without a thread that refreshes it: beside one, nothing is shared out to other processes.
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as shown:
        task = shown.add_task("", total=None)

        def tell(done: int, total: int) -> None:
            nonlocal last
            now = monotonic()
            refresh = now - last >= REFRESH
            last = now if refresh else last
            shown.update(task, completed=done, total=total, refresh=refresh)

        yield tell
