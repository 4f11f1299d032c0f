"""An import from end to end: read the file, settle the workflow and the people, write the moves, sum up."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from msgspec import Struct

from roadlog.application import Application, HistoricalEvent, Wish
from roadlog.domain.commands import AddStakeholder, AdoptWorkflow
from roadlog.domain.events import (
    InitiativeAdopted,
    MilestoneAdvanced,
    MilestoneReturned,
    StakeholderJoined,
    WorkflowAdopted,
)
from roadlog.domain.records import Actor
from roadlog.domain.refusals import Malformed
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import definition, digest_of
from roadlog.interop import csv_log
from roadlog.interop.csv_log import BadLine, Columns, Line
from roadlog.interop.history import Case, Late, Provenance, Step, events_of, known_cases
from roadlog.interop.mapping import Mapping, Person, inferred, read_map

FORMAT = "csv"
SHOWN = 20
"""Bad lines named in the message; `--skip-bad` lists them all."""


class Choices(Struct, frozen=True, kw_only=True):
    """What the person at the keyboard chose."""

    columns: Columns
    map_file: Path | None = None
    infer_workflow: bool = False
    start: str | None = None
    finish: str | None = None
    skip_bad: bool = False


class Summary(Struct, kw_only=True):
    """What an import did: new initiatives, moves, moves back and people; what was left out, and the lines skipped."""

    initiatives: int = 0
    moves: int = 0
    returns: int = 0
    people: int = 0
    left_out: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []

    @property
    def complete(self) -> bool:
        return not self.left_out and not self.skipped


def import_csv(
    application: Application,
    path: Path,
    choices: Choices,
    wish: Wish,
    *,
    now: datetime,
    zone: tzinfo,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Imports one file; what is there already is recognised and left alone.

    Raises RoadlogError: a bad line without `skip_bad` (nothing of the file is kept), a map or a workflow that cannot
    be, or an actor who may not adopt the workflow or enrol the people that the import brings.
    """
    lines, skipped = _read(path, choices, now, zone)
    roadmap = application.roadmap()
    summary = Summary(skipped=skipped)
    workflow, mapping = _settle(lines, roadmap, choices)
    cases, left_out = _cases(lines, workflow, mapping, wish.actor)
    summary.left_out += left_out
    provenance = Provenance(
        source=application.source, format=FORMAT, digest=csv_log.digest(path)
    )
    planned = list(_plan(application, roadmap, workflow, mapping, lines, cases, provenance, wish, summary))
    for done in application.record_history(planned):
        progress(done, len(planned))
    return summary


def _read(
    path: Path, choices: Choices, now: datetime, zone: tzinfo
) -> tuple[list[Line], list[dict[str, Any]]]:
    lines: list[Line] = []
    bad: list[BadLine] = []
    for each in csv_log.read(path, choices.columns, now=now, zone=zone):
        if isinstance(each, BadLine):
            bad.append(each)
        else:
            lines.append(each)
    if bad and not choices.skip_bad:
        named = tuple(f"{each.file}, line {each.line}, {each.field or 'line'}: {each.why}" for each in bad[:SHOWN])
        more = f" (the first {SHOWN} are named)" if len(bad) > SHOWN else ""
        raise Malformed(
            "import",
            f"{len(bad)} of {len(bad) + len(lines)} lines cannot be read{more}; nothing was imported.",
            missing=named,
            try_=("correct the file", "or give --skip-bad, which imports the rest and lists these"),
        )
    skipped = [{"file": e.file, "line": e.line, "field": e.field, "why": e.why} for e in bad]
    return lines, skipped


def _settle(lines: list[Line], roadmap: RoadmapState, choices: Choices) -> tuple[Workflow, Mapping]:
    """The workflow that the moves are told in, and what the log's names mean."""
    assert roadmap.workflow is not None
    if choices.map_file is not None and choices.infer_workflow:
        raise Malformed("import", "Give --map or --infer-workflow, not both.")
    if choices.infer_workflow:
        by_time = sorted(lines, key=lambda line: line.at)
        workflow = inferred((line.activity for line in by_time), start=choices.start, finish=choices.finish)
        return workflow, Mapping()
    if choices.start or choices.finish:
        raise Malformed("import", "--start and --finish belong to --infer-workflow; the workflow in force has its own.")
    if choices.map_file is not None:
        return roadmap.workflow, read_map(choices.map_file, roadmap.workflow)
    return roadmap.workflow, Mapping()


def _cases(
    lines: list[Line], workflow: Workflow, mapping: Mapping, importer: str
) -> tuple[list[Case], list[dict[str, Any]]]:
    """The cases in order of first appearance, and the activities that mean no milestone."""
    steps: dict[str, list[Step]] = {}
    unknown: dict[str, int] = {}
    for line in lines:
        milestone = mapping.milestone(line.activity, workflow)
        if milestone is None:
            unknown[line.activity] = unknown.get(line.activity, 0) + 1
            continue
        person = mapping.person(line.actor) if line.actor else Person(handle=importer)
        step = Step(milestone=milestone, at=line.at, actor=person, line=str(line.number))
        steps.setdefault(line.case, []).append(step)
    cases = [
        Case(name=name, steps=tuple(sorted(found, key=lambda step: step.at))) for name, found in steps.items()
    ]
    left_out = [
        {"activity": activity, "lines": count, "why": "it means no milestone of the workflow"}
        for activity, count in unknown.items()
    ]
    return cases, left_out


def _plan(
    application: Application,
    roadmap: RoadmapState,
    workflow: Workflow,
    mapping: Mapping,
    lines: list[Line],
    cases: list[Case],
    provenance: Provenance,
    wish: Wish,
    summary: Summary,
) -> Iterator[HistoricalEvent]:
    """Every event to append, in order: the workflow, the people, then case by case."""
    if not lines:
        return
    earliest = min(line.at for line in lines)
    yield from _workflow_events(application, roadmap, workflow, provenance, wish, earliest)
    yield from _people_events(application, roadmap, mapping, lines, provenance, wish, earliest, summary)
    keys = application.new_keys()
    known = known_cases(application.records(), FORMAT)
    for case in cases:
        for event in events_of(case, workflow, provenance, key=lambda: next(keys), known=known.get(case.name)):
            if isinstance(event, Late):
                why = "it happened before what is recorded of this case"
                summary.left_out.append({"case": event.case, "line": int(event.line), "why": why})
                continue
            _count(event, summary)
            yield event


def _workflow_events(
    application: Application,
    roadmap: RoadmapState,
    workflow: Workflow,
    provenance: Provenance,
    wish: Wish,
    earliest: datetime,
) -> Iterator[HistoricalEvent]:
    content = definition(workflow)
    if digest_of(content) == roadmap.workflow_digest:
        return
    rehearsal = Wish(actor=wish.actor, dry_run=True)
    for record in application.execute(rehearsal, AdoptWorkflow(definition=content)).records:
        if isinstance(record.event, WorkflowAdopted):
            yield HistoricalEvent(
                stream=roadmap.key,
                event=record.event,
                at=earliest,
                actor=record.actor,
                reason=wish.reason,
                source=provenance.of("1"),
            )


def _people_events(
    application: Application,
    roadmap: RoadmapState,
    mapping: Mapping,
    lines: list[Line],
    provenance: Provenance,
    wish: Wish,
    earliest: datetime,
    summary: Summary,
) -> Iterator[HistoricalEvent]:
    """Everybody whom the log names and the roadmap does not know, enrolled as of the import's earliest time."""
    first_seen = {name: line.number for line in reversed(lines) if (name := line.actor)}
    people = {mapping.person(name).handle: (mapping.person(name), first_seen[name]) for name in reversed(first_seen)}
    for handle, (person, line) in people.items():
        if handle in roadmap.stakeholders:
            continue
        rehearsal = Wish(actor=wish.actor, dry_run=True)
        done = application.execute(rehearsal, AddStakeholder(stakeholder=handle, roles=person.roles))
        for record in done.records:
            if isinstance(record.event, StakeholderJoined):
                summary.people += 1
                yield HistoricalEvent(
                    stream=roadmap.key,
                    event=record.event,
                    at=earliest,
                    actor=Actor(
                        id=wish.actor,
                        kind=record.actor.kind,
                        assurance=record.actor.assurance,
                        roles=record.actor.roles,
                    ),
                    reason=wish.reason,
                    source=provenance.of(str(line)),
                )


def _count(event: HistoricalEvent, summary: Summary) -> None:
    match event.event:
        case InitiativeAdopted():
            summary.initiatives += 1
        case MilestoneReturned():
            summary.moves += 1
            summary.returns += 1
        case MilestoneAdvanced():
            summary.moves += 1
        case _:
            raise TypeError(f"{type(event.event).__name__} is no imported move")
