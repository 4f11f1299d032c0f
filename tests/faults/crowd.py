"""Many processes that record at one time, on an initiative of their own and on those that they share.

One of them gives Paula, who types all of it, a role and takes it from her again: every other record says
which roles she had, though it is about another stream.

They are forked, so this is a program: `python -m tests.faults.crowd FOLDER PROCESSES COMMANDS [blind]` prints
how long each command took and how often one was decided again, as JSON. `blind` is the control: whatever was
recorded since a command was decided, it is appended.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from roadlog.application import Application
from roadlog.domain.commands import Command, GrantRole, LogEdgeCase, RevokeRole
from roadlog.domain.refusals import Conflict, StoreFailure
from roadlog.event_store.errors import VersionConflict, WrittenMeanwhile
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark
from tests.faults.work import ACKNOWLEDGED, PAULA, PROBLEM, Acknowledgements

SHARED = 8
"""Initiatives that all record on, from one to the next together: a long one takes long to load."""
LOGGED = "EdgeCaseLogged"
"""What is appended blindly: a beginning so appended to another's stream could not be read again."""
ROLE = "engineering"
TRIES = 10
"""How often a command is typed again before it is one that never gets its turn."""


class Counted:
    """What one process counts."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.conflicts = 0
        self.turned_away = 0
        """How often a command failed at last, in conflict or kept waiting too long, and was typed again."""


def main(folder: str, processes: str, commands: str, blind: str = "") -> None:
    """All start at one time, when the pipe is closed; each leaves what it counted in a file."""
    place = Path(folder)
    ready, start = os.pipe()
    children = [
        _forked(place, name, int(commands), bool(blind), (ready, start)) for name in range(int(processes))
    ]
    os.close(start)
    done = [name for name, child in enumerate(children) if os.waitpid(child, 0)[1] == 0]
    counted = [json.loads((place / f"counted-{name}").read_text()) for name in done]
    waits = sorted(wait for each in counted for wait in each["waits"])
    sums = {name: sum(each[name] for each in counted) for name in ("conflicts", "turned_away")}
    sys.stdout.write(json.dumps({"failed": len(children) - len(done), "waits": waits, **sums}))


def _forked(place: Path, name: int, commands: int, blind: bool, pipe: tuple[int, int]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.close(pipe[1])
        os.read(pipe[0], 1)
        counted = Counted()
        with _conflicts_counted(counted), _blindly(blind):
            _record(place, name, commands, counted)
        (place / f"counted-{name}").write_text(json.dumps(vars(counted)))
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _record(place: Path, name: int, commands: int, counted: Counted) -> None:
    """Every other command on a shared initiative; which case an edge case becomes is decided."""
    acks = Acknowledgements(place / f"{ACKNOWLEDGED}-{name}")
    with Application.open(place / ".roadlog") as application:
        (defined,) = application.execute(PAULA, replace(PROBLEM, title=f"Problem {name}")).records
        for number in range(commands):
            key = f"SUP-{number * SHARED // commands + 1}" if number % 2 else defined.stream
            command: Command = LogEdgeCase(stream=key, description=f"{name}:{number}", severity=2)
            if name == 0 and number % 2 == 0:
                command = (RevokeRole if number % 4 else GrantRole)(stakeholder=PAULA.actor, role=ROLE)
            begun = perf_counter()
            (record,) = _persistently(application, command, f"{name}:{number}", counted)
            counted.waits.append(perf_counter() - begun)
            acks.add(record.position, record.leaf)


def _persistently(
    application: Application, command: Command, command_id: str, counted: Counted
) -> tuple[Any, ...]:
    wish = replace(PAULA, command_id=command_id, reason="As it comes")
    for _ in range(TRIES):
        try:
            return application.execute(wish, command).records
        except (Conflict, StoreFailure):
            counted.turned_away += 1
    raise AssertionError(f"command {command_id} was turned away {TRIES} times: it never gets its turn")


@contextmanager
def _conflicts_counted(counted: Counted) -> Iterator[None]:
    init = VersionConflict.__init__

    def count(self: VersionConflict, stream: str, expected: int, found: int) -> None:
        counted.conflicts += 1
        init(self, stream, expected, found)

    with patch.object(VersionConflict, "__init__", count):
        yield


@contextmanager
def _blindly(blind: bool) -> Iterator[None]:
    append = Log.append

    def at_the_end(
        self: Log[Any],
        new: Sequence[New],
        *,
        expected: Mapping[str, int],
        command: CommandMark,
        as_of: int | None,
        sign: Any,
        between: Any,
    ) -> Any:
        while True:
            try:
                return append(
                    self,
                    new,
                    expected=expected,
                    command=command,
                    as_of=as_of,
                    sign=sign,
                    between=between,
                )
            except (VersionConflict, WrittenMeanwhile):
                if not blind or new[0].type != LOGGED:
                    raise
                as_of = None
                expected = {stream: self.version(stream) for stream in expected}

    with patch.object(Log, "append", at_the_end):
        yield


if __name__ == "__main__":
    main(*sys.argv[1:])
