"""The one way out: what went wrong is printed here, and nowhere else, and becomes the exit code."""

import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

import click

from roadlog.cli.terminal import is_colourless
from roadlog.domain.refusals import OutsideFailure, RoadlogError
from roadlog.visible import encodable, plain, safe_json, shortened

INTERRUPTED = 130
"""As shells count: 128 and the signal's number."""
DEFECT = 70
"""EX_SOFTWARE of sysexits.h: roadlog itself is wrong."""
LABELS = {
    2: "Not understood",
    3: "Conflict",
    4: "Damaged",
    5: "Refused",
    6: "Store failure",
    130: "Interrupted",
}
OUTSIDE = "Failed"
"""Instead of a store failure, where it was not the store that failed."""


class Failure:
    """What is said of an error: the same facts as text and as JSON."""

    def __init__(
        self,
        code: int,
        rule: str,
        message: str,
        missing: tuple[str, ...] = (),
        try_: tuple[str, ...] = (),
        label: str | None = None,
    ) -> None:
        self.code = code
        self.label = label or LABELS.get(code, "Error")
        self.rule = rule
        self.message = shortened(message)
        self.missing = tuple(map(shortened, missing))
        self.try_ = tuple(map(shortened, try_))

    def as_json(self) -> str:
        import orjson

        error = {
            "exit": self.code,
            "rule": self.rule,
            "message": encodable(self.message),
            "missing": [encodable(each) for each in self.missing],
            "try": [encodable(each) for each in self.try_],
        }
        return safe_json(orjson.dumps({"error": error}).decode())

    def as_text(self) -> str:
        label = click.style(f"{self.label}:", fg="red", bold=True)
        lines = [f"{label} {plain(self.message, lines=True)}"]
        lines += [f"  - {plain(each)}" for each in self.missing if each not in self.message]
        for place, each in enumerate(self.try_):
            lines.append(("Try: " if place == 0 else "     ") + plain(each))
        return "\n".join(lines)


def outcome(run: Callable[[], Any], given: list[str]) -> int:
    """Runs the program and gives its exit code; whatever goes wrong is printed on stderr."""
    code: Any = 0
    try:
        code = run()
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except BrokenPipeError:
        discard(sys.stdout)
    except OSError as error:
        discard(sys.stdout)
        return _tell(_output_failure(error), given)
    except (KeyboardInterrupt, EOFError, click.Abort):
        message = "What was recorded before that stays recorded."
        return _tell(Failure(INTERRUPTED, "interrupted", message, try_=("roadlog log",)), given)
    except RoadlogError as error:
        label = OUTSIDE if isinstance(error, OutsideFailure) else None
        said = Failure(error.exit_code, error.rule, error.message, error.missing, error.try_, label)
        return _tell(said, given)
    except click.exceptions.NoArgsIsHelpError as error:
        if not _wants_json(given):
            click.echo(error.format_message(), err=True)
            return 2
        return _tell(Failure(2, "usage", "Missing command."), given)
    except click.ClickException as error:
        return _tell(_usage(error), given)
    except Exception as error:  # noqa: BLE001 (a defect of roadlog is told like any other failure)
        return _defect(error, given)
    return code if isinstance(code, int) else 0


def _tell(failure: Failure, given: list[str]) -> int:
    try:
        said = failure.as_json() if _wants_json(given) else failure.as_text()
        click.echo(said, err=True, color=color(given))
    except OSError:  # nobody can be told
        discard(sys.stderr)
    return failure.code


def _output_failure(error: OSError) -> Failure:
    """Something that could not be read or written; where it was stdout, what was recorded is recorded."""
    why = error.strerror or str(error)
    if error.filename:
        return Failure(6, "output", f"Could not write or read {error.filename}: {why}.", label=OUTSIDE)
    message = f"Could not write or read the output: {why}. What was recorded before that stays recorded."
    return Failure(6, "output", message, try_=("roadlog log",), label=OUTSIDE)


def _usage(error: click.ClickException) -> Failure:
    """click's own errors: the message with the nearest name, and where the help is."""
    message = _missing_choice(error) or error.format_message()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "roadlog"
    nearest = (getattr(error, "possibilities", None) or [])[:1]
    if isinstance(error, click.exceptions.NoSuchCommand) and nearest:
        return Failure(2, "usage", message, try_=(f"{path} {nearest[0]}",))
    return Failure(2, "usage", message, try_=(f"{path} --help",))


def _missing_choice(error: click.ClickException) -> str | None:
    """`--outcome is missing: dataset, risk, fix or wont-fix.`; None of every other error."""
    parameter = getattr(error, "param", None)
    if not isinstance(error, click.MissingParameter) or not isinstance(parameter, click.Option):
        return None
    if not isinstance(parameter.type, click.Choice):
        return None
    *rest, last = map(str, parameter.type.choices)
    return f"{parameter.opts[0]} is missing: {', '.join(rest)} or {last}." if rest else None


def _defect(error: Exception, given: list[str]) -> int:
    what = f"{type(error).__name__}: {error}"
    if "--verbose" in given and not _wants_json(given):
        import traceback

        click.echo(plain(traceback.format_exc(), lines=True), err=True)
    message = f"This is a defect in roadlog: {what} (with --verbose it is told where)"
    return _tell(Failure(DEFECT, "defect", message), given)


def color(given: list[str]) -> bool | None:
    """Whether to colour: never where it is not wanted, else as the terminal is."""
    return False if is_colourless() or "--no-color" in given else None


def _wants_json(given: list[str]) -> bool:
    """Whether the line asks for JSON, also where it could not be parsed."""
    return "--json" in given[: given.index("--")] if "--" in given else "--json" in given


def discard(stream: TextIO) -> None:
    """Whoever read this stream has read enough: what is still buffered must not complain when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        return
    finally:
        os.close(nowhere)
