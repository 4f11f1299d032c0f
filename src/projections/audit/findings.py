"""What a check is given, and what it finds: a sentence, its positions, and for which time it held."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from roadlog.domain.events import (
    MilestoneAdvanced,
    RoleGranted,
    RoleRevoked,
    Satisfied,
    StakeholderJoined,
    StakeholderLeft,
)
from roadlog.domain.initiative import InitiativeState, Waiver
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap, fold_roadmap
from roadlog.domain.workflow import Workflow
from roadlog.projections.standing import workflow_of

Limits = Mapping[str, int]
ENROLMENT = (StakeholderJoined, StakeholderLeft, RoleGranted, RoleRevoked)


class Finding(NamedTuple):
    """What somebody who reviews a log should look at. It held over `[since, until)`, or at one moment."""

    text: str
    positions: tuple[int, ...]
    since: datetime
    until: datetime

    def lies_in(self, start: datetime | None) -> bool:
        """Whether it held at or after the period's start; its end is where the history was read to."""
        return start is None or self.until > start or self.since >= start


def once(text: str, positions: Sequence[int], at: datetime) -> Finding:
    """What was found at one moment."""
    return Finding(text, tuple(positions), at, at)


class InForce:
    """The roadmap as it stood before each position, and who held which role at each time."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self._positions = [0]
        self._states = [RoadmapState()]
        self._held: dict[str, list[tuple[datetime, tuple[str, ...]]]] = {}
        self._first: str | None = None
        for record in records:
            self._states.append(evolve_roadmap(self._states[-1], record))
            self._positions.append(record.position)
            self._note(record)

    def _note(self, record: Record) -> None:
        event = record.event
        if isinstance(event, ENROLMENT):
            self._first = self._first or event.stakeholder
            person = self._states[-1].stakeholders.get(event.stakeholder)
            if person is not None:
                self._held.setdefault(person.handle, []).append((record.effective_at, person.roles))

    def before(self, position: int) -> RoadmapState:
        """The roadmap that the record at a position was decided on."""
        return self._states[bisect_left(self._positions, position) - 1]

    def as_of(self, at: datetime) -> RoadmapState:
        """The roadmap as it was at a time."""
        return fold_roadmap(self.records, as_of=at)

    def roles(self, handle: str, at: datetime) -> tuple[str, ...] | None:
        """The roles held at a time, by the order of the world; None before somebody was enrolled."""
        held = self._held.get(handle, [])
        place = bisect_right(held, at, key=itemgetter(0))
        if place == 0 and handle == self._first:
            place = 1  # the first stakeholder holds at every time
        return held[place - 1][1] if place else None

    def joined(self, handle: str) -> datetime | None:
        """When somebody was enrolled first."""
        held = self._held.get(handle)
        return held[0][0] if held else None


class Step(NamedTuple):
    """A record of an initiative, the initiative before and after it, and the roadmap it was decided on."""

    record: Record
    before: InitiativeState
    after: InitiativeState
    roadmap: RoadmapState

    @property
    def workflow(self) -> Workflow:
        return workflow_of(self.roadmap)

    @property
    def at(self) -> datetime:
        return self.record.effective_at

    @property
    def imported(self) -> bool:
        return self.record.body.source.imported is not None


class Passage(NamedTuple):
    """A move through a gate: its record, the workflow of its time, and the waivers that its lines rest on."""

    record: Record
    event: MilestoneAdvanced
    workflow: Workflow
    waived: tuple[tuple[Satisfied, Waiver], ...]

    @property
    def at(self) -> datetime:
        return self.record.effective_at


class End(NamedTuple):
    """An initiative at the end of the period, with the roadmap of that time.

    gates: each gate that it moved through
    heard: per role, the position at which it spoke last
    incidents: per incident, the positions of its records
    """

    state: InitiativeState
    roadmap: RoadmapState
    at: datetime
    gates: Sequence[Passage]
    heard: Mapping[str, int]
    incidents: Mapping[str, Sequence[int]]

    @property
    def workflow(self) -> Workflow:
        return workflow_of(self.roadmap)

    @property
    def ended(self) -> bool:
        """Whether nothing of it goes on."""
        return self.state.stopped or self.state.retired


def is_live(state: InitiativeState, workflow: Workflow) -> bool:
    """Whether users have it: it stands at the finish, paused and blocked included, and has not ended."""
    return state.milestone in workflow.finishing and not state.stopped and not state.retired


def day(moment: datetime) -> str:
    """The day of a moment, in UTC."""
    return moment.date().isoformat()
