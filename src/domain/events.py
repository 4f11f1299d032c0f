"""Every event type, once. The union at the end is the closed catalogue: no other type is ever stored or read.

A docstring is the catalogue's text: a sentence, then `field: meaning` lines. No field has a default, because
a stored record states every field; what is optional is stored as null. `REASONED` names the types whose
record must carry a reason. A new type is added here, then wherever `assert_never` and the tests ask for it.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct, field

Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number that any reader of JSON holds: 64 bits."""
Number = Whole | float
Time = Annotated[datetime, Meta(tz=True)]
"""A moment, with its offset from UTC."""
Horizon = Literal["now", "next", "later"]
RiskClass = Literal["minimal", "limited", "high", "prohibited"]
OurRole = Literal["provider", "deployer"]
LoopKind = Literal["learning", "rework", "drift", "rejection", "scope"]
FallbackKind = Literal["human-handoff", "rule-based", "disable"]
TriageOutcome = Literal["dataset", "risk", "fix", "wont-fix"]
Operator = Literal[">=", "<=", ">", "<", "=="]
ResultVerdict = Literal["met", "missed", "inconclusive"]
ExperimentDecision = Literal["ship", "iterate", "stop"]
EvidenceKind = Literal["dataset", "prototype", "model", "evaluation", "research", "document"]
StakeholderKind = Literal["human", "agent", "system"]


class _Event(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What all events share: frozen, named fields, and nothing beside them."""


class Outcome(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A measurable target for the problem. A relative one is in percent of the baseline: -30 is 30 % less."""

    metric: str
    unit: str | None
    baseline: Number | None
    target: Number | None
    relative: bool
    by: date | None


class Condition(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What an approver still asks for; with a due day, the approval lapses when it is not met by then."""

    id: str
    text: str
    due: date | None


class VariantResult(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What an experiment showed for one variant: value, sample size and interval."""

    variant: str
    value: Number
    sample: Whole
    low: Number | None
    high: Number | None


class Satisfied(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """One requirement as it stood when its gate was passed: by which records, by which waiver, or not at all.

    `milestone` is whose gate, null in the backlog.
    """

    milestone: str | None
    requirement: str
    by: tuple[int, ...]
    waiver: Whole | None
    met: bool


class Lines(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What a forecast said with 50, 70, 85 and 95 % probability: at least so many, or by the end of a day."""

    p50: Whole | date | None
    p70: Whole | date | None
    p85: Whole | date | None
    p95: Whole | date | None


# The roadmap and its people


class RoadmapOpened(_Event, frozen=True, kw_only=True):
    """The roadmap was opened.

    key: two to ten capitals that begin every initiative's key
    name: what people call it
    """

    key: str
    name: str


class StakeholderJoined(_Event, frozen=True, kw_only=True):
    """A person, agent or system was enrolled.

    stakeholder: the handle, which is all the log ever says of who it is
    kind: human, agent or system
    roles: what they may act as
    name_commitment: salted SHA-256 of the name, whose value lives in the erasable directory
    address_commitment: salted SHA-256 of the address, likewise
    """

    stakeholder: str
    kind: StakeholderKind
    roles: tuple[str, ...]
    name_commitment: str | None
    address_commitment: str | None


class StakeholderLeft(_Event, frozen=True, kw_only=True):
    """A stakeholder left the roadmap and holds no role any more.

    stakeholder: the handle
    """

    stakeholder: str


class RoleGranted(_Event, frozen=True, kw_only=True):
    """A stakeholder was given a role.

    stakeholder: the handle
    role: the role
    """

    stakeholder: str
    role: str


class RoleRevoked(_Event, frozen=True, kw_only=True):
    """A role was taken from a stakeholder.

    stakeholder: the handle
    role: the role
    """

    stakeholder: str
    role: str


class KeyEnrolled(_Event, frozen=True, kw_only=True):
    """A stakeholder's public key, by which their signatures are known from now on.

    stakeholder: the handle
    public_key: kind and base64, as OpenSSH writes them
    valid_from: since when it may sign
    valid_until: until when it may
    """

    stakeholder: str
    public_key: str
    valid_from: Time
    valid_until: Time | None


class KeyRetired(_Event, frozen=True, kw_only=True):
    """A key signs no more; what it signed before stays signed.

    stakeholder: the handle
    fingerprint: of the key, as OpenSSH says it
    """

    stakeholder: str
    fingerprint: str


class LogKeyChanged(_Event, frozen=True, kw_only=True):
    """Another key signs the log's checkpoints from this record on. Both keys signed that, over one text.

    old: the public key that signed until now, as signed notes have it: name, id and key
    new: the one that signs from now on
    by_old: the old key's signature over the change, in base64
    by_new: the new key's
    """

    old: str
    new: str
    by_old: str
    by_new: str


class WorkflowAdopted(_Event, frozen=True, kw_only=True):
    """A workflow came into force: milestones, gates and policy, whole.

    name: the workflow's name
    version: its author's number
    digest: SHA-256 of the definition as sorted-key JSON
    definition: milestones in order, gate requirements, every policy value
    """

    name: str
    version: Whole
    digest: str
    definition: dict[str, Any]


class PersonalDataErased(_Event, frozen=True, kw_only=True):
    """What the directory held of a stakeholder, values and salts, was erased; the reason is the basis.

    stakeholder: the handle, which stays in the log and takes no name any more
    """

    stakeholder: str


class ForecastKept(_Event, frozen=True, kw_only=True):
    """A forecast was recorded, to be scored when its day has come; anybody can compute it again.

    computed_as: the definition by which it was computed, such as forecast/1
    key: the initiative whose finish was asked for
    by: or the day by which it was asked how many more cycles finish
    count: or how many more were to have finished
    window_from: since when history was drawn from, as it was asked for
    window_to: until when
    zone: whose days were counted
    seed: of the random draws
    trials: how many
    as_of: the moment that it was made for
    position: up to which record the log was read
    head: leaf hash of that record
    n: finished cycles that were drawn from
    lines: what it said
    """

    computed_as: str
    key: str | None
    by: date | None
    count: Whole | None
    window_from: Time | None
    window_to: Time | None
    zone: str
    seed: Whole
    trials: Whole
    as_of: Time
    position: Whole
    head: str
    n: Whole
    lines: Lines


class ConsentRequested(_Event, frozen=True, kw_only=True):
    """A command waits for a second person's yes.

    command: the command's type
    arguments: the command as typed
    stream: the initiative or roadmap it acts on
    at: the effective time it will have
    why: the rule that asks for a second person
    """

    command: str
    arguments: dict[str, Any]
    stream: str
    at: Time
    why: str


class ConsentGiven(_Event, frozen=True, kw_only=True):
    """Another stakeholder said yes; the command takes effect in the same step.

    request: position of the request
    """

    request: Whole


class ConsentRefused(_Event, frozen=True, kw_only=True):
    """Another stakeholder said no; the command never takes effect.

    request: position of the request
    """

    request: Whole


# What and why


class ProblemDefined(_Event, frozen=True, kw_only=True):
    """A problem was put on the roadmap, in words that name no technology.

    key: the initiative's key, given in order, never reused
    title: one line
    problem: what hurts, for whom
    outcome: metric, unit, baseline, target and day of the first outcome
    segments: whom it concerns; criteria are due for each
    approach: how one thinks to solve it, the only place for technology
    owner: who answers for it
    solution_words: words that propose a technology and were allowed with a reason
    """

    key: str
    title: str
    problem: str
    outcome: Outcome | None
    segments: tuple[str, ...]
    approach: str | None
    owner: str | None
    solution_words: tuple[str, ...]


class ProblemReframed(_Event, frozen=True, kw_only=True):
    """The problem is seen differently now; null fields stay as they were.

    title: the new title
    problem: the new problem
    segments: the new segments
    approach: the new approach
    solution_words: words that propose a technology and were allowed with a reason
    """

    title: str | None
    problem: str | None
    segments: tuple[str, ...] | None
    approach: str | None
    solution_words: tuple[str, ...]


class InitiativeAdopted(_Event, frozen=True, kw_only=True):
    """Work already under way came onto the roadmap; its earlier gates are not evidenced here.

    key: the initiative's key
    title: one line
    milestone: where it stood
    since: since when it stood there
    owner: who answers for it
    origin: under-way, or import
    cycle: 1, or 0 where the milestone lies before the workflow's start
    iteration: 1
    visit: 1
    """

    key: str
    title: str
    milestone: str
    since: Time
    owner: str | None
    origin: Literal["under-way", "import"]
    cycle: Whole
    iteration: Whole
    visit: Whole


class OutcomeTargeted(_Event, frozen=True, kw_only=True):
    """A further outcome, a baseline found, or a new target (with a reason when it replaces one).

    outcome: the outcome as it stands from now on
    """

    outcome: Outcome


class OutcomeMeasured(_Event, frozen=True, kw_only=True):
    """The outcome's metric was measured in the world.

    metric: which outcome
    value: the value, in the outcome's unit
    sample: how many observations
    evidence: evidence id
    """

    metric: str
    value: Number
    sample: Whole | None
    evidence: str | None


class OwnerChanged(_Event, frozen=True, kw_only=True):
    """Somebody else answers for the initiative.

    owner: the new owner's handle
    """

    owner: str


class InitiativePlaced(_Event, frozen=True, kw_only=True):
    """The initiative was placed in the plan.

    horizon: now, next or later
    rank: its order within the horizon, 1 first
    """

    horizon: Horizon
    rank: Whole | None


class DependencyAdded(_Event, frozen=True, kw_only=True):
    """The initiative depends on another.

    on: the other's key
    """

    on: str


class DependencyRemoved(_Event, frozen=True, kw_only=True):
    """The initiative no longer depends on another.

    on: the other's key
    """

    on: str


class PurposeClassified(_Event, frozen=True, kw_only=True):
    """What the feature is meant for, whom it affects and how risky that is.

    purpose: the intended purpose
    affected: who is affected
    risk_class: minimal, limited, high or prohibited
    our_role: provider or deployer
    basis: why it was classified so
    """

    purpose: str
    affected: str
    risk_class: RiskClass
    our_role: OurRole | None
    basis: str


class ExpectationSet(_Event, frozen=True, kw_only=True):
    """What everybody was told to expect.

    iterations_from: the fewest iterations
    iterations_to: the most
    outcome_from: the least outcome, in the first outcome's unit
    outcome_to: the best outcome
    told: the roles that were told
    """

    iterations_from: Whole
    iterations_to: Whole
    outcome_from: Number | None
    outcome_to: Number | None
    told: tuple[str, ...]


class StakeholderConsulted(_Event, frozen=True, kw_only=True):
    """A role was heard between gates.

    role: which role spoke
    said: what was said
    """

    role: str
    said: str


# Milestones


class MilestoneAdvanced(_Event, frozen=True, kw_only=True):
    """The initiative moved forward through a gate.

    from: the milestone left, null from the backlog
    to: the milestone entered
    cycle: the cycle's number, 0 before the workflow's start
    iteration: the iteration's number over the initiative's life
    visit: which stay in this milestone within the cycle
    break_glass: whether the gate was passed by break-glass, to be reviewed
    gate: each requirement as it was satisfied
    """

    from_: str | None = field(name="from")
    to: str
    cycle: Whole
    iteration: Whole
    visit: Whole
    break_glass: bool
    gate: tuple[Satisfied, ...]


class BreakGlassReviewed(_Event, frozen=True, kw_only=True):
    """Another stakeholder reviewed a gate passed by break-glass.

    move: position of the move
    upheld: whether it was right
    """

    move: Whole
    upheld: bool


class MilestoneReturned(_Event, frozen=True, kw_only=True):
    """The initiative went back, which ends an iteration and begins the next.

    from: the milestone left
    to: the milestone entered, earlier or the same
    loop: learning, rework, drift, rejection or scope; null in imports
    learned: what was learned
    change: what will be different
    cycle: the cycle's number
    iteration: the new iteration's number
    visit: which stay in this milestone within the cycle
    """

    from_: str = field(name="from")
    to: str
    loop: LoopKind | None
    learned: str | None
    change: str | None
    cycle: Whole
    iteration: Whole
    visit: Whole


class GateWaived(_Event, frozen=True, kw_only=True):
    """One requirement of a gate need not hold for a while.

    milestone: whose gate, null in the backlog
    requirement: its id
    until: when the waiver lapses
    """

    milestone: str | None
    requirement: str
    until: Time


class WorkBlocked(_Event, frozen=True, kw_only=True):
    """Work cannot go on.

    by: what blocks it
    """

    by: str


class WorkUnblocked(_Event, frozen=True, kw_only=True):
    """What blocked the work is gone."""


class WorkPaused(_Event, frozen=True, kw_only=True):
    """Work was set aside for a while."""


class WorkResumed(_Event, frozen=True, kw_only=True):
    """Work set aside goes on."""


class InitiativeStopped(_Event, frozen=True, kw_only=True):
    """The initiative was stopped; at feasibility that is a good result."""


class InitiativeReopened(_Event, frozen=True, kw_only=True):
    """A stopped initiative goes on where it was; the time between counts as waiting."""


class InitiativeRetired(_Event, frozen=True, kw_only=True):
    """The product is no longer offered."""


class RolloutSet(_Event, frozen=True, kw_only=True):
    """How many of the users have the feature.

    percent: of all users, 0 to 100
    """

    percent: Number


# Approvals


class ApprovalRequested(_Event, frozen=True, kw_only=True):
    """Roles were asked to decide on a gate.

    request: request id
    milestone: whose gate, null in the backlog
    roles: who is asked
    subject: digest of what is shown
    shown: each part of the subject with its own digest
    valid_days: for how many days an answer shall hold
    """

    request: str
    milestone: str | None
    roles: tuple[str, ...]
    subject: str
    shown: dict[str, str]
    valid_days: Whole | None


class StakeholderApproved(_Event, frozen=True, kw_only=True):
    """A stakeholder approved one gate, in a role, about exactly what was shown.

    milestone: whose gate, null in the backlog
    role: approved as
    subject: digest of what was shown
    shown: each part of the subject with its own digest
    statement: in the approver's words
    conditions: what is still asked for
    valid_until: when the approval lapses
    signature: the signature over the approval, where one was made
    """

    milestone: str | None
    role: str
    subject: str
    shown: dict[str, str]
    statement: str | None
    conditions: tuple[Condition, ...]
    valid_until: Time | None
    signature: str | None


class StakeholderRejected(_Event, frozen=True, kw_only=True):
    """A stakeholder said no.

    milestone: whose gate, null in the backlog
    role: rejected as
    subject: digest of what was shown
    shown: each part of the subject with its own digest
    """

    milestone: str | None
    role: str
    subject: str
    shown: dict[str, str]


class StakeholderAbstained(_Event, frozen=True, kw_only=True):
    """A stakeholder will not decide.

    milestone: whose gate, null in the backlog
    role: abstained as
    subject: digest of what was shown
    shown: each part of the subject with its own digest
    """

    milestone: str | None
    role: str
    subject: str
    shown: dict[str, str]


class ApprovalWithdrawn(_Event, frozen=True, kw_only=True):
    """A stakeholder took back their standing vote.

    milestone: whose gate, null in the backlog
    role: in which role
    """

    milestone: str | None
    role: str


class ConditionMet(_Event, frozen=True, kw_only=True):
    """A condition of an approval was met.

    condition: its id
    """

    condition: str


# Risks


class RiskLogged(_Event, frozen=True, kw_only=True):
    """Something that may go wrong was written down.

    risk: risk id
    category: what kind, for example hallucination or bias
    description: what may go wrong
    likelihood: 1 rare to 5 almost certain
    impact: 1 slight to 5 severe
    owner: who looks after it
    catalogue: id in the AI risk catalogue
    """

    risk: str
    category: str
    description: str
    likelihood: Whole
    impact: Whole
    owner: str | None
    catalogue: str | None


class RiskAssessed(_Event, frozen=True, kw_only=True):
    """A risk was scored again.

    risk: risk id
    likelihood: 1 to 5
    impact: 1 to 5
    """

    risk: str
    likelihood: Whole
    impact: Whole


class RiskMitigated(_Event, frozen=True, kw_only=True):
    """A risk was treated.

    risk: risk id
    treatment: what was done
    likelihood: what remains, 1 to 5
    impact: what remains, 1 to 5
    """

    risk: str
    treatment: str
    likelihood: Whole
    impact: Whole


class RiskAccepted(_Event, frozen=True, kw_only=True):
    """What remains of a risk is accepted for a while.

    risk: risk id
    until: when the acceptance lapses
    role: accepted as
    """

    risk: str
    until: Time
    role: str


class RiskClosed(_Event, frozen=True, kw_only=True):
    """A risk is no longer one.

    risk: risk id
    """

    risk: str


class RiskReopened(_Event, frozen=True, kw_only=True):
    """A closed risk is one again.

    risk: risk id
    """

    risk: str


# Safeguards


class FallbackDefined(_Event, frozen=True, kw_only=True):
    """What the user gets when the AI fails.

    kind: human-handoff, rule-based or disable
    description: what happens
    trigger: when it happens
    owner: who keeps it working
    """

    kind: FallbackKind
    description: str
    trigger: str
    owner: str | None


class FallbackTested(_Event, frozen=True, kw_only=True):
    """The fallback was tried.

    passed: whether it worked
    evidence: evidence id
    """

    passed: bool
    evidence: str | None


class FallbackActivated(_Event, frozen=True, kw_only=True):
    """Users get the fallback now."""


class FallbackDeactivated(_Event, frozen=True, kw_only=True):
    """Users get the feature again."""


class NoticeDefined(_Event, frozen=True, kw_only=True):
    """The words that tell users this is assistance, not gospel.

    text: the words
    placement: where they stand
    locale: their language
    """

    text: str
    placement: str
    locale: str | None


class MonitorDefined(_Event, frozen=True, kw_only=True):
    """What is watched in production.

    signal: what is watched
    where: on which system
    owner: by whom
    """

    signal: str
    where: str
    owner: str


class EdgeCaseLogged(_Event, frozen=True, kw_only=True):
    """An input that the feature handled badly.

    case: edge-case id
    description: what was asked and what came back
    severity: 1 slight to 5 severe
    source: where it was seen
    risk: risk id
    """

    case: str
    description: str
    severity: Whole
    source: str | None
    risk: str | None


class EdgeCaseTriaged(_Event, frozen=True, kw_only=True):
    """What becomes of an edge case.

    case: edge-case id
    outcome: dataset, risk, fix or wont-fix
    """

    case: str
    outcome: TriageOutcome


class EdgeCasesReviewed(_Event, frozen=True, kw_only=True):
    """Somebody looked for edge cases.

    source: where they looked
    sample: how many they looked at
    found: how many they found
    """

    source: str
    sample: Whole
    found: Whole


class IncidentOpened(_Event, frozen=True, kw_only=True):
    """Something went wrong for users.

    incident: incident id
    description: what happened
    aware_at: when we became aware, from which reporting clocks run
    severity: 1 slight to 5 severe
    case: edge-case id
    """

    incident: str
    description: str
    aware_at: Time
    severity: Whole
    case: str | None


class IncidentReported(_Event, frozen=True, kw_only=True):
    """An incident was reported.

    incident: incident id
    to: to whom
    """

    incident: str
    to: str


class IncidentClosed(_Event, frozen=True, kw_only=True):
    """An incident is over.

    incident: incident id
    """

    incident: str


# Criteria and experiments


class CriterionSet(_Event, frozen=True, kw_only=True):
    """A threshold was set before its result is known (with a reason when it replaces one).

    criterion: criterion id
    milestone: whose gate asks for it
    metric: what is measured in the lab
    operator: how value and threshold compare
    threshold: the threshold
    segment: for which segment, null for all
    dataset: SHA-256 of the dataset it is measured on
    """

    criterion: str
    milestone: str
    metric: str
    operator: Operator
    threshold: Number
    segment: str | None
    dataset: str | None


class CriterionRetired(_Event, frozen=True, kw_only=True):
    """A criterion is no longer asked for.

    criterion: criterion id
    """

    criterion: str


class ResultRecorded(_Event, frozen=True, kw_only=True):
    """A criterion was measured.

    criterion: criterion id
    value: the value
    sample: how many observations
    low: lower end of the interval
    high: upper end of the interval
    evidence: evidence id
    verdict: met, missed, or inconclusive where the interval holds the threshold
    """

    criterion: str
    value: Number
    sample: Whole | None
    low: Number | None
    high: Number | None
    evidence: str | None
    verdict: ResultVerdict


class ExperimentStarted(_Event, frozen=True, kw_only=True):
    """An experiment began.

    experiment: experiment id
    hypothesis: what one expects
    metric: what decides
    variants: the arms
    """

    experiment: str
    hypothesis: str
    metric: str
    variants: tuple[str, ...]


class ExperimentConcluded(_Event, frozen=True, kw_only=True):
    """An experiment was decided.

    experiment: experiment id
    decision: ship, iterate or stop
    summary: what it showed
    variants: value, sample and interval of each variant
    """

    experiment: str
    decision: ExperimentDecision
    summary: str
    variants: tuple[VariantResult, ...]


# Anything


class EvidenceAttached(_Event, frozen=True, kw_only=True):
    """A file or link was attached, fixed by its SHA-256.

    evidence: evidence id
    kind: dataset, prototype, model, evaluation, research or document
    title: what it is
    uri: where it is kept
    media_type: its type
    sha256: digest of its bytes, in hex
    size: its bytes
    """

    evidence: str
    kind: EvidenceKind
    title: str
    uri: str | None
    media_type: str | None
    sha256: str
    size: Whole | None


class NoteAdded(_Event, frozen=True, kw_only=True):
    """Somebody wrote something down.

    text: what
    """

    text: str


class RecordVoided(_Event, frozen=True, kw_only=True):
    """A record was a mistake: the initiative is folded without it, the trail shows both.

    position: position of the record
    """

    position: Whole


RoadmapEvent = (
    RoadmapOpened
    | StakeholderJoined
    | StakeholderLeft
    | RoleGranted
    | RoleRevoked
    | KeyEnrolled
    | KeyRetired
    | LogKeyChanged
    | WorkflowAdopted
    | PersonalDataErased
    | ForecastKept
    | ConsentRequested
    | ConsentGiven
    | ConsentRefused
)
ProblemEvent = (
    ProblemDefined
    | ProblemReframed
    | InitiativeAdopted
    | OutcomeTargeted
    | OutcomeMeasured
    | OwnerChanged
    | InitiativePlaced
    | DependencyAdded
    | DependencyRemoved
    | PurposeClassified
    | ExpectationSet
    | StakeholderConsulted
)
MilestoneEvent = (
    MilestoneAdvanced
    | BreakGlassReviewed
    | MilestoneReturned
    | GateWaived
    | WorkBlocked
    | WorkUnblocked
    | WorkPaused
    | WorkResumed
    | InitiativeStopped
    | InitiativeReopened
    | InitiativeRetired
    | RolloutSet
)
ApprovalEvent = (
    ApprovalRequested
    | StakeholderApproved
    | StakeholderRejected
    | StakeholderAbstained
    | ApprovalWithdrawn
    | ConditionMet
)
RiskEvent = RiskLogged | RiskAssessed | RiskMitigated | RiskAccepted | RiskClosed | RiskReopened
SafeguardEvent = (
    FallbackDefined
    | FallbackTested
    | FallbackActivated
    | FallbackDeactivated
    | NoticeDefined
    | MonitorDefined
    | EdgeCaseLogged
    | EdgeCaseTriaged
    | EdgeCasesReviewed
    | IncidentOpened
    | IncidentReported
    | IncidentClosed
)
ExperimentEvent = CriterionSet | CriterionRetired | ResultRecorded | ExperimentStarted | ExperimentConcluded
AnythingEvent = EvidenceAttached | NoteAdded | RecordVoided
InitiativeEvent = (
    ProblemEvent
    | MilestoneEvent
    | ApprovalEvent
    | RiskEvent
    | SafeguardEvent
    | ExperimentEvent
    | AnythingEvent
)
Event = RoadmapEvent | InitiativeEvent

SCHEMA = 1
"""The schema number of new records; a type that changes its shape gets its own number and an upcaster."""

ROADMAP_EVENTS: frozenset[type[Event]] = frozenset(get_args(RoadmapEvent))
"""What happens to the roadmap itself, in its own stream."""

CATALOGUE: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}

REASONED: frozenset[type[Event]] = frozenset(
    {
        KeyRetired,
        LogKeyChanged,
        ProblemReframed,
        BreakGlassReviewed,
        MilestoneReturned,
        GateWaived,
        InitiativeStopped,
        InitiativeReopened,
        InitiativeRetired,
        StakeholderRejected,
        ApprovalWithdrawn,
        RiskAccepted,
        RiskClosed,
        RiskReopened,
        FallbackActivated,
        IncidentOpened,
        IncidentClosed,
        CriterionRetired,
        RecordVoided,
        PersonalDataErased,
    }
)
