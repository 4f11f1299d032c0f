"""The whole history in the order of time."""

from roadlog.demo import onboarding, onboarding_live, people, support_load, support_load_live
from roadlog.demo.calendar import Calendar
from roadlog.demo.steps import Step

PARTS = (people, support_load, support_load_live, onboarding, onboarding_live)


def history(calendar: Calendar) -> tuple[Step, ...]:
    """Every step, oldest first; of one moment, in the order of the parts."""
    steps = (each for part in PARTS for each in part.STEPS)
    return tuple(sorted(steps, key=lambda each: calendar.moment(each.when)))
