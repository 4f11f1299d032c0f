"""A record judged by the rules: decided again where it was decided, it must come to the same.

Of the clock at a decision nothing is known but that it was not before the effective time, nor more than
`DECIDED_WITHIN` before the recorded time. A record is lawful when it is so at any of these moments.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct, ValidationError
from msgspec.structs import replace

from roadlog.domain.commands import Command, OpenRoadmap
from roadlog.domain.decisions import decide
from roadlog.domain.decisions.consent import read_back
from roadlog.domain.decisions.in_time import DECIDED_WITHIN
from roadlog.domain.events import (
    ConsentGiven,
    ConsentRequested,
    Event,
    InitiativeAdopted,
    MilestoneAdvanced,
    MilestoneReturned,
    ProblemDefined,
    ProblemReframed,
    RoadmapOpened,
    StakeholderApproved,
    StakeholderJoined,
    WorkflowAdopted,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.judging import findings
from roadlog.domain.judging.findings import Broken
from roadlog.domain.judging.wished import wishes
from roadlog.domain.moments import MICROSECOND, days
from roadlog.domain.records import Record
from roadlog.domain.refusals import RoadlogError
from roadlog.domain.roadmap import Consent, RoadmapState
from roadlog.domain.situation import Events, Situation
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import digest_of, from_definition

UNDECIDABLE = (LookupError, ValueError, TypeError, ArithmeticError)
"""What comes of deciding by a state that no decision can have led to."""

SteppedBack = Callable[[], bool]
"""Whether the clock had stepped back when the record was stored: then the recorded time is not its own."""


class Case(Struct, frozen=True, kw_only=True):
    """A record, and what was known when it was decided.

    initiative: the state, before the record, of the stream that its wish acts on; `history` are its records
    others: the initiatives that the wish looks at beside it
    consented: the request that somebody has just consented to, whose command the record may come of; of the
        consent itself, where nothing came of it
    opening: the records that came with the roadmap's opening, if it is one of those
    before_import: of an import's record, the roadmap as it was before the import
    same_words: whether it was recorded by this version of roadlog, with its texts and its list of words
    """

    record: Record
    roadmap: RoadmapState
    initiative: InitiativeState = InitiativeState()
    history: Sequence[Record] = ()
    others: dict[str, InitiativeState] = {}
    consented: Consent | None = None
    opening: tuple[Record, ...] = ()
    before_import: RoadmapState | None = None
    same_words: bool = True


class _Reading(Struct, frozen=True, kw_only=True):
    """One way to read a record: what was wished for, by whom, effective when, and all that came of it."""

    command: Command
    actor: str
    at: datetime
    reason: str | None
    recorded: Events
    consented: bool = False


def judge(case: Case, stepped_back: SteppedBack) -> Broken | None:
    """The rule that the record breaks; None where it is lawful."""
    if case.record.body.source.imported is not None:
        return _judge_import(case)
    broken = findings.of_the_envelope(case.record, case.roadmap)
    if broken or case.record in case.opening[1:]:  # the first is judged for all of them
        return broken
    return _judge_event(case, stepped_back)


def _judge_import(case: Case) -> Broken | None:
    """Of moves no rule is asked, only that none claims a gate; but who imports must be let enrol and adopt.

    That was decided before anything was recorded, for all people and the workflow, whenever they are told.
    """
    event = case.record.event
    match event:
        case MilestoneReturned():
            return None
        case MilestoneAdvanced() if not event.gate and not event.break_glass:
            return None
        case InitiativeAdopted() if event.origin == "import":
            return None
        case StakeholderJoined() | WorkflowAdopted():
            at = case.record.recorded_at
            (command,) = wishes(case.record, case.initiative)
            reading = replace(_reading(case.record, command, at), consented=True)
            broken = _decide_again(case, reading, at)
            before = broken and case.before_import and replace(case, roadmap=case.before_import)
            return _decide_again(before, reading, at) if before else broken
        case _:
            return findings.of_an_import(case.record)


def _judge_event(case: Case, stepped_back: SteppedBack) -> Broken | None:
    """Whether any reading, at any moment that can have been, comes to what is recorded."""
    first: Broken | None = None
    for whenever in (False, True):
        for reading in _readings(case):
            for now in _moments(case, reading.at, whenever=whenever):
                broken = _decide_again(case, reading, now)
                if broken is None:
                    return None
                first = first or broken
        if not stepped_back():
            break
    return first or findings.of_nothing_wished(case.record)


def _readings(case: Case) -> Iterator[_Reading]:
    record, consent = case.record, case.consented
    event, at = record.event, record.effective_at
    if isinstance(event, RoadmapOpened):
        yield from _opening(case, event)
    elif isinstance(event, ConsentRequested):
        command = _waiting(event)
        if command is not None:
            yield _reading(record, command, event.at)
    elif isinstance(event, ConsentGiven) and consent:
        yield from _consented(consent, consent.stream, ())
    else:
        if consent and (consent.by, consent.at, consent.reason) == (record.actor.id, at, record.reason):
            yield from _consented(consent, record.stream, (event,))
        for command in wishes(record, case.initiative):
            yield _reading(record, command, at)


def _reading(record: Record, command: Command, at: datetime) -> _Reading:
    """It was wished for by who acted."""
    return _Reading(
        command=command, actor=record.actor.id, at=at, reason=record.reason, recorded=(record.event,)
    )


def _consented(consent: Consent, stream: str, recorded: Events) -> Iterator[_Reading]:
    """It waited, and came of a second person's yes."""
    command = _waiting(consent)
    if command is not None:
        yield _Reading(
            command=replace(command, stream=stream),
            actor=consent.by,
            at=consent.at,
            reason=consent.reason,
            recorded=recorded,
            consented=True,
        )


def _opening(case: Case, event: RoadmapOpened) -> Iterator[_Reading]:
    """What opening the roadmap records stands together, and is judged as one."""
    recorded = tuple(each.event for each in case.opening)
    for each in recorded:
        if isinstance(each, WorkflowAdopted):
            command = OpenRoadmap(stream=event.key, name=event.name, definition=each.definition)
            yield replace(_reading(case.record, command, case.record.effective_at), recorded=recorded)


def _waiting(request: ConsentRequested | Consent) -> Command | None:
    """The command that the request holds; None where it holds none."""
    try:
        return read_back(request.command, request.arguments)
    except (LookupError, ValidationError):
        return None


def _moments(case: Case, at: datetime, *, whenever: bool) -> Iterator[datetime]:
    """The moments at which it can have been decided, the likeliest first; one of each that rules tell apart.

    A request for consent holds the moment. `whenever`: the recorded time says nothing of it.
    """
    record = case.record
    latest = record.recorded_at
    earliest = latest - DECIDED_WITHIN
    if isinstance(record.body.event, ConsentRequested):
        if whenever or earliest <= record.effective_at <= latest:
            yield record.effective_at
        return
    earliest = at if whenever or at > earliest else earliest
    yield min(earliest, latest)
    workflow = case.roadmap.workflow
    limit = days(workflow.policy.max_backdate_days) if workflow else MICROSECOND
    for moment in (at + MICROSECOND, at + limit):
        if earliest < moment < latest:
            yield moment
    yield latest


def _decide_again(case: Case, reading: _Reading, now: datetime) -> Broken | None:
    workflow = _workflow(case, reading.command)
    if workflow is None:
        return findings.of_nothing_wished(case.record)
    situation = Situation(
        actor=reading.actor,
        at=reading.at,
        now=now,
        reason=reading.reason,
        roadmap=case.roadmap,
        workflow=workflow,
        initiative=case.initiative,
        next_key=case.record.stream,
        history=case.history,
        head=case.record.position - 1,
        others=case.others,
        consented=reading.consented,
        signing=getattr(case.record.event, "signature", None) is not None,
    )
    try:
        decided = decide(situation, reading.command)
    except RoadlogError as refusal:
        return findings.of_a_refusal(case.record, situation, refusal)
    except UNDECIDABLE as error:
        return findings.of_no_decision(case.record, error)
    if decided == reading.recorded or _all_alike(case, reading.recorded, decided):
        return None
    return findings.of_a_difference(case.record, situation, reading.recorded, decided)


def _workflow(case: Case, command: Command) -> Workflow | None:
    """The one in force. Words that propose a technology are those of the list that they were held against."""
    if isinstance(command, OpenRoadmap):
        return from_definition(command.definition)
    workflow = case.roadmap.workflow
    if workflow is None or case.same_words:
        return workflow
    return replace(workflow, policy=replace(workflow.policy, problem_first=False))


def _all_alike(case: Case, recorded: Events, decided: Events) -> bool:
    same = len(decided) == len(recorded)
    return same and all(
        _alike(*both, same_words=case.same_words) for both in zip(recorded, decided, strict=True)
    )


def _alike(recorded: Event, decided: Event, *, same_words: bool) -> bool:
    """Whether they say the same; other versions of roadlog may word it otherwise, and know other fields."""
    if isinstance(recorded, WorkflowAdopted) and isinstance(decided, WorkflowAdopted):
        same = from_definition(recorded.definition) == from_definition(decided.definition)
        whole = recorded.digest == digest_of(recorded.definition)
        return same and whole and (recorded.name, recorded.version) == (decided.name, decided.version)
    if isinstance(recorded, ConsentRequested) and isinstance(decided, ConsentRequested):
        same = _waiting(recorded) == _waiting(decided)
        decided = replace(decided, arguments=recorded.arguments) if same else decided
        decided = decided if same_words else replace(decided, why=recorded.why)
    elif isinstance(recorded, StakeholderApproved):  # it was signed after the decision
        recorded = replace(recorded, signature=None)
    elif isinstance(recorded, ProblemDefined | ProblemReframed) and not same_words:
        recorded = replace(recorded, solution_words=())
    return recorded == decided
