"""Cycles: from start to finish, with the visits that tile them. Stays from the finish on stand outside."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from roadlog.domain.initiative import InitiativeState, Visit
from roadlog.domain.workflow import Workflow


class Cycle(Struct, frozen=True, kw_only=True):
    """One cycle `[started, finished)` and its visits, which tile it.

    `finished` is None while it runs, and for ever where the product was retired meanwhile: then it `ended`.
    `stopped` is since when it stands stopped, and it lasts until then: only when it is reopened was that time
    a part of it. A cycle that another one follows has finished, also where the workflow has another finish by
    now: its last visit is that from which the next cycle began.
    """

    number: int
    started: datetime
    finished: datetime | None
    ended: datetime | None
    visits: tuple[Visit, ...]
    stopped: datetime | None = None

    def until(self, at: datetime) -> datetime:
        """Its last moment as of `at`."""
        stop = max(self.stopped, self.visits[-1].entered_at) if self.stopped else None
        return self.finished or self.ended or stop or at

    @property
    def outcome(self) -> Literal["finished", "ended", "stopped", "open"]:
        if self.finished:
            return "finished"
        if self.ended:
            return "ended"
        return "stopped" if self.stopped else "open"


def cycles(state: InitiativeState, workflow: Workflow) -> tuple[Cycle, ...]:
    """The initiative's cycles in order; none before the workflow's start milestone."""
    numbers = sorted({visit.cycle for visit in state.visits if visit.cycle > 0})
    return tuple(_cycle(number, state, workflow) for number in numbers)


def _cycle(number: int, state: InitiativeState, workflow: Workflow) -> Cycle:
    visits = tuple(visit for visit in state.visits if visit.cycle == number)
    finish = next((visit for visit in visits if visit.milestone in workflow.finishing), None)
    if finish is None and any(visit.cycle > number for visit in state.visits):
        finish = visits[-1]
    ended = None if finish else visits[-1].left_at
    return Cycle(
        number=number,
        started=visits[0].entered_at,
        finished=finish.entered_at if finish else None,
        ended=ended,
        visits=visits[: visits.index(finish)] if finish else visits,
        stopped=None if finish or ended else stopped_since(state),
    )


def stopped_since(state: InitiativeState) -> datetime | None:
    """Since when it stands stopped; None where it does not."""
    return next((each.from_at for each in state.spans if each.kind == "stopped" and not each.to_at), None)


def open_cycle(state: InitiativeState, workflow: Workflow) -> Cycle | None:
    """The cycle under way; None where the last finished, or was stopped, which is neither finish nor open."""
    found = cycles(state, workflow)
    if not found or found[-1].finished or state.stopped or state.retired:
        return None
    return found[-1]


def adopted_finished(state: InitiativeState, workflow: Workflow) -> bool:
    """Whether the first cycle is not on this record: the work was adopted when it had finished already."""
    return bool(
        state.visits
        and state.visits[0].began == "adopted"
        and state.visits[0].milestone in workflow.finishing
    )
