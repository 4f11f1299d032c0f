"""Checkpoints held against the log: those that it kept, and what somebody has from elsewhere."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from roadlog import store
from roadlog.event_store.proofs import root_at
from roadlog.event_store.report import Problem, Verdict
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.log_keys import LogKeys
from roadlog.trust.note import BadNote, Note, Verifier

if TYPE_CHECKING:
    from roadlog.event_store.reading import Reading
    from roadlog.event_store.records import KeptCheckpoint


class Anchored(Struct, frozen=True, kw_only=True):
    """The first `size` records are vouched for from outside, and by what.

    at: since when, by the clock of who vouches (RFC 3339); None where nobody but the log says so
    """

    size: int = 0
    at: str | None = None
    by: tuple[str, ...] = ()

    def beside(self, other: "Anchored") -> "Anchored":
        """What both together vouch for: the one of more records; both of as many, since the earlier."""
        if self.size != other.size:
            return max(self, other, key=lambda each: each.size)
        at = min((each.at for each in (self, other) if each.at), default=None)
        return Anchored(size=self.size, at=at, by=self.by + other.by)


class CheckpointsCheck:
    """Holds the checkpoints of a log against its records, and both against what somebody kept outside.

    against: a checkpoint or a key that the one who asks has from elsewhere
    by_given: how many that key signed, where one is given
    """

    def __init__(self, against: Note | Verifier | None = None) -> None:
        self.checkpoints = 0
        self.by_given = 0
        self.last: Checkpoint | None = None
        self.anchored = Anchored()
        self.given: Checkpoint | None = None
        self._against = against
        self._is_kept = False

    def check(self, reading: "Reading", size: int, keys: LogKeys | None) -> list[Problem]:
        """What is wrong, where the records themselves are whole.

        keys: those that signed the log; None where it never signed anything
        """
        first = next(iter(reading.scan(upto=1)), None)
        if first is None:
            return []
        self._size = size
        self._origin = store.origin(first.stream, first.leaf)
        self._reading = reading
        self._keys = keys
        return [*self._kept()] or [*self._given()]

    def _kept(self) -> Iterator[Problem]:
        """Every checkpoint that was made, in order."""
        before: KeptCheckpoint | None = None
        for kept in self._reading.checkpoints():
            last = before.id if before else 0
            if kept.id != last + 1:
                yield problem("missing", kept.size, f"checkpoint {last + 1}", f"checkpoint {kept.id}")
            found = self._one(kept, before)
            if found is not None:
                yield found
                return
            before = kept
            self.checkpoints += 1
            self.by_given += self._keys is not None and self._keys.at(kept.size) == self._against

    def _one(self, kept: "KeptCheckpoint", before: "KeptCheckpoint | None") -> Problem | None:
        name = f"checkpoint {kept.id}"
        try:
            note = Note.read(kept.note)
            said = Checkpoint.of(note)
        except BadNote as error:
            return problem("altered", kept.size, f"{name}, a signed note", str(error))
        if (said.number, said.size, said.made_at) != kept[:3]:
            claimed = f"{name} of {kept.size} records at {kept.made_at}"
            signed = f"number {said.number} of {said.size} at {said.made_at}"
            return problem("altered", kept.size, claimed, signed)
        if before and (kept.size < before.size or kept.made_at <= before.made_at):
            earlier = f"{before.size} records at {before.made_at}"
            return problem("reordered", kept.size, f"{name} after that of {earlier}", kept.made_at)
        found = self._signed(note, said, name) or self._over_this_log(said, name)
        self.last = said
        self._is_kept |= isinstance(self._against, Note) and self._against.text == note.text
        return found

    def _signed(self, note: Note, said: Checkpoint, name: str) -> Problem | None:
        """By the key that was in force, under the log's name."""
        if said.origin != self._origin:
            return problem("replaced", said.size, f"{name} of {self._origin}", f"one of {said.origin}")
        if self._keys is None:
            return problem("replaced", said.size, f"{name} signed by the log's key", "no log.pub")
        key = self._keys.at(said.size)
        try:
            signature = key.signed(note)
        except BadNote as error:
            return problem("altered", said.size, f"{name}, signed", str(error))
        if signature is None:
            by = ", ".join(each.key.hex() for each in note.signatures)
            return problem("replaced", said.size, f"{name} signed by {key.id.hex()}", f"by {by}")
        return None

    def _over_this_log(self, said: Checkpoint, name: str) -> Problem | None:
        """Over the root that the records have."""
        if said.size > self._size:
            records = f"{said.size} records, which {name} is of"
            return problem("truncated", self._size + 1, records, f"{self._size} records")
        root = root_at(said.size, self._reading.node)
        if root == said.root:
            return None
        verdict: Verdict = "altered"
        if self.last is not None and self.last.size == said.size:
            verdict = "split-view"
        since = self.last.size + 1 if self.last is not None else 1
        between = f"records {since} to {said.size}, root {said.root.hex()} by {name}"
        return problem(verdict, min(since, said.size), between, f"root {root.hex()}")

    def _given(self) -> Iterator[Problem]:
        """What the one who asks has from elsewhere, which then vouches for what it is of."""
        if not isinstance(self._against, Note):
            return
        said = Checkpoint.of(self._against)
        name = "the checkpoint given"
        found = self._signed(self._against, said, name)
        if found is None and said.size > self._size:
            records = f"{said.size} records, which {name} is of"
            found = problem("rolled-back", self._size + 1, records, f"{self._size} records")
        if found is None:
            root = root_at(said.size, self._reading.node)
            if root != said.root:
                vouched = self.last is not None and self.last.size >= said.size
                expected = f"root {said.root.hex()} of {said.size} records, by {name}"
                found = problem(
                    "split-view" if vouched else "altered", said.size, expected, f"root {root.hex()}"
                )
        if found is None and not self._is_kept:
            found = problem("rolled-back", said.size, f"{name} among those kept", "a log without it")
        if found is not None:
            yield found
            return
        self.given = said
        self.anchored = Anchored(size=said.size, by=(name,))


def problem(verdict: Verdict, position: int | None, expected: str, found: str) -> Problem:
    """Something that is not as it should be, of no stream."""
    return Problem(verdict=verdict, position=position, expected=expected, found=found)
