"""What processes do while faults befall them: they record, and acknowledge what is recorded; or they read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from time import sleep
from unittest.mock import patch

from msgspec.structs import replace

from roadlog import application as application_module
from roadlog.application import Application, Done, Wish
from roadlog.directory import Directory, Entry
from roadlog.domain.commands import AddNote, AddStakeholder, Command, DefineProblem, LogEdgeCase, OpenRoadmap
from roadlog.domain.workflow_file import definition
from roadlog.event_store.reading import Reader
from roadlog.interop.csv_log import Columns, log
from roadlog.interop.importing import import_log
from roadlog.interop.narration import Narration
from roadlog.interop.preparation import Choices
from roadlog.projections import copies
from roadlog.projections.cache import TABLES, Cache
from roadlog.projections.database import Place
from roadlog.reading import Reading
from tests.domain.spec import built_in
from tests.faults import careless

EVENTS = "events.db"
ACKNOWLEDGED = "acknowledged"
PAULA = Wish(actor="paula")
PROBLEM = DefineProblem(title="Reduce support load", problem="Customers wait 9 hours for a first answer")
COLUMNS = Columns(case="case", activity="activity", time="time", actor="who")
KEYS = ("SUP-1", "SUP-2")
ACTIVITIES = ("feasibility", "prototype", "training", "live")
LOG = "log.csv"
BATCH = 24
"""Records in one transaction of an import, so that a short one has many, and few of them fold the log."""


def made(folder: Path) -> Done:
    """A new store, and the three records that open its roadmap."""
    opening = OpenRoadmap(stream="SUP", name="Support AI", definition=definition(built_in("lite")))
    return Application.create(folder / ".roadlog", PAULA, opening)


def opened(folder: Path) -> Path:
    """A new store with its team and two initiatives, SUP-1 and SUP-2."""
    made(folder)
    store = folder / ".roadlog"
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


def _text(chance: Random) -> str:
    return "Zähe Antwort " * chance.choice((1, 1, 20, 200))


def _note(chance: Random) -> Command:
    return AddNote(stream=chance.choice(KEYS), text=_text(chance))


def _edge_case(chance: Random) -> Command:
    return LogEdgeCase(stream=chance.choice(KEYS), description=_text(chance), severity=2)


KINDS = (_note, _edge_case)


def wish(chance: Random) -> tuple[Wish, list[Command]]:
    """Some commands to record together, under an id that says how many they are."""
    commands = [chance.choice(KINDS)(chance) for _ in range(chance.choice((1, 1, 2, 3, 6)))]
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

        @contextmanager
        def bars(what: str) -> Iterator[Callable[[int, int], None] | None]:
            yield acknowledge if what == "Recording" else None

        claimed = log([store.parent / LOG], COLUMNS, now=datetime.now(UTC), zone=UTC)
        with patch.object(application_module, "BATCH", BATCH):
            import_log(application, claimed, Choices(infer_workflow=True), PAULA, bars=bars)


def imports_anew(store: Path, acks: Acknowledgements, chance: Random) -> None:
    """A control: takes every case for one that was never imported."""
    with patch.object(Narration, "_known", lambda _: {}):
        imports(store, acks, chance)


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


def rebuilds_in_place(store: Path, acks: Acknowledgements, chance: Random) -> None:
    """A control: what is anew takes the place of what was there row by row."""

    def row_by_row(path: Place, new: Cache) -> None:
        with closing(Cache.open(path)) as old:
            for table in ("mark", *TABLES):
                rows = list(new.all_of(table))
                old.connection.execute(f"DELETE FROM {table}")
                for row in rows:
                    sleep(0.002)
                    old.connection.execute(f"INSERT INTO {table} VALUES (?{', ?' * (len(row) - 1)})", row)

    with patch.object(copies, "copy_over", row_by_row):
        rebuilds(store, acks, chance)


def opening(folder: Path, acks: Acknowledgements, _: Random) -> None:
    """A store is made, and nothing else."""
    last = made(folder).records[-1]
    acks.add(last.position, last.leaf)


def enrol(store: Path, acks: Acknowledgements) -> None:
    """zoe, whose name stands in the directory before the log refers to it."""
    entry = Entry.of("zoe", "Zoe Brown", None)
    with Directory.open(store) as directory:
        directory.add(entry)
    command = AddStakeholder(stakeholder="zoe", roles=("product",), name_commitment=entry.name_commitment)
    with Application.open(store) as application:
        (record,) = application.execute(PAULA, command).records
    acks.add(record.position, record.leaf)


def day(folder: Path, acks: Acknowledgements, chance: Random) -> None:
    """All that befalls a store, once: opened, appended to and imported into by short and long processes, read
    beside them.
    """
    store = opened(folder)
    with Reader(str(store / EVENTS)) as reader:
        acks.add(reader.head().position, reader.head().leaf)
    for commands in (1, 3, 1, 16, 2):
        with Application.open(store) as application:
            for _ in range(commands):
                record(application, acks, chance)
        with Reading(store, now=datetime.now(UTC)) as reading:
            reading.board(reading.moment())
    with Reader(str(store / EVENTS)) as reader, reader.snapshot():
        reader.head()
        for commands in (4, 1):
            with Application.open(store) as application:
                for _ in range(commands):
                    record(application, acks, chance)
    with Reading(store, now=datetime.now(UTC)) as reading:
        reading.rebuild()
    (folder / LOG).write_text(log_of(20), encoding="utf-8")
    imports(store, acks, chance)
    enrol(store, acks)


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
    "imports anew": imports_anew,
    "rebuilds in place": rebuilds_in_place,
    "appends acknowledged too early": partial(appends, record=record_too_early),
}


def main(folder: str, part: str, kind: str) -> None:
    """The opening or the whole day of a store that is not there yet."""
    acks = Acknowledgements(Path(folder) / ACKNOWLEDGED)
    with careless.connections(kind):
        {"opening": opening, "day": day}[part](Path(folder), acks, Random(part))


if __name__ == "__main__":
    main(*sys.argv[1:])
