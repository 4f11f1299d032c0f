"""What was measured is kept until the next record, grows with time, and is never believed when damaged."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from roadlog import measuring
from roadlog.domain.commands import AddNote, AdoptWorkflow, AdvanceMilestone
from roadlog.domain.workflow_file import definition
from roadlog.projections import kept as forms
from tests.domain.spec import built_in
from tests.projections_file import edit, path
from tests.stores import PROBLEM, Store


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


def test_a_record_makes_what_was_measured_of_its_initiative_be_forgotten(measured: Store) -> None:
    measured.do(AddNote(stream="SUP-1", text="seen"))
    with measured.reading() as reading:
        reading.board(reading.moment())
    assert kept(measured) == ["SUP-2"]
    assert metrics(measured) == anew(measured)


def test_another_workflow_makes_all_be_forgotten(measured: Store) -> None:
    measured.do(AdoptWorkflow(stream="SUP", definition=definition(built_in("lite"))))
    with measured.reading() as reading:
        reading.board(reading.moment())
    assert kept(measured) == []
    assert metrics(measured) == anew(measured)


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
