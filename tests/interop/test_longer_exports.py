"""What a later export of the same log adds: what is new, and nothing that is known or comes too late."""

from __future__ import annotations

import pytest

from roadlog.application import Application, Wish
from roadlog.domain.commands import AdvanceMilestone, PauseWork, StopInitiative
from roadlog.domain.events import InitiativeAdopted, MilestoneAdvanced
from roadlog.interop.csv_log import Columns
from roadlog.interop.preparation import Choices
from tests.interop.logs import LOG, Store, at, row


def test_the_same_data_again_adds_nothing(store: Store) -> None:
    store.imports(*LOG)
    before = len(store.records())
    again = store.imports(*LOG)
    assert (again.initiatives, again.moves, again.people, again.unchanged) == (0, 0, 0, 7)
    assert again.complete
    assert len(store.records()) == before


def test_the_same_data_with_other_actors_adds_nothing(store: Store) -> None:
    store.imports(*LOG)
    before = len(store.records())
    nobody = Columns(case="case", activity="activity", time="time")
    assert store.imports(*LOG, columns=nobody).unchanged == 7
    assert store.imports(*(line.replace("Ben", "Eve") for line in LOG)).unchanged == 7
    assert len(store.records()) == before


def test_a_longer_export_adds_only_what_is_new(store: Store) -> None:
    store.imports(*LOG[:4])
    longer = store.imports(*LOG, row("A-3", "Care", 9, who="Cleo"))
    assert (longer.initiatives, longer.moves, longer.returns, longer.people) == (1, 3, 1, 1)
    assert longer.unchanged == 4
    assert [each[0] for each in store.told()["A-1"]] == ["Design", "Build", "Design", "Build", "Ship"]
    assert store.records()[-1].event == InitiativeAdopted(
        key="SUP-3",
        title="A-3",
        milestone="Care",
        since=at(9),
        owner=None,
        origin="import",
        cycle=1,
        iteration=1,
        visit=1,
    )


def test_rows_that_come_too_late_are_named_and_left_out(store: Store) -> None:
    store.imports(*LOG)
    before = len(store.records())
    late = store.imports(row("A-1", "Ship", 3), *LOG)
    assert late.left_out == [
        {
            "case": "A-1",
            "file": "log.csv",
            "line": 2,
            "why": "it belongs before what is recorded of this initiative",
        }
    ]
    assert (late.unchanged, late.complete, len(store.records())) == (7, False, before)


def test_a_move_typed_meanwhile_is_not_told_again(store: Store) -> None:
    store.imports(row("A", "feasibility", 2), choices=Choices())
    with Application.open(store.store) as application:
        application.execute(Wish(actor="paula", at=at(5)), AdvanceMilestone(stream="SUP-1"))
    summary = store.imports(
        row("A", "feasibility", 2),
        row("A", "prototype", 4),
        row("A", "prototype", 6),
        row("A", "training", 7),
        choices=Choices(),
    )
    assert [each["line"] for each in summary.left_out] == [3]
    assert (summary.moves, summary.unchanged) == (1, 2)
    assert [each[:2] for each in store.told()["A"]] == [
        ("feasibility", at(2)),
        ("prototype", at(5)),
        ("training", at(7)),
    ]


@pytest.mark.parametrize("status", ["paused", "stopped"])
def test_an_initiative_that_takes_no_moves_gets_none(store: Store, status: str) -> None:
    store.imports(row("A", "feasibility", 2), choices=Choices())
    command = PauseWork(stream="SUP-1") if status == "paused" else StopInitiative(stream="SUP-1")
    with Application.open(store.store) as application:
        application.execute(Wish(actor="paula", at=at(3), reason="No data"), command)
    summary = store.imports(row("A", "feasibility", 2), row("A", "prototype", 4), choices=Choices())
    assert summary.left_out[0]["why"] == f"SUP-1 is {status} and takes no moves"


def test_two_imports_of_different_logs_share_an_inferred_workflow(store: Store) -> None:
    store.imports(*LOG)
    store.imports(row("X", "Build", 2), row("X", "Test", 3), row("X", "Ship", 4))
    workflow = [each for each in store.records() if each.type == "WorkflowAdopted"][-1].event
    assert [each["id"] for each in workflow.definition["milestones"]] == ["Design", "Build", "Test", "Ship"]  # type: ignore[union-attr]
    assert workflow.version == 2  # type: ignore[union-attr]


def test_nothing_moves_twice_even_where_every_line_comes_twice(store: Store) -> None:
    store.imports(*(line for line in LOG for _ in range(2)))
    assert len([each for each in store.initiatives() if isinstance(each.event, MilestoneAdvanced)]) == 3
    assert store.imports(*LOG).unchanged == 7
