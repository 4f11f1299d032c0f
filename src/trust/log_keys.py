"""The keys that a log had, one after the other: each signed that the next takes its place, as that did."""

from collections.abc import Iterable
from typing import NamedTuple

from roadlog.domain.events import LogKeyChanged
from roadlog.domain.log_keys import change_text
from roadlog.domain.records import Record
from roadlog.trust.note import BadNote, Verifier, check_ed25519, decoded


class BadChange(BadNote):
    """A record that brings in a key which did not come in force. `record` is it."""

    def __init__(self, record: Record, why: str) -> None:
        super().__init__(why)
        self.record = record


class LogKeys(NamedTuple):
    """`first` is the log's key from its beginning on, `later` each that came, and by the record where."""

    first: Verifier
    later: tuple[tuple[int, Verifier], ...] = ()

    @classmethod
    def of(cls, first: Verifier, changes: Iterable[Record]) -> "LogKeys":
        """The keys after these records, in log order. Raises BadChange."""
        keys = cls(first)
        for record in changes:
            if isinstance(record.event, LogKeyChanged):
                try:
                    keys = keys._with(record, record.event)
                except BadNote as error:
                    raise BadChange(record, str(error)) from error
        return keys

    @property
    def all(self) -> tuple[Verifier, ...]:
        """Each, the first one first."""
        return (self.first, *(key for _, key in self.later))

    def at(self, size: int) -> Verifier:
        """The one that signs a log of so many records."""
        return next((key for position, key in reversed(self.later) if position <= size), self.first)

    def _with(self, record: Record, event: LogKeyChanged) -> "LogKeys":
        last = self.all[-1]
        if event.old != str(last):
            raise BadNote(f"the key {last.id.hex()} was in force, and another one gives way")
        new = Verifier.read(event.new)
        if (new.name, str(new)) != (last.name, event.new):
            raise BadNote(f"a key of {new.name} comes in force")
        text = change_text(last.name, record.version, event.old, event.new).encode()
        check_ed25519(last.public, decoded(event.by_old), text, f"the old key {last.id.hex()}")
        check_ed25519(new.public, decoded(event.by_new), text, f"the new key {new.id.hex()}")
        return self._replace(later=(*self.later, (record.position, new)))
