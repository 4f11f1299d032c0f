"""The next step of one initiative: what its gate lacks, whom it waits for, or that it is open."""

from collections.abc import Iterator
from datetime import datetime

from roadlog.domain.gate import Gate, Requirement, split
from roadlog.domain.initiative import InitiativeState, Request
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.votes import signing, voters
from roadlog.projections.duties import Duty, answerable, brief, holders
from roadlog.projections.standing import AT_A_GATE, entered_at, present_requests, status_of, workflow_of


def steps(state: InitiativeState, roadmap: RoadmapState, gate: Gate, at: datetime) -> Iterator[Duty]:
    """Votes that are asked for; then one thing that takes it further.

    Nothing where it is paused or ended, live, or planned for later than now. While it is blocked, the block
    comes before all that the gate lacks.
    """
    status = status_of(state, workflow_of(roadmap))
    later = status == "backlog" and state.horizon in ("next", "later")
    if status not in AT_A_GATE or later:
        return
    if state.blocked_by is not None:
        yield _unblock(state, roadmap, at)
    if gate.next is None:
        return
    votes = [each for each in gate.missing if each.kind == "approval"]
    others = [each for each in gate.missing if each.kind != "approval"]
    asked = {each.id: _asked(each, state, roadmap) for each in votes}
    yield from (duty for duty in asked.values() if duty)
    if state.blocked_by is not None:
        return
    unasked = [each for each in votes if not asked[each.id]]
    if others:
        yield _supply(others, state, roadmap, at)
    elif unasked:
        yield _ask(unasked, state, roadmap, at)
    elif gate.open:
        yield _advance(gate, state, roadmap, at)


def _unblock(state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Duty:
    began = next((each.from_at for each in reversed(state.spans) if each.kind == "blocked"), at)
    return Duty(
        key=state.key,
        kind="unblock",
        what=f"Blocked by {brief(state.blocked_by or '')}",
        since=began,
        by=answerable(state, roadmap),
        try_=f"roadlog unblock {state.key}",
    )


def _asked(line: Requirement, state: InitiativeState, roadmap: RoadmapState) -> Duty | None:
    """The vote that a role was asked for and still owes; None where nobody is left to give it."""
    role = split(line.id)[1]
    request = next((each for each in reversed(present_requests(state)) if role in each.roles), None)
    able = voters(state, roadmap, role)
    if request is None or not able:
        return None
    no, abstained = (_answered(state, request, role, decision) for decision in ("rejected", "abstained"))
    left = tuple(handle for handle in able if handle not in abstained)
    if no or not left:
        return None
    lack = line.text.partition(": ")[2]
    return Duty(
        key=state.key,
        kind="approval",
        what=f"Decide as {role} on leaving {_here(state)}"
        + ("" if lack == "not given yet" else f" ({lack})"),
        role=role,
        since=request.at,
        by=left,
        try_=line.try_
        or f"roadlog approve {state.key} --role {role}{signing(workflow_of(roadmap).policy, role)}",
    )


def _answered(state: InitiativeState, request: Request, role: str, decision: str) -> set[str]:
    """Who answered the request so in that role, and stands by it."""
    return {
        vote.stakeholder
        for vote in state.approvals
        if vote.position > request.position
        and (vote.role, vote.milestone, vote.cycle) == (role, state.milestone, state.cycle)
        and vote.decision == decision
        and vote.stands
    }


def _supply(lines: list[Requirement], state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Duty:
    """The first thing that the gate lacks, and how many more."""
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return Duty(
        key=state.key,
        kind="requirement",
        what=lines[0].text + more,
        since=entered_at(state) or at,
        by=answerable(state, roadmap),
        try_=lines[0].try_ or f"roadlog gate {state.key}",
    )


def _ask(lines: list[Requirement], state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Duty:
    """All but the votes is there: ask for those that nobody was asked for, or that somebody refused to give.

    Where nobody could give one, somebody who could is owed first.
    """
    roles = [split(each.id)[1] for each in lines]
    for line, role in zip(lines, roles, strict=True):
        if not voters(state, roadmap, role):
            return Duty(
                key=state.key,
                kind="role",
                what=f"Nobody can approve as {role}, which leaving {_here(state)} asks for",
                role=role,
                since=entered_at(state) or at,
                by=holders(roadmap, workflow_of(roadmap).policy.may_enrol),
                try_=line.try_ or f"roadlog gate {state.key}",
            )
    told = [each.text for each in lines if not each.text.endswith(": not given yet")]
    what = f"Ask {', '.join(roles)} to approve leaving {_here(state)}" + (f" ({told[0]})" if told else "")
    return Duty(
        key=state.key,
        kind="request",
        what=what,
        since=entered_at(state) or at,
        by=answerable(state, roadmap),
        try_=" ".join([f"roadlog request {state.key}", *(f"--role {role}" for role in roles)]),
    )


def _advance(gate: Gate, state: InitiativeState, roadmap: RoadmapState, at: datetime) -> Duty:
    verb = "Start it: nothing keeps it in" if state.milestone is None else "Advance it: nothing keeps it in"
    return Duty(
        key=state.key,
        kind="advance",
        what=f"{verb} {_here(state)}, {gate.next} comes next",
        since=entered_at(state) or at,
        by=answerable(state, roadmap),
        try_=f"roadlog advance {state.key}",
    )


def _here(state: InitiativeState) -> str:
    return state.milestone or "the backlog"
