"""From the lines of a case to the events of an initiative: each change of milestone a move."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from roadlog.application import HistoricalEvent
from roadlog.domain.decisions.numbering import Tally
from roadlog.domain.events import Event, InitiativeAdopted, MilestoneAdvanced, MilestoneReturned
from roadlog.domain.initiative import InitiativeState, Visit
from roadlog.domain.records import Actor, ImportSource, Source
from roadlog.interop.claims import Format

UNSTATED = "not stated in the import"


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """One line of a case, in our words: it stood in this milestone then. File and line are numbers."""

    milestone: str
    at: datetime
    actor: Actor
    file: int
    line: int


class Provenance(Struct, frozen=True, kw_only=True):
    """Where the lines come from: who typed the import, the format, and each file's name and SHA-256."""

    typed: Source
    form: Format
    files: tuple[tuple[str, str], ...]

    def source(self, file: int, reference: str) -> Source:
        claimed = ImportSource(format=self.form.name, digest=self.files[file][1], line=reference)
        return replace(self.typed, client="import", imported=claimed)


class Case(NamedTuple):
    """A case of the log, and the initiative that it is here."""

    name: str
    title: str
    key: str


def moves(
    case: Case, steps: Iterable[Step], tally: Tally, version: int, provenance: Provenance
) -> Iterator[HistoricalEvent]:
    """What happened to an initiative of that version. A step that stays where it stands is no move."""
    for step in steps:
        before = tally.milestone
        if before == step.milestone:
            continue
        backward = before is not None and tally.places[step.milestone] < tally.places[before]
        numbers = tally.enter(step.milestone, backward=backward)
        version += 1
        yield HistoricalEvent(
            stream=case.key,
            version=version,
            event=_event(case, before, step, backward, numbers),
            at=step.at,
            actor=step.actor,
            reason=UNSTATED if backward else None,
            source=provenance.source(step.file, provenance.form.reference(case.name, step.line)),
        )


def _event(
    case: Case, before: str | None, step: Step, backward: bool, numbers: tuple[int, int, int]
) -> Event:
    cycle, iteration, visit = numbers
    if before is None:
        return InitiativeAdopted(
            key=case.key,
            title=case.title,
            milestone=step.milestone,
            since=step.at,
            owner=None,
            origin="import",
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        )
    if backward:
        return MilestoneReturned(
            from_=before,
            to=step.milestone,
            loop=None,
            learned=None,
            change=None,
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        )
    return MilestoneAdvanced(
        from_=before,
        to=step.milestone,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
        break_glass=False,
        gate=(),
    )


def compared(steps: Sequence[Step], state: InitiativeState) -> tuple[list[Step], list[Step]]:
    """The steps that are new, and those that come too late: they belong before what is recorded.

    A step is known when the initiative stood in its milestone at its time; who did it is no part of that. At
    the very time of the last record, where that says too little, the file's order decides: what comes behind
    all of that instant's recorded moves is new.
    """
    last = state.touched["status"]
    visits = _Visits(state.visits)
    tied = [step for step in steps if step.at == last]
    told = _told(tied, state.visits, last)
    late = [step for step in steps if step.at < last and not visits.held(step)]
    late += [step for step in tied[:told] if not visits.held(step)]
    return [*tied[told:], *(step for step in steps if step.at > last)], late


def _told(tied: Sequence[Step], visits: Sequence[Visit], last: datetime) -> int:
    """How many of the steps at the time of the last record it took to tell the moves recorded then.

    As they tell moves, one after the other; where they come in another order now, as often as each milestone
    was entered.
    """
    first = len(visits)
    while first and visits[first - 1].entered_at == last:
        first -= 1
    entered = [each.milestone for each in visits[first:]]
    standing = visits[first - 1].milestone if first else None
    ahead = deque(entered)
    for count, step in enumerate(tied):
        if not ahead:
            return count
        if step.milestone == standing:
            continue
        if step.milestone != ahead[0]:
            break
        standing = ahead.popleft()
    else:
        return len(tied)
    left = Counter(entered)
    for count, step in enumerate(tied):
        if not +left:
            return count
        left[step.milestone] -= 1
    return len(tied)


class _Visits:
    """The visits of an initiative, asked about in the order of time: what is over is not looked at again."""

    def __init__(self, visits: tuple[Visit, ...]) -> None:
        self._visits = visits
        self._over = 0

    def held(self, step: Step) -> bool:
        """Whether it stood in the step's milestone at the step's time, or entered or left it then."""
        while self._ended_before(self._visits[self._over].left_at, step.at):
            self._over += 1
        for place in range(self._over, len(self._visits)):
            visit = self._visits[place]
            if visit.entered_at > step.at:
                return False
            if visit.milestone == step.milestone:
                return True
        return False

    def _ended_before(self, left_at: datetime | None, at: datetime) -> bool:
        return left_at is not None and left_at < at and self._over + 1 < len(self._visits)
