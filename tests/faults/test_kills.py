"""kill -9 at random moments of recording, importing, catching up and rebuilding."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Figure, Times
from tests.faults.counts import KILLS

ROOT = Path(__file__).parents[2]
WORK = ("appends", "imports", "catch-ups", "rebuilds")


def killed(folder: Path, work: str, kills: int, kind: str = "Hasty") -> dict[str, Any]:
    """What the campaign counted."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", str(folder), work, str(kills), "1", kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("work", WORK)
def test_a_kill_loses_nothing_and_leaves_no_half(
    tmp_path: Path, times: Times, figure: Figure, work: str
) -> None:
    """Nothing acknowledged is lost, no half command stands, and the projections equal a fold from zero."""
    found = killed(tmp_path, work, times(KILLS) // len(WORK))
    resumed = f", {found['resumed']:,} imports resumed to the same end" if work == "imports" else ""
    held = f"{found['acknowledged']:,} acknowledgements"
    figure(f"{found['kills']:,} kills, {held}, nothing lost, no half{resumed}")
    assert found["fault"] == ""
    assert found["acknowledged"] > found["kills"] / 5


@pytest.mark.parametrize(
    ("work", "kind", "what"),
    [
        ("appends acknowledged too early", "Hasty", "acknowledged, and is lost"),
        ("appends", "WithoutTransactions", "inserted|torn|half|truncated"),
        ("imports", "WithoutTransactions", "inserted|torn|half|truncated"),
        ("imports anew", "Hasty", "imported in spite of kills"),
        ("rebuilds in place", "Hasty", "projections as the records make them|projections differ"),
        ("catch-ups", "ProjectionsWithoutTransactions", "projections as the records make them"),
    ],
)
def test_carelessness_is_found(tmp_path: Path, work: str, kind: str, what: str) -> None:
    """The controls: the same campaign goes red."""
    found = killed(tmp_path, work, 400, kind)
    assert any(each in found["fault"] for each in what.split("|")), found
