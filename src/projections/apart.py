"""What differs between the states of two moments, whatever records made them so: for what was true then."""

from collections.abc import Iterator, Mapping
from typing import Any

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.projections.differences import ordered
from roadlog.projections.standing import status_of
from roadlog.projections.trail import changes

States = tuple[RoadmapState, Mapping[str, InitiativeState]]


def apart(before: States, after: States) -> dict[str, Any]:
    """The same as `differences` of everything in between, by what is true at the two moments.

    Of what came or went, the position of the first record is for the reader of the log to fill in.
    """
    (old_roadmap, old), (new_roadmap, new) = before, after
    changed = [{"key": new_roadmap.key, **each} for each in changes(old_roadmap, new_roadmap)]
    for key in old.keys() & new.keys():
        changed += [{"key": key, **each} for each in changes(old[key], new[key])]
        statuses = [_status(*each) for each in ((old[key], old_roadmap), (new[key], new_roadmap))]
        if statuses[0] != statuses[1]:
            changed.append({"key": key, "field": "status", "before": statuses[0], "after": statuses[1]})
    return {
        "added": list(_standing(new, old, new_roadmap)),
        "removed": list(_standing(old, new, old_roadmap)),
        "changed": ordered(changed),
    }


def _standing(
    here: Mapping[str, InitiativeState], there: Mapping[str, InitiativeState], roadmap: RoadmapState
) -> Iterator[dict[str, Any]]:
    """The initiatives that are here and not there, in key order."""
    for key, state in here.items():
        if key not in there:
            yield {
                "key": key,
                "position": None,
                "title": state.title,
                "milestone": state.milestone,
                "status": _status(state, roadmap),
                "owner": state.owner,
                "horizon": state.horizon,
            }


def _status(state: InitiativeState, roadmap: RoadmapState) -> str | None:
    return status_of(state, roadmap.workflow) if roadmap.workflow else None
