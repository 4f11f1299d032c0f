"""How an initiative stands: its status, its gate, and by when rule 12 wants to hear of it."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Literal

from roadlog.domain.gate import Gate, evaluate
from roadlog.domain.initiative import BreakGlass, InitiativeState, Request
from roadlog.domain.moments import days
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow

Status = Literal["backlog", "active", "blocked", "paused", "live", "stopped", "retired"]

IN_PROGRESS: frozenset[Status] = frozenset({"active", "blocked", "live"})
"""Where people are at work, and want to be heard."""
AT_A_GATE: frozenset[Status] = frozenset({"backlog", "active", "blocked"})
"""Where the next thing to come is a move through a gate."""


def workflow_of(roadmap: RoadmapState) -> Workflow:
    """The workflow in force. Raises ValueError for a roadmap without one, which no log holds."""
    if roadmap.workflow is None:
        raise ValueError("a roadmap has a workflow from its first command on")
    return roadmap.workflow


def status_of(state: InitiativeState, workflow: Workflow) -> Status:
    """What holds it up comes before where it is: an initiative that is live and paused is paused."""
    if state.retired:
        return "retired"
    if state.stopped:
        return "stopped"
    if state.paused:
        return "paused"
    if state.blocked_by is not None:
        return "blocked"
    if state.milestone is None:
        return "backlog"
    return "live" if state.milestone in workflow.finishing else "active"


def gate_of(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Gate:
    """The gate where it stands."""
    return evaluate(state, workflow_of(roadmap), state.milestone, at, roadmap)


def entered_at(state: InitiativeState) -> datetime | None:
    """Since when it stands where it stands: the present visit, in the backlog the problem's definition."""
    return state.visits[-1].entered_at if state.visits else state.defined_at


def not_evidenced(state: InitiativeState, workflow: Workflow) -> list[str]:
    """Milestones whose gates were passed before the work was adopted, and not again since."""
    if not state.visits or state.visits[0].began != "adopted":
        return []
    known = [each for each in state.visits if each.milestone in workflow.order]
    left = workflow.order[: workflow.index(known[0].milestone)] if known else ()
    passed = {
        milestone
        for before, after in pairwise(known)
        if after.began == "forward"
        for milestone in workflow.order[workflow.index(before.milestone) : workflow.index(after.milestone)]
    }
    return [each for each in left if each not in passed]


def present_requests(state: InitiativeState) -> tuple[Request, ...]:
    """The requests about the gate it stands at, made since it came there, in log order."""
    since = state.visits[-1].entered_by if state.visits else 0
    return tuple(
        each for each in state.requests if each.milestone == state.milestone and each.position > since
    )


def voters_of(state: InitiativeState, positions: Iterable[int]) -> list[str]:
    """Whose votes these records are; records of other kinds name nobody."""
    cast = {each.position: each.stakeholder for each in state.approvals}
    return [cast[each] for each in positions if each in cast]


def latest_break_glass(state: InitiativeState) -> BreakGlass | None:
    """The latest gate of this cycle that was passed by break-glass."""
    here = {each.entered_by for each in state.visits if each.cycle == state.cycle}
    mine = [each for each in state.break_glass.values() if each.move in here]
    return max(mine, key=lambda each: each.move, default=None)


def at_work_since(state: InitiativeState) -> datetime | None:
    """The first start or, where work was paused or stopped later, when it went on; None before the start."""
    start = next((each.entered_at for each in state.visits if each.cycle > 0), None)
    if start is None:
        return None
    return max([start, *(each.to_at for each in state.spans if each.to_at and each.kind != "blocked")])


def consultations_due(state: InitiativeState, workflow: Workflow) -> dict[str, datetime]:
    """By role that some gate asks: from when on it is quiet (rule 12), unless heard before. Idle: none."""
    since = at_work_since(state)
    if since is None or status_of(state, workflow) not in IN_PROGRESS:
        return {}
    wait = days(workflow.policy.consult_every_days)
    return {role: max(since, state.heard.get(role, since)) + wait for role in workflow.approving_roles}


def measurement_due(state: InitiativeState, workflow: Workflow) -> datetime | None:
    """From when on a live initiative is unmeasured (rule 12), unless measured before; None when not live."""
    if status_of(state, workflow) != "live":
        return None
    times = [each.at for outcome in state.outcomes.values() for each in outcome.measurements]
    return max([state.visits[-1].entered_at, *times]) + days(workflow.policy.measure_every_days)
