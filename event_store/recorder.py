"""The `eventsourcing` library's recorder contract over any of our backends, in the library's own terms."""

from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice, starmap
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from roadlog.event_store.appending import Appending
from roadlog.event_store.errors import VersionConflict
from roadlog.event_store.reading import Reading
from roadlog.event_store.records import NewRecord, StoredRecord


class Recorder(ApplicationRecorder):
    """Records the library's stored events by our rules: positions, leaves, tree and commands included.

    The library's own SQLite recorder numbers by bare rowid (cut the tail and numbers are used again), begins
    its transactions deferred and never sets `synchronous`, so that nothing of it but the contract could stay.
    """

    def __init__(self, appending: Appending, open_reader: Callable[[], Reading]) -> None:
        self._appending = appending
        self._open_reader = open_reader

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The positions of the events; `expected` and `command` may be given as for `Log.append`.

        Raises the library's `IntegrityError` for a version that is taken or does not follow.
        """
        if not stored_events and not kwargs:
            return None
        new = [NewRecord(str(s.originator_id), s.originator_version, s.topic, s.state) for s in stored_events]
        try:
            return [position for position, *_ in self._appending.append(new, **kwargs).records]
        except VersionConflict as error:
            raise IntegrityError(str(error)) from error

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        records = self.select_records(str(originator_id), gt=gt, lte=lte, desc=desc, limit=limit)
        return [StoredEvent(record.stream, record.version, record.type, record.state) for record in records]

    def select_records(
        self, stream: str, *, gt: int | None, lte: int | None, desc: bool, limit: int | None
    ) -> list[StoredRecord]:
        """What `select_events` selects, with all columns."""
        rows = self._appending.select_rows(stream, gt=gt, lte=lte)
        records = list(starmap(StoredRecord, rows))
        return (records[::-1] if desc else records)[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        with closing(self._open_reader()) as reader:
            wanted = (
                Notification(record.stream, record.version, record.type, record.state, record.position)
                for record in reader.scan(max(after, 0), stop)
                if not topics or record.type in topics
            )
            return list(islice(wanted, limit))

    def max_notification_id(self) -> int | None:
        with closing(self._open_reader()) as reader:
            return reader.head().position or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Not offered, as by the library's own SQLite recorder: projections catch up by position."""
        raise NotImplementedError("this recorder does not support subscriptions")
