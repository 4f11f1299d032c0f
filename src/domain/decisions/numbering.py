"""Into which cycle, iteration and visit a move leads."""

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.workflow import Workflow


def numbers_after(
    state: InitiativeState, workflow: Workflow, to: str, *, backward: bool
) -> tuple[int, int, int]:
    """Cycle, iteration and visit numbers of a move to that milestone, typed or imported.

    Iterations are numbered over the initiative's life: each backward move begins one. A cycle begins with the
    first entry to the workflow's start or later, and with a backward move once the present one has finished;
    before the start it is 0. Visits of a milestone are numbered within the cycle.
    """
    cycle = state.cycle
    if backward and _finished(state, workflow):
        cycle += 1
    elif cycle == 0 and workflow.index(to) >= workflow.index(workflow.start):
        cycle = 1
    iteration = state.iteration + 1 if backward else max(state.iteration, 1)
    visit = sum(each.milestone == to and each.cycle == cycle for each in state.visits) + 1
    return cycle, iteration, visit


def _finished(state: InitiativeState, workflow: Workflow) -> bool:
    """Whether the present cycle has entered the workflow's finish."""
    return any(each.milestone == workflow.finish and each.cycle == state.cycle for each in state.visits)
