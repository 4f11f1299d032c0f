"""The gate: what leaving a milestone needs, what is there, and what would supply the rest."""

from datetime import datetime
from typing import assert_never, cast, get_args

from msgspec import Struct

from roadlog.domain import requirements
from roadlog.domain.criteria import criteria, result_or_evidence
from roadlog.domain.initiative import InitiativeState, Waiver
from roadlog.domain.requirements import Finding, NotCounted, Stale
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.votes import approvals, votes_on
from roadlog.domain.workflow import RequirementKind, Workflow

__all__ = ["Gate", "NotCounted", "Requirement", "Stale", "asked", "evaluate", "owed_roles", "split"]


class Requirement(Struct, frozen=True, gc=False, kw_only=True):
    """One line of a gate.

    id: `approval:compliance`, `criteria`, …; kind: what stands before its colon
    text: the line as people read it, and what is missing
    by: positions of the records that meet it; waiver: position of the waiver that does, where no record does
    stale: votes about something else than what stands there today
    not_counted: records that do not count, and why
    try_: the command that would supply it, None when met
    """

    id: str
    kind: RequirementKind
    text: str
    met: bool
    by: tuple[int, ...] = ()
    waiver: int | None = None
    stale: tuple[Stale, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()
    try_: str | None = None


class Gate(Struct, frozen=True, gc=False, kw_only=True):
    """The gate of one milestone (None: the backlog's) of one initiative. `next` is None at the finish."""

    key: str
    milestone: str | None
    next: str | None
    requirements: tuple[Requirement, ...]

    @property
    def open(self) -> bool:
        return all(each.met for each in self.requirements)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """The requirements that do not hold."""
        return tuple(each for each in self.requirements if not each.met)


def evaluate(
    state: InitiativeState, workflow: Workflow, milestone: str | None, at: datetime, roadmap: RoadmapState
) -> Gate:
    """The gate at a moment. Expiry and due days are judged at `at`; all else is what the states say.

    A milestone that the workflow does not have, where retired work may stand, asks for nothing and nothing
    follows it. Raises ValueError for a requirement that there is not.
    """
    if milestone is not None and milestone not in workflow.order:
        return Gate(key=state.key, milestone=milestone, next=None, requirements=())
    ids = asked(state, workflow, milestone)
    waivers = {each: _in_force(state, milestone, each, at) for each in ids}
    roles = [name for kind, name in map(split, ids) if kind == "approval"]
    roles.sort(key=lambda role: waivers[f"approval:{role}"] is not None)  # a waived role needs nobody's vote
    voted = approvals(
        votes_on(state, workflow, milestone, at, roadmap),
        tuple(roles),
        one_role_per_person=workflow.policy.one_role_per_person,
    )
    lines = []
    for each in ids:
        kind, name = split(each)
        found = voted[name] if kind == "approval" else _finding(kind, name, state, workflow, milestone, at)
        expired = _expired(state, milestone, each, at)
        lines.append(_requirement(each, kind, found, waivers[each], expired))
    following = None if milestone in workflow.finishing else workflow.next_after(milestone)
    return Gate(key=state.key, milestone=milestone, next=following, requirements=tuple(lines))


def asked(state: InitiativeState, workflow: Workflow, milestone: str | None) -> tuple[str, ...]:
    """The ids of what leaving the milestone needs, of this initiative.

    Work that was under way when it was adopted came through no gate: where it stands it owes the entry gate
    too, until it first moves forward (rule 1).
    """
    if milestone is None:
        return workflow.entry
    requires = workflow.milestone(milestone).requires
    follows = milestone not in workflow.finishing
    began = {each.began for each in state.visits}
    owes_entry = milestone == state.milestone and "adopted" in began and "forward" not in began
    return tuple(dict.fromkeys((*workflow.entry, *requires))) if owes_entry and follows else requires


def asked_roles(state: InitiativeState, workflow: Workflow) -> tuple[str, ...]:
    """The roles whose approval the gate asks for where it stands, given or not."""
    if state.milestone is not None and state.milestone not in workflow.order:
        return ()
    ids = map(split, asked(state, workflow, state.milestone))
    return tuple(name for kind, name in ids if kind == "approval")


def owed_roles(gate: Gate) -> tuple[str, ...]:
    """The roles whose approval the gate still lacks."""
    return tuple(split(each.id)[1] for each in gate.missing if each.kind == "approval")


def split(requirement: str) -> tuple[RequirementKind, str]:
    """`approval:compliance` is `approval` and `compliance`. ValueError where there is no such kind."""
    kind, _, name = requirement.partition(":")
    if kind not in get_args(RequirementKind):
        raise ValueError(f"there is no requirement {requirement!r}")
    return cast(RequirementKind, kind), name


def _finding(
    kind: RequirementKind,
    name: str,
    state: InitiativeState,
    workflow: Workflow,
    milestone: str | None,
    at: datetime,
) -> Finding:
    match kind:
        case "problem":
            return requirements.problem(state)
        case "baseline":
            return requirements.baseline(state)
        case "classification":
            return requirements.classification(state)
        case "expectation":
            return requirements.expectation(state)
        case "evidence":
            return requirements.evidence(state, name)
        case "result-or-evidence":
            return result_or_evidence(state, name)
        case "criteria":
            return criteria(state, milestone)
        case "risk":
            return requirements.logged_risk(state, name)
        case "risks":
            return requirements.risks(state, workflow.policy, at)
        case "fallback":
            return requirements.fallback(state)
        case "notice":
            return requirements.notice(state)
        case "edge-cases":
            return requirements.edge_cases(state, workflow.policy)
        case "monitor":
            return requirements.monitor(state)
        case "experiment":
            return requirements.experiment(state)
        case "approval":
            raise ValueError("votes are judged together, in votes.py")
        case _:
            assert_never(kind)


def _requirement(
    name: str, kind: RequirementKind, found: Finding, waiver: Waiver | None, expired: tuple[NotCounted, ...]
) -> Requirement:
    """A waiver stands in only where no record meets the requirement; one that expired is named there too."""
    waived = waiver is not None and not found.met
    return Requirement(
        id=name,
        kind=kind,
        text=f"{found.text} — waived until {waiver.until.date()}" if waiver and waived else found.text,
        met=found.met or waived,
        by=found.by,
        waiver=waiver.position if waiver and waived else None,
        stale=found.stale,
        not_counted=found.not_counted if found.met else (*found.not_counted, *expired),
        try_=None if waived else found.try_,
    )


def _waivers(state: InitiativeState, milestone: str | None, requirement: str) -> tuple[Waiver, ...]:
    return tuple(
        each for each in state.waivers if (each.milestone, each.requirement) == (milestone, requirement)
    )


def _in_force(state: InitiativeState, milestone: str | None, requirement: str, at: datetime) -> Waiver | None:
    """The waiver in force that lasts longest; one until T is not in force at T."""
    alive = (each for each in _waivers(state, milestone, requirement) if at < each.until)
    return max(alive, key=lambda each: (each.until, each.position), default=None)


def _expired(
    state: InitiativeState, milestone: str | None, requirement: str, at: datetime
) -> tuple[NotCounted, ...]:
    return tuple(
        NotCounted(position=each.position, why=f"waiver expired on {each.until.date()}")
        for each in _waivers(state, milestone, requirement)
        if each.until <= at
    )
