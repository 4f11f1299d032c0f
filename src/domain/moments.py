"""Moments: how a time is written and read (RFC 3339, UTC, microseconds), and the arithmetic of days."""

from datetime import UTC, date, datetime, timedelta, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EARLIEST = datetime(2, 1, 1, tzinfo=UTC)
"""The first there is here, a year after those of datetime: zones and axes need room around a time."""


def rfc3339(moment: datetime) -> str:
    """`2026-03-01T09:00:00.000000Z`: always UTC, six fractional digits: text order is time order."""
    at = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return at.isoformat("T", "microseconds")[:-6] + "Z"


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, UTC: a time as an index keeps it, at a fifth of the cost of text."""
    return (moment - EPOCH) // MICROSECOND


def told(moment: datetime, *, up: bool = False) -> str:
    """`2026-03-01T09:00:00Z`: a time as messages name it, to the second; `up`: never before it."""
    whole = moment.astimezone(UTC).replace(microsecond=0)
    if up and whole < moment:
        whole += timedelta(seconds=1)
    return f"{whole:%Y-%m-%dT%H:%M:%SZ}"


def exact(moment: datetime) -> str:
    """The time as a command to type takes it: in short where it has no part of a second."""
    return rfc3339(moment) if moment.microsecond else told(moment)


def instant(text: str) -> datetime:
    """The moment that `rfc3339` wrote. Raises ValueError when the text has no offset or is no time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day that a moment lies in, in a zone; the first or the last there is, where it lies beyond."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return date.min if moment < EARLIEST else date.max


def days(number: float) -> timedelta:
    """That many days of 24 hours: durations are elapsed time, never calendar days."""
    return timedelta(days=number)


def seconds(start: datetime, end: datetime) -> float:
    """Elapsed seconds between two moments."""
    return (end - start).total_seconds()
