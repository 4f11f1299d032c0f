"""Every check by its name, which controls call it by: what it looks at, and the functions that do."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from roadlog.domain.events import (
    BreakGlassReviewed,
    CriterionRetired,
    CriterionSet,
    Event,
    GateWaived,
    MilestoneAdvanced,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskMitigated,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderRejected,
)
from roadlog.projections.audit import authority, gates, lapses, live
from roadlog.projections.audit.findings import End, Finding, InForce, Limits, Step

AtStep = Callable[[Step, InForce], Iterator[Finding]]
AtEnd = Callable[[End, Limits], Iterator[Finding]]


class StepCheck(NamedTuple):
    """A check of one record, where it is of one of these types."""

    name: str
    types: tuple[type[Event], ...]
    find: AtStep


VOTES = (StakeholderApproved, StakeholderRejected, StakeholderAbstained)

STEP_CHECKS = (
    StepCheck(
        "self-approval",
        (GateWaived, BreakGlassReviewed, MilestoneAdvanced),
        lambda step, _: authority.self_approval(step),
    ),
    StepCheck(
        "missing-role",
        (*VOTES, StakeholderConsulted, GateWaived, RiskAccepted, MilestoneAdvanced),
        authority.missing_role,
    ),
    StepCheck("approval-at-gate", (MilestoneAdvanced,), lambda step, _: gates.approval_at_gate(step)),
    StepCheck("break-glass-unreviewed", (BreakGlassReviewed,), lambda step, _: gates.break_glass_late(step)),
    StepCheck(
        "threshold-moved", (CriterionSet, CriterionRetired), lambda step, _: lapses.threshold_moved(step)
    ),
    StepCheck(
        "acceptance-expired",
        (RiskAccepted, RiskAssessed, RiskMitigated, RiskClosed),
        lambda step, _: lapses.acceptance_lapsed(step),
    ),
)
AT_STEP: Mapping[type[Event], tuple[StepCheck, ...]] = {
    kind: tuple(each for each in STEP_CHECKS if kind in each.types)
    for kind in {kind for each in STEP_CHECKS for kind in each.types}
}
"""By type of event, the checks of its records."""

AT_END: tuple[tuple[str, AtEnd], ...] = (
    ("self-approval", lambda end, _: authority.owners_votes(end)),
    ("prohibited", lambda end, _: gates.prohibited(end)),
    ("waiver-expired", lambda end, _: gates.waiver_expired(end)),
    ("break-glass-unreviewed", lambda end, _: gates.break_glass_unreviewed(end)),
    ("acceptance-expired", lambda end, _: lapses.acceptance_expired(end)),
    ("roles-quiet", lambda end, _: lapses.roles_quiet(end)),
    ("incident-clock", lapses.incident_clock),
    ("model-changed", lambda end, _: live.model_changed(end)),
    ("unmeasured", lambda end, _: live.unmeasured(end)),
)
"""Checks of an initiative as it stands at the end of the period."""

SPELLS: tuple[tuple[str, live.Lack], ...] = (
    ("live-without-monitor", live.monitor_lacks),
    ("fallback-older", live.fallback_lacks),
)
"""Checks of what must hold all the time."""

ENTRIES = ("before-enrolment", "backdated", "bulk-entry", "one-account")
"""Checks of how records came into the log, the roadmap's own included."""

CHECKS = frozenset(
    {
        *(each.name for each in STEP_CHECKS),
        *(name for name, _ in AT_END),
        *(name for name, _ in SPELLS),
        *ENTRIES,
    }
)
"""Every check there is."""
