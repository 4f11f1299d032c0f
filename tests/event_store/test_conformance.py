"""The conformance classes of the `eventsourcing` library, on our recorder over each backend."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase
from uuid import uuid4

import pytest
from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, StoredEvent
from eventsourcing.tests import persistence

from roadlog.event_store import sqlite
from roadlog.event_store.appending import Appender, Appending
from roadlog.event_store.memory import Memory
from roadlog.event_store.reading import Reader, Reading
from roadlog.event_store.recorder import Recorder

Open = tuple[Appending, Callable[[], Reading]]


def now() -> datetime:
    return datetime.now(UTC)


class _NoPositions(Recorder):
    """The contract of aggregate recorders: ours, but positions are not returned."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        super().insert_events(stored_events, **kwargs)


class OnSQLite(TestCase):
    """Over one new file a test, with text for ids, as our streams have."""

    def new_originator_id(self) -> str:
        return uuid4().hex

    def opened(self) -> Open:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = str(Path(folder.name) / "events.db")
        sqlite.create(path)
        appender = Appender(path, now)
        self.addCleanup(appender.close)
        return appender, lambda: Reader(path)


class InMemory(TestCase):
    """Over lists."""

    def new_originator_id(self) -> str:
        return uuid4().hex

    def opened(self) -> Open:
        memory = Memory(now)
        return memory, lambda: memory


class TestSQLiteAggregateRecorder(OnSQLite, persistence.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return _NoPositions(*self.opened())


class TestMemoryAggregateRecorder(InMemory, persistence.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return _NoPositions(*self.opened())


class TestSQLiteApplicationRecorder(OnSQLite, persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return Recorder(*self.opened())


class TestMemoryApplicationRecorder(InMemory, persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return Recorder(*self.opened())


class TestSQLitePositionsDoNotInterleave(OnSQLite, persistence.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return Recorder(*self.opened())


class TestMemoryPositionsDoNotInterleave(InMemory, persistence.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return Recorder(*self.opened())


def test_subscriptions_are_not_offered() -> None:
    memory = Memory(now)
    with pytest.raises(NotImplementedError):
        Recorder(memory, lambda: memory).subscribe()


del OnSQLite, InMemory
