"""Importing again: the same data in any order of equal times, longer exports, and what was cut short."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from roadlog import application as application_module
from roadlog.application import Application
from roadlog.domain.commands import AddStakeholder, DefineProblem, ReturnMilestone
from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.evolve import evolve
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.refusals import Conflict
from roadlog.event_store.verify import verify_file
from roadlog.interop.csv_log import Columns
from roadlog.interop.preparation import Choices
from tests.interop.cutting import cut_short, killed
from tests.interop.logs import HEADER, INFER, PAULA, Store, row

OPEN = Choices()
ACTIVITIES = ("feasibility", "prototype", "training", "live")
DISTINCT = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(ACTIVITIES), st.integers(1, 5)),
    max_size=25,
    unique=True,
)
ANY = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(ACTIVITIES), st.integers(1, 4)), max_size=25)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(events: list[tuple[str, str, int]]) -> list[str]:
    return [row(case, activity, day) for case, activity, day in events]


def fresh(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("again"))


AT_ONE_TIME = [
    ("A", each, 1) for each in ("prototype", "prototype", "feasibility", "feasibility", "prototype")
]


@QUICK
@for_all(ANY)
@example(AT_ONE_TIME)
def test_every_line_is_told_or_unchanged_and_nothing_is_told_twice(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, int]]
) -> None:
    store = fresh(tmp_path_factory)
    first = store.imports(*rows(events), choices=OPEN)
    assert first.initiatives + first.moves + first.unchanged == len(events)
    assert first.initiatives == len({case for case, _, _ in events})
    told = store.told()
    again = store.imports(*rows(events), choices=OPEN)
    assert (again.initiatives, again.moves, again.unchanged, again.left_out) == (0, 0, len(events), [])
    assert store.told() == told


@QUICK
@for_all(ANY, st.data())
def test_an_export_cut_anywhere_and_then_the_whole_is_the_whole(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    events.sort(key=lambda event: event[2])
    cut = data.draw(st.integers(0, len(events)))
    store, whole = fresh(tmp_path_factory), fresh(tmp_path_factory)
    store.imports(*rows(events[:cut]), choices=OPEN)
    assert store.imports(*rows(events), choices=OPEN).left_out == []
    whole.imports(*rows(events), choices=OPEN)
    assert store.told() == whole.told()


@QUICK
@for_all(DISTINCT, st.randoms(use_true_random=False))
def test_rows_shuffled_within_equal_times_add_nothing(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, int]], chance: random.Random
) -> None:
    """Unless the new order puts a stay behind the case's last move: then it tells another history."""
    store = fresh(tmp_path_factory)
    store.imports(*rows(events), choices=OPEN)
    told = store.told()
    shuffled = sorted(chance.sample(events, len(events)), key=lambda event: event[2])
    again = store.imports(*rows(shuffled), choices=OPEN)
    assert again.left_out == []
    after = store.told()
    assert {case: moves[: len(told[case])] for case, moves in after.items()} == told
    for case, moves in told.items():
        day = max(each[2] for each in events if each[0] == case)
        tied = [each for each in events if each[0] == case and each[2] == day]
        if len(tied) == sum(each[1].day == day for each in moves):
            assert after[case] == moves


@QUICK
@for_all(st.lists(st.sampled_from(ACTIVITIES), min_size=1, max_size=30))
def test_imported_moves_are_numbered_as_typed_ones(
    tmp_path_factory: pytest.TempPathFactory, walk: list[str]
) -> None:
    store = fresh(tmp_path_factory)
    events = [("A", activity, day) for day, activity in enumerate(walk, start=1)]
    store.imports(*rows(events), choices=OPEN)
    with Application.open(store.store) as application:
        workflow = application.roadmap().workflow
    assert workflow is not None
    state = InitiativeState()
    for record in store.initiatives():
        event: Any = record.event
        to: str = event.milestone if record.type == "InitiativeAdopted" else event.to
        expected = numbers_after(state, workflow, to, backward=record.type == "MilestoneReturned")
        assert (event.cycle, event.iteration, event.visit) == expected
        state = evolve(state, record)


# Cut short


def log_of(cases: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311
    lines = [
        row(f"CASE-{case}", chance.choice(ACTIVITIES), day, who=f"Person {chance.randrange(9)}")
        for case in range(cases)
        for day in range(1, 9)
    ]
    return sorted(lines, key=lambda line: line.split(",")[2])


def test_an_import_stopped_between_transactions_is_finished_by_the_next(store: Store, tmp_path: Path) -> None:
    lines = log_of(40)
    whole = Store(tmp_path_of(tmp_path, "whole"))
    whole.imports(*lines)
    with patch.object(application_module, "BATCH", 7):
        for batches in (1, 2, 5, 11):
            cut_short(batches, lambda: store.imports(*lines))
        store.imports(*lines)
    assert sorted(store.told().items()) == sorted(whole.told().items())
    assert Counter(each.type for each in store.records()) == Counter(each.type for each in whole.records())
    assert store.imports(*lines).unchanged == len(lines)


def tmp_path_of(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def test_an_import_killed_at_any_moment_loses_and_doubles_nothing(store: Store, tmp_path: Path) -> None:
    lines = log_of(200)
    path = store.file(*lines)
    for place, batch in (("within", 1), ("within", 2), ("after", 1), ("within", 4), ("after", 3)):
        assert killed(store, path, place, batch) == "intact-unanchored"
    before = len(store.records())
    store.imports(*lines)
    assert before < len(store.records())
    whole = Store(tmp_path_of(tmp_path, "whole"))
    whole.imports(*lines)
    assert sorted(store.told().items()) == sorted(whole.told().items())
    assert Counter(each.type for each in store.records()) == Counter(each.type for each in whole.records())
    assert verify_file(str(store.store / "events.db")).verdict == "intact-unanchored"


def test_an_import_that_writes_without_its_transaction_is_seen(store: Store) -> None:
    """The control of the test above: what it leaves when it is killed is not whole."""
    assert killed(store, store.file(*log_of(20)), "within", 2, "careless") != "intact-unanchored"


# Others record meanwhile


def test_a_key_taken_meanwhile_is_a_conflict_and_the_same_import_goes_on(store: Store) -> None:
    record = Application.record_history

    def interrupted(self, *events):  # type: ignore[no-untyped-def]
        for each in record(self, *events):
            yield each
            with Application.open(store.store) as other:
                other.execute(
                    PAULA, DefineProblem(title="Late answers", problem="Customers wait for answers")
                )

    lines = log_of(4)
    with (
        patch.object(application_module, "BATCH", 10),
        patch.object(Application, "record_history", interrupted),
        pytest.raises(Conflict, match="Somebody recorded first") as conflict,
    ):
        store.imports(*lines)
    assert "the same import again adds what is missing" in conflict.value.message
    assert conflict.value.try_ == ("roadlog log SUP-2",)
    store.imports(*lines)
    whole = store.told()
    assert len([each for each in store.records() if each.type == "InitiativeAdopted"]) == 4
    assert sum(map(len, whole.values())) == len(whole_of(lines))


def test_a_roadmap_that_changed_meanwhile_is_a_conflict(store: Store) -> None:
    """Its workflow may be another, without the milestones that the lines were told of."""
    record = Application.record_history

    def interrupted(self, *events):  # type: ignore[no-untyped-def]
        with Application.open(store.store) as other:
            other.execute(PAULA, AddStakeholder(stakeholder="mia", roles=("product",)))
        yield from record(self, *events)

    lines = log_of(4)
    store.imports(*lines[:4])
    before = store.told()
    with (
        patch.object(Application, "record_history", interrupted),
        pytest.raises(Conflict, match="Somebody recorded first") as conflict,
    ):
        store.imports(*lines)
    assert conflict.value.try_ == ("roadlog log SUP",)
    assert store.told() == before
    store.imports(*lines)
    assert sum(map(len, store.told().values())) == len(whole_of(lines))


def whole_of(lines: list[str]) -> list[str]:
    """The lines that are moves: those whose case stood elsewhere before."""
    standing: dict[str, str] = {}
    moves = []
    for line in lines:
        case, activity, *_ = line.split(",")
        if standing.get(case) != activity:
            moves.append(line)
        standing[case] = activity
    return moves


def test_a_move_typed_during_the_import_is_a_conflict(store: Store) -> None:
    store.imports(row("A", "feasibility", 1), row("A", "prototype", 2), choices=OPEN)
    initiative = Application.initiative

    def meanwhile(self, key):  # type: ignore[no-untyped-def]
        state = initiative(self, key)
        with Application.open(store.store) as other:
            command = ReturnMilestone(stream=key, to="feasibility", loop="rework")
            other.execute(PAULA_BECAUSE, command)
        return state

    with patch.object(Application, "initiative", meanwhile), pytest.raises(Conflict):
        store.imports(row("A", "training", 3), choices=OPEN)


PAULA_BECAUSE = type(PAULA)(actor="paula", reason="The labels are wrong")
OTHER_COLUMNS = Columns(case="case", activity="activity", time="time")


def test_the_same_file_under_another_name_adds_nothing(store: Store) -> None:
    lines = log_of(5)
    store.imports(*lines)
    path = store.file(*lines, name="copy.csv", header=HEADER)
    assert store.imports(files=(path,), columns=OTHER_COLUMNS, choices=INFER).unchanged == len(lines)
