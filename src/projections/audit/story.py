"""One stream under audit: what its checks find, and which records are evidence, by their kind."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from roadlog.domain.events import (
    ConsentGiven,
    EvidenceAttached,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    MilestoneAdvanced,
    RecordVoided,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderRejected,
)
from roadlog.domain.evolve import Fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.projections.audit import authority, entry, gates
from roadlog.projections.audit.checks import AT_END, AT_STEP, SPELLS
from roadlog.projections.audit.entry import Ballot, Entry
from roadlog.projections.audit.findings import End, Finding, InForce, Limits, Passage, Step
from roadlog.projections.audit.live import Spell
from roadlog.projections.standing import workflow_of

AllLimits = Mapping[str, Limits]
HEARD = (StakeholderApproved, StakeholderRejected, StakeholderAbstained, StakeholderConsulted)
INCIDENT = (IncidentOpened, IncidentReported, IncidentClosed)
NO_LIMITS: Limits = {}


class Ground:
    """What every stream is judged on: the roadmap as it stood, until when, and the numbers of the checks."""

    def __init__(self, roadmap: Sequence[Record], at: datetime, limits: AllLimits) -> None:
        self.records = roadmap
        self.in_force = InForce(roadmap)
        self.at = at
        self.limits = limits
        self.roadmap: RoadmapState = self.in_force.as_of(at)
        self.consents = {
            each.body.command_id: each for each in roadmap if isinstance(each.event, ConsentGiven)
        }

    @property
    def workflow(self) -> Workflow:
        """The one in force at the end of the period."""
        return workflow_of(self.roadmap)


class Story:
    """What was found in a stream's records, which are taken in log order; voided ones are nothing.

    found: by check; evidence: by kind, (effective time, position); late, ballots: what is judged together
    with that of other streams
    """

    def __init__(self, key: str, ground: Ground) -> None:
        self.key = key
        self.found: dict[str, list[Finding]] = {}
        self.evidence: dict[str, list[tuple[datetime, int]]] = {}
        self.late: list[Entry] = []
        self.ballots: list[Ballot] = []
        self.state = InitiativeState()
        self._ground = ground
        self._spells = [(name, Spell(lack)) for name, lack in SPELLS]
        self._passages: list[Passage] = []
        self._heard: dict[str, int] = {}
        self._incidents: dict[str, list[int]] = {}

    def read(self, records: Sequence[Record]) -> "Story":
        """Takes all records of an initiative, as the log held them at the moment."""
        ground, folding = self._ground, Fold()
        voided = {each.event.position for each in records if isinstance(each.event, RecordVoided)}
        for record in records:
            is_void = record.position in voided
            if not is_void:
                self.enter(record)
            if record.effective_at <= ground.at:
                before = folding.now
                folding.take(record, is_void)
                if not is_void:
                    roadmap = ground.in_force.before(record.position)
                    self._take(Step(record, before, folding.now, roadmap))
        self.state = folding.now
        if self.state.exists:
            self._end()
        return self

    def _take(self, step: Step) -> None:
        """What one step shows, and what must be known of it at the end."""
        record, event = step.record, step.record.event
        for check in AT_STEP.get(type(event), ()):
            self._find(check.name, check.find(step, self._ground.in_force))
        for name, spell in self._spells:
            self._find(name, spell.take(step))
        if isinstance(event, MilestoneAdvanced):
            self._passages.append(gates.passage(step, event))
        elif isinstance(event, HEARD):
            self._heard[event.role] = record.position
        elif isinstance(event, INCIDENT):
            self._incidents.setdefault(event.incident, []).append(record.position)

    def enter(self, record: Record) -> None:
        """How a record came into the log, and what it is evidence of."""
        ground = self._ground
        if record.effective_at <= ground.at:
            for kind in _kinds(record):
                self.evidence.setdefault(kind, []).append((record.effective_at, record.position))
        if record.recorded_at > ground.at:
            return
        late = entry.entry_of(record, ground.limits["bulk-entry"])
        ballot = entry.ballot_of(record)
        if late is not None:
            self.late.append(late)
        if ballot is not None:
            self.ballots.append(ballot)
        roadmap = ground.in_force.before(record.position)
        self._find("backdated", entry.backdated(record, roadmap, ground.consents))
        self._find("before-enrolment", authority.before_enrolment(record, ground.in_force))

    def _end(self) -> None:
        """What lasts at the end of the period."""
        ground = self._ground
        for name, spell in self._spells:
            self._find(name, spell.end(ground.at))
        end = End(self.state, ground.roadmap, ground.at, self._passages, self._heard, self._incidents)
        for name, find in AT_END:
            self._find(name, find(end, ground.limits.get(name, NO_LIMITS)))

    def _find(self, check: str, found: Iterable[Finding]) -> None:
        for each in found:
            self.found.setdefault(check, []).append(each)


class Entries:
    """How the records of all stories came into the log: what only shows when they are looked at together."""

    def __init__(self, *stories: Story) -> None:
        self._late: list[Entry] = []
        self._ballots: list[Ballot] = []
        for each in stories:
            self.add(each)

    def add(self, story: Story) -> None:
        """One more story."""
        self._late += story.late
        self._ballots += story.ballots

    def found(self, start: datetime | None, limits: Limits) -> dict[str, list[Finding]]:
        """What is found by check in what was typed from a time on."""
        return {
            "bulk-entry": list(entry.bulk_entry(entry.since(start, self._late), limits)),
            "one-account": list(entry.one_account(entry.since(start, self._ballots))),
        }


def _kinds(record: Record) -> tuple[str, ...]:
    """The names by which controls ask for it as evidence."""
    event = record.event
    if isinstance(event, EvidenceAttached):
        return record.type, f"{record.type}/{event.kind}"
    return (record.type,)
