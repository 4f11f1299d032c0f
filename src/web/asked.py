"""One question to the page: of which store, at which moment, by whom, with what beside it in the address."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple
from urllib.parse import quote, urlencode

from roadlog.domain.moments import EARLIEST, instant
from roadlog.domain.refusals import Malformed
from roadlog.projections.moment import Moment
from roadlog.reading import Reading
from roadlog.web.long_answers import LongAnswers

MOMENT = ("as-of", "known-at", "position")
"""What an address says of the moment, in the words of the command line's options."""


class Asked(NamedTuple):
    """What a page is made from.

    path: the address's path, such as /initiatives/SUP-1
    parts: what stands in the path, such as the key
    query: what stands behind it; of one name given twice, the last
    viewer: the handle of whoever is signed in; writes: whether they may record
    now: the server's time; `moment` is that of the answer
    long: what takes seconds, and the store's folder
    """

    reading: Reading
    moment: Moment
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    viewer: str | None
    zone: tzinfo
    now: datetime
    long: LongAnswers
    writes: bool = False

    @property
    def offers_writing(self) -> bool:
        """Whether this page offers to record something: it is about now, and to somebody who may."""
        return self.writes and not self.is_past

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that the viewer holds, at the moment."""
        found = self.reading.roadmap(self.moment).stakeholders.get(self.viewer or "")
        return tuple(found.roles) if found else ()

    @property
    def then(self) -> tuple[str, ...]:
        """Which of the three the address says of the moment, for forms, which lose what is in it."""
        return tuple(name for name in MOMENT if self.query.get(name))

    @property
    def is_past(self) -> bool:
        """Whether another moment than now is asked for."""
        return bool(self.then)

    @property
    def roadmap(self) -> str:
        """What the roadmap is called, at every moment."""
        return self.reading.roadmap_key() or "an empty log"

    @property
    def knew(self) -> bool:
        """Whether the address asks for what the log said then."""
        return bool({"known-at", "position"} & set(self.then))

    @property
    def shown(self) -> datetime:
        """The time that the time machine shows: of what was true, or of what the log said."""
        return self.moment.known_at if self.knew else self.moment.as_of

    @property
    def seen(self) -> int:
        """The log's last position when the page was made, whatever moment it shows."""
        return self.reading.head_now() if self.is_past else self.moment.position

    @property
    def now_link(self) -> str:
        """This address now."""
        return self.same(as_of=None, known_at=None, position=None)

    def link(self, path: str, **query: str | int | None) -> str:
        """An address on this page at the same moment; what is None is left out, `as_of` is `as-of`."""
        given = {name: self.query[name] for name in self.then}
        given |= {name.replace("_", "-"): str(value) for name, value in query.items() if value is not None}
        return quote(path) + (f"?{urlencode(given)}" if given else "")

    def same(self, **query: str | int | None) -> str:
        """This address with some of its query otherwise; what is None is left out."""
        given = {**self.query, **{name.replace("_", "-"): value for name, value in query.items()}}
        kept = {name: str(value) for name, value in given.items() if value is not None}
        return quote(self.path) + (f"?{urlencode(kept)}" if kept else "")


def moment_of(reading: Reading, query: Mapping[str, str], zone: tzinfo) -> Moment:
    """The moment that an address asks for; now, unless it does. Raises Malformed."""
    return reading.moment(
        as_of=time_in(query, "as-of", zone),
        known_at=time_in(query, "known-at", zone),
        position=whole(query, "position"),
    )


def time_in(query: Mapping[str, str], name: str, zone: tzinfo) -> datetime | None:
    """A time from the address: RFC 3339, or a day, which begins in the zone. Raises Malformed."""
    text = query.get(name)
    if not text:
        return None
    try:
        return _time(text, zone)
    except (ValueError, OverflowError) as error:
        raise Malformed("time", f"{name} is no time: {text!r}.", missing=(name,)) from error


def _time(text: str, zone: tzinfo) -> datetime:
    is_day = len(text) == len("2026-03-01")
    found = (
        datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC) if is_day else instant(text)
    )
    if found < EARLIEST:
        raise ValueError(text)
    return found


def whole(query: Mapping[str, str], name: str) -> int | None:
    """A whole number from the address, None where none is given. Raises Malformed."""
    text = query.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Malformed("number", f"{name} is no whole number: {text!r}.", missing=(name,))
    return int(text)
