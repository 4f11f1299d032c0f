"""The workflow: milestones in order, what leaving each needs, and the policy's values."""

from functools import cached_property
from typing import Literal

from msgspec import Struct

from roadlog.domain.records import Assurance

ROLES = ("data-science", "engineering", "compliance", "customer-ops", "product")
RISK_CATEGORIES = (
    "hallucination",
    "bias",
    "privacy",
    "security",
    "misuse",
    "transparency",
    "intellectual-property",
    "legal",
    "societal",
    "performance",
    "data",
    "governance",
    "other",
)


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every value that an organisation may change, on the record. Days and hours are elapsed time.

    may_waive_approvals: who may waive an approval beside the holders of its role
    signed_roles: whose approvals count only with a signature
    hardware_roles: whose approvals count only with a signature by a key in hardware
    """

    problem_first: bool = True
    reason_min_chars: int = 3
    max_backdate_days: int = 7
    risk_threshold: int = 12
    edge_case_severity: int = 4
    one_role_per_person: bool = True
    consult_every_days: int = 14
    measure_every_days: int = 30
    break_glass_review_days: int = 2
    checkpoint_every_hours: int = 24
    anchor_max_age_hours: int = 24
    may_enrol: tuple[str, ...] = ("product",)
    may_adopt_workflow: tuple[str, ...] = ("product",)
    may_break_glass: tuple[str, ...] = ("product",)
    may_waive: tuple[str, ...] = ("product", "compliance")
    may_waive_approvals: tuple[str, ...] = ("compliance",)
    may_accept_risk: tuple[str, ...] = ("product", "compliance")
    may_void_others: tuple[str, ...] = ("compliance",)
    signed_roles: tuple[str, ...] = ()
    hardware_roles: tuple[str, ...] = ()

    def demanded(self, role: str) -> Assurance:
        """How sure it must be who approves in a role."""
        if role in self.hardware_roles:
            return "hardware"
        return "signed" if role in self.signed_roles else "asserted"


class Milestone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One milestone: its id, the question it answers, and the requirement ids of its gate.

    With `renew`, a vote counts only in the iteration it was given in.
    """

    id: str
    question: str = ""
    requires: tuple[str, ...] = ()
    renew: bool = False


class Workflow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Milestones in order; `entry` is the gate out of the backlog.

    Cycles run from `start`, or a later one where that is skipped, to `finish`, or a later one likewise.
    """

    name: str
    version: int
    start: str
    finish: str
    milestones: tuple[Milestone, ...]
    entry: tuple[str, ...] = ("problem",)
    roles: tuple[str, ...] = ROLES
    policy: Policy = Policy()

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The ids of the milestones."""
        return tuple(milestone.id for milestone in self.milestones)

    @cached_property
    def finishing(self) -> tuple[str, ...]:
        """The finish and what follows it: work there has finished its cycle."""
        return self.order[self.index(self.finish) :]

    def index(self, milestone: str | None) -> int:
        """Place in the order; -1 for the backlog. Raises ValueError for a milestone not in this workflow."""
        return -1 if milestone is None else self.order.index(milestone)

    def milestone(self, name: str) -> Milestone:
        return self.milestones[self.index(name)]

    def next_after(self, milestone: str | None) -> str | None:
        """The milestone that follows, `start` from the backlog, None after the last."""
        if milestone is None:
            return self.start
        place = self.index(milestone) + 1
        return self.order[place] if place < len(self.milestones) else None

    @cached_property
    def approving_roles(self) -> tuple[str, ...]:
        """Every role that some gate asks to approve, in the workflow's order of roles."""
        asked = {
            requirement.removeprefix("approval:")
            for milestone in self.milestones
            for requirement in milestone.requires
            if requirement.startswith("approval:")
        }
        return tuple(role for role in self.roles if role in asked)


RequirementKind = Literal[
    "problem",
    "baseline",
    "classification",
    "expectation",
    "evidence",
    "approval",
    "result-or-evidence",
    "criteria",
    "risk",
    "risks",
    "fallback",
    "notice",
    "edge-cases",
    "monitor",
    "experiment",
]
"""What a requirement id begins with; evidence, approval, result and risk go on with `:` and a name."""
