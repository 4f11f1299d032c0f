"""The fold around the subjects: completeness, voids, as-of, numbers and time order."""

from typing import get_args

import pytest
from msgspec.structs import replace

from roadlog.domain.events import (
    EdgeCaseLogged,
    EvidenceAttached,
    InitiativeEvent,
    InitiativeStopped,
    NoteAdded,
    OutcomeMeasured,
    RecordVoided,
    RoadmapOpened,
)
from roadlog.domain.evolve import _FOLDS, evolve, fold
from roadlog.domain.initiative import InitiativeState
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, at, by, initiative_records, record
from tests.domain.test_evolve_experiments import RECORDED, SET
from tests.domain.test_evolve_problem import CSAT, DEFINED
from tests.domain.test_evolve_risks import LOGGED, MITIGATED


def test_every_event_of_an_initiative_has_its_fold() -> None:
    assert set(_FOLDS) == set(get_args(InitiativeEvent))


def test_an_event_of_the_roadmap_does_not_happen_to_an_initiative() -> None:
    opened = record(RoadmapOpened(key="SUP", name="Support AI"), position=1)
    with pytest.raises(TypeError, match="position 1: RoadmapOpened does not happen to an initiative"):
        evolve(InitiativeState(), opened)


def test_no_records_fold_to_nothing() -> None:
    assert fold([]) == InitiativeState()
    assert not fold([]).exists


def test_records_may_be_given_one_by_one() -> None:
    records = initiative_records((DEFINED, LOGGED))
    assert fold(iter(records)) == fold(records)


def test_a_voided_record_changes_nothing_but_version_position_and_numbers() -> None:
    state = state_after(DEFINED, LOGGED, RecordVoided(position=FIRST + 1))
    assert state == replace(state_after(DEFINED), version=3, position=FIRST + 2, numbers={"R": 1})


def test_a_void_alone_changes_nothing() -> None:
    assert changed(DEFINED, NoteAdded(text="hello"), RecordVoided(position=FIRST + 1)) == {}


def test_what_follows_a_voided_record_is_folded_without_it() -> None:
    state = state_after(DEFINED, LOGGED, MITIGATED, RecordVoided(position=FIRST + 1))
    assert state.risks == {}
    state = state_after(DEFINED, SET, RECORDED, replace(SET, threshold=0.7), RecordVoided(position=FIRST + 2))
    assert not state.criteria["F1"].moved


def test_a_void_holds_whatever_its_effective_time() -> None:
    records = initiative_records(
        (DEFINED, NoteAdded(text="x"), by("paula", RecordVoided(position=FIRST + 1), at=at(9)))
    )
    state = fold(records, as_of=at(2))
    assert state.notes == ()
    assert (state.version, state.position) == (2, FIRST + 1)


def test_a_void_cannot_be_voided() -> None:
    steps = (NoteAdded(text="x"), RecordVoided(position=FIRST + 1), RecordVoided(position=FIRST + 2))
    assert state_after(DEFINED, *steps).notes == ()


def test_numbers_are_the_highest_given_out() -> None:
    second = replace(LOGGED, risk="R12")
    assert state_after(DEFINED, second, LOGGED).numbers == {"R": 12}


@pytest.mark.parametrize("given", ["", "R", "Rx", "crm-17", "R" + "9" * 5000])
def test_an_id_that_roadlog_does_not_give_out_counts_no_number(given: str) -> None:
    assert state_after(DEFINED, replace(LOGGED, risk=given)).numbers == {}


def test_as_of_leaves_out_what_was_effective_later() -> None:
    records = initiative_records((DEFINED, NoteAdded(text="now"), NoteAdded(text="later")))
    assert fold(records, as_of=at(1)) == fold(records[:2])
    assert fold(records, as_of=at(2)) == fold(records)
    assert fold(records, as_of=at(-1)) == InitiativeState()


def test_as_of_tells_what_was_true_then_with_what_is_known_now() -> None:
    late = by("paula", NoteAdded(text="seen early, told late"), at=at(0))
    records = initiative_records((DEFINED, LOGGED, late))
    state = fold(records, as_of=at(0))
    assert [note.text for note in state.notes] == ["seen early, told late"]
    assert state.risks == {}


def test_a_subject_was_touched_at_the_latest_effective_time_of_its_records() -> None:
    early = by("paula", InitiativeStopped(), at=at(-5))
    assert state_after(DEFINED, InitiativeStopped(), early).touched == {"problem": at(0), "status": at(1)}


def test_what_may_come_in_any_order_touches_nothing() -> None:
    measured = OutcomeMeasured(metric=CSAT.metric, value=1, sample=None, evidence=None)
    attached = EvidenceAttached(
        evidence="D1", kind="model", title="m", uri=None, media_type=None, sha256="ab" * 32, size=None
    )
    assert state_after(DEFINED, measured, attached, NoteAdded(text="x")).touched == {"problem": at(0)}


def test_a_voided_record_touches_nothing() -> None:
    case = EdgeCaseLogged(case="E1", description="x", severity=1, source=None, risk=None)
    state = state_after(DEFINED, case, RecordVoided(position=FIRST + 1))
    assert state.touched == {"problem": at(0)}
    assert state.numbers == {"E": 1}
