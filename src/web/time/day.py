"""The end of a day, which is what somebody means who wants to see a day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from roadlog.domain.moments import MICROSECOND
from roadlog.domain.refusals import Malformed


def end_of(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The last microsecond of a day in a zone, such as 2026-03-01; None of today, which has not ended.

    Raises Malformed for what is no day, or is still to come.
    """
    try:
        day = date.fromisoformat(text)
        end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) - MICROSECOND
    except (ValueError, OverflowError) as error:
        raise Malformed("time", f"day is no day: {text!r}.", missing=("day",)) from error
    if day > now.astimezone(zone).date():
        raise Malformed("future", f"{day} is still to come.", missing=("day",))
    return end if end < now else None
