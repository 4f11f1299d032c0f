"""Fallback, notice and monitor, edge cases and incidents."""

from typing import Any, assert_never

from msgspec.structs import replace

from roadlog.domain.events import (
    EdgeCaseLogged,
    EdgeCasesReviewed,
    EdgeCaseTriaged,
    FallbackActivated,
    FallbackDeactivated,
    FallbackDefined,
    FallbackTested,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    MonitorDefined,
    NoticeDefined,
    SafeguardEvent,
)
from roadlog.domain.initiative import (
    EdgeCase,
    EdgeCaseReview,
    Fallback,
    FallbackTest,
    Incident,
    InitiativeState,
    Monitor,
    Notice,
)
from roadlog.domain.records import Record


def evolve(state: InitiativeState, record: Record, event: SafeguardEvent) -> InitiativeState:
    """The state after a safeguard was defined or tried, or something went wrong."""
    match event:
        case EdgeCaseLogged():
            return replace(state, edge_cases={**state.edge_cases, event.case: _case(record, event)})
        case EdgeCaseTriaged():
            return _triaged(state, record, event)
        case EdgeCasesReviewed():
            return replace(state, edge_case_reviews=(*state.edge_case_reviews, _review(record, event)))
        case FallbackDefined():
            return replace(state, fallback=_defined(state, record, event))
        case FallbackTested():
            return _tested(state, record, event)
        case FallbackActivated():
            return _fallback(state, active_since=record.effective_at)
        case FallbackDeactivated():
            return _fallback(state, active_since=None)
        case NoticeDefined():
            notice = Notice(
                position=record.position, text=event.text, placement=event.placement, locale=event.locale
            )
            return replace(state, notice=notice)
        case MonitorDefined():
            monitor = Monitor(
                position=record.position, signal=event.signal, where=event.where, owner=event.owner
            )
            return replace(state, monitor=monitor)
        case IncidentOpened():
            return replace(state, incidents={**state.incidents, event.incident: _incident(record, event)})
        case IncidentReported():
            return _reported(state, record, event)
        case IncidentClosed():
            return _closed(state, record, event)
        case _:
            assert_never(event)


def _defined(state: InitiativeState, record: Record, event: FallbackDefined) -> Fallback:
    """A new definition is untested; users who get the fallback already go on getting it."""
    return Fallback(
        position=record.position,
        kind=event.kind,
        description=event.description,
        trigger=event.trigger,
        owner=event.owner,
        active_since=state.fallback.active_since if state.fallback else None,
    )


def _tested(state: InitiativeState, record: Record, event: FallbackTested) -> InitiativeState:
    tests = state.fallback.tests if state.fallback else ()
    test = FallbackTest(
        position=record.position, at=record.effective_at, passed=event.passed, evidence=event.evidence
    )
    return _fallback(state, tests=(*tests, test))


def _fallback(state: InitiativeState, **changes: Any) -> InitiativeState:
    return replace(state, fallback=replace(state.fallback, **changes)) if state.fallback else state


def _case(record: Record, event: EdgeCaseLogged) -> EdgeCase:
    return EdgeCase(
        id=event.case,
        position=record.position,
        at=record.effective_at,
        description=event.description,
        severity=event.severity,
        source=event.source,
        risk=event.risk,
    )


def _triaged(state: InitiativeState, record: Record, event: EdgeCaseTriaged) -> InitiativeState:
    case = state.edge_cases.get(event.case)
    if case is None:
        return state
    triaged = replace(case, outcome=event.outcome, triaged_by=record.position)
    return replace(state, edge_cases={**state.edge_cases, case.id: triaged})


def _review(record: Record, event: EdgeCasesReviewed) -> EdgeCaseReview:
    return EdgeCaseReview(
        position=record.position,
        at=record.effective_at,
        source=event.source,
        sample=event.sample,
        found=event.found,
    )


def _incident(record: Record, event: IncidentOpened) -> Incident:
    return Incident(
        id=event.incident,
        position=record.position,
        at=record.effective_at,
        description=event.description,
        aware_at=event.aware_at,
        severity=event.severity,
        case=event.case,
    )


def _reported(state: InitiativeState, record: Record, event: IncidentReported) -> InitiativeState:
    incident = state.incidents.get(event.incident)
    if incident is None:
        return state
    reported = replace(incident, reported=(*incident.reported, (event.to, record.effective_at)))
    return replace(state, incidents={**state.incidents, incident.id: reported})


def _closed(state: InitiativeState, record: Record, event: IncidentClosed) -> InitiativeState:
    incident = state.incidents.get(event.incident)
    if incident is None:
        return state
    closed = replace(incident, closed_at=record.effective_at)
    return replace(state, incidents={**state.incidents, incident.id: closed})
