"""Signed approvals: who signed one, with a key of theirs that could sign then; and all of a log, in order.

`approval_text.py` says what is signed; `sshsig.py` how.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from roadlog.domain.approval_text import approval_text, namespace
from roadlog.domain.events import (
    InitiativeAdopted,
    KeyEnrolled,
    KeyRetired,
    MilestoneAdvanced,
    MilestoneReturned,
    StakeholderApproved,
)
from roadlog.domain.moments import told
from roadlog.domain.records import Assurance, Record
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap
from roadlog.domain.ssh_keys import PublicKey
from roadlog.trust.sshsig import BadSignature, Sshsig

AnchoredAt = Callable[[int], datetime | None]
"""Since when an anchor shows that the record at a position exists; None where none does."""


class NotTheirs(ValueError):
    """The signature is right, and its key is not one of the approver's that could sign then."""


def signer(signature: str, text: str, origin: str) -> PublicKey:
    """The key that signed the text of an approval in the log of that origin. Raises BadSignature."""
    found = Sshsig.read(signature)
    found.check(text.encode(), namespace(origin))
    return found.key


def assurance(key: PublicKey) -> Assurance:
    """How sure a signature by the key makes it who approved."""
    return "hardware" if key.hardware else "signed"


def check_key(key: PublicKey, roadmap: RoadmapState, handle: str, at: datetime) -> None:
    """Raises NotTheirs unless the key is enrolled for the handle, not retired, and signs at that moment."""
    name = key.fingerprint
    theirs = next((each for each in roadmap.keys_of(handle) if each.public_key == key.text), None)
    if theirs is None:
        holders = [each.stakeholder for each in roadmap.keys if each.public_key == key.text]
        of = f"is {' and '.join(holders)}'s, not {handle}'s" if holders else f"is not enrolled for {handle}"
        raise NotTheirs(f"the key {name} {of}")
    if theirs.retired_by is not None:
        raise NotTheirs(f"the key {name} of {handle} was retired at position {theirs.retired_by}")
    if not theirs.signs_at(at):
        until = f"until {told(theirs.valid_until)}" if theirs.valid_until else "on"
        raise NotTheirs(f"the key {name} of {handle} signs from {told(theirs.valid_from)} {until}")


class Forged(NamedTuple):
    """An approval that is not what it says: where, what it would have to be, and what it is."""

    position: int
    stream: str
    version: int
    expected: str
    found: str


KEYS = (KeyEnrolled, KeyRetired)
MOVES = (MilestoneAdvanced, MilestoneReturned, InitiativeAdopted)
"""The records that say in which cycle and iteration an initiative is."""


class Texts:
    """The texts of a log's approvals, whose records it is told one after the other, from the first."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._leaves: dict[str, str] = {}
        self._iterations: dict[str, tuple[int, int]] = {}

    def take(self, record: Record) -> str | None:
        """The next record of the log: the text that was to be signed, None where it is no approval."""
        event, stream, text = record.body.event, record.stream, None
        if isinstance(event, StakeholderApproved):
            cycle, iteration = self._iterations.get(stream, (0, 0))
            text = approval_text(
                record,
                event,
                origin=self._origin,
                cycle=cycle,
                iteration=iteration,
                previous=self._leaves.get(stream, ""),
            )
        elif isinstance(event, MOVES):
            self._iterations[stream] = (event.cycle, event.iteration)
        self._leaves[stream] = record.leaf
        return text


class SignedApprovals:
    """Checks the approvals of a log, whose records it is told one after the other, from the first.

    forged: those that are not what they say
    approvals: how many there were
    """

    def __init__(self, origin: str) -> None:
        self.forged: list[Forged] = []
        self.approvals = 0
        self._origin = origin
        self._keys: dict[int, tuple[str, str]] = {}
        self._roadmap = RoadmapState()
        self._texts = Texts(origin)

    def take(self, record: Record) -> None:
        """The next record of the log."""
        text, event = self._texts.take(record), record.body.event
        if isinstance(event, StakeholderApproved) and text is not None:
            self.approvals += 1
            self._check(record, event.signature, text)
        elif record.body.actor.assurance != "asserted":
            self._tell(record, "an actor asserted: only approvals are signed", record.actor.assurance)
        elif isinstance(event, KEYS):
            self._roadmap = evolve_roadmap(self._roadmap, record)

    @property
    def signed(self) -> int:
        """How many approvals bear a signature that holds."""
        return len(self._keys)

    def outlived(self, anchored_at: AnchoredAt) -> tuple[int, ...]:
        """Positions of signed approvals that an anchor first shows when their key signed no more.

        Their recorded times say that it did then, and nothing outside does. Asked when the log was told.
        """
        ends = {(each.stakeholder, each.public_key): each.ends_at for each in self._roadmap.keys}
        shown = ((each, anchored_at(each), ends.get(key)) for each, key in self._keys.items())
        return tuple(each for each, at, end in shown if at is not None and end is not None and end <= at)

    def _check(self, record: Record, signature: str | None, text: str) -> None:
        if signature is None:
            if record.actor.assurance != "asserted":
                self._tell(record, "a signature", f"none, though the actor is {record.actor.assurance}")
            return
        try:
            key = signer(signature, text, self._origin)
            check_key(key, self._roadmap, record.actor.id, record.recorded_at)
        except (BadSignature, NotTheirs) as error:
            self._tell(record, f"a signature of {record.actor.id} over this approval", str(error))
            return
        if assurance(key) == record.actor.assurance:
            self._keys[record.position] = (record.actor.id, key.text)
        else:
            self._tell(record, f"an actor {assurance(key)}, as the key is", record.actor.assurance)

    def _tell(self, record: Record, expected: str, found: str) -> None:
        self.forged.append(Forged(record.position, record.stream, record.version, expected, found))
