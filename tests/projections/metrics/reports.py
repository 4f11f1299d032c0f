"""Reports on histories that a test states: SUP-1, SUP-2 and so on."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.metrics.chosen import ALL, Filter
from roadlog.projections.metrics.measured import measured
from roadlog.projections.metrics.report import report as report_on
from roadlog.projections.moment import Moment
from roadlog.projections.standing import workflow_of
from tests.domain.spec import By
from tests.projections.histories import (
    case,
    day,
    defined,
    moved,
    on,
    rekeyed,
)

FINISHED = (on(0, defined()), on(1, moved("learn")), on(3, moved("build")), on(5, moved("run")))


def moment(at: float) -> Moment:
    return Moment(as_of=day(at), known_at=day(at), position=140, head="ab" * 32)


def report(*histories: tuple[By, ...], at: float = 60, zone: tzinfo = UTC, **chosen: Any) -> dict[str, Any]:
    """The metrics of SUP-1, SUP-2, … with these histories."""
    states = {}
    roadmap: RoadmapState = case()[1]
    for number, steps in enumerate(histories, start=1):
        states[f"SUP-{number}"] = rekeyed(case(*steps)[0], f"SUP-{number}")
    return reported(roadmap, states, moment(at), Filter(**chosen), zone)


def reported(
    roadmap: RoadmapState,
    states: dict[str, InitiativeState],
    moment: Moment,
    chosen: Filter = ALL,
    zone: tzinfo = UTC,
) -> dict[str, Any]:
    workflow = workflow_of(roadmap)
    entries = [measured(state, workflow, moment.as_of) for state in states.values()]
    return report_on(entries, workflow, moment, chosen, zone)


def taking(days: float, finish: float = 40) -> tuple[By, ...]:
    return (on(0, defined()), on(finish - days, moved("learn")), on(finish, moved("run")))
