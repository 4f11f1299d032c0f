"""The conformance classes of the `eventsourcing` library, on our recorders."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase
from uuid import uuid4

from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, StoredEvent
from eventsourcing.tests import persistence

from roadlog.event_store import sqlite
from roadlog.event_store.memory import MemoryRecorder
from roadlog.event_store.reading import Reader
from roadlog.event_store.recorder import SQLiteRecorder


def now() -> datetime:
    return datetime.now(UTC)


class OnSQLite(TestCase):
    """Recorders over one new file a test, with text for ids, as our streams have."""

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name) / "events.db")
        sqlite.create(self.path)

    def new_originator_id(self) -> str:
        return uuid4().hex

    def opened(self, make: Callable[..., SQLiteRecorder]) -> SQLiteRecorder:
        recorder = make(self.path, now)
        self.addCleanup(recorder.close)
        return recorder


class InMemory(TestCase):
    def new_originator_id(self) -> str:
        return uuid4().hex


class _NoPositions(SQLiteRecorder):
    """The contract of aggregate recorders: ours, but positions are not returned."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        super().insert_events(stored_events, **kwargs)


class TestSQLiteAggregateRecorder(OnSQLite, persistence.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.opened(_NoPositions)


class TestSQLiteApplicationRecorder(OnSQLite, persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return self.opened(SQLiteRecorder)

    def test_concurrent_no_conflicts(self, initial_position: int = 0) -> None:  # noqa: PT028, the library's own
        super().test_concurrent_no_conflicts(initial_position)
        with Reader(self.path) as reader:
            assert [row[0] for row in reader.rows()] == list(range(1, 10_001))


class TestSQLiteNotificationIdsDoNotInterleave(OnSQLite, persistence.NonInterleavingNotificationIDsBaseCase):
    insert_num = 1000

    def create_recorder(self) -> ApplicationRecorder:
        return self.opened(SQLiteRecorder)


class TestMemoryApplicationRecorder(InMemory, persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return MemoryRecorder(now)

    def test_insert_subscribe(self) -> None:
        super().optional_test_insert_subscribe()


del OnSQLite, InMemory
