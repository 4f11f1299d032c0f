"""Moves between milestones: forward through gates or by break-glass, and back with a loop kind."""

from roadlog.domain.commands import AdvanceMilestone, ReturnMilestone
from roadlog.domain.decisions import reasons
from roadlog.domain.decisions.arguments import known
from roadlog.domain.decisions.authority import require_human, require_role
from roadlog.domain.decisions.in_time import check_order
from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.decisions.status import must_go_on
from roadlog.domain.events import MilestoneAdvanced, MilestoneReturned, Satisfied
from roadlog.domain.evolve import fold
from roadlog.domain.gate import Gate, evaluate
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import told
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted
from roadlog.domain.workflow import Workflow


def advance(situation: Situation, command: AdvanceMilestone) -> Events:
    """Rule 2 and 9: forward through the gate of the milestone left, and of each one skipped."""
    state, workflow = situation.initiative, situation.workflow
    _must_be_free(situation)
    to = _forward_target(state, workflow, command.to)
    if command.break_glass:
        _may_break_glass(situation)
    gates = _gates_passed(situation, to, command)
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
    """Rule 4 for forward moves; and rule 8, for no gate can be judged as it stood before the last move."""
    state = situation.initiative
    must_go_on(state)
    if state.blocked_by is not None:
        raise Refused(
            "blocked",
            f"{state.key} is blocked by {state.blocked_by}; it may go back or be stopped, not advance.",
            try_=(f"roadlog unblock {state.key}",),
        )
    check_order(situation, "status", MilestoneAdvanced.__name__)


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
    """Rule 9 and 10: a person with the role that may, and a reason."""
    require_human(situation, "break glass")
    require_role(situation, situation.policy.may_break_glass, "break glass")
    again = f"roadlog advance {situation.initiative.key} --break-glass --because WHY"
    reasons.require(situation, "Breaking glass needs a reason: why the gate cannot wait.", try_=(again,))


def _gates_passed(situation: Situation, to: str, command: AdvanceMilestone) -> tuple[Gate, ...]:
    """The gate of the milestone left, then those of the milestones skipped, as they stood when it happened.

    A move that is typed later counts on nothing that happened after it, and is held up by all that is known
    by now, such as a rejection since. What lapses with time is judged when it happened. Broken glass opens
    the first of the gates. Raises Refused.
    """
    now = _gates(situation, situation.initiative, to)
    then = now
    if situation.at < situation.now and any(each.effective_at > situation.at for each in situation.history):
        then = _gates(situation, fold(situation.history, as_of=situation.at), to)
    first = 1 if command.break_glass else 0
    open_then, open_now = (all(gate.open for gate in gates[first:]) for gates in (then, now))
    if not (open_then and open_now):
        raise _closed(
            situation, to, (then if open_now else now)[first:], open_then=open_then, open_now=open_now
        )
    return then


def _gates(situation: Situation, state: InitiativeState, to: str) -> tuple[Gate, ...]:
    """The gates on the way, by what that state says."""
    workflow = situation.workflow
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


def _closed(
    situation: Situation, to: str, gates: tuple[Gate, ...], *, open_then: bool, open_now: bool
) -> Refused:
    """What is missing at each gate on the way, as of when, and the commands that would supply it."""
    key = situation.initiative.key
    lines = [(gate.milestone or "the backlog", each) for gate in gates for each in gate.missing]
    where = tuple(dict.fromkeys(milestone for milestone, _ in lines))
    count = f"{len(lines)} requirement{'s are' if len(lines) > 1 else ' is'} not met"
    when = "" if situation.at == situation.now else _as_of(situation, open_then=open_then, open_now=open_now)
    supply = tuple(dict.fromkeys(each.try_ for _, each in lines if each.try_)) or (f"roadlog gate {key}",)
    return Refused(
        "gate",
        f"{key} cannot advance to {to}: {count} to leave {', '.join(where)}{when}.",
        missing=tuple(
            f"{milestone}: {each.text}" if len(where) > 1 else each.text for milestone, each in lines
        ),
        try_=(f"roadlog advance {key} --to {quoted(to)}",) if open_now else supply,
    )


def _as_of(situation: Situation, *, open_then: bool, open_now: bool) -> str:
    """Of a move that is typed later: which of its two gates is closed."""
    then = told(situation.at)
    if open_now:
        return f" as it stood at {then}; it has been opened since, so leave --at out"
    return f" as it stands now; at {then} it was {'open' if open_then else 'closed too'}"


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
