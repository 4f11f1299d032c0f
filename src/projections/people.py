"""Who is on the roadmap, with which keys, which workflow holds, and what waits for a second person."""

from typing import Any

from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import definition, digest_of
from roadlog.projections.plain import plain


def stakeholders(roadmap: RoadmapState) -> list[dict[str, Any]]:
    """Everybody who ever joined, in that order; `left_at` is None for those who are here.

    erased_by: position of the record since which the directory holds nothing of them
    """
    erasures = roadmap.erasures
    return [
        {**plain(each), "erased_by": erasures[each.handle].position if each.handle in erasures else None}
        for each in roadmap.stakeholders.values()
    ]


def keys(roadmap: RoadmapState) -> list[dict[str, Any]]:
    """Every key that was ever enrolled, in that order; `retired_at` is None for those that may sign.

    person: of handles that ever had a key in common, the first
    """
    return [
        {
            "handle": each.stakeholder,
            "person": roadmap.person(each.stakeholder),
            "type": each.public_key.partition(" ")[0],
            **{name: value for name, value in plain(each).items() if name != "stakeholder"},
        }
        for each in roadmap.keys
    ]


def log_keys(roadmap: RoadmapState, first: str | None) -> list[dict[str, Any]]:
    """The keys that sign the log's checkpoints, each since a record; the last one is in force.

    first: the one from the log's beginning on, which is a file; None where there is none
    """
    beginning = {"key": first, **dict.fromkeys(("position", "changed_by", "changed_at", "reason"))}
    later = [
        {name: value for name, value in plain(each).items() if name != "before"} for each in roadmap.log_keys
    ]
    return [*([beginning] if first else []), *later]


def workflow_answer(workflow: Workflow) -> dict[str, Any]:
    """The whole definition, every policy value included, and the digest that records name it by."""
    content = definition(workflow)
    return {**content, "digest": digest_of(content)}


def consents(roadmap: RoadmapState) -> list[dict[str, Any]]:
    """Every command that waits, or waited, for a second person, oldest request first."""
    return [plain(each) for each in roadmap.consents.values()]
