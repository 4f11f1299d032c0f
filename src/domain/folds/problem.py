"""What and why: problem, outcomes, owner, place, dependencies, purpose, expectation, consultations."""

from typing import assert_never

from msgspec.structs import replace

from roadlog.domain.events import (
    DependencyAdded,
    DependencyRemoved,
    ExpectationSet,
    InitiativeAdopted,
    InitiativePlaced,
    Outcome,
    OutcomeMeasured,
    OutcomeTargeted,
    OwnerChanged,
    ProblemDefined,
    ProblemEvent,
    ProblemReframed,
    PurposeClassified,
    StakeholderConsulted,
)
from roadlog.domain.folds import milestones
from roadlog.domain.folds.in_time import in_time, latest
from roadlog.domain.initiative import (
    Classification,
    Expectation,
    InitiativeState,
    Measurement,
    Origin,
    OutcomeState,
)
from roadlog.domain.records import Record


def evolve(state: InitiativeState, record: Record, event: ProblemEvent) -> InitiativeState:
    """The state after something about what and why changed."""
    match event:
        case OutcomeMeasured():
            return _measured(state, record, event)
        case StakeholderConsulted():
            at = record.effective_at
            consulted = (*state.consulted, (event.role, at))
            return replace(state, heard=latest(state.heard, event.role, at), consulted=consulted)
        case ProblemDefined():
            return _defined(state, record, event)
        case ProblemReframed():
            return _reframed(state, record, event)
        case InitiativeAdopted():
            return _adopted(state, record, event)
        case OutcomeTargeted():
            return replace(
                state, outcomes=_targeted(state, record, event.outcome), edited=_edited(state, record)
            )
        case OwnerChanged():
            return replace(state, owner=event.owner)
        case InitiativePlaced():
            return replace(state, horizon=event.horizon, rank=event.rank)
        case DependencyAdded():
            others = tuple(key for key in state.dependencies if key != event.on)
            return replace(state, dependencies=(*others, event.on))
        case DependencyRemoved():
            return replace(state, dependencies=tuple(key for key in state.dependencies if key != event.on))
        case PurposeClassified():
            return replace(state, classification=_classification(record, event))
        case ExpectationSet():
            return replace(state, expectation=_expectation(record, event))
        case _:
            assert_never(event)


def _defined(state: InitiativeState, record: Record, event: ProblemDefined) -> InitiativeState:
    """Also the problem that adopted work gets later, whose owner stays where none is named."""
    return replace(
        state,
        key=event.key,
        title=event.title,
        problem=event.problem,
        segments=event.segments,
        approach=event.approach,
        owner=state.owner if event.owner is None else event.owner,
        defined_at=record.effective_at,
        defined_by=record.position,
        outcomes=state.outcomes if event.outcome is None else _targeted(state, record, event.outcome),
        edited=_edited(state, record),
    )


def _reframed(state: InitiativeState, record: Record, event: ProblemReframed) -> InitiativeState:
    return replace(
        state,
        title=state.title if event.title is None else event.title,
        problem=state.problem if event.problem is None else event.problem,
        segments=state.segments if event.segments is None else event.segments,
        approach=state.approach if event.approach is None else event.approach,
        edited=_edited(state, record),
    )


def _adopted(state: InitiativeState, record: Record, event: InitiativeAdopted) -> InitiativeState:
    source = record.body.source.imported
    named = replace(
        state,
        key=event.key,
        title=event.title,
        origin=Origin(format=source.format, line=source.line, title=event.title) if source else None,
        owner=event.owner,
        adopted_since=event.since,
        imported=event.origin == "import",
    )
    return milestones.adopted(named, record, event)


def _targeted(state: InitiativeState, record: Record, outcome: Outcome) -> dict[str, OutcomeState]:
    """The outcome as it stands from now on; what was measured stays."""
    before = state.outcomes.get(outcome.metric)
    after = OutcomeState(
        metric=outcome.metric,
        unit=outcome.unit,
        baseline=outcome.baseline,
        target=outcome.target,
        relative=outcome.relative,
        by=outcome.by,
        position=record.position,
        measurements=before.measurements if before else (),
    )
    return {**state.outcomes, outcome.metric: after}


def _measured(state: InitiativeState, record: Record, event: OutcomeMeasured) -> InitiativeState:
    """As of a time before the outcome was targeted, nobody had asked for the metric."""
    outcome = state.outcomes.get(event.metric)
    if outcome is None:
        return state
    measurement = Measurement(
        position=record.position,
        at=record.effective_at,
        value=event.value,
        sample=event.sample,
        evidence=event.evidence,
    )
    measured = replace(outcome, measurements=in_time(outcome.measurements, measurement))
    return replace(state, outcomes={**state.outcomes, event.metric: measured})


def _classification(record: Record, event: PurposeClassified) -> Classification:
    return Classification(
        position=record.position,
        purpose=event.purpose,
        affected=event.affected,
        risk_class=event.risk_class,
        our_role=event.our_role,
        basis=event.basis,
    )


def _expectation(record: Record, event: ExpectationSet) -> Expectation:
    return Expectation(
        position=record.position,
        iterations_from=event.iterations_from,
        iterations_to=event.iterations_to,
        outcome_from=event.outcome_from,
        outcome_to=event.outcome_to,
        told=event.told,
    )


def _edited(state: InitiativeState, record: Record) -> dict[str, int]:
    return {**state.edited, record.actor.id: record.position}
