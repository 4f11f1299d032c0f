"""The board's row: where one initiative is, who it waits for, and for how long that answer is good."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from roadlog.domain.gate import Gate, owed_roles
from roadlog.domain.initiative import InitiativeState, OutcomeState
from roadlog.domain.moments import days, rfc3339, seconds
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.metrics.cycles import open_cycle
from roadlog.projections.standing import (
    AT_A_GATE,
    consultations_due,
    entered_at,
    gate_of,
    latest_break_glass,
    measurement_due,
    present_requests,
    status_of,
    workflow_of,
)


def row(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> dict[str, Any]:
    """One initiative as the board shows it. `age` in seconds, None unless a cycle is under way.

    milestone_number, milestones: how far along it stands, 0 in the backlog, of how many
    since: when it entered its milestone, or the backlog
    next, ready: where it goes next, and whether its gate lets it
    waiting_on: roles whose approval the gate lacks; requested: those of them that were asked for it
    open_risks: those that are not closed; untreated_risks: of these, those neither mitigated nor accepted
    open_incidents, fallback_active: something went wrong for users, and they get the fallback
    break_glass: the latest of this cycle: unreviewed, upheld, not-upheld; None where there is none
    unmeasured: live, and no measurement for as long as the policy allows
    """
    workflow = workflow_of(roadmap)
    status = status_of(state, workflow)
    gate = gate_of(state, roadmap, at)
    waiting = owed_roles(gate) if status in AT_A_GATE and gate.next else ()
    requested = {role for request in present_requests(state) for role in request.roles}
    begun, since = age_from(state, roadmap), entered_at(state)
    due = measurement_due(state, workflow)
    expected = state.expectation
    return {
        "key": state.key,
        "title": state.title,
        "milestone": state.milestone,
        "milestone_number": workflow.order.index(state.milestone) + 1
        if state.milestone in workflow.order
        else 0,
        "milestones": len(workflow.order),
        "status": status,
        "cycle": state.cycle,
        "iteration": state.iteration,
        "visit": state.visit,
        "expected_iterations": [expected.iterations_from, expected.iterations_to] if expected else None,
        "horizon": state.horizon,
        "rank": state.rank,
        "owner": state.owner,
        "age": seconds(begun, at) if begun else None,
        "since": rfc3339(since) if since else None,
        "next": gate.next,
        "ready": _ready(gate) and status in ("active", "backlog"),
        "waiting_on": list(waiting),
        "requested": [role for role in waiting if role in requested],
        "quiet": [role for role, due in consultations_due(state, workflow).items() if due <= at],
        "unmeasured": due is not None and due <= at,
        "blocked_by": state.blocked_by,
        "break_glass": _break_glass(state),
        "open_risks": sum(each.open for each in state.risks.values()),
        "untreated_risks": sum(each.is_untreated(at) for each in state.risks.values()),
        "open_incidents": sum(each.closed_at is None for each in state.incidents.values()),
        "fallback_active": state.fallback is not None and state.fallback.active_since is not None,
        "outcome": outcome_answer(state.first_outcome) if state.first_outcome else None,
    }


def outcome_answer(outcome: OutcomeState) -> dict[str, Any]:
    """An outcome and how far it has come. `target` as stated, in percent if relative; `goal` in the unit."""
    return {
        "metric": outcome.metric,
        "unit": outcome.unit,
        "baseline": outcome.baseline,
        "target": outcome.target,
        "relative": outcome.relative,
        "goal": outcome.goal,
        "by": outcome.by.isoformat() if outcome.by else None,
        "latest": outcome.latest,
        "progress": outcome.progress(outcome.latest),
    }


def _break_glass(state: InitiativeState) -> str | None:
    opened = latest_break_glass(state)
    if opened is None:
        return None
    return "unreviewed" if opened.upheld is None else "upheld" if opened.upheld else "not-upheld"


def age_from(state: InitiativeState, roadmap: RoadmapState) -> datetime | None:
    """When the cycle under way started; None when none is."""
    cycle = open_cycle(state, workflow_of(roadmap))
    return cycle.started if cycle else None


def good_until(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> datetime | None:
    """The earliest later time at which time alone may change the row, its age apart; None: never."""
    return min((each for each in expiries(state, roadmap) if each > at), default=None)


def expiries(state: InitiativeState, roadmap: RoadmapState) -> Iterator[datetime]:
    """When a role falls quiet, a measurement is due, and votes, conditions, waivers, acceptances lapse."""
    workflow = workflow_of(roadmap)
    yield from consultations_due(state, workflow).values()
    due = measurement_due(state, workflow)
    if due is not None:
        yield due
    for vote in state.approvals:
        yield vote.at
        if vote.valid_until is not None:
            yield vote.valid_until
        for condition in vote.conditions:
            if condition.due is not None and condition.met_by is None:
                yield datetime.combine(condition.due, time(), UTC) + days(1)
    for waiver in state.waivers:
        yield waiver.until
    for risk in state.risks.values():
        if risk.accepted is not None:
            yield risk.accepted.until


def _ready(gate: Gate) -> bool:
    return gate.next is not None and gate.open
