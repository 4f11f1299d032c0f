"""The demo's days: the scenario counts weeks from its own first Monday, the calendar says when that was."""

import re
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
LAST_WEEK = 35
"""The scenario's last week."""
REST = timedelta(days=3)
"""The last week ends at least so long before today, so that nothing lies in the future anywhere on earth."""
DAY_FORM = re.compile(r"\{(\d+) (mon|tue|wed|thu|fri)\}")


class Calendar(Struct, frozen=True, kw_only=True):
    """Where the scenario's weeks lie. `first` is the Monday of week 1."""

    first: date

    def day(self, week: int, weekday: str) -> date:
        """The date of a week's day: `day(1, "mon")` is the first. Raises ValueError for another weekday."""
        return self.first + timedelta(weeks=week - 1, days=WEEKDAYS.index(weekday))

    def moment(self, when: str) -> datetime:
        """When `3 tue 14:20` was, in UTC. Raises ValueError where that is no time of the scenario."""
        week, weekday, clock = when.split()
        return datetime.combine(self.day(int(week), weekday), time.fromisoformat(clock), UTC)

    def dated(self, text: str) -> str:
        """The text with every `{40 fri}` in it as the date of that day."""
        return DAY_FORM.sub(lambda found: self.day(int(found[1]), found[2]).isoformat(), text)


def calendar_before(today: date) -> Calendar:
    """The latest calendar whose last week is over, and has been for a while."""
    last = today - REST
    friday = last - timedelta(days=(last.weekday() - WEEKDAYS.index("fri")) % 7)
    return Calendar(first=friday - timedelta(weeks=LAST_WEEK - 1, days=WEEKDAYS.index("fri")))
