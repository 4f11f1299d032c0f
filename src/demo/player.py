"""The player: types the history's commands one after the other, in this process, each shown as it runs."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from roadlog.demo.calendar import Calendar
from roadlog.demo.scenario import history
from roadlog.demo.steps import Step, shown
from roadlog.domain.refusals import RoadlogError

REFUSED = 5
"""The exit code of what a rule refuses."""
INTERRUPTED = 130
FOLLOWS = "Next"
"""Begins what a write says about now: it would be out of place in a history that is typed afterwards."""

Show = Callable[[Step, str, str], None]
"""Called for each step with the command as typed and what it said."""


class DemoFailure(RoadlogError):
    """A step went otherwise than the story: roadlog and its demo do not fit together."""

    exit_code = 70


def play(folder: Path, calendar: Calendar, show: Show) -> None:
    """Types every command of the history in `folder`. Raises DemoFailure at the first that goes wrong."""
    with at_home(folder):
        for step in history(calendar):
            typed = step.typed(calendar)
            code, said, complaint = run(typed)
            if code == INTERRUPTED:
                raise KeyboardInterrupt
            _check(step, shown(typed), code, complaint or said)
            show(step, shown(typed), complaint if step.refused else _briefly(said))


def run(typed: Sequence[str]) -> tuple[int, str, str]:
    """Runs `roadlog` with these arguments as its own process would; gives exit code, stdout and stderr."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = answer(typed)
    return code, out.getvalue(), err.getvalue()


def answer(typed: Sequence[str]) -> int:
    """Runs `roadlog` with these arguments, printing where it prints; gives the exit code."""
    from roadlog.cli.main import roadlog

    try:
        roadlog.main(list(typed))
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """In the demo's folder, where its store is found by standing there, whatever the environment names."""
    elsewhere = os.environ.pop("ROADLOG_STORE", None)
    try:
        with chdir(folder):
            yield
    finally:
        if elsewhere is not None:
            os.environ["ROADLOG_STORE"] = elsewhere


def _check(step: Step, command: str, code: int, said: str) -> None:
    expected = REFUSED if step.refused else 0
    if code != expected or step.refused not in said:
        raise DemoFailure(
            "demo",
            f"The demo stopped: this exited with {code} instead of {expected}.\n$ {command}\n{said.rstrip()}",
            try_=("roadlog demo --dir ANOTHER-FOLDER",),
        )


def _briefly(said: str) -> str:
    """What was recorded, without the next thing owed."""
    lines = said.splitlines()
    ends = next((place for place, line in enumerate(lines) if line.startswith(FOLLOWS)), len(lines))
    return "\n".join(lines[:ends])
