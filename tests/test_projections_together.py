"""Several processes use the projections, and are killed: nobody sees half of anything."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roadlog.application import Application, Wish
from roadlog.domain.commands import MeasureOutcome
from tests.projections_file import NOTE, check, status
from tests.stores import OPEN, PROBLEM, Store

# Several processes

READ = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from roadlog.reading import Reading

with Reading(Path(sys.argv[1]), now=datetime.now(UTC)) as reading:
    moment = reading.moment()
    board = reading.board(moment)
    print(board["position"], len(board["initiatives"]), len(list(reading.trail(moment))))
"""
DIE = """
import os, signal, sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
import roadlog.upkeep
from roadlog.projections.folding import Index
from roadlog.reading import Reading

careless = sys.argv[4:] == ["careless"]  # commits before it is whole, and rebuilds in place
if careless:
    roadlog.upkeep._scratch = nullcontext
taken = 0
take = Index.take

def taking(self, record):
    global taken
    take(self, record)
    taken += 1
    if taken == int(sys.argv[2]):
        self.write()
        if careless:
            self._cache.set_mark(*reading._upkeep.head[:2])
            self._cache.commit()
        os.kill(os.getpid(), signal.SIGKILL)

Index.take = taking
with Reading(Path(sys.argv[1]), now=datetime.now(UTC)) as reading:
    getattr(reading, sys.argv[3])()
"""


@pytest.fixture
def real_time(tmp_path: Path) -> Path:
    """A store made by the clock on the wall, which other processes read; 60 records."""
    folder = tmp_path / ".roadlog"
    Application.create(folder, Wish(actor="paula"), OPEN)
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), PROBLEM, *[NOTE] * 56)
    return folder


def process(script: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_readers_who_catch_up_at_once_read_the_same(real_time: Path) -> None:
    readers = [process(READ, str(real_time)) for _ in range(4)]
    for reader in readers:
        out, err = reader.communicate(timeout=60)
        assert (out, err, reader.returncode) == ("60 1 60\n", "", 0)


def killed(folder: Path, taken: int, method: str, *careless: str) -> Store:
    """The store after a process that folds into its projections was killed, so many records along."""
    died = process(DIE, str(folder), str(taken), method, *careless)
    died.communicate(timeout=60)
    assert died.returncode == -signal.SIGKILL
    return Store(folder, None)  # type: ignore[arg-type]


def glimpse(team: Store) -> tuple[int, int, tuple[str, ...]]:
    """What a reader sees: the position, how many entries, the initiatives."""
    with team.reading() as reading:
        moment = reading.moment()
        return reading.board(moment)["position"], len(list(reading.trail(moment))), reading.keys()


WHOLE = (60, 60, ("SUP-1",))


@pytest.mark.parametrize("method", ["moment", "rebuild"])
def test_who_is_killed_midway_leaves_what_was_there(real_time: Path, method: str) -> None:
    team = killed(real_time, 30, method)
    assert status(team)["position"] == 0
    out, err = process(READ, str(real_time)).communicate(timeout=60)
    assert (out, err) == ("60 1 60\n", "")
    assert check(team)["same"]


@pytest.mark.parametrize("method", ["moment", "rebuild"])
def test_what_a_careless_fold_leaves_is_seen(real_time: Path, method: str) -> None:
    """The controls of the tests around: a fold that commits before it is whole fails each of them."""
    team = killed(real_time, 30, method, "careless")
    assert status(team)["position"] != 0
    assert not check(team)["same"]
    with team.reading() as reading:
        assert reading.board(reading.moment())["initiatives"] == []


def one_more(folder: Path) -> None:
    """Projections at the head, and then another record."""
    process(READ, str(folder)).communicate(timeout=60)
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), MeasureOutcome(stream="SUP-1", metric="tickets", value=3))


def test_a_killed_rebuild_changes_nothing_and_is_swept_up_by_the_next(real_time: Path) -> None:
    one_more(real_time)
    team = killed(real_time, 30, "rebuild")
    assert (status(team)["position"], check(team)["same"]) == (60, True)
    assert list(real_time.glob("*.new"))
    with team.reading() as reading:
        assert reading.rebuild()["position"] == 61
    assert not list(real_time.glob("*.new*"))
    assert check(team)["same"]


def test_what_a_careless_rebuild_changes_is_seen(real_time: Path) -> None:
    """The control of the test above: a rebuild in place that commits before it is whole."""
    one_more(real_time)
    team = killed(real_time, 1, "rebuild", "careless")
    assert (status(team)["position"], check(team)["same"]) == (61, False)


def test_a_rebuild_under_readers_never_shows_half(real_time: Path) -> None:
    """While one rebuilds again and again, every answer of another is whole."""
    again = process(
        READ.replace("    moment", "    for _ in range(20): reading.rebuild()\n    moment", 1), str(real_time)
    )
    team = Store(real_time, None)  # type: ignore[arg-type]
    seen = []
    while again.poll() is None:
        seen.append(glimpse(team))
        time.sleep(0.001)
    assert again.communicate() == ("60 1 60\n", "")
    assert set(seen) == {WHOLE}
