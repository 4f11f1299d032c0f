"""State of an initiative: everything its stream says, as immutable values. Folding it is in `evolve.py`.

Field names are the keys of `show`, so that a field means the same in the state, on the page and in the trail.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from roadlog.domain.events import (
    EvidenceKind,
    ExperimentDecision,
    FallbackKind,
    Horizon,
    LoopKind,
    Number,
    Operator,
    OurRole,
    ResultVerdict,
    RiskClass,
    StakeholderKind,
    TriageOutcome,
    VariantResult,
)
from roadlog.domain.records import Assurance


class _Entry(Struct, frozen=True, gc=False, kw_only=True, array_like=True):
    """What all parts share: frozen, compared by value."""


class Measurement(_Entry, frozen=True, kw_only=True):
    """A value of an outcome's metric in the world, and when it was taken."""

    position: int
    at: datetime
    value: Number
    sample: int | None
    evidence: str | None


class OutcomeState(_Entry, frozen=True, kw_only=True):
    """An outcome and its measurements, oldest effective time first (ties in log order)."""

    metric: str
    unit: str | None
    baseline: Number | None
    target: Number | None
    relative: bool
    by: date | None
    position: int
    measurements: tuple[Measurement, ...] = ()

    @property
    def goal(self) -> Number | None:
        """The target in the outcome's unit; None while a relative one has no baseline."""
        if not self.relative or self.target is None:
            return self.target
        return None if self.baseline is None else self.baseline * (100 + self.target) / 100

    @property
    def latest(self) -> Number | None:
        return self.measurements[-1].value if self.measurements else None

    def progress(self, value: Number | None) -> float | None:
        """(value - baseline) / (target - baseline); None where it is not defined. Source: metrics/1."""
        if value is None or self.baseline is None or self.goal is None or self.goal == self.baseline:
            return None
        return (value - self.baseline) / (self.goal - self.baseline)


class Visit(_Entry, frozen=True, kw_only=True):
    """One stay in one milestone: `[entered_at, left_at)` on effective time, and what began and ended it.

    `cycle` is 0 before the workflow's start. `began` says whether it was entered by a forward move, a
    backward one (`loop` its kind, `learned` what was learned, `change` what will be different), or was
    adopted there.
    """

    milestone: str
    visit: int
    cycle: int
    iteration: int
    entered_at: datetime
    entered_by: int
    began: Literal["forward", "backward", "adopted"]
    loop: LoopKind | None = None
    learned: str | None = None
    change: str | None = None
    left_at: datetime | None = None
    left_by: int | None = None


class Span(_Entry, frozen=True, kw_only=True):
    """A time in which work could not go on, and why: `[from_at, to_at)`."""

    kind: Literal["blocked", "paused", "stopped"]
    from_at: datetime
    by: str | None = None
    reason: str | None = None
    to_at: datetime | None = None


class Move(_Entry, frozen=True, kw_only=True):
    """What is measured on a move beside its visit: when it was recorded, and how things stood then.

    recorded: in microseconds since 1970
    excused: whether a gate was passed by break-glass or a waiver
    """

    recorded: int
    imported: bool
    excused: bool = False


class Expectation(_Entry, frozen=True, kw_only=True):
    """How many iterations and what outcome everybody was told to expect."""

    position: int
    iterations_from: int
    iterations_to: int
    outcome_from: Number | None
    outcome_to: Number | None
    told: tuple[str, ...]


class Classification(_Entry, frozen=True, kw_only=True):
    """What the feature is meant for, whom it affects and how risky that is."""

    position: int
    purpose: str
    affected: str
    risk_class: RiskClass
    our_role: OurRole | None
    basis: str


class ConditionState(_Entry, frozen=True, kw_only=True):
    """A condition of an approval, and the position that met it."""

    id: str
    text: str
    due: date | None
    met_by: int | None = None


class Vote(_Entry, frozen=True, kw_only=True):
    """One vote; it never changes. `shown` has the digests of what it was about, to say what changed.

    `held` is whether the voter held the role then, `was_owner` whether the initiative was theirs then,
    `assurance` how sure it is who voted.
    `withdrawn_by` and `superseded_by` are positions.
    """

    position: int
    at: datetime
    stakeholder: str
    kind: StakeholderKind
    role: str
    held: bool
    milestone: str | None
    cycle: int
    iteration: int
    decision: Literal["approved", "rejected", "abstained"]
    subject: str
    shown: dict[str, str]
    reason: str | None
    statement: str | None = None
    conditions: tuple[ConditionState, ...] = ()
    valid_until: datetime | None = None
    signature: str | None = None
    withdrawn_by: int | None = None
    superseded_by: int | None = None
    was_owner: bool = False
    assurance: Assurance = "asserted"

    @property
    def stands(self) -> bool:
        """The latest vote of a stakeholder in a role stands, in its cycle, until withdrawn."""
        return self.superseded_by is None and self.withdrawn_by is None


class Request(_Entry, frozen=True, kw_only=True):
    """A request for approval; `superseded_by` a later request that names all its roles for the same gate."""

    request: str
    position: int
    at: datetime
    by: str
    milestone: str | None
    cycle: int
    iteration: int
    roles: tuple[str, ...]
    subject: str
    valid_days: int | None


class Acceptance(_Entry, frozen=True, kw_only=True):
    """A risk's remainder accepted as it is, until when, by whom."""

    position: int
    until: datetime
    role: str
    by: str


class Risk(_Entry, frozen=True, kw_only=True):
    """Something that may go wrong: scores, treatment, owner."""

    id: str
    position: int
    logged_at: datetime
    category: str
    description: str
    likelihood: int
    impact: int
    owner: str | None
    catalogue: str | None
    treatment: str | None = None
    residual_likelihood: int | None = None
    residual_impact: int | None = None
    treated_by: int | None = None
    accepted: Acceptance | None = None
    open: bool = True

    @property
    def score(self) -> int:
        return self.likelihood * self.impact

    @property
    def residual(self) -> int:
        """What remains: the residual score where the risk was treated, else the present one."""
        if self.residual_likelihood is None or self.residual_impact is None:
            return self.score
        return self.residual_likelihood * self.residual_impact

    def is_untreated(self, at: datetime) -> bool:
        """Whether it is open, was not mitigated, and nobody accepts it at that time."""
        accepted = self.accepted is not None and at < self.accepted.until
        return self.open and self.treatment is None and not accepted

    def mitigated_below(self, threshold: int) -> bool:
        """Whether a treatment brought what remains below a score."""
        return self.treatment is not None and self.residual < threshold


class Evidence(_Entry, frozen=True, kw_only=True):
    """A file or link with its SHA-256."""

    id: str
    position: int
    at: datetime
    by: str
    kind: EvidenceKind
    title: str
    uri: str | None
    media_type: str | None
    sha256: str
    size: int | None


class Criterion(_Entry, frozen=True, kw_only=True):
    """`moved` is whether the threshold was changed after a result was known."""

    id: str
    position: int
    milestone: str
    metric: str
    operator: Operator
    threshold: Number
    segment: str | None
    dataset: str | None
    set_by: str
    moved: bool = False
    retired_by: int | None = None


class Result(_Entry, frozen=True, kw_only=True):
    """`criterion_position` is the position of the criterion it was measured against."""

    position: int
    at: datetime
    criterion: str
    criterion_position: int
    value: Number
    sample: int | None
    low: Number | None
    high: Number | None
    evidence: str | None
    verdict: ResultVerdict


class Experiment(_Entry, frozen=True, kw_only=True):
    """A hypothesis, its variants and its decision."""

    id: str
    position: int
    started_at: datetime
    iteration: int
    hypothesis: str
    metric: str
    variants: tuple[str, ...]
    concluded_by: int | None = None
    concluded_at: datetime | None = None
    decision: ExperimentDecision | None = None
    summary: str | None = None
    results: tuple[VariantResult, ...] = ()


class FallbackTest(_Entry, frozen=True, kw_only=True):
    """One try of a fallback."""

    position: int
    at: datetime
    passed: bool
    evidence: str | None


class Fallback(_Entry, frozen=True, kw_only=True):
    """Tests belong to the definition they tried: a new definition begins with none."""

    position: int
    kind: FallbackKind
    description: str
    trigger: str
    owner: str | None
    tests: tuple[FallbackTest, ...] = ()
    active_since: datetime | None = None


class Notice(_Entry, frozen=True, kw_only=True):
    """The words that tell the user this is assistance, not gospel."""

    position: int
    text: str
    placement: str
    locale: str | None


class Monitor(_Entry, frozen=True, kw_only=True):
    """What is watched in production, where, and by whom."""

    position: int
    signal: str
    where: str
    owner: str


class EdgeCase(_Entry, frozen=True, kw_only=True):
    """An input handled badly, and what became of it."""

    id: str
    position: int
    at: datetime
    description: str
    severity: int
    source: str | None
    risk: str | None
    outcome: TriageOutcome | None = None
    triaged_by: int | None = None


class EdgeCaseReview(_Entry, frozen=True, kw_only=True):
    """That somebody looked for edge cases: where, at how many, and what they found."""

    position: int
    at: datetime
    source: str
    sample: int
    found: int


class Incident(_Entry, frozen=True, kw_only=True):
    """Something that went wrong for users, to whom it was reported, and when it was over."""

    id: str
    position: int
    at: datetime
    description: str
    aware_at: datetime
    severity: int
    case: str | None
    reported: tuple[tuple[str, datetime], ...] = ()
    closed_at: datetime | None = None


class Waiver(_Entry, frozen=True, kw_only=True):
    """A reasoned, expiring exception to one requirement."""

    position: int
    milestone: str | None
    requirement: str
    until: datetime
    by: str
    reason: str | None


class BreakGlass(_Entry, frozen=True, kw_only=True):
    """A gate passed by break-glass, and what the review said."""

    move: int
    at: datetime
    by: str
    milestone: str
    reviewed_by: str | None = None
    upheld: bool | None = None


class Note(_Entry, frozen=True, kw_only=True):
    """What somebody wrote down."""

    position: int
    at: datetime
    by: str
    text: str


class Origin(_Entry, frozen=True, kw_only=True):
    """Where an imported initiative comes from: the format, its line or id there, and its title then."""

    format: str
    line: str
    title: str


class InitiativeState(Struct, frozen=True, gc=False, kw_only=True, array_like=True):
    """One initiative, whole. Dictionaries are never changed in place: evolve makes new ones.

    touched: the latest effective time of each subject (rule 8)
    numbers: the highest number given out for each kind of id, voided entries included, so that none is reused
    moves: what is measured on the moves, one for each visit
    residuals: what remained of a risk after each change of it, 0 once closed; oldest effective time first
    heard: per role, the effective time of its latest vote or consultation
    consulted: every consultation: the role, and when
    relied: positions of the records that met a requirement of a gate it passed
    late: the most microseconds between what is measured by its time and its record, unless it was imported
    edited: per stakeholder, position of their latest edit of what approvals are about
    """

    key: str = ""
    version: int = 0
    position: int = 0
    title: str = ""
    problem: str | None = None
    segments: tuple[str, ...] = ()
    approach: str | None = None
    owner: str | None = None
    defined_at: datetime | None = None
    defined_by: int | None = None
    adopted_since: datetime | None = None
    imported: bool = False
    origin: Origin | None = None
    outcomes: dict[str, OutcomeState] = {}
    milestone: str | None = None
    cycle: int = 0
    iteration: int = 0
    visit: int = 0
    visits: tuple[Visit, ...] = ()
    moves: tuple[Move, ...] = ()
    spans: tuple[Span, ...] = ()
    blocked_by: str | None = None
    paused: bool = False
    stopped: bool = False
    retired: bool = False
    horizon: Horizon | None = None
    rank: int | None = None
    rollout: Number | None = None
    dependencies: tuple[str, ...] = ()
    expectation: Expectation | None = None
    classification: Classification | None = None
    requests: tuple[Request, ...] = ()
    approvals: tuple[Vote, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    break_glass: dict[int, BreakGlass] = {}
    risks: dict[str, Risk] = {}
    residuals: tuple[tuple[datetime, str, int], ...] = ()
    evidence: dict[str, Evidence] = {}
    criteria: dict[str, Criterion] = {}
    results: tuple[Result, ...] = ()
    experiments: dict[str, Experiment] = {}
    fallback: Fallback | None = None
    notice: Notice | None = None
    monitor: Monitor | None = None
    edge_cases: dict[str, EdgeCase] = {}
    edge_case_reviews: tuple[EdgeCaseReview, ...] = ()
    incidents: dict[str, Incident] = {}
    notes: tuple[Note, ...] = ()
    touched: dict[str, datetime] = {}
    numbers: dict[str, int] = {}
    heard: dict[str, datetime] = {}
    consulted: tuple[tuple[str, datetime], ...] = ()
    edited: dict[str, int] = {}
    relied: tuple[int, ...] = ()
    late: int = 0

    @property
    def exists(self) -> bool:
        """Whether its story has begun: notes dated before that make no initiative."""
        return bool(self.key)

    @property
    def first_outcome(self) -> OutcomeState | None:
        return next(iter(self.outcomes.values()), None)

    @property
    def begun_at(self) -> datetime | None:
        """When its story begins: its problem's definition, or since when adopted work stood where it was."""
        known = [each for each in (self.defined_at, self.adopted_since) if each is not None]
        return min(known, default=None)

    def exposure(self, at: datetime | None = None) -> int:
        """What remained of the open risks by then, or remains: the sum of likelihood × impact (metrics/1)."""
        latest = {risk: left for when, risk, left in self.residuals if at is None or when <= at}
        return sum(latest.values())

    def started(self) -> datetime | None:
        """When the present cycle's first visit began; None before the first."""
        return next((each.entered_at for each in self.visits if each.cycle == self.cycle >= 1), None)
