"""Times as people type them: RFC 3339, a date in the store's zone, or forms like `3 days ago`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

import click

from roadlog.cli.program import Program, program_of

# Texts, compiled when one is first needed: most commands need none.
DAY_FORM = r"\d{4}-\d\d-\d\d"
OFFSET_FORM = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)"
LOCAL_FORM = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?"
WITHOUT_A_DAY = r"(?i)\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(noon|midnight)\b|\d:\d\d|\d ?[ap]m\b"
TWO_READINGS = r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
"""Of 03/04/2026 the month is the first or the second number, depending on who reads it."""
EXAMPLES = "such as 2026-03-01T09:00:00Z, 2026-03-01, or '3 days ago'"

BEGINNINGS: dict[str, Callable[[datetime], datetime]] = {
    "today": lambda day: day,
    "yesterday": lambda day: day - timedelta(days=1),
    "this week": lambda day: day - timedelta(days=day.weekday()),
    "this month": lambda day: day.replace(day=1),
}
"""Words for a time that began, by the midnight before now. A week begins on Monday."""

Leaning = Literal["past", "future"]


class TimeType(click.ParamType[datetime]):
    """A moment. What is ambiguous, such as `monday`, leans to the past or to the future.

    `whole_days`: a word for a day or a week, such as `today`, is its beginning, as a date is.
    """

    name = "time"

    def __init__(self, leaning: Leaning, *, whole_days: bool = False) -> None:
        self.leaning = leaning
        self.whole_days = whole_days

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        context = ctx or click.get_current_context()
        moment = _read(str(value), self.leaning, context, whole_days=self.whole_days)
        if moment is None:
            self.fail(f"{value!r} is no time that can be read, {EXAMPLES}.", param, ctx)
        return moment


class DayType(click.ParamType[date]):
    """A day of the calendar in the store's zone."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        context = ctx or click.get_current_context()
        try:
            return (
                date.fromisoformat(value)
                if re.fullmatch(DAY_FORM, value)
                else self._day(str(value), param, context)
            )
        except ValueError as error:
            self.fail(f"{value!r}: {error}.", param, ctx)

    def _day(self, text: str, param: click.Parameter | None, context: click.Context) -> date:
        run = program_of(context)
        moment = _in_words(text, "future", context)
        if moment is None:
            self.fail(
                f"{text!r} is no day that can be read, such as 2026-12-31 or 'in 2 weeks'.", param, context
            )
        day = moment.astimezone(run.zone()).date()
        run.understood(text, day.isoformat())
        return day


def day_of(text: str, context: click.Context) -> date | None:
    """The day that a text means, such as `2026-05-01` or `in 2 weeks`; None where it means none."""
    run = program_of(context)
    try:
        if re.fullmatch(DAY_FORM, text):
            return date.fromisoformat(text)
        moment = _in_words(text, "future", context)
    except (ValueError, OverflowError):
        return None
    if moment is None:
        return None
    day = moment.astimezone(run.zone()).date()
    run.understood(text, day.isoformat())
    return day


def _read(text: str, leaning: Leaning, context: click.Context, *, whole_days: bool) -> datetime | None:
    """The moment that a text means, None where it means none. Says what it read unless the text is exact."""
    from roadlog.domain.moments import rfc3339

    run = program_of(context)
    try:
        if re.fullmatch(OFFSET_FORM, text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        if re.fullmatch(DAY_FORM, text) or re.fullmatch(LOCAL_FORM, text):
            moment: datetime | None = _at_home(datetime.fromisoformat(text.upper()), run.zone())
        elif whole_days and text.strip().lower() in BEGINNINGS:
            moment = _beginning(text.strip().lower(), run)
        else:
            moment = _in_words(text, leaning, context)
    except (ValueError, OverflowError):
        return None
    if moment is not None and not context.resilient_parsing:
        run.understood(text, rfc3339(moment))
    return moment


def _beginning(word: str, run: Program) -> datetime:
    """When the day, week or month began, in the store's zone."""
    today = datetime.combine(run.now.astimezone(run.zone()), time())
    return _at_home(BEGINNINGS[word](today), run.zone())


def _at_home(moment: datetime, zone: tzinfo) -> datetime:
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _in_words(text: str, leaning: Leaning, context: click.Context) -> datetime | None:
    """What dateparser reads, but for texts that name no day: it would make one up."""
    if re.match(DAY_FORM, text) or re.search(TWO_READINGS, text) or len(text) > 100:
        return None
    import dateparser  # 250 ms to import: only for the forms that need it

    run = program_of(context)
    zone = run.zone()
    settings: Any = {
        "TIMEZONE": str(zone),
        "RETURN_AS_TIMEZONE_AWARE": True,
        "TO_TIMEZONE": "UTC",
        "RELATIVE_BASE": run.now.astimezone(zone).replace(tzinfo=None),
        "PREFER_DATES_FROM": leaning,
    }
    if not re.search(WITHOUT_A_DAY, text):
        settings["REQUIRE_PARTS"] = ["day"]
    found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.astimezone(UTC) if found else None


PAST = TimeType("past")
"""When something happened."""
SINCE = TimeType("past", whole_days=True)
"""A moment that is asked about, or from which on."""
LATER = TimeType("future")
"""Until when something holds."""
DAY = DayType()
"""By which day."""
