"""What holds for every history, also for those that the rules would never let happen."""

from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.events import RecordVoided
from roadlog.domain.evolve import evolve, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.order import subject_of
from roadlog.domain.records import Record
from tests.domain.random_records import histories
from tests.domain.spec import at


def content(state: InitiativeState) -> InitiativeState:
    """All but what voided records count towards."""
    return replace(state, version=0, position=0, numbers={})


def standing(records: list[Record]) -> list[Record]:
    """The records that no other voids."""
    voided = {each.event.position for each in records if isinstance(each.event, RecordVoided)}
    return [each for each in records if each.position not in voided]


@settings(deadline=None)
@given(histories(), histories(voids=False))
def test_folding_on_is_evolving_on(first: list[Record], more: list[Record]) -> None:
    last = first[-1].position if first else 0
    later = [replace(each, position=last + n, version=len(first) + n) for n, each in enumerate(more, start=1)]
    state = fold(first)
    for record in later:
        state = evolve(state, record)
    assert state == fold(first + later)


@settings(deadline=None)
@given(histories())
def test_no_state_is_ever_changed(records: list[Record]) -> None:
    states = [InitiativeState()]
    seen = [msgspec.to_builtins(states[0])]
    for record in records:
        states.append(evolve(states[-1], record))
        seen.append(msgspec.to_builtins(states[-1]))
    assert [msgspec.to_builtins(state) for state in states] == seen
    assert states[0] == InitiativeState()


@settings(deadline=None)
@given(histories())
def test_voided_records_are_as_if_they_had_never_been(records: list[Record]) -> None:
    state = fold(records)
    assert content(state) == content(fold(standing(records)))
    if records:
        assert (state.version, state.position) == (records[-1].version, records[-1].position)


@settings(deadline=None)
@given(histories())
def test_numbers_are_those_of_all_records_voided_or_not(records: list[Record]) -> None:
    unvoided = [each for each in records if not isinstance(each.event, RecordVoided)]
    assert fold(records).numbers == fold(unvoided).numbers


@settings(deadline=None)
@given(histories(), st.integers(-1, 7))
def test_as_of_folds_the_standing_records_effective_by_then(records: list[Record], hour: int) -> None:
    by_then = [each for each in standing(records) if each.effective_at <= at(hour)]
    assert content(fold(records, as_of=at(hour))) == content(fold(by_then))


@settings(deadline=None)
@given(histories(), st.integers(-1, 6), st.integers(-1, 6))
def test_a_later_as_of_never_knows_less(records: list[Record], one: int, other: int) -> None:
    earlier, later = (fold(records, as_of=at(hour)) for hour in sorted((one, other)))
    assert earlier.version <= later.version
    assert earlier.touched.keys() <= later.touched.keys()
    assert all(moment <= later.touched[subject] for subject, moment in earlier.touched.items())
    assert all(number <= later.numbers[kind] for kind, number in earlier.numbers.items())
    assert Counter(note.position for note in earlier.notes) <= Counter(note.position for note in later.notes)
    assert earlier.risks.keys() <= later.risks.keys()
    assert len(earlier.approvals) <= len(later.approvals)


@settings(deadline=None)
@given(histories())
def test_as_of_the_latest_effective_time_is_everything(records: list[Record]) -> None:
    assert fold(records, as_of=at(6)) == fold(records)


@settings(deadline=None)
@given(histories())
def test_touched_is_the_latest_effective_time_of_each_subject(records: list[Record]) -> None:
    times: dict[str, list[int]] = {}
    for record in standing(records):
        subject = subject_of(record.event, record.actor.id)
        if subject is not None:
            times.setdefault(subject, []).append(int((record.effective_at - at(0)).total_seconds()) // 3600)
    assert fold(records).touched == {subject: at(max(hours)) for subject, hours in times.items()}


@settings(deadline=None)
@given(histories())
def test_measurements_and_results_stand_in_time_order(records: list[Record]) -> None:
    state = fold(records)
    results = [(each.at, each.position) for each in state.results]
    assert results == sorted(results)
    for outcome in state.outcomes.values():
        measurements = [(each.at, each.position) for each in outcome.measurements]
        assert measurements == sorted(measurements)


@settings(deadline=None)
@given(histories())
def test_visits_follow_each_other_and_only_the_last_is_open(records: list[Record]) -> None:
    state = fold(records)
    assert all(visit.left_by is not None for visit in state.visits[:-1])
    assert all(
        before.left_by is not None and before.left_by <= after.entered_by
        for before, after in zip(state.visits, state.visits[1:], strict=False)
    )
    if state.visits:
        last = state.visits[-1]
        assert (last.milestone, last.visit, last.cycle, last.iteration) == (
            state.milestone,
            state.visit,
            state.cycle,
            state.iteration,
        )


@settings(deadline=None)
@given(histories())
def test_a_span_is_open_exactly_while_its_status_lasts(records: list[Record]) -> None:
    state = fold(records)
    kinds = Counter(span.kind for span in state.spans if span.to_at is None)
    assert kinds == Counter(
        {"blocked": state.blocked_by is not None, "paused": state.paused, "stopped": state.stopped}
    )


@settings(deadline=None)
@given(histories())
def test_one_vote_of_a_stakeholder_in_a_role_on_a_gate_of_a_cycle_stands(records: list[Record]) -> None:
    standing_votes = Counter(
        (vote.stakeholder, vote.role, vote.milestone, vote.cycle)
        for vote in fold(records).approvals
        if vote.superseded_by is None and vote.withdrawn_by is None
    )
    assert all(count == 1 for count in standing_votes.values())
