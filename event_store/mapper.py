"""The `eventsourcing` library's Mapper and EventStore over our codec, our rows and the caller's records."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import EventStore, JSONTranscoder, Mapper, StoredEvent
from msgspec import Struct

from roadlog.event_store.codec import Codec
from roadlog.event_store.recorder import Recorder
from roadlog.event_store.records import StoredRecord

R = TypeVar("R")


class NewEvent(Struct, frozen=True):
    """A body on its way to a place in a stream, as the library's EventStore takes it."""

    originator_id: str
    originator_version: int
    type: str
    body: Any


class RecordMapper(Mapper[str]):
    """Bodies and rows by the codec; no topic is ever resolved, no transcoding looked up."""

    def __init__(self, codec: Codec) -> None:
        super().__init__(JSONTranscoder())
        self.codec = codec

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        new = cast(NewEvent, domain_event)
        state = self.codec.encode(new.type, new.body)
        return StoredEvent(new.originator_id, new.originator_version, new.type, state)


class RecordStore(EventStore[str], Generic[R]):
    """The library's EventStore, getting whole records: its own rows have no position, time or leaf."""

    def __init__(
        self,
        mapper: RecordMapper,
        recorder: Recorder,
        to_records: Callable[[Iterable[StoredRecord]], Iterator[R]],
    ) -> None:
        super().__init__(mapper, recorder)
        self._to_records = to_records
        self._recorder = recorder

    def get(
        self,
        originator_id: str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Iterator[Any]:
        rows = self._recorder.select_records(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        return reversed([*self._to_records(rows[::-1])]) if desc else self._to_records(rows)
