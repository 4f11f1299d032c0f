"""eventsource-py at the contest: its DeclarativeAggregate, repository and SQLite store, as they come.

It sets WAL and leaves `synchronous` to SQLite's default, FULL. An append is of one stream, so that many
streams take a commit each. All events are read by `read_all`; its SubscriptionManager runs a subscriber in
batches of a hundred, with checkpoints in memory. The handler changes the state in place, which is faster
than to copy it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from eventsource import (
    AggregateRepository,
    DeclarativeAggregate,
    DomainEvent,
    InMemoryCheckpointRepository,
    InMemoryEventBus,
    SQLiteEventStore,
    handles,
    register_event,
)
from eventsource.application.subscriptions import SubscriptionConfig, SubscriptionManager
from pydantic import BaseModel

from benchmarks.peers.answering import BY, TEXT, answer, check_count


@register_event
class InitiativeOpened(DomainEvent):
    """It began."""

    aggregate_type: str = "Initiative"
    title: str


@register_event
class NoteAdded(DomainEvent):
    """One more note."""

    aggregate_type: str = "Initiative"
    text: str
    by: str


class Notes(BaseModel):
    """Notes, in the order in which they came."""

    title: str
    notes: list[str] = []


class Initiative(DeclarativeAggregate[Notes]):
    """An initiative of which notes are taken."""

    aggregate_type = "Initiative"
    requires_creation_event = True

    def begin(self, title: str) -> None:
        """The first event."""
        self.create_event(InitiativeOpened, title=title)

    def add_note(self, text: str, by: str) -> None:
        """One more note."""
        self.create_event(NoteAdded, text=text, by=by)

    @handles(InitiativeOpened)
    def _opened(self, event: InitiativeOpened) -> None:
        self._state = Notes(title=event.title)

    @handles(NoteAdded)
    def _noted(self, event: NoteAdded) -> None:
        self.state.notes.append(event.text)


class Counter:
    """Counts every event."""

    def __init__(self) -> None:
        self.events = 0

    def subscribed_to(self) -> list[type[DomainEvent]]:
        """All there are."""
        return [InitiativeOpened, NoteAdded]

    async def handle(self, _event: DomainEvent) -> None:
        """Whatever it is."""
        self.events += 1


class EventsourcePy:
    """The works, by eventsource-py."""

    def make(self, folder: Path, streams: int, each: int) -> list[UUID]:
        initiatives = _noted(streams, each)
        _timed(folder, lambda store: _saved(store, initiatives))
        return [initiative.aggregate_id for initiative in initiatives]

    def append(self, folder: Path, keys: list[UUID], commits: int) -> float:
        async def work(store: SQLiteEventStore) -> None:
            repository = _repository(store)
            for key in islice(cycle(keys), commits):
                initiative = await repository.load(key)
                initiative.add_note(TEXT, BY)
                await repository.save(initiative)

        return _timed(folder, work)

    def append_many(self, folder: Path, streams: int, each: int) -> float:
        initiatives = _noted(streams, each)
        return _timed(folder, lambda store: _saved(store, initiatives))

    def load(self, folder: Path, key: UUID, times: int) -> float:
        async def work(store: SQLiteEventStore) -> None:
            repository = _repository(store)
            for _ in range(times):
                await repository.load(key)

        return _timed(folder, work)

    def read_all(self, folder: Path, streams: int, each: int) -> float:
        async def work(store: SQLiteEventStore) -> None:
            check_count(len([envelope.event async for envelope in store.read_all()]), streams * each)

        return _timed(folder, work)

    def project(self, folder: Path, streams: int, each: int) -> float:
        async def work(store: SQLiteEventStore) -> None:
            counter = Counter()
            manager = SubscriptionManager(store, InMemoryEventBus(), InMemoryCheckpointRepository())
            await manager.subscribe(counter, SubscriptionConfig(start_from="beginning"))
            await manager.start()
            check_count(counter.events, streams * each)
            await manager.stop()

        return _timed(folder, work)


def _noted(streams: int, each: int) -> list[Initiative]:
    """New initiatives, the first event of each its beginning; nothing is saved yet."""
    initiatives = [Initiative(uuid4()) for _ in range(streams)]
    for number, initiative in enumerate(initiatives):
        initiative.begin(f"Initiative {number}")
        for _ in range(each - 1):
            initiative.add_note(TEXT, BY)
    return initiatives


async def _saved(store: SQLiteEventStore, initiatives: list[Initiative]) -> None:
    repository = _repository(store)
    for initiative in initiatives:
        await repository.save(initiative)


def _repository(store: SQLiteEventStore) -> AggregateRepository[Initiative]:
    return AggregateRepository(event_store=store, aggregate_factory=Initiative)


def _timed(folder: Path, work: Callable[[SQLiteEventStore], Awaitable[None]]) -> float:
    """Seconds of the work alone: the store is open, and its schema there, before the clock starts."""

    async def run() -> float:
        store = SQLiteEventStore(str(folder / "events.db"))
        await store.current_position()
        began = perf_counter()
        try:
            await work(store)
            return perf_counter() - began
        finally:
            await store.close()

    running: Coroutine[Any, Any, float] = run()
    return asyncio.run(running)


if __name__ == "__main__":
    answer(EventsourcePy())
