"""Safeguards: the fallback, the notice, the monitor, edge cases and incidents."""

from typing import assert_never

from roadlog.domain.commands import (
    ActivateFallback,
    CloseIncident,
    DeactivateFallback,
    DefineFallback,
    DefineMonitor,
    DefineNotice,
    LogEdgeCase,
    OpenIncident,
    ReportIncident,
    ReviewEdgeCases,
    SafeguardCommand,
    TestFallback,
    TriageEdgeCase,
)
from roadlog.domain.decisions.arguments import already, count, evidence, known, next_id, present, scale
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
)
from roadlog.domain.initiative import Fallback, Incident, InitiativeState
from roadlog.domain.moments import told
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Events, Situation


def decide(situation: Situation, command: SafeguardCommand) -> Events:
    """What a wish about a safeguard comes to. Raises Unknown, Malformed or Refused."""
    state = situation.initiative
    match command:
        case DefineFallback():
            return _define_fallback(situation, command)
        case TestFallback():
            return _test_fallback(state, command)
        case ActivateFallback():
            return () if _fallback(state).active_since else (FallbackActivated(),)
        case DeactivateFallback():
            return (FallbackDeactivated(),) if state.fallback and state.fallback.active_since else ()
        case DefineNotice():
            return _define_notice(state, command)
        case DefineMonitor():
            return _define_monitor(situation, command)
        case LogEdgeCase():
            return _log_edge_case(state, command)
        case TriageEdgeCase():
            return _triage(state, command)
        case ReviewEdgeCases():
            return _review(command)
        case OpenIncident():
            return _open_incident(situation, command)
        case ReportIncident():
            return (IncidentReported(incident=_incident(state, command.incident).id, to=command.to),)
        case CloseIncident():
            incident = _incident(state, command.incident)
            return () if incident.closed_at else (IncidentClosed(incident=incident.id),)
        case _:
            assert_never(command)


def _define_fallback(situation: Situation, command: DefineFallback) -> Events:
    present(situation, command.owner)
    event = FallbackDefined(
        kind=command.kind, description=command.description, trigger=command.trigger, owner=command.owner
    )
    return () if already(situation.initiative.fallback, event) else (event,)


def _test_fallback(state: InitiativeState, command: TestFallback) -> Events:
    _fallback(state)
    shown_by = evidence(state, command.evidence)
    return (FallbackTested(passed=command.passed, evidence=shown_by.id if shown_by else None),)


def _define_notice(state: InitiativeState, command: DefineNotice) -> Events:
    event = NoticeDefined(text=command.text, placement=command.placement, locale=command.locale)
    return () if already(state.notice, event) else (event,)


def _define_monitor(situation: Situation, command: DefineMonitor) -> Events:
    present(situation, command.owner)
    event = MonitorDefined(signal=command.signal, where=command.where, owner=command.owner)
    return () if already(situation.initiative.monitor, event) else (event,)


def _log_edge_case(state: InitiativeState, command: LogEdgeCase) -> Events:
    """The same words again are a second observation, not the same one."""
    scale("severity", command.severity)
    if command.risk is not None:
        known("risk", command.risk, state.risks, try_=(f"roadlog risk list {state.key}",))
    return (
        EdgeCaseLogged(
            case=next_id(state, "E"),
            description=command.description,
            severity=command.severity,
            source=command.source,
            risk=command.risk,
        ),
    )


def _triage(state: InitiativeState, command: TriageEdgeCase) -> Events:
    _case(state, command.case)
    if state.edge_cases[command.case].outcome == command.outcome:
        return ()
    return (EdgeCaseTriaged(case=command.case, outcome=command.outcome),)


def _review(command: ReviewEdgeCases) -> Events:
    count("sample", command.sample)
    if not 0 <= command.found <= command.sample:
        raise Malformed(
            "found",
            f"Of a sample of {command.sample}, from 0 to {command.sample} can be found; not {command.found}.",
        )
    return (EdgeCasesReviewed(source=command.source, sample=command.sample, found=command.found),)


def _open_incident(situation: Situation, command: OpenIncident) -> Events:
    scale("severity", command.severity)
    if command.case is not None:
        _case(situation.initiative, command.case)
    if command.aware_at > situation.at:
        raise Malformed(
            "aware",
            f"We became aware when the incident was opened, or before: {told(command.aware_at)} "
            f"is after {told(situation.at)}.",
        )
    return (
        IncidentOpened(
            incident=next_id(situation.initiative, "I"),
            description=command.description,
            aware_at=command.aware_at,
            severity=command.severity,
            case=command.case,
        ),
    )


def _fallback(state: InitiativeState) -> Fallback:
    if state.fallback is None:
        raise Refused(
            "fallback",
            f"{state.key} has no fallback yet. Say first what the user gets when the AI fails.",
            missing=("fallback",),
            try_=(f"roadlog fallback define {state.key} TEXT --kind human-handoff --trigger TEXT",),
        )
    return state.fallback


def _case(state: InitiativeState, case: str) -> None:
    known("edge-case", case, state.edge_cases, try_=(f"roadlog edge-case list {state.key}",))


def _incident(state: InitiativeState, incident: str) -> Incident:
    return state.incidents[known("incident", incident, state.incidents, try_=("roadlog incident list",))]
