"""Steps that tests of gates and votes share: an initiative at a milestone, and votes on what stands there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from roadlog.domain import subject
from roadlog.domain.events import (
    Condition,
    CriterionSet,
    Event,
    MilestoneAdvanced,
    MilestoneReturned,
    Outcome,
    ProblemDefined,
    ResultRecorded,
    ResultVerdict,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.evolve import fold
from roadlog.domain.gate import Gate, Requirement, evaluate
from roadlog.domain.records import Assurance
from roadlog.domain.workflow import Milestone, Workflow
from tests.domain.spec import AI_PRODUCT, FIRST, KEY, NOW, By, by, given, initiative_records, with_policy

Steps = tuple[Event | By, ...]

TICKETS = Outcome(
    metric="tickets", unit="per week", baseline=900, target=-30, relative=True, by=date(2026, 9, 30)
)


def defined(
    *, outcome: Outcome | None = TICKETS, segments: tuple[str, ...] = (), owner: str | None = "paula"
) -> ProblemDefined:
    return ProblemDefined(
        key=KEY,
        title="Reduce support load",
        problem="Support agents answer 900 tickets a week",
        outcome=outcome,
        segments=segments,
        approach=None,
        owner=owner,
        solution_words=(),
    )


def advanced(to: str, *, cycle: int = 1, iteration: int = 1) -> MilestoneAdvanced:
    return MilestoneAdvanced(
        from_=None, to=to, cycle=cycle, iteration=iteration, visit=1, break_glass=False, gate=()
    )


def returned(to: str, *, cycle: int = 1, iteration: int = 2) -> MilestoneReturned:
    return MilestoneReturned(
        from_=to, to=to, loop="learning", learned=None, change=None, cycle=cycle, iteration=iteration, visit=2
    )


def standing_at(milestone: str, *, owner: str | None = "paula") -> Steps:
    """Defined, then moved there: positions FIRST and FIRST + 1."""
    return (defined(owner=owner), advanced(milestone))


def criterion(
    name: str = "F1", *, threshold: float = 0.8, segment: str | None = None, milestone: str = "training"
) -> CriterionSet:
    return CriterionSet(
        criterion=name,
        milestone=milestone,
        metric="f1",
        operator=">=",
        threshold=threshold,
        segment=segment,
        dataset=None,
    )


def result(name: str = "F1", value: float = 0.9, verdict: ResultVerdict = "met") -> ResultRecorded:
    return ResultRecorded(
        criterion=name, value=value, sample=200, low=None, high=None, evidence=None, verdict=verdict
    )


def asking(*requires: str, renew: bool = False, one_role_per_person: bool = True) -> Workflow:
    """Two milestones, `training` and the finish `live`; leaving training asks for these requirements."""
    workflow = Workflow(
        name="asking",
        version=1,
        start="training",
        finish="live",
        milestones=(
            Milestone(id="training", requires=requires, renew=renew),
            Milestone(id="live"),
        ),
    )
    return with_policy(workflow, one_role_per_person=one_role_per_person)


def voted(
    steps: Steps,
    actor: str,
    role: str,
    decision: Literal["approved", "rejected", "abstained"] = "approved",
    *,
    workflow: Workflow = AI_PRODUCT,
    conditions: tuple[Condition, ...] = (),
    valid_until: datetime | None = None,
    at: datetime | None = None,
    team: dict[str, tuple[str, ...]] | None = None,
    assurance: Assurance = "asserted",
) -> Steps:
    """The steps, and a vote on the gate where they lead, about exactly what stands there then."""
    state = fold(initiative_records(steps, team))
    shown = subject.parts(state, workflow, state.milestone)
    digest = subject.digest(state, workflow, state.milestone)
    event: Event
    match decision:
        case "approved":
            event = StakeholderApproved(
                milestone=state.milestone,
                role=role,
                subject=digest,
                shown=shown,
                statement=None,
                conditions=conditions,
                valid_until=valid_until,
                signature=None,
            )
        case "rejected":
            event = StakeholderRejected(milestone=state.milestone, role=role, subject=digest, shown=shown)
        case "abstained":
            event = StakeholderAbstained(milestone=state.milestone, role=role, subject=digest, shown=shown)
    return (*steps, by(actor, event, at=at, assurance=assurance))


def gate_of(
    steps: Steps,
    *,
    workflow: Workflow = AI_PRODUCT,
    at: datetime = NOW,
    team: dict[str, tuple[str, ...]] | None = None,
) -> Gate:
    """The gate of the milestone where the steps lead."""
    case = given(*steps, workflow=workflow, team=team)
    state = case.state()
    return evaluate(state, workflow, state.milestone, at, case.roadmap_state())


def line(
    name: str,
    steps: Steps,
    *,
    workflow: Workflow = AI_PRODUCT,
    at: datetime = NOW,
    team: dict[str, tuple[str, ...]] | None = None,
) -> Requirement:
    """One requirement of the gate where the steps lead."""
    gate = gate_of(steps, workflow=workflow, at=at, team=team)
    return next(each for each in gate.requirements if each.id == name)


def last(steps: Steps) -> int:
    """Position of the last step."""
    return FIRST + len(steps) - 1
