"""Forecasts beside numpy: ours does each work, numpy's absence is told, and who gives up says why."""

import sys
from pathlib import Path

import pytest

from benchmarks import forecasting
from benchmarks.figures import measured
from tests.benchmarks.test_figures import TINY

ANSWERS = "import sys\nfor line in sys.stdin: print(0.001, flush=True)"


@pytest.mark.parametrize("work", forecasting.WORKS)
def test_ours_does_every_work(work: str) -> None:
    assert forecasting.ours(work) > 0


def test_numpy_is_given_the_same_history() -> None:
    task = forecasting.task()
    counts, stays = forecasting.history()
    assert (task["counts"], task["drawn"] % 7) == (counts, 0)
    assert {each for end in task["ends"] for each in end["then"]} <= {-1, *range(len(forecasting.ORDER))}
    assert len(stays) > 1_000


def test_without_numpy_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasting, "PYTHON", tmp_path / "python")
    found = measured(forecasting.GROUP, forecasting.GROUP.measure(tmp_path, TINY, 1))
    assert {each.verdict for each in found} == {"not measured: not installed; make peers"}


def test_another_is_asked_in_turn() -> None:
    values = forecasting.contest([sys.executable, "-c", ANSWERS], 1)
    assert all(not isinstance(each, str) and each[0] > 0 for each in values.values())
    assert list(values) == [figure.name for figure in forecasting.FIGURES]


def test_one_that_gives_up_says_why() -> None:
    values = forecasting.contest([sys.executable, "-c", "raise SystemExit('There is no numpy.')"], 1)
    assert set(values.values()) == {"There is no numpy."}
