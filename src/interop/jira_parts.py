"""What each part of the files says of an issue: read strictly, and kept on disk until all files are read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from tempfile import TemporaryFile
from typing import NamedTuple, Self

from msgspec import Struct, msgpack

from roadlog.domain.refusals import StoreFailure
from roadlog.interop import jira_shapes as shapes
from roadlog.interop.jira_accounts import Accounts
from roadlog.interop.jira_answers import Part, whole
from roadlog.interop.sorting import counted
from roadlog.interop.written import ACTIVITY_CHARACTERS, Unreadable, named, time

SYSTEM = (None, "jira")
"""The types of the fields that are Jira's own; others may be called the same."""
ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
MISSING = "it is missing"


class Status(NamedTuple):
    """A status: its id, where it has one, and what it was called at the time."""

    id: str | None
    name: str

    def same(self, other: "Status") -> bool:
        """Whether it is that status, which may have been renamed meanwhile."""
        return self.name == other.name or (self.id is not None and self.id == other.id)


class Change(Struct, frozen=True, array_like=True, gc=False):
    """A change of status by a history, at a moment, counted."""

    at: int
    history: int
    item: int
    file: int
    before: Status
    after: Status
    author: int | None
    local: bool


class Present(Struct, frozen=True, array_like=True):
    """What an issue is now, and at which moment, counted, and by whom it was created."""

    title: str
    status: Status | None
    created: int | None
    creator: int | None
    local: bool


class Known(Struct, frozen=True, array_like=True):
    """What one part says of an issue.

    total: how many histories its changelog has, of which those with these `ids`, oldest first, are here; None
        where no changelog is here
    first: the place of the oldest of them in the whole changelog, that of the oldest of all being 0
    placed: whether that is certain; else it is taken that the newest are here, as Jira Cloud gives them
    """

    file: int
    line: int
    present: Present | None
    total: int | None = None
    ids: list[int] = []
    first: int = 0
    placed: bool = False
    changes: list[Change] = []


_KNOWN = msgpack.Decoder(Known)


class Reader:
    """Reads parts: names in one line, times in UTC, within the bounds that every import has."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.accounts = Accounts()
        self._now = now
        self._zone = zone

    def known(self, part: Part, file: int) -> Known:
        """What this part of that file says. Raises Unreadable."""
        fields, changelog = part.issue.fields, part.issue.changelog
        present = None if fields is None else self._present(part.key, fields)
        if changelog is None or changelog.histories is None:
            return Known(file=file, line=part.line, present=present)
        path = "values" if part.oldest_first else "changelog.histories"
        histories = changelog.histories
        ids = [_id(f"{path}[{number}].id", each.id) for number, each in enumerate(histories)]
        start = changelog.start_at or 0
        total = max(changelog.total or 0, start + len(ids))
        changes: list[Change] = []
        for number, each in enumerate(histories):
            changes += self._changes(f"{path}[{number}]", each, ids[number], file)
        changes.sort(key=in_order)
        ascending = ids[:1] < ids[-1:]
        placed = part.oldest_first or total == len(ids) or (ascending and _end_is_missing(changes, present))
        return Known(
            file=file,
            line=part.line,
            present=present,
            total=total,
            ids=sorted(ids),
            first=start if placed else total - start - len(ids),
            placed=placed,
            changes=changes,
        )

    def _present(self, key: str, fields: shapes.Fields) -> Present:
        created, local = None, False
        if fields.created is not None:
            created, local = self._time("fields.created", fields.created)
        status = None
        if fields.status is not None and fields.status.name is not None:
            status = Status(fields.status.id, _name("fields.status.name", fields.status.name))
        return Present(
            title=named("fields.summary", f"{key} {whole('fields.summary', fields.summary or '')}"),
            status=status,
            created=created,
            creator=self.accounts.number("fields.creator", fields.creator),
            local=local,
        )

    def _changes(self, path: str, history: shapes.History, number: int, file: int) -> Iterator[Change]:
        """The changes of status among what a history changed."""
        for item, each in enumerate(history.items or ()):
            if each.field == "status" and each.fieldtype in SYSTEM:
                at, local = self._time(f"{path}.created", history.created)
                field = f"{path}.items[{item}]"
                yield Change(
                    at=at,
                    history=number,
                    item=item,
                    file=file,
                    before=Status(each.from_, _name(f"{field}.fromString", each.from_string)),
                    after=Status(each.to, _name(f"{field}.toString", each.to_string)),
                    author=self.accounts.number(f"{path}.author", history.author),
                    local=local,
                )

    def _time(self, field: str, value: str | None) -> tuple[int, bool]:
        if value is None:
            raise Unreadable(field, MISSING)
        at, local = time(field, value, self._now, self._zone)
        return counted(at), local


def in_order(change: Change) -> tuple[int, int, int]:
    """Sorts changes as they happened: by time, those of one instant by history, and as that tells them."""
    return change.at, change.history, change.item


def _end_is_missing(changes: list[Change], present: Present | None) -> bool:
    """Whether the issue has left the status into which the last of these changes brought it."""
    status = present.status if present else None
    return bool(changes and status and not status.same(changes[-1].after))


def _name(field: str, value: str | None) -> str:
    if value is None:
        raise Unreadable(field, MISSING)
    return named(field, whole(field, value), ACTIVITY_CHARACTERS)


def _id(field: str, value: str | int | None) -> int:
    if value is None:
        raise Unreadable(field, MISSING)
    if not ID.fullmatch(str(value)):
        raise Unreadable(field, f"{str(value)[:80]!r} is no history's id")
    return int(value)


class Parts:
    """Keeps parts until all are known, on disk. A context manager; then its disk is free again.

    Raises StoreFailure where there is no room for them.
    """

    def __init__(self) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        with _on_disk():
            self._file = TemporaryFile(prefix="roadlog-import-")
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def add(self, key: str, known: Known) -> None:
        with _on_disk():
            size = self._file.write(msgpack.encode(known))
        self._places.setdefault(key, []).append((self._end, size))
        self._end += size

    def keys(self) -> set[str]:
        return set(self._places)

    def issues(self) -> Iterator[tuple[str, list[Known]]]:
        """Each issue by its key with its parts, in the order of keys, whatever the order of the files."""
        with _on_disk():
            self._file.flush()
        for key in sorted(self._places, key=_by_number):
            yield key, [self._read(place, size) for place, size in self._places[key]]

    def _read(self, place: int, size: int) -> Known:
        self._file.seek(place)
        return _KNOWN.decode(self._file.read(size))


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreFailure("import", f"The issues cannot be kept on disk: {error.strerror}.") from error


def _by_number(key: str) -> tuple[str, int]:
    project, _, number = key.rpartition("-")
    return project, int(number)
