"""What somebody can do or owes now, on the whole roadmap or on one initiative; what nobody was asked for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.votes import signing, voters_beside
from roadlog.projections.duties import Duty, consent_duties, duties
from roadlog.projections.standing import gate_of, workflow_of
from roadlog.projections.steps import steps


def owed(
    roadmap: RoadmapState, states: Mapping[str, InitiativeState], handle: str | None, at: datetime
) -> list[dict[str, Any]]:
    """What the stakeholder could do or owes; with no handle, what anybody does. `by` names who could."""
    found = [
        *consent_duties(roadmap),
        *(each for state in states.values() for each in _on(state, roadmap, at)),
    ]
    mine = [each for each in found if handle is None or handle in each.by]
    return _answers(sorted(mine, key=lambda each: each.since))


def next_for(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> list[dict[str, Any]]:
    """What is owed on one initiative, by anybody: the next step first, then the rest, oldest first."""
    gate = gate_of(state, roadmap, at)
    rest = [
        *(each for each in consent_duties(roadmap) if each.key == state.key),
        *duties(state, roadmap, gate, at),
    ]
    return _answers([*steps(state, roadmap, gate, at), *sorted(rest, key=lambda each: each.since)])


def unasked(roadmap: RoadmapState, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Approvals that gates need and that nobody was asked for yet, of rows of the board: they are not owed.

    `by` names who could give them, `try` how.
    """
    for row in rows:
        for role in row["waiting_on"]:
            if role not in row["requested"] and row["status"] != "backlog":
                signed = signing(workflow_of(roadmap).policy, role)
                yield {
                    "key": row["key"],
                    "title": row["title"],
                    "milestone": row["milestone"],
                    "role": role,
                    "since": row["since"],
                    "by": list(voters_beside(row["owner"], roadmap, role)),
                    "try": f"roadlog approve {row['key']} --role {role}{signed}",
                }


def _on(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> list[Duty]:
    gate = gate_of(state, roadmap, at)
    return [*steps(state, roadmap, gate, at), *duties(state, roadmap, gate, at)]


def _answers(found: Iterable[Duty]) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key,
            "what": each.what,
            "role": each.role,
            "since": rfc3339(each.since),
            "try": each.try_,
            "kind": each.kind,
            "by": list(each.by),
        }
        for each in found
    ]
