"""Keys of stakeholders: enrolled, retired, and which handles are one person because of them."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from roadlog.domain.events import KeyEnrolled, KeyRetired
from roadlog.domain.records import Record


class Key(Struct, frozen=True, gc=False, kw_only=True):
    """A public key of a stakeholder: when it may sign, who enrolled it, and since when it signs no more.

    position, retired_by: of the records that enrolled and retired it
    retired_at: when its retirement was recorded, whatever its effective time
    """

    position: int
    stakeholder: str
    fingerprint: str
    public_key: str
    valid_from: datetime
    valid_until: datetime | None
    enrolled_by: str
    retired_by: int | None = None
    retired_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When it signs no more: its window ended, or it was retired."""
        return min((end for end in (self.valid_until, self.retired_at) if end is not None), default=None)

    def signs_at(self, moment: datetime) -> bool:
        """Whether the moment lies in its window: `[valid_from, valid_until)`."""
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)


def key_of(record: Record, event: KeyEnrolled) -> Key:
    """The key that a record enrols."""
    from roadlog.domain.ssh_keys import fingerprint

    return Key(
        position=record.position,
        stakeholder=event.stakeholder,
        fingerprint=fingerprint(event.public_key),
        public_key=event.public_key,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        enrolled_by=record.actor.id,
    )


def retired(key: Key, record: Record, event: KeyRetired) -> Key:
    """The key as it is once that is recorded, which may retire it or another."""
    if (key.stakeholder, key.fingerprint) != (event.stakeholder, event.fingerprint):
        return key
    return replace(key, retired_by=record.position, retired_at=record.recorded_at)


def joined(persons: dict[str, str], handles: tuple[str, ...], holders: tuple[str, ...]) -> dict[str, str]:
    """Who stands behind which handle, once these holders have a key in common: the first of all of them.

    `handles` are those of the roadmap in order; one that is not in `persons` stands for itself.
    """
    if len(set(holders)) == 1:
        return persons
    same = {persons.get(each, each) for each in holders}
    theirs = [each for each in dict.fromkeys((*handles, *holders)) if persons.get(each, each) in same]
    return {**persons, **dict.fromkeys(theirs, theirs[0])}
