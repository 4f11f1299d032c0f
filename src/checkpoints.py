"""Checkpoints of a store: when one is due, and that it follows from the last one."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from roadlog import failures, store
from roadlog.domain.refusals import StoreFailure
from roadlog.event_store.errors import Unreadable
from roadlog.store import Place

if TYPE_CHECKING:
    from roadlog.domain.records import Record
    from roadlog.event_store.checkpoints import RootAt, Sign
    from roadlog.event_store.log import Log
    from roadlog.event_store.records import KeptCheckpoint
    from roadlog.trust.note import Signer

VOUCHED_FOR = "StakeholderApproved"
"""Records of this type are stored with a checkpoint."""
BEGINNING = "RoadmapOpened"
"""The log's first record."""


class Checkpoints:
    """Signs for one store's log. `unsigned` says why a checkpoint that was due could not be made."""

    def __init__(self, folder: Place, log: "Log[Record]") -> None:
        self.unsigned: str | None = None
        self._folder = folder
        self._log = log
        self._origin: str | None = None
        self._signer: Signer | None = None

    def when_due(self, types: Collection[str], every_hours: int) -> "Sign | None":
        """Signs where an approval is among these types, or so many hours passed since the last checkpoint.

        What keeps it from signing stops nobody from recording: it is in `unsigned`. The key has the log's
        name, which is made of the first record: so there is none as long as that is not recorded.
        """
        if BEGINNING in types:
            return None
        approved = VOUCHED_FOR in types

        def sign(last: "KeptCheckpoint", size: int, made_at: str, root_at: "RootAt") -> bytes | None:
            if not approved and last.id and not _is_over(last.made_at, made_at, every_hours):
                return None
            try:
                return self._note(last, size, made_at, root_at)
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

    def _note(self, last: "KeptCheckpoint", size: int, made_at: str, root_at: "RootAt") -> bytes:
        """Signs nothing that does not follow from the last checkpoint: raises Unreadable."""
        from roadlog.trust.checkpoint import Checkpoint
        from roadlog.trust.note import BadNote, Note

        if self._signer is None:
            self._signer = self._ready_signer(last)
        if last.id:
            try:
                said = Checkpoint.of(Note.read(last.note))
            except BadNote as error:
                raise Unreadable(f"checkpoint {last.id}: {error}") from error
            if said.size > size or root_at(said.size) != said.root:
                raise Unreadable(f"the log is not the one of which checkpoint {last.id} was made")
        text = Checkpoint(self._signer.verifier.name, size, root_at(size), last.id + 1, made_at).text
        return Note(text, (self._signer.sign(text),)).write()

    def _ready_signer(self, last: "KeptCheckpoint") -> "Signer":
        """The log's key; made where the log never had one."""
        from roadlog import log_key

        first = next(iter(self._log.reader.scan(upto=1)), None)
        if first is None:
            raise StoreFailure("log-key", "There is no checkpoint of a log without records.")
        origin = store.origin(first.stream, first.leaf)
        if last.id == 0 and not log_key.is_there(self._folder):
            log_key.make(self._folder, origin)
        return log_key.signer(self._folder, origin)


def _is_over(since: str, now: str, hours: int) -> bool:
    return datetime.fromisoformat(now) - datetime.fromisoformat(since) >= timedelta(hours=hours)
