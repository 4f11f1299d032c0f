"""The command `roadlog`: the program with its own options, and what it says when nothing is asked."""

import gc
import io
import os
import sys
from contextlib import suppress
from typing import NoReturn

import click

import roadlog as package
from roadlog.cli.frame import Root

HELP = """An event-sourced workflow engine for AI roadmaps: from a problem to a live feature,
every change an event.

Without a command it prints the board and what you owe next.
"""
EPILOG = (
    "Exit codes: 0 done; 1 findings; 2 not understood; 3 conflict; 4 tampering found, or unreadable; "
    "5 refused by a rule; 6 no store; 70 a defect in roadlog; 130 interrupted. "
    "`roadlog COMMAND --help` tells more."
)
GARBAGE = 50_000
"""Objects more between two searches for garbage, of which a command makes none: they cost it a tenth."""


@click.pass_context
def _unasked(context: click.Context) -> None:
    """The board and what I owe next, when no command is given."""
    if context.invoked_subcommand is None:
        from roadlog.cli.overview import overview

        overview()


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if value:
        wanted = f'{{"version":"{package.__version__}"}}' if "--json" in sys.argv else None
        click.echo(wanted or f"roadlog {package.__version__}")
        context.exit()


roadlog = Root(
    "",
    help=HELP,
    epilog=EPILOG,
    callback=_unasked,
    invoke_without_command=True,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help="Show the version.",
        )
    ],
)


def main() -> None:
    """Runs the line that was typed and leaves with its exit code."""
    gc.set_threshold(GARBAGE)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: `>&-`
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115 (as long as we run)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 must not stop us
    try:
        roadlog.main()
    except SystemExit as leave:
        _leave(leave.code)


def _leave(code: str | int | None) -> NoReturn:
    """Ends the process. All is closed and printed: what Python would do before it ends is to look through
    everything that was allocated, which costs a sixth of a command's time.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
            stream.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
