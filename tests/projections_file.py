"""A store whose projections are at its head, and what is asked of them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from roadlog import store
from roadlog.domain.commands import AddNote, AdvanceMilestone
from tests.stores import Store

NOTE = AddNote(stream="SUP-1", text="seen")


def caught_up(team: Store) -> Store:
    """The store with an initiative, whose projections are at the head."""
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"), NOTE)
    assert status(team)["state"] == "absent"
    answers(team)
    assert status(team)["state"] == "current"
    return team


def path(team: Store) -> Path:
    return team.folder / store.PROJECTIONS


def status(team: Store) -> dict[str, Any]:
    with team.reading() as reading:
        return reading.status()


def check(team: Store) -> dict[str, Any]:
    with team.reading() as reading:
        return reading.check()


def answers(team: Store) -> list[Any]:
    with team.reading() as reading:
        moment = reading.moment()
        return [
            reading.board(moment),
            reading.page("SUP-1", moment),
            list(reading.trail(moment)),
            reading.owed(None, moment),
            reading.keys(),
        ]


def answers_from_the_log(team: Store) -> list[Any]:
    """The same, with another store's projections: none."""
    for suffix in ("", "-wal", "-shm"):
        path(team).with_name(store.PROJECTIONS + suffix).unlink(missing_ok=True)
    return answers(team)


def edit(team: Store, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(path(team), isolation_level=None)) as connection:
        connection.execute(sql, values)
