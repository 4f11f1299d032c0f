"""What processes do while faults befall them: they record, and acknowledge what is recorded; or they read."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from unittest.mock import patch

from msgspec.structs import replace

from roadlog import application as application_module
from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote, AddStakeholder, Command, DefineProblem, LogEdgeCase, OpenRoadmap
from roadlog.domain.workflow_file import definition
from roadlog.event_store.reading import Reader
from roadlog.interop.claims import Columns
from roadlog.interop.importing import import_csv
from roadlog.interop.preparation import Choices
from roadlog.reading import Reading
from tests.domain.spec import built_in

EVENTS = "events.db"
PAULA = Wish(actor="paula")
PROBLEM = DefineProblem(title="Reduce support load", problem="Customers wait 9 hours for a first answer")
COLUMNS = Columns(case="case", activity="activity", time="time", actor="who")
ACTIVITIES = ("feasibility", "prototype", "training", "live")
LOG = "log.csv"
BATCH = 40
"""Records in one transaction of an import, so that a short one has many."""


def opened(folder: Path) -> Path:
    """A store with its team and two initiatives, SUP-1 and SUP-2."""
    store = folder / ".roadlog"
    opening = OpenRoadmap(stream="SUP", name="Support AI", definition=definition(built_in("lite")))
    Application.create(store, PAULA, opening)
    with Application.open(store) as application:
        application.execute(PAULA, AddStakeholder(stakeholder="dan", roles=("engineering",)))
        application.execute(PAULA, PROBLEM)
        application.execute(PAULA, PROBLEM)
    return store


class Acknowledgements:
    """A file that says what was recorded, each line of it on disk before anything else is done."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def add(self, position: int, leaf: str) -> None:
        os.write(self._file, f"{position} {leaf}\n".encode())
        os.fsync(self._file)


def acknowledged(said: str) -> dict[int, str]:
    """Positions and their leaves; a last line that was cut short was told to nobody."""
    lines = (line.split(" ") for line in said.split("\n")[:-1])
    return {int(position): leaf for position, leaf in lines}


def wish(chance: Random) -> tuple[Wish, list[Command]]:
    """Some commands to record together, under an id that says how many they are."""
    commands: list[Command] = []
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        text = "Zähe Antwort " * chance.choice((1, 1, 20, 200))
        key = chance.choice(("SUP-1", "SUP-2"))
        commands.append(
            chance.choice(
                (AddNote(stream=key, text=text), LogEdgeCase(stream=key, description=text, severity=2))
            )
        )
    return Wish(actor="paula", command_id=f"{chance.getrandbits(64):x}/{len(commands)}"), commands


Record = Callable[[Application, "Acknowledgements", Random], None]


def record(application: Application, acks: Acknowledgements, chance: Random) -> None:
    """Records some commands, and acknowledges them."""
    wished, commands = wish(chance)
    last = application.execute(wished, *commands).records[-1]
    acks.add(last.position, last.leaf)


def record_too_early(application: Application, acks: Acknowledgements, chance: Random) -> None:
    """A control: acknowledges what it is about to record."""
    wished, commands = wish(chance)
    foreseen = application.execute(replace(wished, dry_run=True), *commands).records[-1]
    acks.add(foreseen.position, "")
    application.execute(wished, *commands)


def appends(store: Path, acks: Acknowledgements, chance: Random, record: Record = record) -> None:
    """Commands, and every so often the last connection closed, as each command line does."""
    while True:
        with Application.open(store) as application:
            for _ in range(chance.randrange(1, 25)):
                record(application, acks, chance)


def imports(store: Path, acks: Acknowledgements, _: Random) -> None:
    """One import in many transactions; what an earlier one was killed at goes on."""
    with Application.open(store) as application, Reader(str(store / EVENTS)) as reader:

        def acknowledge(*_: int) -> None:
            head = reader.head()
            acks.add(head.position, head.leaf)

        with patch.object(application_module, "BATCH", BATCH):
            import_csv(
                application,
                [store.parent / LOG],
                COLUMNS,
                Choices(infer_workflow=True),
                PAULA,
                now=datetime.now(UTC),
                zone=UTC,
                progress=acknowledge,
            )


def catch_ups(store: Path, acks: Acknowledgements, chance: Random) -> None:
    """A few commands, then a read that has them to catch up with."""
    while True:
        with Application.open(store) as application:
            for _ in range(chance.randrange(1, 4)):
                record(application, acks, chance)
        with Reading(store, now=datetime.now(UTC)) as reading:
            reading.board(reading.moment())


def rebuilds(store: Path, acks: Acknowledgements, chance: Random) -> None:
    """A command, then the projections anew."""
    while True:
        with Application.open(store) as application:
            record(application, acks, chance)
        with Reading(store, now=datetime.now(UTC)) as reading:
            reading.rebuild()


def log_of(cases: int) -> str:
    """A CSV event log, in which every case moves eight times, back and forth."""
    chance = Random(7)
    lines = [
        f"CASE-{case},{chance.choice(ACTIVITIES)},2026-03-{day:02}T09:00:00Z,Person {chance.randrange(9)}\n"
        for day in range(1, 10)
        for case in range(cases)
    ]
    return "case,activity,time,who\n" + "".join(lines)


WORK: dict[str, Callable[[Path, Acknowledgements, Random], None]] = {
    "appends": appends,
    "imports": imports,
    "catch-ups": catch_ups,
    "rebuilds": rebuilds,
    "appends acknowledged too early": partial(appends, record=record_too_early),
}
