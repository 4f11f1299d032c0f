"""Anchors held against the log, and what they show to who trusts which witnesses and authorities."""

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from roadlog.domain.moments import rfc3339
from roadlog.event_store.proofs import root_at
from roadlog.event_store.report import Problem
from roadlog.trust import anchor
from roadlog.trust.anchor import Trusted, check_anchor
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.log_keys import LogKeys
from roadlog.trust.note import BadNote, Note
from roadlog.verification.checkpoints import Anchored, problem

if TYPE_CHECKING:
    from roadlog.event_store.reading import Reading
    from roadlog.event_store.records import KeptAnchor


class AnchorsCheck:
    """Holds the anchors of a log against its records.

    vouched: what each anchor shows that shows something, in the order in which they were made
    unchecked: why the others show nothing here, of each kind the last
    trusted: whom the reader believes
    """

    def __init__(self, trusted: Trusted) -> None:
        self.anchors = 0
        self.vouched: list[anchor.Anchored] = []
        self.unchecked: dict[str, str] = {}
        self._said: dict[bytes, KeptAnchor] = {}
        self.trusted = trusted

    @property
    def anchored(self) -> Anchored:
        """How many records are vouched for: since when, and by whom."""
        size = max((each.checkpoint.size for each in self.vouched), default=0)
        last = [each for each in self.vouched if each.checkpoint.size == size]
        if not last:
            return Anchored()
        by = tuple(dict.fromkeys(each.by for each in last))
        return Anchored(size=size, at=rfc3339(min(each.at for each in last)), by=by)

    def check(self, reading: "Reading", size: int, keys: LogKeys | None) -> Iterator[Problem]:
        """What is wrong, where the records themselves and the checkpoints are whole.

        keys: those that signed the log; None where it never signed anything
        """
        self._keys = keys
        before: KeptAnchor | None = None
        for kept in reading.anchors():
            last = before.id if before else 0
            name = f"anchor {kept.id}"
            if kept.id != last + 1:
                yield problem("missing", kept.size, f"anchor {last + 1}", name)
            found = self._one(kept, name, reading, size)
            if found is not None:
                yield found
                return
            before = kept
            self.anchors += 1
        for each in reading.checkpoints() if self._said else ():
            self._said.pop(_digest(Note.read(each.note).text), None)
        for left in self._said.values():
            expected = f"the checkpoint of anchor {left.id} among those kept"
            yield problem("rolled-back", left.size, expected, "a log without it")

    def _one(self, kept: "KeptAnchor", name: str, reading: "Reading", size: int) -> Problem | None:
        if self._keys is None:
            return problem("replaced", kept.size, f"{name} signed by the log's key", "no log.pub")
        try:
            shown = check_anchor(kept.kind, kept.size, kept.content, self._keys.at(kept.size), self.trusted)
        except BadNote as error:
            return problem("altered", kept.size, f"{name}, a checkpoint that is kept outside", str(error))
        found = _over_this_log(shown.checkpoint, name, reading, size)
        self._said[_digest(shown.checkpoint.text)] = kept
        if isinstance(shown, anchor.Anchored):
            self.vouched.append(shown)
        else:
            self.unchecked[kept.kind] = shown.why
        return found


def _digest(text: str) -> bytes:
    """Stands for what the log signed, in little room."""
    return sha256(text.encode()).digest()


def _over_this_log(said: Checkpoint, name: str, reading: "Reading", size: int) -> Problem | None:
    """Over the root that the records have; the log itself signed what the anchor holds."""
    if said.size > size:
        records = f"{said.size} records, which {name} is of"
        return problem("rolled-back", size + 1, records, f"{size} records")
    root = root_at(said.size, reading.node)
    if root == said.root:
        return None
    expected = f"root {said.root.hex()} of {said.size} records, by {name}"
    return problem("split-view", said.size, expected, f"root {root.hex()}")
