"""What criteria, results, experiments, evidence and notes do to the state, field by field."""

from msgspec.structs import replace

from roadlog.domain.events import (
    CriterionRetired,
    CriterionSet,
    EvidenceAttached,
    ExperimentConcluded,
    ExperimentStarted,
    NoteAdded,
    ResultRecorded,
    VariantResult,
)
from roadlog.domain.initiative import Criterion, Evidence, Experiment, Note, Result
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, at, by
from tests.domain.test_evolve_milestones import STARTED
from tests.domain.test_evolve_problem import DEFINED

SET = CriterionSet(
    criterion="F1",
    milestone="training",
    metric="f1",
    operator=">=",
    threshold=0.8,
    segment="new",
    dataset="ab" * 32,
)
CRITERION = Criterion(
    id="F1",
    position=FIRST + 1,
    milestone="training",
    metric="f1",
    operator=">=",
    threshold=0.8,
    segment="new",
    dataset="ab" * 32,
    set_by="dan",
)
RECORDED = ResultRecorded(
    criterion="F1", value=0.82, sample=500, low=0.79, high=0.85, evidence="D1", verdict="inconclusive"
)
RESULT = Result(
    position=FIRST + 2,
    at=at(2),
    criterion="F1",
    criterion_position=FIRST + 1,
    value=0.82,
    sample=500,
    low=0.79,
    high=0.85,
    evidence="D1",
    verdict="inconclusive",
)


def test_setting_a_criterion_is_editing() -> None:
    assert changed(DEFINED, by("dan", SET)) == {
        "criteria": {"F1": CRITERION},
        "edited": {"paula": FIRST, "dan": FIRST + 1},
    }


def test_a_criterion_replaced_before_any_result_has_not_moved() -> None:
    assert changed(DEFINED, by("dan", SET), by("dan", replace(SET, threshold=0.7))) == {
        "criteria": {"F1": replace(CRITERION, position=FIRST + 2, threshold=0.7)},
        "edited": {"paula": FIRST, "dan": FIRST + 2},
    }


def test_a_criterion_replaced_after_a_result_has_moved_and_stays_so() -> None:
    moved = replace(CRITERION, position=FIRST + 3, threshold=0.7, set_by="erin", moved=True)
    steps = (DEFINED, by("dan", SET), RECORDED, by("erin", replace(SET, threshold=0.7)))
    assert state_after(*steps).criteria == {"F1": moved}
    assert changed(*steps, by("erin", SET)) == {
        "criteria": {"F1": replace(moved, position=FIRST + 4, threshold=0.8)},
        "edited": {"paula": FIRST, "dan": FIRST + 1, "erin": FIRST + 4},
    }


def test_a_result_of_another_criterion_moves_nothing() -> None:
    other = replace(SET, criterion="F2")
    state = state_after(DEFINED, SET, other, RECORDED, replace(other, threshold=0.1))
    assert not state.criteria["F2"].moved


def test_a_retired_criterion_may_be_set_again() -> None:
    steps = (DEFINED, by("dan", SET), CriterionRetired(criterion="F1"))
    assert state_after(*steps).criteria == {"F1": replace(CRITERION, retired_by=FIRST + 2)}
    assert state_after(*steps, by("dan", SET)).criteria == {"F1": replace(CRITERION, position=FIRST + 3)}
    assert changed(DEFINED, CriterionRetired(criterion="F1")) == {}


def test_a_result_names_the_criterion_in_force_then() -> None:
    assert changed(DEFINED, SET, RECORDED) == {"results": (RESULT,)}
    results = state_after(DEFINED, SET, RECORDED, replace(SET, threshold=0.7), RECORDED).results
    assert [each.criterion_position for each in results] == [FIRST + 1, FIRST + 3]


def test_a_result_dated_before_its_criterion_names_none_as_of_then() -> None:
    assert changed(DEFINED, STARTED, RECORDED) == {"results": (replace(RESULT, criterion_position=0),)}


def test_results_stand_in_time_order_and_ties_in_log_order() -> None:
    results = state_after(
        DEFINED,
        SET,
        by("dan", replace(RECORDED, value=2), at=at(5)),
        by("dan", replace(RECORDED, value=1), at=at(3)),
        by("dan", replace(RECORDED, value=3), at=at(5)),
    ).results
    assert [(each.value, each.position) for each in results] == [
        (1, FIRST + 3),
        (2, FIRST + 2),
        (3, FIRST + 4),
    ]


def test_an_experiment_belongs_to_its_iteration_until_it_is_decided() -> None:
    started = ExperimentStarted(
        experiment="X1", hypothesis="fewer chats", metric="csat", variants=("control", "answers")
    )
    arms = (VariantResult(variant="answers", value=0.3, sample=90, low=0.1, high=0.5),)
    concluded = ExperimentConcluded(experiment="X1", decision="ship", summary="it helps", variants=arms)
    experiment = Experiment(
        id="X1",
        position=FIRST + 2,
        started_at=at(2),
        iteration=1,
        hypothesis="fewer chats",
        metric="csat",
        variants=("control", "answers"),
    )
    assert changed(DEFINED, STARTED, started) == {"experiments": {"X1": experiment}}
    assert changed(DEFINED, STARTED, started, concluded) == {
        "experiments": {
            "X1": replace(
                experiment,
                concluded_by=FIRST + 3,
                concluded_at=at(3),
                decision="ship",
                summary="it helps",
                results=arms,
            )
        }
    }
    assert changed(DEFINED, concluded) == {}


def test_evidence_stands_in_log_order_and_its_number_is_given_out() -> None:
    attached = EvidenceAttached(
        evidence="D1",
        kind="dataset",
        title="chats",
        uri="https://example.org/chats",
        media_type="text/csv",
        sha256="cd" * 32,
        size=12,
    )
    assert changed(DEFINED, by("dan", attached)) == {
        "evidence": {
            "D1": Evidence(
                id="D1",
                position=FIRST + 1,
                at=at(1),
                by="dan",
                kind="dataset",
                title="chats",
                uri="https://example.org/chats",
                media_type="text/csv",
                sha256="cd" * 32,
                size=12,
            )
        },
        "numbers": {"D": 1},
    }
    late = by("dan", replace(attached, evidence="D2"), at=at(0))
    assert list(state_after(DEFINED, attached, late).evidence) == ["D1", "D2"]


def test_notes_are_kept_in_log_order() -> None:
    note = Note(position=FIRST + 1, at=at(1), by="otto", text="call them")
    assert changed(DEFINED, by("otto", NoteAdded(text="call them"))) == {"notes": (note,)}
