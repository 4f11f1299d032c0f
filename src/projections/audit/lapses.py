"""What moved, lapsed or fell silent: thresholds, accepted risks, roles, reports of incidents."""

from collections.abc import Iterator
from datetime import datetime

from roadlog.domain.events import (
    CriterionRetired,
    CriterionSet,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskMitigated,
)
from roadlog.domain.initiative import Risk
from roadlog.domain.moments import days
from roadlog.projections.audit.findings import End, Finding, Limits, Step, day, once
from roadlog.projections.standing import consultations_due

ANSWERS = (RiskAccepted, RiskAssessed, RiskMitigated, RiskClosed)
"""What may end that an acceptance has lapsed."""


def threshold_moved(step: Step) -> Iterator[Finding]:
    """A criterion that was set anew, or retired, once a result of it was known."""
    event = step.record.event
    if not isinstance(event, CriterionSet | CriterionRetired):
        return
    before = step.before.criteria.get(event.criterion)
    known = sorted(each.position for each in step.before.results if each.criterion == event.criterion)
    if before is None or not known:
        return
    lately = [each for each in known if each > before.position] or known[-1:]
    if isinstance(event, CriterionRetired):
        what = "was retired"
    elif (before.operator, before.threshold) != (event.operator, event.threshold):
        old, new = (f"{each.operator} {each.threshold:g}" for each in (before, event))
        what = f"was moved from {old} to {new}"
    else:
        what = "was set anew"
    text = f"Criterion {event.criterion} {what} after its result was known"
    yield once(text, [*lately, step.record.position], step.at)


def acceptance_lapsed(step: Step) -> Iterator[Finding]:
    """The time between the end of an acceptance and what was done about the risk then."""
    event = step.record.event
    if isinstance(event, ANSWERS):
        risk = step.before.risks.get(event.risk)
        if risk is not None and _lapsed(risk, step.at, step.workflow.policy.risk_threshold):
            yield from _lapse(risk, step.at, f", until {day(step.at)}", (step.record.position,))


def acceptance_expired(end: End) -> Iterator[Finding]:
    """Open risks that nothing but an acceptance treats, which has lapsed."""
    for risk in end.state.risks.values() if not end.ended else ():
        if _lapsed(risk, end.at, end.workflow.policy.risk_threshold):
            yield from _lapse(risk, end.at, " and the risk is open", ())


def _lapsed(risk: Risk, at: datetime, threshold: int) -> bool:
    if not risk.open or risk.accepted is None or risk.mitigated_below(threshold):
        return False
    return risk.accepted.until < at


def _lapse(risk: Risk, until: datetime, how: str, by: tuple[int, ...]) -> Iterator[Finding]:
    if risk.accepted is not None:
        text = f"The acceptance of {risk.id} ({risk.category}) lapsed on {day(risk.accepted.until)}{how}"
        yield Finding(text, (risk.accepted.position, *by), risk.accepted.until, until)


def roles_quiet(end: End) -> Iterator[Finding]:
    """Roles not heard from at the end of the period for longer than policy lets pass, while work goes on."""
    began = next((each.entered_by for each in end.state.visits if each.cycle > 0), None)
    for role, due in consultations_due(end.state, end.workflow).items():
        if due <= end.at:
            last = end.heard.get(role, began)
            limit = end.workflow.policy.consult_every_days
            heard = end.state.heard.get(role)
            how = f"last heard on {day(heard)}" if heard else "never heard"
            text = f"{role} was {how}, and the period ends {limit} days later or more"
            yield Finding(text, () if last is None else (last,), due, end.at)


def incident_clock(end: End, limits: Limits) -> Iterator[Finding]:
    """Incidents that were reported to nobody before the clock of their severity ran out."""
    for each in end.state.incidents.values():
        limit = limits.get(f"severity_{each.severity}")
        due = None if limit is None else each.aware_at + days(limit)
        reported = min((at for _, at in each.reported), default=None)
        if due is None or (reported or end.at) <= due:
            continue
        late = f"was reported on {day(reported)}" if reported else "is reported to nobody"
        text = (
            f"Incident {each.id} of severity {each.severity}, known since {day(each.aware_at)}, {late}: "
            f"its clock of {limit} days ran out on {day(due)}"
        )
        yield Finding(text, tuple(end.incidents.get(each.id, ())), due, reported or end.at)
