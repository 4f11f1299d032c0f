"""Risks: logged, scored, treated, accepted, closed and reopened."""

from typing import Any, assert_never

from msgspec.structs import replace

from roadlog.domain.events import (
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskEvent,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
)
from roadlog.domain.initiative import Acceptance, InitiativeState, Risk
from roadlog.domain.records import Record


def evolve(state: InitiativeState, record: Record, event: RiskEvent) -> InitiativeState:
    """The state after a risk changed, and what remains of it from then on."""
    after = _evolved(state, record, event)
    risk = after.risks.get(event.risk)
    if risk is None:
        return after
    place, at = len(after.residuals), record.effective_at
    while place and after.residuals[place - 1][0] > at:
        place -= 1
    new = (at, risk.id, risk.residual if risk.open else 0)
    return replace(after, residuals=(*after.residuals[:place], new, *after.residuals[place:]))


def _evolved(state: InitiativeState, record: Record, event: RiskEvent) -> InitiativeState:
    """The state after a risk changed.

    An assessment is the latest judgement of the whole risk: it clears an earlier treatment's residual scores,
    and ends an acceptance, which was of the risk as it was judged then.
    """
    match event:
        case RiskLogged():
            return replace(state, risks={**state.risks, event.risk: _logged(record, event)})
        case RiskAssessed():
            return _changed(
                state,
                event.risk,
                likelihood=event.likelihood,
                impact=event.impact,
                residual_likelihood=None,
                residual_impact=None,
                treated_by=None,
                accepted=None,
            )
        case RiskMitigated():
            return _changed(
                state,
                event.risk,
                treatment=event.treatment,
                treated_by=record.position,
                residual_likelihood=event.likelihood,
                residual_impact=event.impact,
            )
        case RiskAccepted():
            return _changed(state, event.risk, accepted=_acceptance(record, event))
        case RiskClosed():
            return _changed(state, event.risk, open=False)
        case RiskReopened():
            return _changed(state, event.risk, open=True, accepted=None)
        case _:
            assert_never(event)


def _logged(record: Record, event: RiskLogged) -> Risk:
    return Risk(
        id=event.risk,
        position=record.position,
        logged_at=record.effective_at,
        category=event.category,
        description=event.description,
        likelihood=event.likelihood,
        impact=event.impact,
        owner=event.owner,
        catalogue=event.catalogue,
    )


def _acceptance(record: Record, event: RiskAccepted) -> Acceptance:
    return Acceptance(position=record.position, until=event.until, role=event.role, by=record.actor.id)


def _changed(state: InitiativeState, risk: str, **changes: Any) -> InitiativeState:
    """With these fields of the risk changed; a risk whose logging was voided has none to change."""
    before = state.risks.get(risk)
    if before is None:
        return state
    return replace(state, risks={**state.risks, risk: replace(before, **changes)})
