"""The second pass of an import: the sorted lines become events, case by case, and what cannot is left out."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from roadlog.application import Application, HistoricalEvent
from roadlog.domain.decisions.numbering import Tally
from roadlog.domain.events import Event, InitiativeAdopted
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record, Source
from roadlog.domain.roadmap import RoadmapState
from roadlog.interop.gathering import Gathered
from roadlog.interop.history import Case, Provenance, Step, compared, moves
from roadlog.interop.preparation import Prepared
from roadlog.interop.sorting import Sorted

LATE = "it belongs before what is recorded of this initiative"


class Narration:
    """Tells everything that an import adds, in the order in which it is recorded.

    The workflow comes first, and everybody just before their first act: nobody is enrolled without one.
    told: how many events of each type, as they pass; `lines_told` of the lines are done
    left_out: what was not told, and why; `lines_left_out` counts its lines, `lines_recorded` those that are
        recorded already
    """

    def __init__(
        self,
        application: Application,
        roadmap: RoadmapState,
        gathered: Gathered,
        prepared: Prepared,
        provenance: Provenance,
    ) -> None:
        self._application = application
        self.roadmap = roadmap
        self._gathered = gathered
        self._prepared = prepared
        self._provenance = provenance
        self._joining = dict(prepared.joining)
        self._version = roadmap.version
        self._earliest = gathered.earliest()
        self._meanings = [prepared.meanings[name] for name in gathered.activities]
        self._actors = [prepared.actors.get(name or "", prepared.importer) for name in gathered.actors]
        self._headless = frozenset(each.case for each in gathered.truncated if each.headless)
        self.told: Counter[type[Event]] = Counter()
        self.left_out: list[dict[str, Any]] = []
        self.lines_left_out = 0
        self.lines_recorded = 0
        self.lines_told = 0
        self._confused: tuple[str, str] | None = None

    def events(self) -> Iterator[HistoricalEvent]:
        self._leave_out_activities()
        if self._prepared.adopted:
            yield self._on_roadmap(self._prepared.adopted, self._provenance.source(0, "1"))
        known = self._known()
        keys = self._application.new_keys()
        for number, lines in self._gathered.sorter.cases():
            name, title = self._gathered.cases[number], self._gathered.titles[number]
            steps = self._steps(lines)
            if steps and name in known:
                yield from self._counted(self._continued(Case(name, title, known[name]), lines[0].at, steps))
            elif steps:
                key = next(keys)
                if name != key and name.startswith(f"{self.roadmap.key}-"):
                    self._confused = self._confused or (key, name)
                yield from self._counted(self._begun(Case(name, title, key), steps))
            self.lines_told += len(lines)

    def warnings(self) -> Iterator[str]:
        """What to tell of what was told: keys that may be confused."""
        if self._confused:
            key, name = self._confused
            here = f"The key of this roadmap, {self.roadmap.key}, stands in the log's keys, too"
            apart = f"roadlog show {key} says where it comes from; a roadmap of another key keeps them apart"
            yield f"{here}: {key} here is {name} there. {apart}."

    def _known(self) -> dict[str, str]:
        """The keys of the initiatives that earlier imports made of cases."""
        keys: dict[str, str] = {}
        for record in self._application.imported(self._provenance.form.name, InitiativeAdopted):
            event, imported = record.event, record.body.source.imported
            if isinstance(event, InitiativeAdopted) and imported is not None:
                keys[self._provenance.form.case(event.title, imported.line)] = record.stream
        return keys

    def _steps(self, lines: list[Sorted]) -> list[Step]:
        return [
            Step(
                milestone=milestone,
                at=line.at,
                actor=self._actors[line.actor],
                file=line.file,
                line=line.line,
            )
            for line in lines
            if (milestone := self._meanings[line.activity])
        ]

    def _counted(self, told: Iterator[HistoricalEvent]) -> Iterator[HistoricalEvent]:
        """With everybody's enrolment before their first act."""
        for event in told:
            if event.actor.id in self._joining:
                yield self._on_roadmap(self._joining.pop(event.actor.id), event.source)
            self.told[type(event.event)] += 1
            yield event

    def _begun(self, case: Case, steps: list[Step]) -> Iterator[HistoricalEvent]:
        tally = Tally.of(InitiativeState(), self._prepared.workflow)
        return moves(case, steps, tally, 0, self._provenance)

    def _continued(self, case: Case, since: datetime, steps: list[Step]) -> Iterator[HistoricalEvent]:
        """What is new of a case that was imported before; the files tell it from `since` on."""
        state = self._application.initiative(case.key)
        new, late = compared(steps, state)
        self.lines_recorded += len(steps) - len(new) - len(late)
        for step in late:
            self._leave_out(case, step, LATE)
        if new and (why := self._takes_none(case, since, state)):
            for step in new:
                self._leave_out(case, step, why)
            new = []
        tally = Tally.of(state, self._prepared.workflow)
        return moves(case, new, tally, state.version, self._provenance)

    def _takes_none(self, case: Case, since: datetime, state: InitiativeState) -> str | None:
        """Why no move may be added to what is recorded; None where some may."""
        if state.paused or state.stopped or state.retired:
            status = "retired" if state.retired else "stopped" if state.stopped else "paused"
            return f"{case.key} is {status} and takes no moves"
        if case.name in self._headless and since > state.touched["status"]:
            return "what happened between its last recorded move and this is missing"
        return None

    def _on_roadmap(self, rehearsed: Record, source: Source) -> HistoricalEvent:
        """A record of the rehearsal, as it is told: it holds from the import's earliest time."""
        self._version += 1
        self.told[type(rehearsed.event)] += 1
        return HistoricalEvent(
            stream=self.roadmap.key,
            version=self._version,
            event=rehearsed.event,
            at=self._earliest,
            actor=rehearsed.actor,
            reason=rehearsed.reason,
            source=source,
        )

    def _leave_out_activities(self) -> None:
        for name, why in self._prepared.unmeant.items():
            lines = self._gathered.activities[name].lines
            self.left_out.append({"activity": name, "lines": lines, "why": why})
            self.lines_left_out += lines

    def _leave_out(self, case: Case, step: Step, why: str) -> None:
        file = self._provenance.files[step.file][0]
        self.left_out.append({"case": case.name, "file": file, "line": step.line, "why": why})
        self.lines_left_out += 1
