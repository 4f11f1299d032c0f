"""Everything that the event store can refuse or fail at. Four families, so that a caller maps four classes.

`StoreError`: the store cannot be reached, opened or written. `Conflict`: somebody recorded first, or a
command id was reused. `Unreadable`: stored bytes that cannot be read as what they claim to be. `Unstorable`:
a value that is refused on its way in.
"""


class EventStoreError(Exception):
    """Any failure of the event store; its text names the thing, the rule and the way out."""


class StoreError(EventStoreError):
    """The store cannot be reached, opened or written."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class StoreMissing(StoreError):
    """There is no file at the store's path."""


class StoreExists(StoreError):
    """A store is not made where something already is."""


class StoreLocked(StoreError):
    """Another process held the store for longer than the time we wait."""


class StoreReadOnly(StoreError):
    """The file or its folder may not be written."""


class NotAStore(StoreError):
    """The file is not an SQLite database, or not one that this program made."""


class NewerSchema(StoreError):
    """The store was made by a newer version of this program."""


class StoreUnwritable(StoreError):
    """The disk is full, or the device failed to read or write."""


class Conflict(EventStoreError):
    """What the caller decided upon is no longer so."""


class WrittenMeanwhile(Conflict):
    """Somebody wrote the store, whatever it was, since the caller looked."""

    def __init__(self) -> None:
        super().__init__("somebody wrote the store meanwhile")


class OutOfTime(Conflict):
    """The clock shows a time at which it must not be recorded any more, or not yet."""

    def __init__(self) -> None:
        super().__init__("the clock has moved on, or back, since the decision")


class VersionConflict(Conflict):
    """A stream is not at the version that the caller read: somebody recorded first."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(f"stream {stream} is at version {found}, not at the expected {expected}")
        self.stream = stream
        self.expected = expected
        self.found = found


class CommandReused(Conflict):
    """A command id came again with other content."""

    def __init__(self, command_id: str, digest: str, found: str) -> None:
        super().__init__(f"command id {command_id} was already used with other content")
        self.command_id = command_id
        self.digest = digest
        self.found = found


class Unreadable(EventStoreError):
    """A stored record, or a page of the file, that cannot be read as what it claims to be.

    `path` says where in the body (`$.data.title`); position, stream and type are None where the damage lies
    deeper.
    """

    def __init__(
        self,
        why: str,
        *,
        position: int | None = None,
        stream: str | None = None,
        type_name: str | None = None,
        path: str | None = None,
    ) -> None:
        place = "the store" if position is None else f"record {position}"
        detail = ", ".join(
            f"{word} {value}"
            for word, value in (("stream", stream), ("type", type_name), ("at", path))
            if value
        )
        super().__init__(f"{place} cannot be read{f' ({detail})' if detail else ''}: {why}")
        self.why = why
        self.position = position
        self.stream = stream
        self.type_name = type_name
        self.path = path


class Unstorable(EventStoreError, ValueError):
    """A value that JSON, or this log, cannot hold exactly."""


class PayloadTooLarge(Unstorable):
    """The bytes of one record are beyond the limit."""

    def __init__(self, type_name: str, size: int, limit: int) -> None:
        super().__init__(f"{type_name} is {size:,} bytes, a record holds at most {limit:,}: put it in a file")
        self.size = size
        self.limit = limit
