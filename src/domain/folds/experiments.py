"""Criteria with their results, and experiments."""

from typing import assert_never

from msgspec.structs import replace

from roadlog.domain.events import (
    CriterionRetired,
    CriterionSet,
    ExperimentConcluded,
    ExperimentEvent,
    ExperimentStarted,
    ResultRecorded,
)
from roadlog.domain.folds.in_time import in_time
from roadlog.domain.initiative import Criterion, Experiment, InitiativeState, Result
from roadlog.domain.records import Record


def evolve(state: InitiativeState, record: Record, event: ExperimentEvent) -> InitiativeState:
    """The state after a criterion, a result or an experiment changed."""
    match event:
        case ResultRecorded():
            return replace(state, results=in_time(state.results, _result(state, record, event)))
        case CriterionSet():
            return replace(
                state,
                criteria={**state.criteria, event.criterion: _criterion(state, record, event)},
                edited={**state.edited, record.actor.id: record.position},
            )
        case CriterionRetired():
            return _retired(state, record, event)
        case ExperimentStarted():
            return replace(
                state, experiments={**state.experiments, event.experiment: _started(state, record, event)}
            )
        case ExperimentConcluded():
            return _concluded(state, record, event)
        case _:
            assert_never(event)


def _criterion(state: InitiativeState, record: Record, event: CriterionSet) -> Criterion:
    """Once a result was known when the threshold was set, the criterion says so for ever."""
    return Criterion(
        id=event.criterion,
        position=record.position,
        milestone=event.milestone,
        metric=event.metric,
        operator=event.operator,
        threshold=event.threshold,
        segment=event.segment,
        dataset=event.dataset,
        set_by=record.actor.id,
        moved=any(result.criterion == event.criterion for result in state.results),
    )


def _retired(state: InitiativeState, record: Record, event: CriterionRetired) -> InitiativeState:
    criterion = state.criteria.get(event.criterion)
    if criterion is None:
        return state
    retired = replace(criterion, retired_by=record.position)
    return replace(state, criteria={**state.criteria, criterion.id: retired})


def _result(state: InitiativeState, record: Record, event: ResultRecorded) -> Result:
    """Against the criterion in force; 0 where, in effective time, it was not set yet."""
    criterion = state.criteria.get(event.criterion)
    return Result(
        position=record.position,
        at=record.effective_at,
        criterion=event.criterion,
        criterion_position=criterion.position if criterion else 0,
        value=event.value,
        sample=event.sample,
        low=event.low,
        high=event.high,
        evidence=event.evidence,
        verdict=event.verdict,
    )


def _started(state: InitiativeState, record: Record, event: ExperimentStarted) -> Experiment:
    return Experiment(
        id=event.experiment,
        position=record.position,
        started_at=record.effective_at,
        iteration=state.iteration,
        hypothesis=event.hypothesis,
        metric=event.metric,
        variants=event.variants,
    )


def _concluded(state: InitiativeState, record: Record, event: ExperimentConcluded) -> InitiativeState:
    experiment = state.experiments.get(event.experiment)
    if experiment is None:
        return state
    concluded = replace(
        experiment,
        concluded_by=record.position,
        concluded_at=record.effective_at,
        decision=event.decision,
        summary=event.summary,
        results=event.variants,
    )
    return replace(state, experiments={**state.experiments, experiment.id: concluded})
