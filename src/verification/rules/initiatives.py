"""Initiatives judged, one stream after the other; what looks at several of them is gathered on the way."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from roadlog.domain.commands import AddDependency
from roadlog.domain.events import ConsentRequested, DependencyAdded, DependencyRemoved, RecordVoided
from roadlog.domain.evolve import Fold, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.judging.judged import Case
from roadlog.domain.records import Record
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Row
from roadlog.verification.rules.findings import Findings, History
from roadlog.verification.rules.roadmap import Roadmap


class Tie(NamedTuple):
    """That an initiative depends on another from a position on, or no more; or that somebody wishes so."""

    position: int
    stream: str
    on: str
    is_wish: bool
    ends: bool


class Gathered(NamedTuple):
    """What a share of the initiatives says for what looks at several of them.

    ties: all that depends on others
    uses: per adoption's position and milestone, an initiative that stood there then
    asked: positions of the requests for consent that were judged
    """

    ties: list[Tie]
    uses: dict[int, dict[str, str]]
    asked: list[int]


class Initiatives:
    """Judges streams as they come."""

    def __init__(self, reader: Reader, roadmap: Roadmap, findings: Findings) -> None:
        self._reader = reader
        self._roadmap = roadmap
        self._findings = findings
        self._adoptions = [case.record.position for case in roadmap.adoptions]
        self.gathered = Gathered([], {position: {} for position in self._adoptions}, [])

    def take(self, found: Iterable[Row]) -> Iterator[Row]:
        """Judges rows that come stream after stream, and gives each on."""
        for name, stream in groupby(found, key=itemgetter(1)):
            if name == self._roadmap.key:
                yield from stream
            else:
                yield from self._judge_stream(name, stream)

    def _judge_stream(self, name: str, found: Iterator[Row]) -> Iterator[Row]:
        """Each record by the state before it; what is known of the initiative elsewhere, likewise."""
        folding, findings = Fold(), self._findings
        history = History(self._reader, name)
        waiting = deque(self._roadmap.requests.get(name, ()))
        adoptions = deque(self._adoptions)
        for row in found:
            position = row[0]
            while waiting and waiting[0].record.position < position:
                self._judge_request(waiting.popleft(), name, folding.lent(), history)
            while adoptions and adoptions[0] < position:
                self._note_use(adoptions.popleft(), name, folding.now)
            record = findings.made(row)
            if record is not None:
                findings.count(record)
                self._judge(record, folding.lent(), history)
                history.add(record)
                if type(record.body.event) is RecordVoided:
                    folding = Fold(fold(history))
                else:
                    folding.take(record)
            yield row
        for case in waiting:
            self._judge_request(case, name, folding.lent(), history)
        for position in adoptions:
            self._note_use(position, name, folding.now)

    def _judge(self, record: Record, state: InitiativeState, history: History) -> None:
        event, others = record.body.event, None
        if isinstance(event, DependencyAdded | DependencyRemoved):
            ends = isinstance(event, DependencyRemoved)
            self.gathered.ties.append(Tie(record.position, record.stream, event.on, False, ends))
            others = {event.on: InitiativeState(key=event.on)}
        self._findings.judge(self._roadmap.case(record, state, history, others))

    def _judge_request(self, case: Case, name: str, state: InitiativeState, history: History) -> None:
        """A request for consent stands in the roadmap's stream, and is decided by this one."""
        record = case.record
        event, others = record.event, {}
        self.gathered.asked.append(record.position)
        if isinstance(event, ConsentRequested) and event.command == AddDependency.__name__:
            on = str(event.arguments.get("on"))
            self.gathered.ties.append(Tie(record.position, name, on, True, False))
            others = {on: InitiativeState(key=on)}
        self._findings.judge(replace(case, initiative=state, history=history, others=others))

    def _note_use(self, position: int, name: str, state: InitiativeState) -> None:
        """What is retired stands nowhere any more."""
        if state.milestone is not None and not state.retired:
            self.gathered.uses[position].setdefault(state.milestone, name)
