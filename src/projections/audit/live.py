"""What is owed while users have it: a monitor, a tested fallback, a model that is known, measurements."""

from collections.abc import Callable, Iterator
from datetime import datetime

from roadlog.domain import requirements
from roadlog.domain.initiative import InitiativeState, Visit
from roadlog.domain.workflow import Workflow
from roadlog.projections.audit.findings import End, Finding, Step, day, is_live
from roadlog.projections.standing import measurement_due

Lack = Callable[[InitiativeState, Workflow], str | None]


class Spell:
    """How long something lacked: told when it ended, or by the end of the period.

    `lack` gives in a few words what a state lacks, None while it lacks nothing.
    """

    def __init__(self, lack: Lack) -> None:
        self._lack = lack
        self._began: tuple[datetime, int, str] | None = None

    def take(self, step: Step) -> Iterator[Finding]:
        """One more step; gives what it ended."""
        lacks = self._lack(step.after, step.workflow)
        if lacks is None:
            yield from self._told(step.at, f", until {day(step.at)}", (step.record.position,))
            self._began = None
        elif self._began is None:
            self._began = (step.at, step.record.position, lacks)

    def end(self, at: datetime) -> Iterator[Finding]:
        """What lasts at the end of the period."""
        yield from self._told(at, "", ())

    def _told(self, until: datetime, how: str, by: tuple[int, ...]) -> Iterator[Finding]:
        if self._began is not None:
            since, position, lacks = self._began
            if since < until:  # else what ended it was recorded late, and it never lacked
                yield Finding(f"Live since {day(since)} {lacks}{how}", (position, *by), since, until)


def monitor_lacks(state: InitiativeState, workflow: Workflow) -> str | None:
    """A live initiative that nobody watches."""
    if not is_live(state, workflow) or requirements.monitor(state).met:
        return None
    return "without a monitor that somebody owns"


def fallback_lacks(state: InitiativeState, workflow: Workflow) -> str | None:
    """A live initiative whose fallback is not there, not tested, failed, or is older than the model."""
    found = requirements.fallback(state) if is_live(state, workflow) else None
    if found is None or found.met:
        return None
    why = found.text.partition(": ")[2]
    return f"with its fallback {why}" if state.fallback else "without a fallback"


def model_changed(end: End) -> Iterator[Finding]:
    """Evidence of a model that came while it was live, and so went through no gate yet."""
    models = [each for each in end.state.evidence.values() if each.kind == "model"]
    for visit in _live_visits(end):
        for each in models:
            left = visit.left_at or end.at
            if visit.entered_at < each.at < left and each.position > visit.entered_by:
                back = f"; it went back on {day(left)}" if visit.left_at else ""
                text = f"The model changed to {each.id} on {day(each.at)}, while it was live{back}"
                yield Finding(text, (visit.entered_by, each.position), each.at, left)


def unmeasured(end: End) -> Iterator[Finding]:
    """Live at the end of the period, and not measured for longer than policy lets pass."""
    due = measurement_due(end.state, end.workflow)
    if due is None or due > end.at:
        return
    visit = end.state.visits[-1]
    taken = [each for outcome in end.state.outcomes.values() for each in outcome.measurements]
    last = max(taken, key=lambda each: (each.at, each.position), default=None)
    if last is None or last.at < visit.entered_at:
        text = f"Live since {day(visit.entered_at)}, and not measured since"
        positions: tuple[int, ...] = (visit.entered_by,)
    else:
        limit = end.workflow.policy.measure_every_days
        text = (
            f"Live, and last measured on {day(last.at)}, more than {limit} days before the end of the period"
        )
        positions = (visit.entered_by, last.position)
    yield Finding(text, positions, due, end.at)


def _live_visits(end: End) -> Iterator[Visit]:
    return (each for each in end.state.visits if each.milestone in end.workflow.finishing)
