"""An issue's history, put together from all that the files say of it: no stay is told that they do not show.

A changelog may lack histories: the oldest, the newest, some in between. What is told of an issue is the last
stretch of it that is unbroken; it begins with the issue's creation only where everything since then is known.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from roadlog.domain.moments import told
from roadlog.interop.claims import Truncated
from roadlog.interop.jira_answers import NOT_ASKED_FOR, SEARCH
from roadlog.interop.jira_parts import Change, Known, Present, Status, in_order
from roadlog.interop.sorting import uncounted
from roadlog.interop.written import Unreadable

Span = tuple[int, int]
"""Places of histories in the changelog, the oldest at 0: from the first up to, not including, the second."""


class Stay(NamedTuple):
    """An issue came into a status: by a history, or, where that is 0, by its creation. `file` is a number."""

    status: Status
    at: datetime
    author: int | None
    file: int
    history: int
    local: bool


class Issue:
    """An issue with all that its parts say. Raises Unreadable where none says what it is, or what it was."""

    def __init__(self, key: str, parts: Sequence[Known]) -> None:
        changelogs = [part for part in parts if part.total is not None]
        if not changelogs:
            raise Unreadable("changelog", NOT_ASKED_FOR)
        self._key = key
        self._present, self._file = _newest(parts)
        self._total = max(part.total or 0 for part in changelogs)
        placed = list(_placed(changelogs))
        self._spans = _joined((first, first + len(part.ids)) for first, part in placed)
        found = {
            (change.history, change.item): (change, first)
            for first, part in reversed(placed)
            for change in part.changes
        }
        self._changes = sorted(found.values(), key=lambda each: in_order(each[0]))

    @property
    def title(self) -> str:
        return self._present.title

    def history(self) -> tuple[list[Stay], Truncated | None]:
        """Its last unbroken stretch, and what is missing, if anything is. Raises Unreadable."""
        stays, gap = self._stretch()
        headless = not stays or stays[0].history != 0
        lacking = [*self._missing(), *filter(None, (gap, self._left_meanwhile(stays)))]
        if not lacking and not headless:
            return stays, None
        if headless:
            lacking.append(
                f"it is told from {told(stays[0].at)} on, and what comes before cannot be added later"
                if stays
                else "nothing of it is told"
            )
        return stays, Truncated(case=self._key, why="; ".join(lacking), headless=headless)

    def _stretch(self) -> tuple[list[Stay], str | None]:
        """What follows on the last gap, and what shows that one, unless it is that histories are missing."""
        stays = [self._opening()] if self._beginning_is_known() else []
        gap, place = None, 0
        for change, first in self._changes:
            shown = _gap(stays[-1], change) if stays else None
            if shown or not self._holds(place, first):
                stays, gap = [], shown
            stays.append(_stay(change))
            place = first
        return stays, gap

    def _opening(self) -> Stay:
        """Its creation, in the status that its first change found it in, or in which it is."""
        status = self._changes[0][0].before if self._changes else self._present.status
        if status is None:
            raise Unreadable("fields.status", NOT_ASKED_FOR)
        if self._present.created is None:
            raise Unreadable("fields.created", NOT_ASKED_FOR)
        created, creator = self._present.created, self._present.creator
        return Stay(status, uncounted(created), creator, self._file, 0, self._present.local)

    def _beginning_is_known(self) -> bool:
        """Whether no history is missing before the first change of status; without one, none at all."""
        if self._changes:
            return self._holds(0, self._changes[0][1])
        return self._spans == [(0, self._total)]

    def _missing(self) -> Iterator[str]:
        """How many histories are missing, where some are, and the request for them."""
        if self._spans != [(0, self._total)]:
            held = sum(after - first for first, after in self._spans)
            rest = f"/rest/api/3/issue/{self._key}/changelog"
            yield f"its changelog holds {held:,} of {self._total:,} entries ({rest} gives the rest)"

    def _left_meanwhile(self, stays: Sequence[Stay]) -> str | None:
        """Whether it is in another status than the last one that is told."""
        status = self._present.status
        if stays and status and not status.same(stays[-1].status):
            return f"it is in {status.name!r} now, and nothing says since when"
        return None

    def _holds(self, *places: int) -> bool:
        """Whether all histories from one place to the other are there."""
        return any(first <= min(places) and max(places) < after for first, after in self._spans)


def _gap(stay: Stay, change: Change) -> str | None:
    """What shows that something is missing between a stay and the next change; None where nothing does."""
    if not stay.status.same(change.before):
        return f"nothing says when it went from {stay.status.name!r} to {change.before.name!r}"
    if stay.at > uncounted(change.at):
        return "its status changed before it was created"
    return None


def _stay(change: Change) -> Stay:
    return Stay(change.after, uncounted(change.at), change.author, change.file, change.history, change.local)


def _newest(parts: Sequence[Known]) -> tuple[Present, int]:
    """What the part that knows most says of the present, and the number of its file. Raises Unreadable."""
    newest: tuple[tuple[int, int], Present, int] | None = None
    for part in parts:
        if part.present is not None:
            rank = (part.total or 0, part.changes[-1].history if part.changes else 0)
            if newest is None or rank >= newest[0]:
                newest = rank, part.present, part.file
    if newest is None:
        raise Unreadable("fields", f"they are missing; give the answer to {SEARCH}")
    return newest[1:]


def _placed(parts: Sequence[Known]) -> Iterator[tuple[int, Known]]:
    """Each part behind the place of its oldest history: where that is uncertain, by what it has in common.

    A part that has nothing in common, and whose places others have, or stand beside older ones that it would
    follow, is left out: it could be anywhere.
    """
    places: dict[int, int] = {}
    taken: dict[int, int] = {}
    for part in sorted(parts, key=lambda part: (part.placed, part.ids[-1:]), reverse=True):
        shared = (places[each] - rank for rank, each in enumerate(part.ids) if each in places)
        first = part.first if part.placed else next(shared, part.first)
        held = dict(enumerate(part.ids, first))
        if part.placed or _fits(taken, held):
            places |= {each: place for place, each in held.items()}
            taken |= held
            yield first, part


def _fits(taken: dict[int, int], held: dict[int, int]) -> bool:
    """Whether these histories can stand there beside those that stand there already: ids grow with time."""
    if any(taken.get(place, each) != each for place, each in held.items()):
        return False
    together = sorted((taken | held).items())
    return all(before < after for (_, before), (_, after) in pairwise(together))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same places in as few spans as there can be."""
    joined: list[Span] = []
    for first, after in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(after, joined[-1][1])
        else:
            joined.append((first, after))
    return joined
