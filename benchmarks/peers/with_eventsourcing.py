"""eventsourcing at the contest: its mutable Aggregate, default mapper and SQLite recorder, as they come.

It never sets `synchronous`; SQLite's own default is FULL, which is checked before anything is compared.
`save` takes many aggregates in one commit. Its ProjectionRunner cannot follow SQLite: all events are read by
`select_notifications`, a thousand at a time, and its mapper, the fastest that it offers; and the runner runs
over its in-memory recorder, where saving the events is part of the time, because it runs while they are
saved.
"""

from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from benchmarks.peers.answering import BY, TEXT, answer, check_count
from benchmarks.timing import seconds

AT_ONCE = 1000
PATIENCE = 600.0
"""Seconds to wait for the runner."""


class Initiative(Aggregate):
    """Notes, in the order in which they came."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.notes: list[str] = []

    @event("NoteAdded")
    def add_note(self, text: str, by: str) -> None:
        """One more note."""
        self.notes.append(text)


class Roadmap(Application[UUID]):
    """The application, as it comes."""


class Count(POPOTrackingRecorder):
    """How many events were seen."""

    def __init__(self) -> None:
        super().__init__()
        self.events = 0

    def see(self, tracking: Tracking) -> None:
        """One more."""
        with self._database_lock:
            self._assert_tracking_uniqueness(tracking)
            self._insert_tracking(tracking)
            self.events += 1


class Counting(Projection[Count]):
    """Counts every event."""

    name = "counting"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Whatever it is."""
        self.view.see(tracking)


class Eventsourcing:
    """The works, by eventsourcing."""

    def make(self, folder: Path, streams: int, each: int) -> list[UUID]:
        app, initiatives = _opened(folder), _noted(streams, each)
        app.save(*initiatives)
        app.close()
        return [initiative.id for initiative in initiatives]

    def append(self, folder: Path, keys: list[UUID], commits: int) -> float:
        app = _opened(folder)

        def work() -> None:
            for key in islice(cycle(keys), commits):
                initiative: Initiative = app.repository.get(key)
                initiative.add_note(TEXT, BY)
                app.save(initiative)

        return _timed(app, work)

    def append_many(self, folder: Path, streams: int, each: int) -> float:
        app = _opened(folder)
        return _timed(app, partial(app.save, *_noted(streams, each)))

    def load(self, folder: Path, key: UUID, times: int) -> float:
        app = _opened(folder)
        return _timed(app, lambda: [app.repository.get(key) for _ in range(times)])

    def read_all(self, folder: Path, streams: int, each: int) -> float:
        app = _opened(folder)

        def work() -> None:
            count = 0
            while found := app.recorder.select_notifications(count + 1, AT_ONCE):
                count += len([app.mapper.to_domain_event(each) for each in found])
            check_count(count, streams * each)

        return _timed(app, work)

    def project(self, folder: Path, streams: int, each: int) -> float:
        initiatives = _noted(streams, each)
        with ProjectionRunner(
            application_class=Roadmap, projection_class=Counting, view_class=Count
        ) as runner:

            def work() -> None:
                last = runner.app.save(*initiatives)[-1].notification.id
                runner.wait(last, timeout=PATIENCE)
                check_count(runner.view.events, streams * each)

            return seconds(work)


def _opened(folder: Path) -> Roadmap:
    return Roadmap(
        env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "events.db")}
    )


def _noted(streams: int, each: int) -> list[Initiative]:
    """New initiatives, the first event of each its beginning; nothing is saved yet."""
    initiatives = [Initiative(f"Initiative {number}") for number in range(streams)]
    for initiative in initiatives:
        for _ in range(each - 1):
            initiative.add_note(TEXT, BY)
    return initiatives


def _timed(app: Roadmap, work: Any) -> float:
    try:
        return seconds(work)
    finally:
        app.close()


if __name__ == "__main__":
    answer(Eventsourcing())
