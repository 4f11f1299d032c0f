"""Checkpoints of a store: when one is due, and that it follows from the last one."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from roadlog import failures, rows, store
from roadlog.domain.refusals import StoreFailure
from roadlog.event_store.errors import Unreadable
from roadlog.store import Place

if TYPE_CHECKING:
    from roadlog.domain.records import Record
    from roadlog.event_store.checkpoints import RootAt, Sign
    from roadlog.event_store.log import Log
    from roadlog.event_store.records import KeptCheckpoint
    from roadlog.trust.note import Signer, Verifier

VOUCHED_FOR = frozenset({"StakeholderApproved", "LogKeyChanged"})
"""Records of these types are stored with a checkpoint."""
BEGINNING = "RoadmapOpened"
"""The log's first record."""
CHANGE = "LogKeyChanged"
"""By which records another key comes in force."""


class Checkpoints:
    """Signs for one store's log. `unsigned` says why a checkpoint that was due could not be made."""

    def __init__(self, folder: Place, log: "Log[Record]") -> None:
        self.unsigned: str | None = None
        self._folder = folder
        self._log = log
        self._signer: Signer | None = None
        self._in_force: Verifier | None = None
        self._version = 0

    def when_due(self, records: "Collection[Record]", every_hours: int) -> "Sign | None":
        """Signs where these records are vouched for, or so many hours passed since the last checkpoint.

        What keeps it from signing stops nobody from recording: it is in `unsigned`. The key has the log's
        name, which is made of the first record: so there is none as long as that is not recorded.
        """
        types = {each.type for each in records}
        if BEGINNING in types:
            return None
        at_once = not VOUCHED_FOR.isdisjoint(types)
        coming = next((each for each in records if each.type == CHANGE), None)

        def sign(last: "KeptCheckpoint", size: int, made_at: str, root_at: "RootAt") -> bytes | None:
            if not at_once and last.id and not _is_over(last.made_at, made_at, every_hours):
                return None
            try:
                return self._note(last, size, made_at, root_at, coming)
            except StoreFailure as failure:
                self.unsigned = failure.message
                return None

        return sign

    def make(self) -> "KeptCheckpoint":
        """A checkpoint of the log as it stands. Raises StoreFailure where its key cannot be used; Damaged."""
        with failures.in_our_words():
            made = self._log.checkpoint(self._note)
        if made is None:
            raise AssertionError("it signs or raises")
        return made

    def _note(
        self,
        last: "KeptCheckpoint",
        size: int,
        made_at: str,
        root_at: "RootAt",
        coming: "Record | None" = None,
    ) -> bytes:
        """Signs nothing that does not follow from the last checkpoint: raises Unreadable."""
        from roadlog.trust.checkpoint import Checkpoint
        from roadlog.trust.note import BadNote, Note

        signer = self._ready_signer(last, coming)
        if last.id:
            try:
                said = Checkpoint.of(Note.read(last.note))
            except BadNote as error:
                raise Unreadable(f"checkpoint {last.id}: {error}") from error
            if said.size > size or root_at(said.size) != said.root:
                raise Unreadable(f"the log is not the one of which checkpoint {last.id} was made")
        text = Checkpoint(signer.verifier.name, size, root_at(size), last.id + 1, made_at).text
        return Note(text, (signer.sign(text),)).write()

    def _ready_signer(self, last: "KeptCheckpoint", coming: "Record | None") -> "Signer":
        """The key in force, or the one that a record brings, not stored yet; made where there is none.

        A key that came in force is put in its place first: whoever changed it may have been cut off.
        """
        from roadlog import log_key

        first = next(iter(self._log.reader.scan(upto=1)), None)
        if first is None:
            raise StoreFailure("key", "There is no checkpoint of a log without records.")
        origin = store.origin(first.stream, first.leaf)
        if last.id == 0 and not log_key.is_there(self._folder):
            log_key.make(self._folder, origin)
        self._follow(first.stream)
        if coming is not None:
            return log_key.signer(self._folder, origin, _brought_by(coming))
        if self._signer is None or self._in_force not in (None, self._signer.verifier):
            self._signer = log_key.signer(self._folder, origin, self._in_force)
            log_key.settle(self._folder, self._signer.verifier)
        return self._signer

    def _follow(self, roadmap: str) -> None:
        """Reads which key came in force since this was asked for last."""
        later = list(self._log.reader.stream(roadmap, after_version=self._version))
        for record in rows.records((each for each in later if each.type == CHANGE), self._log.reader):
            self._in_force = _brought_by(record)
        self._version = later[-1].version if later else self._version


def _brought_by(record: "Record") -> "Verifier":
    """The key that a record brings. Raises Unreadable."""
    from roadlog.trust.note import BadNote, Verifier

    try:
        return Verifier.read(getattr(record.event, "new", ""))
    except BadNote as error:
        raise Unreadable(f"the key of record {record.position}: {error}") from error


def _is_over(since: str, now: str, hours: int) -> bool:
    return datetime.fromisoformat(now) - datetime.fromisoformat(since) >= timedelta(hours=hours)
