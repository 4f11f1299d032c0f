"""Into which cycle, iteration and visit a move leads."""

from typing import Self

from msgspec import Struct

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.workflow import Workflow


class Tally(Struct, kw_only=True):
    """Where an initiative stands and how its moves are counted so far: all that numbering the next one takes.

    An import counts a whole history with one of these: each move costs the same, however many there were.
    """

    places: dict[str, int]
    start: str
    finishing: tuple[str, ...]
    milestone: str | None = None
    cycle: int = 0
    iteration: int = 0
    visits: dict[str, int]
    """How often each milestone was entered in the present cycle."""

    @classmethod
    def of(cls, state: InitiativeState, workflow: Workflow) -> Self:
        visits: dict[str, int] = {}
        for each in state.visits:
            if each.cycle == state.cycle:
                visits[each.milestone] = visits.get(each.milestone, 0) + 1
        return cls(
            places={milestone: place for place, milestone in enumerate(workflow.order)},
            start=workflow.start,
            finishing=workflow.finishing,
            milestone=state.milestone,
            cycle=state.cycle,
            iteration=state.iteration,
            visits=visits,
        )

    def enter(self, to: str, *, backward: bool) -> tuple[int, int, int]:
        """Goes there; gives the move's cycle, iteration and visit as `numbers_after` says."""
        finished = any(each in self.visits for each in self.finishing)
        if (backward and finished) or (self.cycle == 0 and self.places[to] >= self.places[self.start]):
            self.cycle += 1
            self.visits = {}
        self.iteration = self.iteration + 1 if backward else max(self.iteration, 1)
        self.visits[to] = self.visits.get(to, 0) + 1
        self.milestone = to
        return self.cycle, self.iteration, self.visits[to]


def numbers_after(
    state: InitiativeState, workflow: Workflow, to: str, *, backward: bool
) -> tuple[int, int, int]:
    """Cycle, iteration and visit numbers of a move to that milestone, typed or imported.

    Iterations are numbered over the initiative's life: each backward move begins one. A cycle begins with the
    first entry to the workflow's start or later, and with a backward move once the present one has finished;
    before the start it is 0. Visits of a milestone are numbered within the cycle.
    """
    return Tally.of(state, workflow).enter(to, backward=backward)
