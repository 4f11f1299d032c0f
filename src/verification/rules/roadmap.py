"""The roadmap's own stream judged, and what it says of other records: who is who, and who consented."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from roadlog.domain.commands import AdoptWorkflow
from roadlog.domain.events import ConsentGiven, ConsentRequested, Event, WorkflowAdopted
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.judging.judged import Case
from roadlog.domain.records import Record
from roadlog.domain.roadmap import Consent, RoadmapState, evolve_roadmap
from roadlog.event_store.reading import Reader
from roadlog.verification.rules.findings import Findings, same_words

ROOM = 500_000
"""People, consents and times, at most, in the states that are kept."""
NONE = InitiativeState()
OPENING = 3
"""Records that open a roadmap."""


class States:
    """The roadmap's state before any position: some are kept, what lies between is folded again."""

    def __init__(self, records: list[Record]) -> None:
        self._records = records
        self._positions = [each.position for each in records]
        self._every = 1
        self._kept: list[RoadmapState] = []
        self._count, self._state = 0, RoadmapState()
        size = 0
        for count in range(len(records) + 1):
            if count % self._every == 0:
                state = self._after(count)
                self._kept.append(state)
                size += len(state.stakeholders) + len(state.consents) + len(state.touched)
            if size > ROOM:
                self._kept, self._every, size = self._kept[::2], self._every * 2, size // 2

    def before(self, position: int) -> RoadmapState:
        """What the roadmap's records before the position say."""
        return self._after(bisect_left(self._positions, position))

    def _after(self, count: int) -> RoadmapState:
        if count != self._count:
            kept = min(count // self._every, len(self._kept) - 1)
            if not kept * self._every < self._count < count:
                self._count, self._state = kept * self._every, self._kept[kept]
            for record in self._records[self._count : count]:
                self._state = evolve_roadmap(self._state, record)
            self._count = count
        return self._state


class Consented(NamedTuple):
    """A consent that was given, and where: what had waited is recorded in the same step."""

    position: int
    request: Consent


class Roadmap:
    """What was found in the roadmap's own stream.

    consented: by command id, the consents given
    requests: by initiative, what waited for consent, to be judged by the initiative's state
    adoptions: the workflows that others followed, or that wait, to be judged by where initiatives stand
    """

    def __init__(self, reader: Reader, key: str, upto: int, findings: Findings) -> None:
        made = [findings.made(row) for row in reader.stream(key, upto=upto)]
        records = [each for each in made if each is not None]
        self.key = key
        self.states = States(records)
        self.consented: dict[str, Consented] = {}
        self.requests: defaultdict[str, list[Case]] = defaultdict(list)
        self.adoptions: list[Case] = []
        self._opening = tuple(each for each in records[:OPENING] if _opens(each, records[0]))
        self._before_import: RoadmapState | None = None
        for record in records:
            findings.count(record)
            self._judge(record, findings)

    def case(
        self,
        record: Record,
        initiative: InitiativeState = NONE,
        history: Sequence[Record] = (),
        others: dict[str, InitiativeState] | None = None,
    ) -> Case:
        """A record with what the roadmap says of it, and with what its initiative does."""
        given = self.consented.get(record.body.command_id)
        return Case(
            record=record,
            roadmap=self.states.before(record.position),
            initiative=initiative,
            history=history,
            others=others or {},
            consented=given.request if given and given.position + 1 == record.position else None,
            same_words=same_words(record),
        )

    def _judge(self, record: Record, findings: Findings) -> None:
        """Judges it now, or keeps it until what it is judged by is known."""
        event, case = record.event, self.case(record)
        if record.body.source.imported is not None:
            self._before_import = self._before_import or case.roadmap
            findings.judge(replace(case, before_import=self._before_import))
            if isinstance(event, WorkflowAdopted):
                self._before_import = None
            return
        self._before_import = None
        if record.position <= OPENING and record in self._opening:
            findings.judge(replace(case, opening=self._opening))
        elif isinstance(event, ConsentRequested) and event.stream != self.key:
            self.requests[event.stream].append(case)
        elif isinstance(event, WorkflowAdopted) or _waits_to_adopt(event):
            self.adoptions.append(case)
        else:
            if isinstance(event, ConsentGiven) and event.request in case.roadmap.consents:
                request = case.roadmap.consents[event.request]
                self.consented[record.body.command_id] = Consented(record.position, request)
            if findings.judge(case) and isinstance(event, ConsentGiven) and not findings.goes_on(record):
                self._judge_nothing(case, case.roadmap.consents[event.request], findings)

    def _judge_nothing(self, case: Case, request: Consent, findings: Findings) -> None:
        """Nothing came of a consent: what had waited must have been so already."""
        case = replace(case, consented=request)
        if request.stream == self.key:
            findings.judge(case)
        else:
            self.requests[request.stream].append(case)


def _opens(record: Record, first: Record) -> bool:
    return record.position <= OPENING and record.body.command_id == first.body.command_id


def _waits_to_adopt(event: Event) -> bool:
    return isinstance(event, ConsentRequested) and event.command == AdoptWorkflow.__name__
