"""Many processes that record at one time: no gap, no double, no decision on what is no longer so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

from roadlog.application import Application
from roadlog.domain.events import EdgeCaseLogged, RoleGranted, RoleRevoked
from roadlog.domain.records import Record
from roadlog.reading import Reading
from roadlog.store import EVENTS
from roadlog.verification.rules.replay import replay
from tests.conftest import Figure, Times
from tests.faults import checked, work
from tests.faults.counts import APPENDS, CROWD
from tests.faults.crowd import SHARED

ROOT = Path(__file__).parents[2]


def recorded(folder: Path, processes: int, commands: int, *blind: str) -> dict[str, Any]:
    """What the processes counted."""
    with Application.open(work.opened(folder)) as application:
        for _ in range(SHARED - len(work.KEYS)):
            application.execute(work.PAULA, work.PROBLEM)
    crowd = [sys.executable, "-m", "tests.faults.crowd", str(folder), str(processes), str(commands), *blind]
    done = subprocess.run(crowd, cwd=ROOT, capture_output=True, text=True, check=True)
    counted: dict[str, Any] = json.loads(done.stdout)
    assert counted["failed"] == 0, done.stderr
    return counted


def records(folder: Path) -> list[Record]:
    with Reading(folder / ".roadlog", now=datetime.now(UTC)) as reading:
        return list(reading.records())


def breaches(folder: Path, found: list[Record]) -> list[str]:
    """What the rules find when they are replayed."""
    path = str(folder / ".roadlog" / EVENTS)
    return [each.expected for each in replay(path, len(found)).breaches]


def acknowledged(folder: Path, processes: int) -> dict[int, str]:
    """What all were told; no position twice."""
    told = [
        work.acknowledged((folder / f"{work.ACKNOWLEDGED}-{name}").read_text()) for name in range(processes)
    ]
    together = {position: leaf for each in told for position, leaf in each.items()}
    assert len(together) == sum(map(len, told)), "a position was acknowledged twice"
    return together


def misnumbered(found: list[Record]) -> Iterator[str]:
    """Edge cases whose number is not their place: decided on what was no longer so."""
    cases: dict[str, int] = {}
    for record in found:
        if isinstance(record.event, EdgeCaseLogged):
            cases[record.stream] = cases.get(record.stream, 0) + 1
            if record.event.case != f"E{cases[record.stream]}":
                yield f"{record.stream} {record.event.case} is number {cases[record.stream]}"


def outdated(found: list[Record]) -> Iterator[str]:
    """Edge cases that say other roles than Paula had then: decided on what was no longer so."""
    roles = {"product"}
    for record in found:
        match record.event:
            case RoleGranted(role=role):
                roles = roles | {role}
            case RoleRevoked(role=role):
                roles = roles - {role}
            case EdgeCaseLogged() if set(record.actor.roles) != roles:
                yield f"{record.position} is by one of {record.actor.roles}, and not of {roles}"
            case _:
                pass


def test_nothing_is_lost_between_many(tmp_path: Path, times: Times, figure: Figure) -> None:
    processes, commands = times(CROWD), times(APPENDS)
    counted = recorded(tmp_path, processes, commands)
    waits = counted["waits"]
    p99 = waits[ceil(0.99 * len(waits)) - 1]
    figure(
        f"{processes} processes × {commands} commands: {counted['conflicts']:,} conflicts decided again, "
        f"{counted['turned_away']} turned away; p99 wait {p99:.3f} s, longest {waits[-1]:.3f} s"
    )
    acks = acknowledged(tmp_path, processes)
    assert len(acks) == processes * commands
    assert checked.faults(tmp_path / ".roadlog", acks) == []
    assert checked.differing(tmp_path / ".roadlog") == []
    found = records(tmp_path)
    assert [record.position for record in found] == list(range(1, len(found) + 1))
    assert list(misnumbered(found)) == []
    assert list(outdated(found)) == []
    assert breaches(tmp_path, found) == []
    streams = Counter(record.stream for record in found)
    shared = sum(streams[f"SUP-{number}"] - 1 for number in range(1, SHARED + 1))
    assert shared == processes * (commands // 2)
    assert len(streams) == 1 + SHARED + processes


def test_who_does_not_look_what_was_recorded_meanwhile_is_found(tmp_path: Path) -> None:
    """The control: appending blindly numbers edge cases alike, and lets Paula keep roles that she lost."""
    recorded(tmp_path, CROWD.test, 4 * APPENDS.test, "blind")
    found = records(tmp_path)
    assert list(misnumbered(found))
    assert list(outdated(found))
    assert {each.split(",")[0] for each in breaches(tmp_path, found)} == {
        "by the rules (actor)",
        "by the rules (record)",
    }
