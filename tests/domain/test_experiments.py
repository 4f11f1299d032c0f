"""The rules of criteria, results and experiments: thresholds first, verdicts exactly, decisions once."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.commands import (
    ConcludeExperiment,
    RecordResult,
    RetireCriterion,
    SetCriterion,
    StartExperiment,
)
from roadlog.domain.decisions.experiments import MEETS, verdict
from roadlog.domain.events import (
    CriterionRetired,
    ExperimentConcluded,
    ExperimentStarted,
    Operator,
    ResultVerdict,
    VariantResult,
)
from roadlog.domain.workflow import Milestone
from tests.domain.part_events import DATASET, DEFINED, OTHER, attached, criterion_set, result
from tests.domain.spec import AI_PRODUCT, FIRST, given, with_policy

STARTED = ExperimentStarted(
    experiment="X1", hypothesis="Answers halve the queue", metric="tickets", variants=("control", "answers")
)
START_IT = StartExperiment(
    experiment="X1", hypothesis="Answers halve the queue", metric="tickets", variants=("control", "answers")
)
ARM = VariantResult(variant="answers", value=0.31, sample=400, low=0.27, high=0.35)
CONCLUDED = ExperimentConcluded(experiment="X1", decision="ship", summary="The queue halved", variants=(ARM,))
CONCLUDE = ConcludeExperiment(experiment="X1", decision="ship", summary="The queue halved", variants=(ARM,))
SET_F1 = "roadlog criterion set SUP-1 F1 --milestone training --metric f1 --operator '>='"


def setting(
    criterion: str = "F1",
    *,
    milestone: str = "training",
    threshold: float = 0.9,
    segment: str | None = None,
    dataset: str | None = None,
) -> SetCriterion:
    return SetCriterion(
        criterion=criterion,
        milestone=milestone,
        metric="f1",
        operator=">=",
        threshold=threshold,
        segment=segment,
        dataset=dataset,
    )


# Criteria


def test_a_criterion_belongs_to_a_milestone_of_the_workflow() -> None:
    given(DEFINED).when(setting()).then(criterion_set())
    given(DEFINED).when(setting(milestone="trainning")).then_refused(
        "unknown-milestone", saying="Did you mean training?"
    )


def test_a_criterion_is_for_a_segment_of_the_problem_or_for_all() -> None:
    given(DEFINED).when(setting(segment="retail")).then(criterion_set(segment="retail"))
    given(DEFINED).when(setting(segment="retial")).then_refused(
        "unknown-segment", saying="Did you mean retail?"
    )


def test_a_criterion_fixes_the_bytes_of_its_dataset() -> None:
    story = given(DEFINED, attached("D1"), attached("D2", kind="model"))
    story.when(setting(dataset="D1")).then(criterion_set(dataset=DATASET))
    story.when(setting(dataset="D3")).then_refused("unknown-evidence")
    story.when(setting(dataset="D2")).then_refused("dataset", saying="model")


def test_the_same_criterion_again_changes_nothing() -> None:
    given(DEFINED, criterion_set()).when(setting()).then()
    given(DEFINED, criterion_set(), result()).when(setting()).then()


def test_replacing_a_criterion_needs_a_reason() -> None:
    story = given(DEFINED, criterion_set())
    refusal = story.when(setting(threshold=0.8, segment="retail")).then_refused("reason", saying="f1 >= 0.9")
    assert refusal.try_ == (f"{SET_F1} --threshold 0.8 --segment retail --because TEXT",)
    story.when(setting(threshold=0.8), because="0.8 is what agents reach").then(criterion_set(threshold=0.8))


def test_the_command_to_set_it_again_quotes_a_milestone_of_two_words() -> None:
    films = replace(AI_PRODUCT, milestones=(*AI_PRODUCT.milestones, Milestone(id="go live")))
    story = given(DEFINED, criterion_set(milestone="go live"), workflow=films)
    refusal = story.when(setting(threshold=0.8, milestone="go live")).then_refused("reason")
    assert " --milestone 'go live' " in refusal.try_[0]


def test_moving_a_threshold_after_its_result_needs_a_reason() -> None:
    story = given(DEFINED, criterion_set(), result(value=0.85, verdict="missed"))
    story.when(setting(threshold=0.8)).then_refused("threshold-moved", saying=f"position {FIRST + 2}")
    story.when(setting(threshold=0.8), because="0.8 is what agents reach").then(criterion_set(threshold=0.8))


def test_the_reason_is_as_long_as_policy_asks() -> None:
    story = given(DEFINED, criterion_set(), workflow=with_policy(reason_min_chars=10))
    story.when(setting(threshold=0.8), because="too short").then_refused("reason")
    story.when(setting(threshold=0.8), because="just right").then(criterion_set(threshold=0.8))


def test_another_criterion_needs_no_reason() -> None:
    given(DEFINED, criterion_set(), result()).when(setting("F2")).then(criterion_set("F2"))


def test_a_criterion_is_retired_once_with_a_reason() -> None:
    retired = CriterionRetired(criterion="F1")
    given(DEFINED, criterion_set()).when(RetireCriterion(criterion="F1")).then_refused("reason")
    given(DEFINED, criterion_set()).when(RetireCriterion(criterion="F1"), because="wrong metric").then(
        retired
    )
    given(DEFINED, criterion_set(), retired).when(RetireCriterion(criterion="F1"), because="again").then()
    given(DEFINED).when(RetireCriterion(criterion="F1"), because="gone").then_refused("unknown-criterion")


def test_a_retired_criterion_comes_back_with_a_reason() -> None:
    story = given(DEFINED, criterion_set(), CriterionRetired(criterion="F1"))
    story.when(setting()).then_refused("reason")
    story.when(setting(), because="it was right after all").then(criterion_set())


# Results


def test_a_result_is_for_a_criterion_that_is_set() -> None:
    given(DEFINED).when(RecordResult(criterion="F1", value=0.92)).then_refused("unknown-criterion")
    given(DEFINED, criterion_set()).when(RecordResult(criterion="F1", value=0.92)).then(result())


def test_a_result_is_not_for_a_retired_criterion() -> None:
    story = given(DEFINED, criterion_set(), CriterionRetired(criterion="F1"))
    refusal = story.when(RecordResult(criterion="F1", value=0.92)).then_refused("retired")
    assert refusal.try_ == (f"{SET_F1} --threshold 0.9 --because TEXT",)


def test_a_result_names_evidence_that_is_there() -> None:
    command = RecordResult(criterion="F1", value=0.92, evidence="D1")
    given(DEFINED, criterion_set()).when(command).then_refused("unknown-evidence")
    given(DEFINED, criterion_set(), attached()).when(command).then(result(evidence="D1"))


def test_evidence_may_be_named_by_its_sha_256() -> None:
    command = RecordResult(criterion="F1", value=0.92, evidence=DATASET)
    other = attached("D2", sha256=OTHER)
    given(DEFINED, criterion_set(), other).when(command).then_refused("unknown-evidence")
    given(DEFINED, criterion_set(), attached("D1"), other).when(command).then(result(evidence="D1"))


def test_a_second_result_of_the_same_value_is_a_second_result() -> None:
    given(DEFINED, criterion_set(), result()).when(RecordResult(criterion="F1", value=0.92)).then(result())


@pytest.mark.parametrize("sample", [0, -1])
def test_a_sample_counts_something(sample: int) -> None:
    command = RecordResult(criterion="F1", value=0.92, sample=sample)
    given(DEFINED, criterion_set()).when(command).then_refused("count", saying="sample")


@pytest.mark.parametrize(("low", "high"), [(0.9, None), (None, 0.95), (0.93, 0.95), (0.9, 0.91), (0.95, 0.9)])
def test_an_interval_has_both_ends_around_the_value(low: float | None, high: float | None) -> None:
    command = RecordResult(criterion="F1", value=0.92, low=low, high=high)
    given(DEFINED, criterion_set()).when(command).then_refused("interval")


@pytest.mark.parametrize(("low", "high"), [(0.91, 0.95), (0.92, 0.92)])
def test_an_interval_around_the_value_is_taken(low: float, high: float) -> None:
    command = RecordResult(criterion="F1", value=0.92, low=low, high=high)
    given(DEFINED, criterion_set()).when(command).then(result(low=low, high=high))


def test_a_result_whose_interval_holds_the_threshold_is_inconclusive() -> None:
    command = RecordResult(criterion="F1", value=0.92, low=0.88, high=0.96)
    given(DEFINED, criterion_set()).when(command).then(result(verdict="inconclusive", low=0.88, high=0.96))


# Of a threshold of 10: (operator, value, low, high) -> verdict
VERDICTS: tuple[tuple[Operator, float, float | None, float | None, ResultVerdict], ...] = (
    (">=", 10, None, None, "met"),
    (">=", 9.99, None, None, "missed"),
    (">=", 11, 10, 12, "met"),
    (">=", 11, 9.99, 12, "inconclusive"),
    (">=", 9, 8, 10, "inconclusive"),
    (">=", 9, 8, 9.99, "missed"),
    (">", 10, None, None, "missed"),
    (">", 10.01, None, None, "met"),
    (">", 11, 10.01, 12, "met"),
    (">", 11, 10, 12, "inconclusive"),
    (">", 9, 8, 10, "missed"),
    ("<=", 10, None, None, "met"),
    ("<=", 10.01, None, None, "missed"),
    ("<=", 9, 8, 10, "met"),
    ("<=", 9, 8, 10.01, "inconclusive"),
    ("<=", 11, 10, 12, "inconclusive"),
    ("<=", 11, 10.01, 12, "missed"),
    ("<", 10, None, None, "missed"),
    ("<", 9.99, None, None, "met"),
    ("<", 9, 8, 9.99, "met"),
    ("<", 9, 8, 10, "inconclusive"),
    ("<", 11, 10, 12, "missed"),
    ("==", 10, None, None, "met"),
    ("==", 10.01, None, None, "missed"),
    ("==", 10, 10, 10, "met"),
    ("==", 10, 9, 11, "inconclusive"),
    ("==", 11, 10, 12, "inconclusive"),
    ("==", 9, 8, 10, "inconclusive"),
    ("==", 11, 10.01, 12, "missed"),
)


@pytest.mark.parametrize(("compare", "value", "low", "high", "expected"), VERDICTS)
def test_the_verdict_of_each_operator(
    compare: Operator, value: float, low: float | None, high: float | None, expected: ResultVerdict
) -> None:
    assert verdict(compare, 10, value, low, high) == expected


@for_all(
    compare=st.sampled_from(sorted(MEETS)),
    threshold=st.integers(-5, 5),
    ends=st.tuples(st.integers(-6, 6), st.integers(-6, 6)).map(sorted),
)
def test_a_verdict_with_an_interval_holds_for_every_value_in_it(
    compare: Operator, threshold: int, ends: list[int]
) -> None:
    """Halves between the whole numbers, so that every answer an interval can give is among them."""
    low, high = ends
    answers = {MEETS[compare](half / 2, threshold) for half in range(2 * low, 2 * high + 1)}
    expected = "inconclusive" if len(answers) == 2 else "met" if True in answers else "missed"
    assert verdict(compare, threshold, low, low, high) == expected


# Experiments


def test_an_experiment_compares_two_variants_or_more() -> None:
    given(DEFINED).when(START_IT).then(STARTED)


@pytest.mark.parametrize("variants", [(), ("answers",), ("answers", "answers"), ("a", "b", "a")])
def test_variants_are_two_or_more_and_distinct(variants: tuple[str, ...]) -> None:
    command = StartExperiment(experiment="X1", hypothesis="x", metric="tickets", variants=variants)
    given(DEFINED).when(command).then_refused("variants")


def test_the_id_of_an_experiment_is_used_once() -> None:
    other = StartExperiment(experiment="X1", hypothesis="Other", metric="tickets", variants=("a", "b"))
    given(DEFINED, STARTED).when(other).then_refused("experiment-id", saying=f"position {FIRST + 1}")
    given(DEFINED, STARTED).when(START_IT).then()
    given(DEFINED, STARTED, CONCLUDED).when(START_IT).then_refused("experiment-id")


def test_an_experiment_is_concluded_once() -> None:
    given(DEFINED).when(CONCLUDE).then_refused("unknown-experiment")
    given(DEFINED, STARTED).when(CONCLUDE).then(CONCLUDED)
    given(DEFINED, STARTED, CONCLUDED).when(CONCLUDE).then()
    otherwise = ConcludeExperiment(experiment="X1", decision="stop", summary="It did not")
    given(DEFINED, STARTED, CONCLUDED).when(otherwise).then_refused("concluded", saying="ship")


def test_a_conclusion_names_the_experiments_variants_each_once() -> None:
    def concluding(*variants: VariantResult) -> ConcludeExperiment:
        return ConcludeExperiment(experiment="X1", decision="ship", summary="x", variants=variants)

    stranger = VariantResult(variant="answer", value=1, sample=1, low=None, high=None)
    story = given(DEFINED, STARTED)
    story.when(concluding(stranger)).then_refused("unknown-variant", saying="Did you mean answers?")
    story.when(concluding(ARM, ARM)).then_refused("variants")


@pytest.mark.parametrize(
    ("sample", "low", "high", "rule"),
    [(0, None, None, "count"), (9, 2, 3, "interval"), (9, 0, None, "interval")],
)
def test_a_variants_result_has_a_sample_and_an_interval_around_it(
    sample: int, low: float | None, high: float | None, rule: str
) -> None:
    arm = VariantResult(variant="answers", value=1, sample=sample, low=low, high=high)
    command = ConcludeExperiment(experiment="X1", decision="ship", summary="x", variants=(arm,))
    given(DEFINED, STARTED).when(command).then_refused(rule)
