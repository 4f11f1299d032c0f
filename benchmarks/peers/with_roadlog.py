"""roadlog at the contest: its Application and its Reading, as its commands use them.

Every event has its whole envelope, its leaf and its part of the tree, and every commit waits for the disk.
Many events at once are recorded as an import records them, in one commit. Its own projections are all there
are: states, board rows and the trail, into a file.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path

from benchmarks.histories import OWNER, open_roadmap
from benchmarks.peers.answering import BY, TEXT, answer, check_count
from benchmarks.timing import seconds
from roadlog import machine, rows, store
from roadlog.application import Application, HistoricalEvent, Wish
from roadlog.domain.commands import AddNote
from roadlog.domain.events import Event, InitiativeAdopted, NoteAdded
from roadlog.domain.evolve import fold
from roadlog.domain.records import Actor
from roadlog.event_store.log import Log
from roadlog.reading import Reading

ACTOR = Actor(id=BY, kind="human", assurance="asserted", roles=("product",))


class Roadlog:
    """The works, by roadlog."""

    def make(self, folder: Path, streams: int, each: int) -> list[str]:
        with open_roadmap(folder / "store") as application:
            return _recorded(application, _noted(application, streams, each))

    def append(self, folder: Path, keys: list[str], commits: int) -> float:
        with Application.open(folder / "store") as application:

            def work() -> None:
                for key in islice(cycle(keys), commits):
                    application.execute(Wish(actor=OWNER), AddNote(stream=key, text=TEXT))

            return seconds(work)

    def append_many(self, folder: Path, streams: int, each: int) -> float:
        with open_roadmap(folder / "store") as application:
            events = _noted(application, streams, each)
            return seconds(lambda: _recorded(application, events))

    def load(self, folder: Path, key: str, times: int) -> float:
        path = str(folder / "store" / store.EVENTS)
        with Log.open(path, rows.codec(), rows.make_record, machine.clock) as log:
            return seconds(lambda: [log.load(key, lambda _, found: fold(found)) for _ in range(times)])

    def read_all(self, folder: Path, streams: int, each: int) -> float:
        with Reading(folder / "store", now=machine.clock()) as reading:

            def work() -> None:
                roadmap = reading.roadmap_key()
                check_count(sum(record.stream != roadmap for record in reading.records()), streams * each)

            return seconds(work)

    def project(self, folder: Path, streams: int, each: int) -> float:
        with Reading(folder / "store", now=machine.clock()) as reading:
            return seconds(reading.rebuild)


def _noted(application: Application, streams: int, each: int) -> list[HistoricalEvent]:
    """New initiatives, the first event of each its beginning; nothing is recorded yet."""
    at = machine.clock()
    keys = islice(application.new_keys(), streams)
    return [
        HistoricalEvent(
            stream=key,
            version=version,
            event=event,
            at=at,
            actor=ACTOR,
            reason=None,
            source=application.source,
        )
        for key in keys
        for version, event in enumerate(_events(key, at, each), start=1)
    ]


def _events(key: str, at: datetime, count: int) -> Iterator[Event]:
    yield InitiativeAdopted(
        key=key,
        title=f"Initiative {key}",
        milestone="feasibility",
        since=at,
        owner=None,
        origin="import",
        cycle=1,
        iteration=1,
        visit=1,
    )
    for _ in range(count - 1):
        yield NoteAdded(text=TEXT)


def _recorded(application: Application, events: list[HistoricalEvent]) -> list[str]:
    """Records them; the keys of their streams."""
    for _ in application.record_history(events, application.roadmap()):
        pass
    return list(dict.fromkeys(event.stream for event in events))


if __name__ == "__main__":
    answer(Roadlog())
