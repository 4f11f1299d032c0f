"""The gate of one initiative: what leaving its milestone needs, what is there, what is owed by whom."""

from datetime import datetime
from typing import Any

from roadlog.domain.gate import Requirement, owed_roles
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.plain import plain
from roadlog.projections.standing import entered_at, gate_of, present_requests, status_of, workflow_of


def gate_answer(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> dict[str, Any]:
    """The gate, requirement by requirement. `owed` says for each role that has not approved who could.

    milestone: None in the backlog; next: None where nothing follows
    try: the command that would supply what is missing
    waiver: its position, where a waiver meets the requirement
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
        "requirements": [_line(each) for each in gate.requirements],
        "owed": [
            {
                "role": role,
                "by": list(voters(state, roadmap, role)),
                "requested_at": plain(requested.get(role)),
            }
            for role in owed_roles(gate)
        ],
    }


def voters(state: InitiativeState, roadmap: RoadmapState, role: str) -> tuple[str, ...]:
    """Who could give an approval that counts (rule 5): people who hold the role, the owner left out."""
    return tuple(
        each.handle
        for each in roadmap.present()
        if role in each.roles and each.kind == "human" and each.handle != state.owner
    )


def _line(requirement: Requirement) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "kind": requirement.kind,
        "text": requirement.text,
        "met": requirement.met,
        "by": list(requirement.by),
        "waiver": requirement.waiver,
        "stale": plain(requirement.stale),
        "not_counted": plain(requirement.not_counted),
        "try": requirement.try_,
    }
