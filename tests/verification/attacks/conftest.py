"""A store worth attacking, and what somebody kept of it outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec import Struct

from roadlog.domain.commands import AddNote, AdvanceMilestone, Approve, LogRisk, MeasureOutcome
from roadlog.trust.note import Note
from tests.faults.team import QUICK
from tests.stores import Store, team_store


class Victim(Struct, frozen=True):
    """A store with its team, two initiatives and votes.

    kept: checkpoints that somebody kept outside: of the log's first half, and of all of it
    """

    folder: Path
    now: datetime
    half: Note
    all: Note


def story(team: Store) -> Iterator[str]:
    """What happens to it; yields where somebody keeps a checkpoint."""
    for _ in range(2):
        key = team.define()
        team.do(AdvanceMilestone(stream=key))
        team.do(AddNote(stream=key, text="one word"))
        team.do(Approve(stream=key), by="carla")
        team.do(
            LogRisk(stream=key, description="Invents rules", category="hallucination", likelihood=4, impact=4)
        )
        team.do(MeasureOutcome(stream=key, metric="tickets", value=800))
        team.do(Approve(stream=key), by="dan")
        yield key


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """In memory where that can be: what is attacked is written and synced a thousand times."""
    with TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as place:
        yield Path(place)


@pytest.fixture(scope="session")
def victim(place: Path) -> Victim:
    folder = place / ".roadlog"
    with team_store(folder) as team:
        half, whole = [Note.read(team.application.checkpoint().note) for _ in story(team)]
        return Victim(folder, team.now + timedelta(minutes=1), half, whole)


@pytest.fixture
def copy(place: Path) -> Path:
    """Where the store's copy is, which is attacked."""
    return place / "copy"
