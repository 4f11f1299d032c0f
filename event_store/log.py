"""The log as the application uses it: load a stream, append to streams, read all of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from msgspec import Struct

from roadlog.event_store import sqlite
from roadlog.event_store.appending import Appender, Appending
from roadlog.event_store.codec import Codec
from roadlog.event_store.reading import Reader, Reading
from roadlog.event_store.records import (
    Between,
    CommandMark,
    CommandResult,
    Head,
    KeptAnchor,
    KeptCheckpoint,
    NewRecord,
    Row,
)
from roadlog.event_store.vouching import before_in, vouched

if TYPE_CHECKING:
    from eventsourcing.application import Repository

    from roadlog.event_store.checkpoints import Sign
    from roadlog.event_store.mapper import RecordStore
    from roadlog.event_store.recorder import Recorder

R = TypeVar("R")
S = TypeVar("S")

MakeRecord = Callable[[Row, Any], R]
"""From a row and its decoded body to what the caller calls a record."""
Clock = Callable[[], datetime]
Fold = Callable[[S | None, Iterable[R]], S | None]
"""From a state (None at first) and records to the next state; None when there were no records."""


class New(Struct, frozen=True):
    """A body for the end of a stream."""

    stream: str
    type: str
    body: Any


class Appended(Generic[R]):
    """What one command recorded; `replayed` when the same command had recorded it before."""

    def __init__(self, make: Callable[[], Iterable[R]], *, replayed: bool) -> None:
        self._make = make
        self._records: tuple[R, ...] | None = None
        self.replayed = replayed

    @property
    def records(self) -> tuple[R, ...]:
        """The records; an import, which wants none of them back, pays for none."""
        if self._records is None:
            self._records = tuple(self._make())
        return self._records


class Log(Generic[R]):
    """One log for one writer process: bodies in, records out.

    `recorder`, `events` and `repository` give the same log to the `eventsourcing` library and its tools.
    `load` and `append` do what its Repository and EventStore do, by the same rules, without importing it.
    (Its `Application` would compose them from environment variables, which could so change what is stored.)
    """

    def __init__(
        self,
        appending: Appending,
        codec: Codec,
        make_record: MakeRecord[R],
        open_reader: Callable[[], Reading],
    ) -> None:
        self.codec = codec
        self._appending = appending
        self._make_record = make_record
        self._open_reader = open_reader
        self._reader: Reading | None = None

    @classmethod
    def create(cls, path: str, codec: Codec, make_record: MakeRecord[R], clock: Clock) -> Self:
        """Make a store at `path` and open it; `StoreExists` where something already is."""
        sqlite.create(path)
        return cls.open(path, codec, make_record, clock)

    @classmethod
    def open(
        cls,
        path: str,
        codec: Codec,
        make_record: MakeRecord[R],
        clock: Clock,
        *,
        lock_timeout: float = sqlite.LOCK_TIMEOUT,
    ) -> Self:
        """Open the store at `path`; it is looked at when first used.

        `lock_timeout` is in seconds. Every method raises `StoreError` where the store cannot be reached,
        opened or written, and `Unreadable` where it is damaged.
        """
        appending = Appender(path, clock, lock_timeout=lock_timeout)
        return cls(appending, codec, make_record, lambda: Reader(path, lock_timeout=lock_timeout))

    @classmethod
    def in_memory(cls, codec: Codec, make_record: MakeRecord[R], clock: Clock) -> Self:
        """A log that lives as long as this object."""
        from roadlog.event_store.memory import Memory

        memory = Memory(clock)
        return cls(memory, codec, make_record, lambda: memory)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._appending.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def load(self, stream: str, fold: Fold[S, R], *, version: int | None = None) -> S | None:
        """The state that `fold` makes of a stream's records (up to a version); None when it has none.

        Raises `Unreadable` for a body that is not strictly of its type.
        """
        stored = self._appending.select_rows(stream, lte=version)
        return fold(None, self._vouched(stored)) if stored else None

    def append(
        self,
        new: Sequence[New],
        *,
        expected: Mapping[str, int],
        command: CommandMark,
        as_of: int | None = None,
        sign: "Sign | None" = None,
        between: Between | None = None,
    ) -> Appended[R]:
        """Record `new` and the command's mark in one durable transaction: all of it or nothing.

        `expected` names every stream that was read to decide this, with the version read (0: it had no
        record), the streams written among them. A command id that was used before with the same digest writes
        nothing and returns the first result. Positions follow the head without gaps; the recorded time is the
        clock's, or a microsecond after the last one when the clock stepped back. `as_of` is what
        `written_by_others` said when all of that was read: then nobody may have written anything since.
        `sign` gives the note of a checkpoint of the log as it stands with these records, where one is due,
        which is kept in the same transaction.
        `between` are two moments: what the clock shows must lie between them.

        Raises `VersionConflict`, `WrittenMeanwhile`, `OutOfTime`, `CommandReused`, `Unstorable`,
        `StoreError`; KeyError when a stream written is not in `expected`.
        """
        versions = dict(expected)
        records = []
        for item in new:
            versions[item.stream] = version = versions[item.stream] + 1
            state = self.codec.encode(item.type, item.body)
            records.append(NewRecord(item.stream, version, item.type, state))
        sealed = self._appending.append(
            records, expected=expected, command=command, as_of=as_of, sign=sign, between=between
        )
        if sealed.replayed:
            return Appended(partial(map, self.to_record, sealed.records), replayed=True)
        bodies = [item.body for item in new]
        return Appended(partial(map, self._make_record, sealed.records, bodies), replayed=False)

    def checkpoint(self, sign: "Sign") -> KeptCheckpoint | None:
        """Keep a checkpoint of the log as it stands; None where `sign` gives none."""
        return self._appending.append((), sign=sign).checkpoint

    def anchor(self, kind: str, size: int, content: bytes) -> KeptAnchor:
        """Keep what vouches for the first `size` records from outside."""
        return self._appending.keep_anchor(kind, size, content)

    def to_record(self, row: Row) -> R:
        """What a row holds. Raises `Unreadable` for a body that is not strictly of its type."""
        position, stream, _, type_name, _, state, _ = row
        body = self.codec.decode(type_name, state, position=position, stream=stream)
        return self._make_record(row, body)

    def _vouched(self, rows: Iterable[Row]) -> Iterator[R]:
        return vouched(rows, self.codec.decode, self._make_record, before_in(lambda: self.reader))

    @cached_property
    def recorder(self) -> "Recorder":
        """The library's recorder contract over this log."""
        from roadlog.event_store.recorder import Recorder

        return Recorder(self._appending, self._open_reader)

    @cached_property
    def events(self) -> "RecordStore[R]":
        """The library's EventStore over this log."""
        from roadlog.event_store.mapper import RecordMapper, RecordStore

        return RecordStore(RecordMapper(self.codec), self.recorder, self._vouched)

    @cached_property
    def repository(self) -> "Repository[str]":
        """The library's Repository over this log: `repository.get(stream, projector_func=fold)`."""
        from eventsourcing.application import Repository

        return Repository(self.events)

    @property
    def reader(self) -> Reading:
        """The log for reading: rows, no bodies."""
        if self._reader is None:
            self._reader = self._open_reader()
        return self._reader

    def head(self) -> Head:
        """The last record, `EMPTY_LOG` when there is none."""
        return self.reader.head()

    def command(self, command_id: str) -> CommandResult | None:
        """What a command did, None when the id was never used."""
        return self.reader.command(command_id)

    def version(self, stream: str) -> int:
        """The version of a stream's last record, 0 when it has none."""
        return self._appending.tail(stream).version

    def written_by_others(self) -> int:
        """A number that is another one as soon as anybody else has written the log."""
        return self._appending.written_by_others()

    def held_back(self) -> int:
        """Bytes that grow on disk because somebody still reads an older state; 0 while they are few."""
        return self._appending.held_back()

    def scan(self, after: int = 0, upto: int | None = None) -> Iterator[R]:
        """The records at positions above `after` up to and including `upto`, in order, streamed."""
        return self._vouched(self.reader.rows(after, upto))
