"""The contest with peers: who does what is asked, who is not there, and who gives up."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.figures import measured
from benchmarks.peers import contest
from benchmarks.peers.answering import Task, check_count
from tests.benchmarks.test_figures import TINY

TASK = Task(streams=2, before=2, commits=3, each=4, events=5, loads=1)


@pytest.mark.parametrize("name", ["roadlog", "eventsourcing"])
def test_a_contestant_does_every_work(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"benchmarks.peers.with_{name}"]
    with contest.started(command, tmp_path / name, TASK) as contestant:
        assert all(contestant.seconds(work) > 0 for work in contest.WORKS)


def test_one_that_gives_up_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('There is no such store.')"]
    with (
        contest.started(command, tmp_path / "peer", TASK) as contestant,
        pytest.raises(contest.Failed, match=r"There is no such store\."),
    ):
        contestant.seconds("load")


def test_who_does_not_do_the_whole_work_is_out() -> None:
    check_count(2, expected=2)
    with pytest.raises(RuntimeError, match="1 events were read, not 2"):
        check_count(1, expected=2)


def test_peers_that_are_not_installed_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(contest, "NODE", tmp_path / "node")
    monkeypatch.setattr("shutil.which", _finds("node"))
    found = measured(contest.GROUP, contest.GROUP.measure(tmp_path, TINY, 1))
    assert [each.figure for each in found] == list(contest.FIGURES)
    assert {each.verdict for each in found} == {"not measured: not installed; make peers"}
    assert not any(each.missed for each in found)


def test_without_node_its_peer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", _finds(None))
    assert contest.command_of("emmett") == "node is not installed"


def test_what_is_installed_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(contest, "PEERS", ("eventsourcing",))
    values = contest.GROUP.measure(tmp_path, TINY, 1)
    assert list(values) == [f"eventsourcing-{work}" for work in contest.WORKS]
    assert all(len(found) in (1, 4) and not isinstance(found, str) for found in values.values())


def _finds(path: str | None) -> Callable[[str], str | None]:
    return lambda _name: path
