"""kill -9 at random moments of a witness that two forked logs ask at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import Figure, Times
from tests.faults.counts import WITNESS_KILLS

ROOT = Path(__file__).parents[2]


def killed(folder: Path, kills: int, kind: str) -> dict[str, Any]:
    """What the campaign counted."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.witness_kills", str(folder), str(kills), "1", kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_killed_witness_never_cosigns_a_fork(tmp_path: Path, times: Times, figure: Figure) -> None:
    """What it cosigned it remembers, and all that it ever cosigned is of one log."""
    found = killed(tmp_path, times(WITNESS_KILLS), "Witness")
    figure(f"{found['kills']:,} kills, {found['cosigned']:,} cosignatures, none of a fork, none forgotten")
    assert found["fault"] == ""
    assert found["cosigned"] > found["kills"]


def test_a_witness_that_answers_before_it_stores_is_found(tmp_path: Path) -> None:
    """The control: the same campaign goes red."""
    found = killed(tmp_path, 400, "Hasty")
    assert "remembers" in found["fault"] or "fork" in found["fault"], found
