"""The log's keys held against one another, against the log, and against the key that somebody has."""

from collections.abc import Iterator

from roadlog.domain.events import LogKeyChanged
from roadlog.domain.records import Record
from roadlog.event_store.report import Problem
from roadlog.trust.log_keys import BadChange, LogKeys
from roadlog.trust.note import Note, Verifier
from roadlog.verification.checkpoints import problem


class LogKeysCheck:
    """Follows the records from the log's first key to the one in force.

    origin: which log it is
    public: the first key, as the store has it; None where it never signed anything
    against: a checkpoint or a key that the one who asks has from elsewhere
    keys: as far as they were followed
    """

    def __init__(self, origin: str, public: Verifier | None, against: Note | Verifier | None = None) -> None:
        self.keys = None if public is None else LogKeys(public)
        self._origin = origin
        self._against = against
        self._changes: list[Record] = []

    def take(self, record: Record) -> None:
        """One more record, in log order."""
        if isinstance(record.event, LogKeyChanged):
            self._changes.append(record)

    def check(self) -> Iterator[Problem]:
        """What is wrong, where the records themselves are whole."""
        first = self.keys.first if self.keys else None
        if first is not None and first.name != self._origin:
            yield problem("replaced", None, f"the log {first.name}", f"the log {self._origin}")
            return
        if first is None and self._changes:
            expected = "log.pub, the key that another one took the place of"
            yield problem("replaced", self._changes[0].position, expected, "no log.pub")
            return
        if first is not None:
            try:
                self.keys = LogKeys.of(first, self._changes)
            except BadChange as error:
                at = error.record
                expected = "a change of the log's key that the key in force and the new one signed"
                yield Problem(
                    verdict="replaced",
                    position=at.position,
                    stream=at.stream,
                    version=at.version,
                    expected=expected,
                    found=str(error),
                )
                return
        known = self.keys.all if self.keys else (None,)
        if isinstance(self._against, Verifier) and self._against not in known:
            yield problem("replaced", None, f"the key given, {self._against}", f"the key {known[-1]}")

    def told(self) -> list[dict[str, object]]:
        """Each key, the record since which it signs (None: the first), and whether it was the one given."""
        if self.keys is None:
            return []
        return [
            {"position": position, "key": str(key), "given": key == self._against}
            for position, key in ((None, self.keys.first), *self.keys.later)
        ]
