"""The gate of one initiative: what leaving its milestone needs, what is there, what is owed by whom."""

from datetime import datetime
from typing import Any

from roadlog.domain.gate import Gate, Requirement, owed_roles, split
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.votes import voters
from roadlog.projections.plain import plain
from roadlog.projections.standing import (
    entered_at,
    gate_of,
    not_evidenced,
    present_requests,
    status_of,
    voters_of,
    workflow_of,
)


def gate_answer(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> dict[str, Any]:
    """The gate, requirement by requirement. `owed` says for each role that has not approved who could.

    milestone: None in the backlog; next: None where nothing follows
    try: the command that would supply what is missing
    waiver: its position, where a waiver meets the requirement
    not_evidenced: milestones of adopted work whose gates were passed before its adoption
    who: of an approval, whose votes meet it
    unasked: votes that stand at this gate in roles that it does not ask, which hold nothing up
    """
    workflow = workflow_of(roadmap)
    gate = gate_of(state, roadmap, at)
    requested = {role: each.at for each in present_requests(state) for role in each.roles}
    known = state.milestone is not None and state.milestone in workflow.order
    return {
        "key": state.key,
        "title": state.title,
        "milestone": gate.milestone,
        "question": workflow.milestone(state.milestone).question if state.milestone and known else None,
        "next": gate.next,
        "open": gate.open,
        "status": status_of(state, workflow),
        "since": plain(entered_at(state)),
        "not_evidenced": not_evidenced(state, workflow),
        "requirements": [_line(each, state) for each in gate.requirements],
        "unasked": _unasked(state, gate, at),
        "owed": [
            {
                "role": role,
                "by": list(voters(state, roadmap, role)),
                "requested_at": plain(requested.get(role)),
            }
            for role in owed_roles(gate)
        ],
    }


def _unasked(state: InitiativeState, gate: Gate, at: datetime) -> list[dict[str, Any]]:
    """Who voted on this gate, in this cycle, in a role whose approval it does not need."""
    asked = {name for kind, name in (split(each.id) for each in gate.requirements) if kind == "approval"}
    return [
        {
            "position": vote.position,
            "stakeholder": vote.stakeholder,
            "role": vote.role,
            "decision": vote.decision,
        }
        for vote in state.approvals
        if (vote.milestone, vote.cycle) == (gate.milestone, state.cycle)
        and vote.stands
        and vote.at <= at
        and vote.role not in asked
    ]


def _line(requirement: Requirement, state: InitiativeState) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "kind": requirement.kind,
        "text": requirement.text,
        "met": requirement.met,
        "by": list(requirement.by),
        "who": voters_of(state, requirement.by),
        "waiver": requirement.waiver,
        "stale": plain(requirement.stale),
        "not_counted": plain(requirement.not_counted),
        "try": requirement.try_,
    }
