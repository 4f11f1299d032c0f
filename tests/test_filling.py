"""A long log is folded by several processes, and what comes of it is what one alone makes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from roadlog import beside, filling, store
from roadlog.beside import Beside, Cut, Send
from roadlog.domain.commands import AddNote, AnswerConsent, GrantRole, MeasureOutcome, VoidRecord
from roadlog.domain.refusals import Damaged
from roadlog.projections.copies import copy_of
from roadlog.projections.database import Row
from roadlog.projections.folding import Added
from tests.stores import Store
from tests.test_application_errors import edit

MONTH = timedelta(days=30)
OTHER = "state = CAST(replace(state, 'note 3', 'note 7') AS BLOB)"
Work = Callable[..., None]


@pytest.fixture
def busy(team: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Five initiatives with notes, a void, a consent that was answered and one that waits."""
    for _ in range(5):
        key = team.define()
        team.do(*(AddNote(stream=key, text=f"note {number}") for number in range(6)))
        team.do(MeasureOutcome(stream=key, metric="tickets", value=700))
    (note,) = team.do(AddNote(stream="SUP-2", text="a slip")).records
    team.do(VoidRecord(stream="SUP-2", position=note.position))
    (asked,) = team.do(AddNote(stream="SUP-3", text="old"), by="dan", at=team.now - MONTH).records
    team.do(AnswerConsent(request=asked.position, give=True), by="carla")
    team.do(AddNote(stream="SUP-4", text="older"), by="dan", at=team.now - MONTH)
    team.do(GrantRole(stakeholder="dan", role="engineering"))
    monkeypatch.setattr(filling, "BATCH", 7)
    monkeypatch.setattr(filling, "MANY", 1)
    monkeypatch.setattr("roadlog.upkeep.FEW", 1)  # of few records the lines are told, which one does alone
    return team


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were forked."""
    found: list[int] = []
    enter = Beside.__enter__

    def entering(self: Beside) -> Beside:
        entered = enter(self)
        found.append(self._process)
        return entered

    monkeypatch.setattr(Beside, "__enter__", entering)
    return found


def rebuilt(team: Store, monkeypatch: pytest.MonkeyPatch, processes: int) -> list[tuple[str, Row]]:
    """What the projections hold after so many processes have rebuilt them."""
    monkeypatch.setattr(beside, "processes", lambda: processes)
    with team.reading() as reading:
        reading.rebuild()
    with closing(copy_of(team.folder / store.PROJECTIONS)) as kept:
        return [("mark", (kept.mark(),)), *kept.contents()]


def check_gone(processes: list[int]) -> None:
    assert processes
    for each in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)


@pytest.mark.parametrize("processes", [2, 3, 4])
def test_several_make_what_one_makes(
    busy: Store, monkeypatch: pytest.MonkeyPatch, forked: list[int], processes: int
) -> None:
    alone = rebuilt(busy, monkeypatch, 1)
    assert forked == []
    assert rebuilt(busy, monkeypatch, processes) == alone
    assert len(forked) == processes - 1
    check_gone(forked)


def test_several_check_and_where_lines_were_told_one_does(
    busy: Store, monkeypatch: pytest.MonkeyPatch, forked: list[int]
) -> None:
    rebuilt(busy, monkeypatch, 1)
    monkeypatch.setattr(beside, "processes", lambda: 2)
    with busy.reading() as reading:
        assert reading.check()["same"]
    assert len(forked) == 1
    check_gone(forked)
    with busy.reading() as reading:
        assert len(list(reading.trail(reading.moment()))) == len(busy.records())
    with busy.reading() as reading:
        assert reading.check()["same"]
    assert len(forked) == 1


# Who does not do its share


def never_begins(*_: object) -> None:
    raise OSError("no")


def dies_at_once(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_when(at: Callable[[int, Any], bool]) -> Work:
    """Does its share up to a message, which it does not send: its number counts from 0."""
    work = filling._send_share

    def dies(fold: Any, share: Any, send: Send) -> None:
        sent = count()

        def sending(message: Any) -> None:
            if at(next(sent), message):
                os.kill(os.getpid(), signal.SIGKILL)
            send(message)

        work(fold, share, sending)

    return dies


def dying_after(messages: int) -> Work:
    return dying_when(lambda sent, _: sent == messages)


@pytest.mark.parametrize(
    "work",
    [never_begins, dies_at_once, *(dying_after(each) for each in (0, 1, 2, 3, 4, 5))],
    ids=["never begins", "dies at once", *(f"dies after {each} messages" for each in (0, 1, 2, 3, 4, 5))],
)
def test_who_does_not_do_its_share_is_done_without(
    busy: Store, monkeypatch: pytest.MonkeyPatch, forked: list[int], work: Work
) -> None:
    alone = rebuilt(busy, monkeypatch, 1)
    monkeypatch.setattr(filling, "_send_share", work)
    assert rebuilt(busy, monkeypatch, 2) == alone
    assert len(forked) == 1
    check_gone(forked)


def test_whose_share_is_not_missed_is_seen(busy: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: states that never came are taken for none."""
    alone = rebuilt(busy, monkeypatch, 1)
    receive = filling.Received._receive

    def careless(self: filling.Received) -> None:
        try:
            receive(self)
        except Cut:
            self._added = Added(0, 0)

    monkeypatch.setattr(filling.Received, "_receive", careless)
    monkeypatch.setattr(filling, "_send_share", dying_when(lambda _, message: "put_states" in message))
    assert rebuilt(busy, monkeypatch, 2) != alone


@pytest.mark.parametrize(
    "damage",
    [
        f"UPDATE stored_events SET {OTHER}",
        f"UPDATE stored_events SET {OTHER} WHERE originator_id = 'SUP-3'",
        "UPDATE stored_events SET state = x'7b7d' WHERE originator_id = 'SUP-2' AND originator_version = 4",
        "DELETE FROM stored_events WHERE originator_id = 'SUP-3' AND originator_version = 4",
        "DELETE FROM stored_events WHERE originator_id = 'SUP-4' AND originator_version = 8",
        "DELETE FROM stored_events WHERE position = 3",
    ],
)
def test_damage_is_told_as_one_alone_tells_it(
    busy: Store, monkeypatch: pytest.MonkeyPatch, forked: list[int], damage: str
) -> None:
    edit(busy.folder, damage)
    found = []
    for processes in (1, 2):
        with pytest.raises(Damaged) as damaged:
            rebuilt(busy, monkeypatch, processes)
        found.append(damaged.value.message)
    assert found[0] == found[1]
    check_gone(forked)


# The processes


def test_messages_come_in_order_and_then_it_is_cut() -> None:
    def work(send: Send) -> None:
        for number in range(3):
            send([number, b"x" * 100_000])

    with Beside(work) as other:
        assert [other.receive()[0] for _ in range(3)] == [0, 1, 2]
        with pytest.raises(Cut):
            other.receive()


def test_who_is_no_longer_needed_is_ended(forked: list[int]) -> None:
    with Beside(lambda _: time.sleep(600)):
        pass
    check_gone(forked)


def test_with_other_threads_one_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8))
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert beside.processes() == beside.MOST
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert beside.processes() == 1
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert beside.processes() == 1


ORPHAN = """
import os, signal, time
from roadlog.beside import Beside

def work(send):
    while True:
        send("still here")
        time.sleep(0.01)

with Beside(work) as other:
    other.receive()
    print(other._process, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nobody_works_for_one_who_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    out, _ = parent.communicate(timeout=60)
    assert parent.returncode == -signal.SIGKILL
    child = Path(f"/proc/{int(out)}/stat")
    for _ in range(500):
        if not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)
    raise AssertionError("it goes on")
