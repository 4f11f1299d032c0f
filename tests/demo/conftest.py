"""One play of the demo, under a frozen clock, that the tests of this folder look at."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from msgspec.msgpack import Decoder

from roadlog import rows, store
from roadlog.demo.player import run
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.reading import Reading

PREPARED = (rows.codec(), Decoder(InitiativeState), Decoder(RoadmapState))
"""Made while time is frozen, they would take freezegun's types for those of their fields."""

TODAY = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
"""A Wednesday."""


class Played:
    """What a play left: its folder, what it printed, and the records of its store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with freeze_time(TODAY):
            self.code, self.out, self.err = run(("demo", "--dir", str(folder)))
            with Reading(folder / store.FOLDER, now=TODAY) as reading:
                self.records: tuple[Record, ...] = tuple(reading.records())

    def of(self, kind: str, key: str | None = None) -> list[Record]:
        """The records of that type, in log order, of all streams or of one."""
        return [each for each in self.records if each.type == kind and key in (None, each.stream)]


def told(record: Record, field: str) -> Any:
    """A field of the record's event."""
    return getattr(record.event, field)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(tmp_path_factory.mktemp("demo") / "roadlog-demo")
