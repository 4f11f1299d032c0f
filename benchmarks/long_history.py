"""A log as long as one likes, whose initiatives go on side by side for two years; a million records a minute.

One initiative's records are typed as `histories` types them; all initiatives repeat them, each under its own
key and from another day on. They are appended in the order of time, some in one transaction, by a clock that
says when the last of them happened: so a past position, and a past time, hold a part of every history.
Measurements, every thirteenth record, come two days late; of every hundredth initiative the first note is
void.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from benchmarks.histories import add_initiative, open_roadmap
from roadlog import machine, rows, store
from roadlog.domain.events import NoteAdded, OutcomeMeasured, ProblemDefined, RecordVoided
from roadlog.domain.records import Record
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark
from roadlog.reading import Reading

BEGIN = datetime(2024, 1, 8, 9, tzinfo=UTC)
DAYS = 700
"""From the first record to the last."""
TOGETHER = 500
"""Records in a transaction, at most."""
LATE = timedelta(days=2)
WITHIN = timedelta(days=3)
"""From when the first of a transaction happened until the last did: so none is backdated beyond the rules."""

Told = tuple[datetime, int, int]
"""When it happened, the initiative's number, and which of its records it is."""


def open_side_by_side(folder: Path, initiatives: int, records: int) -> None:
    """A new store with so many initiatives of so many records each; some have one more."""
    with TemporaryDirectory() as place:
        roadmap, template = _template(Path(place) / "store", records)
    folder.mkdir(parents=True)
    writer = _Writer(folder)
    with writer.log:
        for record in roadmap:
            writer.add(record.stream, replace(record.body, effective_at=BEGIN, salt=machine.random_hex(16)))
        for at, number, nth in _in_time(initiatives, records):
            _add(writer, number, at, template[nth].body)
        writer.write()


def _template(folder: Path, records: int) -> tuple[list[Record], list[Record]]:
    """The roadmap's own records, and those of one initiative."""
    with open_roadmap(folder) as application:
        key = add_initiative(application, records)
    with Reading(folder, now=machine.clock()) as reading:
        found = list(reading.records())
    return [each for each in found if each.stream != key], [each for each in found if each.stream == key]


def _in_time(initiatives: int, records: int) -> Iterator[Told]:
    """Initiatives begin over two thirds of the time, and each takes a third of it."""
    between, step = timedelta(days=DAYS * 2 / 3) / initiatives, timedelta(days=DAYS / 3) / records

    def told(number: int) -> Iterator[Told]:
        begun = BEGIN + number * between
        return ((begun + place * step, number, place) for place in range(records))

    return merge(*(told(number) for number in range(1, initiatives + 1)))


def _add(writer: "_Writer", number: int, at: datetime, body: Any) -> None:
    stream, event = f"SUP-{number}", body.event
    writer.now = at
    match event:
        case ProblemDefined():
            event = replace(event, key=stream)
        case NoteAdded():
            event = replace(event, text=f"{event.text}, seen in {stream}")
        case OutcomeMeasured():
            at -= LATE
        case _:
            pass
    writer.add(stream, replace(body, effective_at=at, event=event, salt=machine.random_hex(16)))
    if isinstance(event, NoteAdded) and number % 100 == 0 and stream not in writer.voided:
        writer.voided.add(stream)
        void = RecordVoided(position=writer.position)
        writer.add(stream, replace(body, effective_at=at, event=void, salt=machine.random_hex(16)))


class _Writer:
    """Appends bodies to a new log, some in one transaction."""

    def __init__(self, folder: Path) -> None:
        self.now = BEGIN
        self.position = 0
        self.voided: set[str] = set()
        self._versions: dict[str, int] = {}
        self._new: list[New] = []
        self._since = self._last = BEGIN
        path = str(folder / store.EVENTS)
        self.log = Log.create(path, rows.codec(), rows.make_record, lambda: self._last)

    def add(self, stream: str, body: Any) -> None:
        if self.now - self._since > WITHIN and self._new:
            self.write()
        self._since = self._since if self._new else self.now
        self._new.append(New(stream, type(body.event).__name__, body))
        self._last = self.now
        self.position += 1
        if len(self._new) == TOGETHER:
            self.write()

    def write(self) -> None:
        before = {new.stream: self._versions.get(new.stream, 0) for new in self._new}
        command = machine.random_hex(16)
        new = [replace(each, body=replace(each.body, command_id=command)) for each in self._new]
        self.log.append(new, expected=before, command=CommandMark(command, command * 2))
        for each in self._new:
            self._versions[each.stream] = self._versions.get(each.stream, 0) + 1
        self._new.clear()
