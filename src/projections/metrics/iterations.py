"""Iterations: how long each took, how much smarter it made the feature, and what risk remained after it."""

from datetime import datetime
from typing import Any

from roadlog.domain.initiative import InitiativeState, OutcomeState, Visit
from roadlog.domain.moments import rfc3339, seconds
from roadlog.projections.metrics.cycles import Cycle
from roadlog.projections.plain import plain


def iterations(cycle: Cycle, state: InitiativeState, end: datetime) -> list[dict[str, Any]]:
    """Each iteration of a cycle: its time up to the backward move that ends it or the finish, and its gain.

    ended_at: its very end, which after a finish comes later: with the backward move from there, or not yet
    progress, risk_exposure: at that end
    gain: the progress beyond what was known when it began; before anything is measured that is the baseline,
    where progress is 0
    """
    starts: dict[int, datetime] = {}
    for visit in cycle.visits:
        starts.setdefault(visit.iteration, visit.entered_at)
    ends = [*list(starts.values())[1:], cycle.finished]
    following = _following(state)
    answers = []
    for (number, started), ended in zip(
        starts.items(), ends, strict=False
    ):  # a return to the finish has none
        after = following.get(number)
        progress = progress_at(state, after.entered_at if after else None)
        known = progress_at(state, started) or 0.0
        answers.append(
            {
                "iteration": number,
                "from": rfc3339(started),
                "to": plain(ended),
                "ended_at": plain(after.entered_at) if after else None,
                "time": seconds(started, ended or end),
                "progress": progress,
                "gain": None if progress is None else progress - known,
                "risk_exposure": state.exposure(after.entered_at if after else None),
            }
        )
    return answers


def _following(state: InitiativeState) -> dict[int, Visit]:
    """By iteration, the visit that began the next one."""
    found: dict[int, Visit] = {}
    for visit in state.visits:
        found.setdefault(visit.iteration - 1, visit)
    return found


def progress_at(state: InitiativeState, at: datetime | None) -> float | None:
    """How far the first outcome had come by then, or by now; None where nothing was measured or targeted."""
    outcome = state.first_outcome
    if outcome is None:
        return None
    values = [each.value for each in outcome.measurements if at is None or each.at <= at]
    return outcome.progress(values[-1]) if values else None


def outcome_answer(outcome: OutcomeState) -> dict[str, Any]:
    """The outcome and how far each measurement says that it had come; `target` is in its unit."""
    return {
        "metric": outcome.metric,
        "unit": outcome.unit,
        "baseline": outcome.baseline,
        "target": outcome.goal,
        "by": plain(outcome.by),
        "measurements": [
            {"at": rfc3339(each.at), "value": each.value, "progress": outcome.progress(each.value)}
            for each in outcome.measurements
        ],
    }
