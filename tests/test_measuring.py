"""What was measured is kept until the next record, grows with time, and is never believed when damaged."""

import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from roadlog import measuring
from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdoptWorkflow,
    AdvanceMilestone,
    Command,
    GrantRole,
    RemoveStakeholder,
    RevokeRole,
)
from roadlog.domain.workflow_file import definition
from roadlog.projections import kept as forms
from roadlog.projections.cache import Cache
from tests.domain.spec import built_in
from tests.projections_file import check, edit, path
from tests.random_commands import WISHES, Wanted, play
from tests.stores import PROBLEM, Store, team_store


def adopting(workflow: str) -> AdoptWorkflow:
    return AdoptWorkflow(stream="SUP", definition=definition(built_in(workflow)))


OTHER_WORKFLOW = adopting("lite")
OF_PEOPLE = (
    AddStakeholder(stakeholder="mia", roles=("compliance",)),
    RemoveStakeholder(stakeholder="otto"),
    GrantRole(stakeholder="dan", role="engineering"),
    RevokeRole(stakeholder="erin", role="engineering"),
)


@pytest.fixture
def measured(team: Store) -> Store:
    """Two initiatives, of which one was started; both are measured."""
    team.do(PROBLEM, PROBLEM)
    team.do(AdvanceMilestone(stream="SUP-1"))
    metrics(team)
    return team


def metrics(team: Store, **chosen: Any) -> dict[str, Any]:
    with team.reading() as reading:
        return reading.metrics(reading.moment(), **chosen)


def anew(team: Store) -> dict[str, Any]:
    """The same report, from an empty cache."""
    with closing(sqlite3.connect(path(team), isolation_level=None)) as connection:
        connection.execute("DELETE FROM measured")
    return metrics(team)


def kept(team: Store) -> list[str]:
    with closing(sqlite3.connect(path(team))) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM measured ORDER BY key")]


def test_what_was_measured_is_not_measured_again_and_grows(measured: Store) -> None:
    assert kept(measured) == ["SUP-1", "SUP-2"]
    measured.clock.tick(timedelta(days=3, microseconds=7))
    with patch.object(forms, "measured", side_effect=AssertionError("measured again")):
        later = metrics(measured)
    assert later["initiatives"][0]["age"] == 259_200.000007
    assert later == anew(measured)


def caught_up(team: Store) -> None:
    with team.reading() as reading:
        reading.board(reading.moment())


def test_a_record_makes_what_was_measured_of_its_initiative_be_forgotten(measured: Store) -> None:
    measured.do(AddNote(stream="SUP-1", text="seen"))
    caught_up(measured)
    assert kept(measured) == ["SUP-2"]
    assert metrics(measured) == anew(measured)


def test_another_workflow_makes_all_be_forgotten(measured: Store) -> None:
    measured.do(OTHER_WORKFLOW)
    caught_up(measured)
    assert kept(measured) == []
    assert metrics(measured) == anew(measured)


@pytest.mark.parametrize("command", OF_PEOPLE, ids=lambda each: type(each).__name__)
def test_who_is_on_the_roadmap_is_nothing_that_is_measured(measured: Store, command: Command) -> None:
    measured.do(command)
    caught_up(measured)
    assert kept(measured) == ["SUP-1", "SUP-2"]
    with patch.object(forms, "measured", side_effect=AssertionError("measured again")):
        found = metrics(measured)
    assert check(measured)["same"]
    assert found == anew(measured)


def test_what_was_kept_past_another_workflow_is_wrong_and_check_finds_it(measured: Store) -> None:
    """The known-bad control: of those who forget nothing."""
    measured.do(OTHER_WORKFLOW)
    with patch.object(Cache, "forget_measured"):
        caught_up(measured)
    assert check(measured)["differs"] == {"table": "measured", "row": "SUP-1"}
    assert metrics(measured) != anew(measured)
    assert check(measured)["same"]


def test_check_finds_what_was_kept_past_a_record(measured: Store) -> None:
    with closing(sqlite3.connect(path(measured))) as connection:
        rows = connection.execute("SELECT * FROM measured WHERE key = 'SUP-2'").fetchall()
    measured.do(AdvanceMilestone(stream="SUP-2"))
    caught_up(measured)
    edit(measured, "INSERT INTO measured VALUES (?, ?, ?)", *rows[0])
    assert check(measured)["differs"] == {"table": "measured", "row": "SUP-2"}


OF_THE_ROADMAP: st.SearchStrategy[Wanted] = st.builds(
    Wanted,
    command=st.sampled_from((*OF_PEOPLE, *map(adopting, ("lite", "open", "ai-product")))),
    by=st.just("paula"),
    hours_after=st.just(1),
    hours_ago=st.just(0),
)
PARTS = st.tuples(st.lists(WISHES, max_size=5), st.lists(OF_THE_ROADMAP, max_size=2))


@settings(deadline=None, max_examples=25)
@given(st.lists(PARTS, min_size=3, max_size=6))
def test_what_is_kept_and_grown_is_what_is_measured_anew(
    parts: list[tuple[list[Wanted], list[Wanted]]],
) -> None:
    """Whatever was recorded between two reports, of the initiatives or of the roadmap."""
    with tempfile.TemporaryDirectory() as folder, team_store(Path(folder) / ".roadlog", "lite") as team:
        team.do(PROBLEM, PROBLEM, AdvanceMilestone(stream="SUP-1"), AdvanceMilestone(stream="SUP-2"))
        for of_initiatives, of_the_roadmap in parts:
            play(team, of_initiatives)
            metrics(team)
            play(team, of_the_roadmap)
            caught_up(team)
            event(f"{len(kept(team))} kept")
            found = metrics(team)
            assert check(team)["same"]
            assert found == anew(team)


def test_of_one_initiative_only_that_is_measured(measured: Store) -> None:
    anew(measured)
    with closing(sqlite3.connect(path(measured), isolation_level=None)) as connection:
        connection.execute("DELETE FROM measured")
    assert [each["key"] for each in metrics(measured, key="SUP-2")["initiatives"]] == ["SUP-2"]
    assert kept(measured) == ["SUP-2"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE measured SET entry = x'0000000000'",
        "UPDATE measured SET at = at + 1",
        "UPDATE measured SET entry = (SELECT entry FROM measured WHERE key = 'SUP-2')",
        "UPDATE measured SET entry = 'text'",
        "UPDATE rows SET key = 'SUP-9' WHERE number = 1",
    ],
)
def test_what_was_damaged_is_measured_anew(measured: Store, sql: str) -> None:
    expected = anew(measured)
    edit(measured, sql)
    assert metrics(measured) == expected
    assert metrics(measured) == expected


def test_where_nothing_can_be_kept_it_is_measured_each_time(measured: Store) -> None:
    expected = anew(measured)
    for suffix in ("", "-wal", "-shm"):
        path(measured).with_name(path(measured).name + suffix).unlink(missing_ok=True)
    path(measured).mkdir()
    assert metrics(measured) == expected


def test_whoever_waits_is_told_how_many_are_measured(measured: Store) -> None:
    measured.do(*[PROBLEM] * 3)
    told: list[tuple[int, int]] = []
    with patch.object(measuring, "TOGETHER", 2), measured.reading() as reading:
        reading.metrics(reading.moment(), progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 3), (3, 3)]
