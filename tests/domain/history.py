"""Usual events of an initiative, for the tests of what may come after them."""

from roadlog.domain.events import (
    InitiativeAdopted,
    LoopKind,
    MilestoneAdvanced,
    MilestoneReturned,
    NoticeDefined,
    Outcome,
    ProblemDefined,
    Satisfied,
)
from roadlog.domain.workflow import Milestone, Workflow
from tests.domain.spec import START, built_in

OPEN = built_in("open")
NOTICE = NoticeDefined(text="Written by AI; check it.", placement="under each answer", locale=None)

FILMS = Workflow(
    name="films",
    version=1,
    start="script",
    finish="screening",
    entry=("problem",),
    milestones=(
        Milestone(id="idea"),
        Milestone(id="script", requires=("notice",)),
        Milestone(id="shooting", requires=("notice", "approval:engineering")),
        Milestone(id="screening"),
        Milestone(id="archive"),
    ),
)
"""Milestones before the start and after the finish, and two gates that hold or not by one event."""


def problem(*, complete: bool = True, owner: str | None = None) -> ProblemDefined:
    outcome = Outcome(metric="tickets", unit="a week", baseline=900, target=-30, relative=True, by=None)
    return ProblemDefined(
        key="SUP-1",
        title="Support load",
        problem="Agents answer 900 tickets a week.",
        outcome=outcome if complete else None,
        segments=(),
        approach=None,
        owner=owner,
        solution_words=(),
    )


def advanced(
    came_from: str | None,
    to: str,
    cycle: int = 1,
    iteration: int = 1,
    visit: int = 1,
    *,
    break_glass: bool = False,
    gate: tuple[Satisfied, ...] = (),
) -> MilestoneAdvanced:
    return MilestoneAdvanced(
        from_=came_from,
        to=to,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
        break_glass=break_glass,
        gate=gate,
    )


def returned(
    came_from: str,
    to: str,
    cycle: int,
    iteration: int,
    visit: int,
    *,
    loop: LoopKind = "learning",
    learned: str | None = None,
    change: str | None = None,
) -> MilestoneReturned:
    return MilestoneReturned(
        from_=came_from,
        to=to,
        loop=loop,
        learned=learned,
        change=change,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
    )


def adopted(milestone: str, *, cycle: int = 1) -> InitiativeAdopted:
    return InitiativeAdopted(
        key="SUP-1",
        title="Support load",
        milestone=milestone,
        since=START,
        owner=None,
        origin="under-way",
        cycle=cycle,
        iteration=1,
        visit=1,
    )


def line(
    milestone: str | None, requirement: str, *positions: int, waiver: int | None = None, met: bool = True
) -> Satisfied:
    return Satisfied(milestone=milestone, requirement=requirement, by=positions, waiver=waiver, met=met)


LIVE = (
    problem(),
    advanced(None, "feasibility"),
    advanced("feasibility", "prototype"),
    advanced("prototype", "training"),
    advanced("training", "integration"),
    advanced("integration", "experimentation"),
    advanced("experimentation", "live"),
)
"""To live, one milestone at a time."""

TRAINING = LIVE[:4]

BROKEN = advanced("script", "shooting", break_glass=True, gate=(line("script", "notice", met=False),))
GLASS = (problem(), advanced(None, "script"), BROKEN)
"""Out of the first gate by break-glass, which `paula` did."""
