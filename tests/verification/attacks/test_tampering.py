"""Random tampering with a store of which somebody kept a checkpoint: verify finds it every time."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from roadlog import anchoring, machine
from roadlog.domain.refusals import RoadlogError
from tests.conftest import Figure, Times
from tests.faults.counts import TAMPERINGS
from tests.verification.attacks.conftest import Victim
from tests.verification.attacks.intruder import after, verdict
from tests.verification.attacks.tampering import tamper

SHARES = 4


def undetected(victim: Victim, copy: Path, times: int, seed: int) -> list[str]:
    """What was done to a copy without verify, given the checkpoint that somebody kept, saying so."""
    chance, missed = Random(seed), []
    for _ in range(times):
        said: list[str] = []
        after(lambda intruder: said.append(tamper(intruder, chance)), victim.folder, copy)  # noqa: B023
        with suppress(RoadlogError):  # a store that cannot be read at all is found, too
            found, code, _ = verdict(copy, victim.now, victim.all)
            if code != 4:
                missed.append(f"{said[0]}: {found}")
    return missed


@pytest.fixture(scope="module")
def anchored(victim: Victim, place: Path) -> Victim:
    """With two anchors, of which the table is tampered with as well."""
    folder = place / "tampered with" / ".roadlog"
    shutil.copytree(victim.folder, folder)
    for number in range(2):
        anchoring.by_file(folder, str(place / f"anchor-{number}.txt"))
    return replace(victim, folder=folder, now=machine.clock())


@pytest.mark.fuzz
@pytest.mark.parametrize("share", range(SHARES))
def test_any_tampering_is_found(
    anchored: Victim, copy: Path, times: Times, figure: Figure, share: int
) -> None:
    each = times(TAMPERINGS) // SHARES
    assert undetected(anchored, copy, each, share) == []
    figure(f"{each} stores tampered with, all found")
