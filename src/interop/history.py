"""From the lines of a log to the events of initiatives: each case an initiative, each change of milestone a move."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from roadlog.application import HistoricalEvent
from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.events import SCHEMA, Event, InitiativeAdopted, MilestoneAdvanced, MilestoneReturned
from roadlog.domain.evolve import evolve
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Actor, Body, ImportSource, Record, Source
from roadlog.domain.workflow import Workflow
from roadlog.interop.mapping import Person

UNSTATED = "not stated in the import"


class Step(Struct, frozen=True, kw_only=True):
    """One line of a case, in our words: it stood in this milestone at this time."""

    milestone: str
    at: datetime
    actor: Person
    line: str


class Case(Struct, frozen=True, kw_only=True):
    """One case of the log: its name there, and its steps by time, those of one instant in file order."""

    name: str
    steps: tuple[Step, ...]


class Known(Struct, frozen=True, kw_only=True):
    """What the store holds of a case already: its key, its state, and its imported moves."""

    key: str
    state: InitiativeState
    moves: tuple[tuple[str, datetime, str], ...]


class Late(Struct, frozen=True, kw_only=True):
    """A step that belongs before what is recorded, and so cannot be added any more."""

    case: str
    line: str


class Provenance(Struct, frozen=True, kw_only=True):
    """Where the events come from: the source that typed them, the format and the file's SHA-256."""

    source: Source
    format: str
    digest: str

    def of(self, line: str) -> Source:
        return Source(
            client="import",
            version=self.source.version,
            os_user=self.source.os_user,
            imported=ImportSource(format=self.format, digest=self.digest, line=line),
        )


def events_of(
    case: Case, workflow: Workflow, provenance: Provenance, *, key: Callable[[], str], known: Known | None
) -> Iterator[HistoricalEvent | Late]:
    """What a case adds to the log: all its moves, or those after what is there. `key` gives a new initiative's key."""
    if known is None:
        yield from _moves(case, case.steps, InitiativeState(), workflow, provenance, key())
        return
    there = Counter(known.moves)
    last = max(at for _, at, _ in known.moves)
    for event in _moves(case, case.steps, InitiativeState(), workflow, provenance, known.key):
        move = (_milestone_of(event.event), event.at, event.actor.id)
        if there[move]:
            there[move] -= 1
        elif event.at <= last and event.source.imported is not None:
            yield Late(case=case.name, line=event.source.imported.line)
    newer = tuple(step for step in case.steps if step.at > last)
    yield from _moves(case, newer, known.state, workflow, provenance, known.key)


def _moves(
    case: Case,
    steps: Iterable[Step],
    state: InitiativeState,
    workflow: Workflow,
    provenance: Provenance,
    key: str,
) -> Iterator[HistoricalEvent]:
    """A step that stays where the case stands is no move."""
    for step in steps:
        if state.milestone == step.milestone:
            continue
        moved = HistoricalEvent(
            stream=key,
            event=_event(case.name, step, state, workflow, key),
            at=step.at,
            actor=Actor(id=step.actor.handle, kind="human", assurance="asserted", roles=step.actor.roles),
            reason=UNSTATED if _is_backward(step, state, workflow) else None,
            source=provenance.of(step.line),
        )
        yield moved
        state = evolve(state, _as_record(moved, state))


def _event(title: str, step: Step, state: InitiativeState, workflow: Workflow, key: str) -> Event:
    backward = _is_backward(step, state, workflow)
    cycle, iteration, visit = numbers_after(state, workflow, step.milestone, backward=backward)
    if state.milestone is None:
        return InitiativeAdopted(
            key=key,
            title=title,
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
            from_=state.milestone,
            to=step.milestone,
            loop=None,
            learned=None,
            change=None,
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        )
    return MilestoneAdvanced(
        from_=state.milestone,
        to=step.milestone,
        cycle=cycle,
        iteration=iteration,
        visit=visit,
        break_glass=False,
        gate=(),
    )


def _is_backward(step: Step, state: InitiativeState, workflow: Workflow) -> bool:
    return state.milestone is not None and workflow.index(step.milestone) < workflow.index(state.milestone)


def _as_record(moved: HistoricalEvent, state: InitiativeState) -> Record:
    """The event as evolve reads it; what the store gives is not known yet and plays no part."""
    return Record(
        position=state.version + 1,
        stream=moved.stream,
        version=state.version + 1,
        recorded_at=moved.at,
        leaf="",
        body=Body(
            schema=SCHEMA,
            effective_at=moved.at,
            actor=moved.actor,
            reason=moved.reason,
            command_id="",
            source=moved.source,
            workflow=None,
            event=moved.event,
            salt="",
        ),
    )


def _milestone_of(event: Event) -> str:
    """The milestone that an imported move entered."""
    match event:
        case InitiativeAdopted():
            return event.milestone
        case MilestoneAdvanced() | MilestoneReturned():
            return event.to
        case _:
            raise TypeError(f"{type(event).__name__} is no imported move")


def known_cases(records: Iterable[Record], format_: str) -> dict[str, Known]:
    """What earlier imports of this format left in the log, by the case's name."""
    histories: dict[str, list[Record]] = {}
    names: dict[str, str] = {}
    for record in records:
        imported = record.body.source.imported
        if imported is not None and imported.format == format_ and isinstance(record.event, InitiativeAdopted):
            names[record.stream] = record.event.title
        if record.stream in names:
            histories.setdefault(record.stream, []).append(record)
    return {
        name: Known(
            key=key,
            state=_folded(histories[key]),
            moves=tuple(
                (_milestone_of(record.event), record.effective_at, record.actor.id)
                for record in histories[key]
                if isinstance(record.event, InitiativeAdopted | MilestoneAdvanced | MilestoneReturned)
            ),
        )
        for key, name in names.items()
    }


def _folded(records: list[Record]) -> InitiativeState:
    from roadlog.domain.evolve import fold

    return fold(records)
