"""Histories that tests of projections share: an initiative at a gate that a test states, and what happens."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from roadlog.domain import subject
from roadlog.domain.events import (
    ApprovalRequested,
    Condition,
    Event,
    ExpectationSet,
    GateWaived,
    LoopKind,
    MilestoneAdvanced,
    MilestoneReturned,
    Outcome,
    OutcomeMeasured,
    ProblemDefined,
    RiskAccepted,
    RiskLogged,
    StakeholderApproved,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Milestone, Policy, Workflow
from tests.domain.spec import KEY, START, By, by, given

Case = tuple[InitiativeState, RoadmapState]

TICKETS = Outcome(
    metric="tickets", unit="per week", baseline=900, target=-30, relative=True, by=date(2026, 9, 30)
)


def day(number: float) -> datetime:
    """So many days after the first record."""
    return START + timedelta(days=number)


def on(number: float, event: Event, actor: str = "paula") -> By:
    return by(actor, event, at=day(number))


def short(
    *requires: str, entry: tuple[str, ...] = (), renew: bool = False, policy: Policy | None = None
) -> Workflow:
    """learn → build → run: leaving learn asks for nothing, leaving build for what the test says."""
    return Workflow(
        name="short",
        version=1,
        start="learn",
        finish="run",
        entry=entry,
        milestones=(
            Milestone(id="learn", question="What do we know?"),
            Milestone(id="build", question="Does it work?", requires=requires, renew=renew),
            Milestone(id="run"),
        ),
        policy=policy or Policy(),
    )


def defined(*, outcome: Outcome | None = TICKETS, owner: str | None = "paula") -> ProblemDefined:
    return ProblemDefined(
        key=KEY,
        title="Reduce support load",
        problem="Support agents answer 900 tickets a week",
        outcome=outcome,
        segments=("new customers",),
        approach=None,
        owner=owner,
        solution_words=(),
    )


def moved(
    to: str, *, cycle: int = 1, iteration: int = 1, visit: int = 1, break_glass: bool = False
) -> MilestoneAdvanced:
    return MilestoneAdvanced(
        from_=None,
        to=to,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
        break_glass=break_glass,
        gate=(),
    )


def back(
    to: str, *, cycle: int = 1, iteration: int = 2, visit: int = 2, loop: LoopKind | None = "learning"
) -> MilestoneReturned:
    return MilestoneReturned(
        from_="build",
        to=to,
        loop=loop,
        learned=None,
        change=None,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
    )


def asked(*roles: str, milestone: str | None = "build", request: str = "Q1") -> ApprovalRequested:
    return ApprovalRequested(
        request=request, milestone=milestone, roles=roles, subject="-", shown={}, valid_days=None
    )


def measured(value: float) -> OutcomeMeasured:
    return OutcomeMeasured(metric="tickets", value=value, sample=None, evidence=None)


def expected(first: int, last: int) -> ExpectationSet:
    return ExpectationSet(
        iterations_from=first, iterations_to=last, outcome_from=None, outcome_to=None, told=()
    )


def risk(name: str = "R1", *, likelihood: int = 4, impact: int = 4) -> RiskLogged:
    return RiskLogged(
        risk=name,
        category="bias",
        description="Answers differ by segment",
        likelihood=likelihood,
        impact=impact,
        owner=None,
        catalogue=None,
    )


def accepted(until: datetime, name: str = "R1") -> RiskAccepted:
    return RiskAccepted(risk=name, until=until, role="compliance")


def waived(requirement: str, until: datetime, milestone: str | None = "build") -> GateWaived:
    return GateWaived(milestone=milestone, requirement=requirement, until=until)


def case(
    *steps: Event | By, workflow: Workflow | None = None, team: dict[str, tuple[str, ...]] | None = None
) -> Case:
    """The states that these steps lead to."""
    history = given(*steps, workflow=workflow or short(), team=team)
    return history.state(), history.roadmap_state()


DAN = short("approval:data-science")


def approved(
    *steps: By,
    at: float,
    workflow: Workflow = DAN,
    valid_until: datetime | None = None,
    conditions: tuple[Condition, ...] = (),
) -> tuple[By, ...]:
    """The steps, and dan's approval of what stands there then."""
    state, _ = case(*steps, workflow=workflow)
    event = StakeholderApproved(
        milestone=state.milestone,
        role="data-science",
        subject=subject.digest(state, workflow, state.milestone),
        shown=subject.parts(state, workflow, state.milestone),
        statement=None,
        conditions=conditions,
        valid_until=valid_until,
        signature=None,
    )
    return (*steps, by("dan", event, at=day(at)))


def rekeyed(state: InitiativeState, key: str) -> InitiativeState:
    """The same history under another key."""
    return replace(state, key=key)
