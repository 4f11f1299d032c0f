"""Criteria with their results, and experiments with their decisions."""

import operator
from collections.abc import Callable
from typing import assert_never

from roadlog.domain.commands import (
    ConcludeExperiment,
    ExperimentCommand,
    RecordResult,
    RetireCriterion,
    SetCriterion,
    StartExperiment,
)
from roadlog.domain.decisions.arguments import already, count, evidence, interval, known
from roadlog.domain.events import (
    CriterionRetired,
    CriterionSet,
    ExperimentConcluded,
    ExperimentStarted,
    Number,
    Operator,
    ResultRecorded,
    ResultVerdict,
)
from roadlog.domain.initiative import Criterion, Experiment, InitiativeState
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted

MEETS: dict[Operator, Callable[[Number, Number], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


def decide(situation: Situation, command: ExperimentCommand) -> Events:
    """What a wish about a criterion or an experiment comes to. Raises Unknown, Malformed or Refused."""
    state = situation.initiative
    match command:
        case SetCriterion():
            return _set(situation, command)
        case RetireCriterion():
            criterion = _criterion(state, command.criterion)
            return () if criterion.retired_by else (CriterionRetired(criterion=criterion.id),)
        case RecordResult():
            return _record(state, command)
        case StartExperiment():
            return _start(state, command)
        case ConcludeExperiment():
            return _conclude(state, command)
        case _:
            assert_never(command)


def verdict(
    compare: Operator, threshold: Number, value: Number, low: Number | None = None, high: Number | None = None
) -> ResultVerdict:
    """Whether a value meets a threshold.

    Without an interval the value decides. With one, the verdict is `met` where every value of `[low, high]`
    would meet the threshold, `missed` where none would, and `inconclusive` where some would.
    """
    meets = MEETS[compare]
    if low is None or high is None:
        return "met" if meets(value, threshold) else "missed"
    ends = meets(low, threshold), meets(high, threshold)
    if all(ends):
        return "met"
    return "inconclusive" if any(ends) or low < threshold < high else "missed"


def _set(situation: Situation, command: SetCriterion) -> Events:
    state = situation.initiative
    known("milestone", command.milestone, situation.workflow.order)
    if command.segment is not None:
        known("segment", command.segment, state.segments, try_=(f"roadlog show {state.key}",))
    event = CriterionSet(
        criterion=command.criterion,
        milestone=command.milestone,
        metric=command.metric,
        operator=command.operator,
        threshold=command.threshold,
        segment=command.segment,
        dataset=_dataset(state, command.dataset),
    )
    there = state.criteria.get(command.criterion)
    if there is not None:
        if there.retired_by is None and already(there, event, but="criterion"):
            return ()
        _needs_reason(situation, there, command)
    return (event,)


def _needs_reason(situation: Situation, there: Criterion, command: SetCriterion) -> None:
    """Replacing takes a reason; after a result the trail shows that the threshold moved (rule 6)."""
    if situation.reasoned:
        return
    state = situation.initiative
    again = (_setting(state, command),)
    measured = [result.position for result in state.results if result.criterion == there.id]
    was = f"{there.metric} {there.operator} {there.threshold}"
    if measured:
        raise Refused(
            "threshold-moved",
            f"{there.id} ({was}) has a result already, at position {measured[0]}. To move it now needs a "
            "reason, and everybody will see that it moved after the result.",
            missing=("reason",),
            try_=again,
        )
    raise Refused(
        "reason",
        f"{there.id} is set already ({was}). To replace it, say why.",
        missing=("reason",),
        try_=again,
    )


def _dataset(state: InitiativeState, given: str | None) -> str | None:
    """The SHA-256 of the dataset of that evidence id: a criterion is about bytes, not about an id."""
    dataset = evidence(state, given)
    if dataset is None:
        return None
    if dataset.kind != "dataset":
        raise Refused(
            "dataset",
            f"{dataset.id} is evidence of kind {dataset.kind}, not a dataset.",
            try_=(f"roadlog evidence attach {state.key} FILE --kind dataset",),
        )
    return dataset.sha256


def _record(state: InitiativeState, command: RecordResult) -> Events:
    criterion = _criterion(state, command.criterion)
    count("sample", command.sample)
    interval(command.value, command.low, command.high)
    shown_by = evidence(state, command.evidence)
    if criterion.retired_by is not None:
        raise Refused(
            "retired",
            f"{criterion.id} was retired at position {criterion.retired_by}. Set one before its result.",
            try_=(_setting(state, criterion),),
        )
    return (
        ResultRecorded(
            criterion=criterion.id,
            value=command.value,
            sample=command.sample,
            low=command.low,
            high=command.high,
            evidence=shown_by.id if shown_by else None,
            verdict=verdict(
                criterion.operator, criterion.threshold, command.value, command.low, command.high
            ),
        ),
    )


def _start(state: InitiativeState, command: StartExperiment) -> Events:
    if len(command.variants) < 2 or len(set(command.variants)) < len(command.variants):
        raise Malformed(
            "variants", "An experiment compares at least two variants, each with a name of its own."
        )
    event = ExperimentStarted(
        experiment=command.experiment,
        hypothesis=command.hypothesis,
        metric=command.metric,
        variants=command.variants,
    )
    there = state.experiments.get(command.experiment)
    if there is None:
        return (event,)
    if there.concluded_by is None and already(there, event, but="experiment"):
        return ()
    raise Refused(
        "experiment-id",
        f"{there.id} is the experiment that began at position {there.position}. Give this one another id.",
        try_=(_starting(state),),
    )


def _conclude(state: InitiativeState, command: ConcludeExperiment) -> Events:
    experiment = _experiment(state, command)
    names = tuple(each.variant for each in command.variants)
    if len(set(names)) < len(names):
        raise Malformed("variants", "Each variant has one result.")
    for each in command.variants:
        known("variant", each.variant, experiment.variants)
        count("sample", each.sample)
        interval(each.value, each.low, each.high)
    if experiment.concluded_by is None:
        return (
            ExperimentConcluded(
                experiment=experiment.id,
                decision=command.decision,
                summary=command.summary,
                variants=command.variants,
            ),
        )
    if (experiment.decision, experiment.summary, experiment.results) == (
        command.decision,
        command.summary,
        command.variants,
    ):
        return ()
    raise Refused(
        "concluded",
        f"{experiment.id} was concluded at position {experiment.concluded_by}: {experiment.decision}. "
        "What is tried next is an experiment of its own.",
        try_=(_starting(state),),
    )


def _setting(state: InitiativeState, criterion: SetCriterion | Criterion) -> str:
    """The command that sets it so."""
    name = criterion.id if isinstance(criterion, Criterion) else criterion.criterion
    segment = f" --segment {quoted(criterion.segment)}" if criterion.segment else ""
    return (
        f"roadlog criterion set {state.key} {name} --milestone {quoted(criterion.milestone)}"
        f" --metric {quoted(criterion.metric)} --operator '{criterion.operator}'"
        f" --threshold {criterion.threshold}{segment} --because TEXT"
    )


def _starting(state: InitiativeState) -> str:
    return (
        f"roadlog experiment start {state.key} ID --hypothesis TEXT --metric METRIC --variant A --variant B"
    )


def _criterion(state: InitiativeState, given: str) -> Criterion:
    return state.criteria[known("criterion", given, state.criteria, try_=(f"roadlog show {state.key}",))]


def _experiment(state: InitiativeState, command: ConcludeExperiment) -> Experiment:
    given = known("experiment", command.experiment, state.experiments, try_=(f"roadlog show {state.key}",))
    return state.experiments[given]
