"""Flow metrics, definition `metrics/1`: cycle time, lead time, iterations, time in milestone, age."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from msgspec import Struct

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339, seconds
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.projections.moment import Moment
from roadlog.projections.plain import plain
from roadlog.projections.standing import workflow_of
from roadlog.projections.visits import adopted_finished, backward_moves, cycle_answer, cycles, open_cycle

DEFINITION = "metrics/1"
Window = tuple[datetime | None, datetime | None]
"""Half-open; None on a side is without end there."""
FEWEST = 5
"""Fewer finished items than this are listed; no percentile is given."""


class Filter(Struct, frozen=True, kw_only=True):
    """Which initiatives, and which finishes.

    `milestone` keeps the initiatives that stood there, `role` those on which it voted or was heard, `segment`
    those whose problem names it. A cycle belongs to the window that holds its finish.
    """

    key: str | None = None
    milestone: str | None = None
    role: str | None = None
    segment: str | None = None
    window: Window = (None, None)

    def keeps(self, state: InitiativeState) -> bool:
        return (
            self.key in (None, state.key)
            and (self.role is None or self.role in state.heard)
            and (self.segment is None or self.segment in state.segments)
            and (self.milestone is None or any(each.milestone == self.milestone for each in state.visits))
        )

    def answer(self) -> dict[str, Any]:
        start, end = self.window
        return {
            "key": self.key,
            "from": plain(start),
            "to": plain(end),
            "milestone": self.milestone,
            "role": self.role,
            "segment": self.segment,
        }


ALL = Filter()
"""Every initiative, every finish."""


def metrics(
    roadmap: RoadmapState,
    states: dict[str, InitiativeState],
    moment: Moment,
    chosen_by: Filter = ALL,
    zone: tzinfo = UTC,
) -> dict[str, Any]:
    """The report at a moment, its days counted in `zone`."""
    workflow = workflow_of(roadmap)
    chosen = [state for state in states.values() if chosen_by.keeps(state)]
    answers = [initiative_answer(state, workflow, moment.as_of, zone) for state in chosen]
    return {
        "definition": DEFINITION,
        **moment.stamp(),
        "head": moment.head,
        "filter": chosen_by.answer(),
        "zone": str(zone),
        **_finished_answer(answers, chosen_by.window),
        "unfinished": sum(open_cycle(state, workflow) is not None for state in chosen),
        "left_out": [
            {"key": state.key, "why": "adopted when it had finished: its first cycle is not on this record"}
            for state in chosen
            if adopted_finished(state, workflow)
        ],
        "backward_moves": backward_moves(
            visit
            for state in chosen
            for visit in state.visits
            if _within(rfc3339(visit.entered_at), chosen_by.window)
        ),
        "initiatives": answers,
    }


def _finished_answer(answers: Sequence[dict[str, Any]], window: Window) -> dict[str, Any]:
    """What is measured on the cycles that finished in the window; lead times, where the first one did."""
    finished = [
        (answer["key"], cycle)
        for answer in answers
        for cycle in answer["cycles"]
        if cycle["finished_at"] and _within(cycle["finished_at"], window)
    ]
    leads = [
        (answer["key"], answer["lead_time"])
        for answer in answers
        if answer["lead_time"] is not None and _within(answer["cycles"][0]["finished_at"], window)
    ]
    return {
        "n": len(finished),
        "cycle_time": summary([(key, cycle["cycle_time"]) for key, cycle in finished]),
        "lead_time": summary(leads),
        "rework_ratio": _ratio(
            sum(cycle["rework"] for _, cycle in finished), sum(cycle["cycle_time"] for _, cycle in finished)
        ),
    }


def initiative_answer(
    state: InitiativeState, workflow: Workflow, at: datetime, zone: tzinfo = UTC
) -> dict[str, Any]:
    """One initiative's cycles and ages; stays in the finish or beyond stand apart, under `live`."""
    unseen = adopted_finished(state, workflow)
    found = tuple(cycle for cycle in cycles(state, workflow) if not (unseen and cycle.number == 1))
    under_way = open_cycle(state, workflow)
    return {
        "key": state.key,
        "title": state.title,
        "lead_time": _lead_time(state, _first_finish(state, workflow)),
        "age": seconds(under_way.started, at) if under_way else None,
        "total_age": seconds(found[0].started, at) if under_way else None,
        "cycles": [cycle_answer(cycle, state, workflow, at, zone) for cycle in found],
        "live": [
            {
                "entered_at": rfc3339(visit.entered_at),
                "left_at": rfc3339(visit.left_at) if visit.left_at else None,
            }
            for visit in state.visits
            if visit.milestone in workflow.finishing
        ],
    }


def _first_finish(state: InitiativeState, workflow: Workflow) -> datetime | None:
    """None also where it is not on this record, because the work was adopted after it."""
    found = cycles(state, workflow)
    return found[0].finished if found and not adopted_finished(state, workflow) else None


def _lead_time(state: InitiativeState, finished: datetime | None) -> float | None:
    """First finish minus the earlier of the problem's definition and the adoption's `since`."""
    begins = [each for each in (state.defined_at, state.adopted_since) if each is not None]
    return seconds(min(begins), finished) if finished and begins else None


def summary(items: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """n, and nearest-rank percentiles; fewer than five items are listed instead."""
    values = sorted(value for _, value in items)
    few = len(values) < FEWEST
    answer: dict[str, Any] = {
        "n": len(values),
        "p50": None if few else nearest_rank(values, 0.50),
        "p85": None if few else nearest_rank(values, 0.85),
        "p95": None if few else nearest_rank(values, 0.95),
    }
    if few:
        answer["items"] = [{"key": key, "seconds": value} for key, value in items]
    return answer


def nearest_rank(ordered: Sequence[float], p: float) -> float:
    """The item at rank ⌈p·n⌉ of ascending values: the nearest-rank percentile."""
    return ordered[max(1, math.ceil(round(p * len(ordered), 9))) - 1]


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _within(time: str, window: Window) -> bool:
    start, end = window
    return (start is None or rfc3339(start) <= time) and (end is None or time < rfc3339(end))
