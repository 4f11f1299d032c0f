"""How late a record was typed whose time something is measured by."""

from roadlog.domain.events import (
    ApprovalRequested,
    Event,
    InitiativeAdopted,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    MilestoneAdvanced,
    MilestoneReturned,
    OutcomeMeasured,
    ProblemDefined,
    RiskAssessed,
    RiskClosed,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderRejected,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.moments import MICROSECOND
from roadlog.domain.records import Record

TIMED: frozenset[type[Event]] = frozenset(
    {
        ProblemDefined,
        InitiativeAdopted,
        MilestoneAdvanced,
        MilestoneReturned,
        WorkBlocked,
        WorkUnblocked,
        WorkPaused,
        WorkResumed,
        InitiativeStopped,
        InitiativeReopened,
        InitiativeRetired,
        ApprovalRequested,
        StakeholderApproved,
        StakeholderRejected,
        StakeholderAbstained,
        StakeholderConsulted,
        OutcomeMeasured,
        RiskLogged,
        RiskAssessed,
        RiskMitigated,
        RiskClosed,
        RiskReopened,
    }
)
"""Moves, and all else whose time a figure of metrics/1 depends on: a property test looks for others."""


def lateness(record: Record) -> int:
    """Microseconds from when it happened to when it was recorded; 0 of an import, which says so itself."""
    if record.body.source.imported is not None:
        return 0
    return (record.recorded_at - record.body.effective_at) // MICROSECOND
