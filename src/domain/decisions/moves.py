"""Moves between milestones: forward through gates or by break-glass, and back with a loop kind."""

from roadlog.domain.commands import AdvanceMilestone, ReturnMilestone
from roadlog.domain.decisions import reasons
from roadlog.domain.decisions.arguments import known
from roadlog.domain.decisions.authority import require_role
from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.decisions.status import must_go_on
from roadlog.domain.events import MilestoneAdvanced, MilestoneReturned, Satisfied
from roadlog.domain.evolve import fold
from roadlog.domain.gate import Gate, evaluate
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Refused
from roadlog.domain.requirements import quoted
from roadlog.domain.situation import Events, Situation
from roadlog.domain.workflow import Workflow


def advance(situation: Situation, command: AdvanceMilestone) -> Events:
    """Rule 2 and 9: forward through the gate of the milestone left, and of each one skipped."""
    state, workflow = situation.initiative, situation.workflow
    _must_be_free(situation)
    to = _forward_target(state, workflow, command.to)
    if command.break_glass:
        _may_break_glass(situation)
    gates = _gates_passed(situation, to)
    owed = gates[1:] if command.break_glass else gates
    if not all(gate.open for gate in owed):
        raise _closed(state.key, to, owed)
    cycle, iteration, visit = numbers_after(state, workflow, to, backward=False)
    return (
        MilestoneAdvanced(
            from_=state.milestone,
            to=to,
            cycle=cycle,
            iteration=iteration,
            visit=visit,
            break_glass=command.break_glass,
            gate=tuple(line for gate in gates for line in _as_satisfied(gate)),
        ),
    )


def _must_be_free(situation: Situation) -> None:
    """Rule 4 for forward moves, and that nothing starts before it was defined."""
    state = situation.initiative
    must_go_on(state)
    if state.blocked_by is not None:
        raise Refused(
            "blocked",
            f"{state.key} is blocked by {state.blocked_by}; it may go back or be stopped, not advance.",
            try_=(f"roadlog unblock {state.key}",),
        )
    if state.milestone is None and state.defined_at is not None and situation.at < state.defined_at:
        raise Refused(
            "order",
            f"{state.key} was defined at {rfc3339(state.defined_at)}; it cannot have started before.",
            try_=(f"roadlog advance {state.key} --at {rfc3339(state.defined_at)}",),
        )


def _forward_target(state: InitiativeState, workflow: Workflow, to: str | None) -> str:
    """Where a forward move leads: forward moves end at the finish."""
    key, here, finish = state.key, state.milestone, workflow.index(workflow.finish)
    if workflow.index(here) >= finish:
        raise Refused(
            "finish",
            f"{key} is in {here}: nothing follows. Go back to learn more, or retire the product.",
            try_=(
                f"roadlog return {key} {quoted(workflow.start)} --loop learning --because WHY",
                f"roadlog retire {key} --because WHY",
            ),
        )
    to = to or (workflow.start if here is None else workflow.order[workflow.index(here) + 1])
    known("milestone", to, workflow.order)
    if workflow.index(to) <= workflow.index(here):
        again = "it is there already" if to == here else f"{to} comes before {here}"
        raise Refused(
            "forward",
            f"{key} cannot advance to {to}: {again}. Going back, or the same again, is a return.",
            try_=(f"roadlog return {key} {quoted(to)} --loop learning --because WHY",),
        )
    if workflow.index(to) > finish:
        raise Refused(
            "finish",
            f"{key} cannot advance beyond {workflow.finish}, where its cycle finishes.",
            try_=(f"roadlog advance {key} --to {quoted(workflow.finish)}",),
        )
    return to


def _may_break_glass(situation: Situation) -> None:
    """Rule 9 and 10: the role that may, and a reason."""
    require_role(situation, situation.policy.may_break_glass, "break glass")
    again = f"roadlog advance {situation.initiative.key} --break-glass --because WHY"
    reasons.require(situation, "Breaking glass needs a reason: why the gate cannot wait.", try_=(again,))


def _gates_passed(situation: Situation, to: str) -> tuple[Gate, ...]:
    """The gate of the milestone left, then those of the milestones skipped, as they stood when it happened.

    A move that is typed later counts on nothing that happened after it.
    """
    state, workflow = situation.initiative, situation.workflow
    if situation.at < situation.now:
        state = fold(situation.history, as_of=situation.at)
    reached = workflow.index(to)
    if state.milestone is None:
        left: tuple[str | None, ...] = (None, *workflow.order[workflow.index(workflow.start) : reached])
    else:
        left = workflow.order[workflow.index(state.milestone) : reached]
    return tuple(evaluate(state, workflow, each, situation.at, situation.roadmap) for each in left)


def _as_satisfied(gate: Gate) -> tuple[Satisfied, ...]:
    return tuple(
        Satisfied(
            milestone=gate.milestone,
            requirement=each.id,
            by=each.by,
            waiver=each.waiver,
            met=each.met,
        )
        for each in gate.requirements
    )


def _closed(key: str, to: str, gates: tuple[Gate, ...]) -> Refused:
    """What is missing at each gate on the way, and the commands that would supply it."""
    lines = [
        (gate.milestone or "the backlog", each)
        for gate in gates
        for each in gate.requirements
        if not each.met
    ]
    where = tuple(dict.fromkeys(milestone for milestone, _ in lines))
    count = f"{len(lines)} requirement{'s are' if len(lines) > 1 else ' is'} not met"
    return Refused(
        "gate",
        f"{key} cannot advance to {to}: {count} to leave {', '.join(where)}.",
        missing=tuple(
            f"{milestone}: {each.text}" if len(where) > 1 else each.text for milestone, each in lines
        ),
        try_=tuple(dict.fromkeys(each.try_ for _, each in lines if each.try_)) or (f"roadlog gate {key}",),
    )


def go_back(situation: Situation, command: ReturnMilestone) -> Events:
    """Rule 3: to any earlier milestone or the same one again, which ends the iteration."""
    state, workflow = situation.initiative, situation.workflow
    must_go_on(state)
    if state.milestone is None:
        raise Refused(
            "backlog",
            f"{state.key} is in the backlog: there is nothing to go back to.",
            try_=(f"roadlog advance {state.key}",),
        )
    known("milestone", command.to, workflow.order)
    if workflow.index(command.to) > workflow.index(state.milestone):
        raise Refused(
            "backward",
            f"{state.key} cannot return to {command.to}: it comes after {state.milestone}. Advance there.",
            try_=(f"roadlog advance {state.key} --to {quoted(command.to)}",),
        )
    cycle, iteration, visit = numbers_after(state, workflow, command.to, backward=True)
    return (
        MilestoneReturned(
            from_=state.milestone,
            to=command.to,
            loop=command.loop,
            learned=command.learned,
            change=command.change,
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        ),
    )
