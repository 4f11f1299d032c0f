"""The same log over every backend."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from roadlog.event_store.log import Log
from tests.event_store.samples import CODEC, Clock, Record, make_record


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "events.db")


@pytest.fixture(params=["sqlite", "memory"])
def log(request: pytest.FixtureRequest, path: str, clock: Clock) -> Iterator[Log[Record]]:
    """An empty log on each backend in turn: one suite holds for all."""
    made = (
        Log.create(path, CODEC, make_record, clock)
        if request.param == "sqlite"
        else Log.in_memory(CODEC, make_record, clock)
    )
    with made as opened:
        yield opened


@pytest.fixture
def on_disk(path: str, clock: Clock) -> Iterator[Log[Record]]:
    """An empty log in a file."""
    with Log.create(path, CODEC, make_record, clock) as opened:
        yield opened
