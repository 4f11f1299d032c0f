"""What tests of metrics share: steps, a cycle as it is measured, and any history of one initiative."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.events import (
    Event,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    MilestoneAdvanced,
    MilestoneReturned,
    StakeholderApproved,
    StakeholderRejected,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.evolve import evolve
from roadlog.domain.initiative import InitiativeState
from roadlog.projections.metrics.cycles import Cycle, cycles
from roadlog.projections.metrics.measured import cycle_answer
from roadlog.projections.metrics.waiting import waits
from tests.domain.spec import FIRST, START, By, record
from tests.projections.histories import asked, case, day, defined, moved, on, short

DAY = 86400.0
WORKFLOW = short()
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(3, moved("build")))


def approving(role: str, milestone: str | None = "build") -> StakeholderApproved:
    return StakeholderApproved(
        milestone=milestone,
        role=role,
        subject="-",
        shown={},
        statement=None,
        conditions=(),
        valid_until=None,
        signature=None,
    )


def rejecting(role: str, milestone: str | None = "build") -> StakeholderRejected:
    return StakeholderRejected(milestone=milestone, role=role, subject="-", shown={})


def cycle(*steps: By, number: int = 1, at: float = 30) -> dict[str, Any]:
    state, _ = case(*steps)
    found = {each.number: each for each in cycles(state, WORKFLOW)}
    return answer_of(found[number], state, day(at))


def answer_of(cycle: Cycle, state: InitiativeState, at: datetime) -> dict[str, Any]:
    return cycle_answer(cycle, state, WORKFLOW, at, waits(state))


KINDS = (
    "forward",
    "backward",
    "block",
    "unblock",
    "pause",
    "resume",
    "stop",
    "reopen",
    "ask",
    "approve",
    "retire",
)


def history(choices: list[tuple[str, int, int]]) -> InitiativeState:
    """A history in which each move is numbered as the rules number it."""
    state, when = InitiativeState(), START
    for number, (kind, place, later) in enumerate([("define", 0, 0), *choices]):
        when += timedelta(hours=later)
        event = chosen(state, kind, place)
        if event is not None:
            state = evolve(state, record(event, position=FIRST + number, version=number + 1, at=when))
    return state


def chosen(state: InitiativeState, kind: str, place: int) -> Event | None:
    """The event of that kind which may happen here; None where none may."""
    order, here = WORKFLOW.order, WORKFLOW.index(state.milestone)
    plain: dict[str, Event] = {
        "block": WorkBlocked(by="law"),
        "unblock": WorkUnblocked(),
        "pause": WorkPaused(),
        "resume": WorkResumed(),
        "stop": InitiativeStopped(),
        "reopen": InitiativeReopened(),
        "ask": asked("data-science", milestone=state.milestone),
        "approve": approving("data-science", state.milestone),
    }
    if kind == "define":
        return defined()
    if state.retired:
        return None
    if kind == "retire":
        return InitiativeRetired() if any(each.milestone == "run" for each in state.visits) else None
    if kind in plain:
        return plain[kind]
    backward = kind == "backward"
    if here < 0 if backward else here == len(order) - 1:
        return None
    to = order[place % (here + 1)] if backward else order[here + 1 + place % (len(order) - 1 - here)]
    cycle, iteration, visit = numbers_after(state, WORKFLOW, to, backward=backward)
    if backward:
        return MilestoneReturned(
            from_=state.milestone or "",
            to=to,
            loop="learning",
            learned=None,
            change=None,
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        )
    return MilestoneAdvanced(
        from_=state.milestone,
        to=to,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
        break_glass=False,
        gate=(),
    )


histories = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 50)), max_size=25
).map(history)
