"""The cases of time: what a correction, a late record and a void show, in either time and in both.

One initiative, on days of March 2026; when it happened, and when it was recorded:

    happened  recorded
    2         2         the problem is defined
    3         3         tickets measured: 880                       (a slip: void since the 9th)
    4         4         a risk is logged
    5         8         tickets measured: 850                       (late)
    6         6         the title is corrected
    7         7         it enters feasibility
    9         9         the measurement of the 3rd is void
    10        10        the risk is closed, work is blocked, then stopped
    11        12        tickets measured: 800                       (late)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from roadlog.domain.commands import (
    AdvanceMilestone,
    BlockWork,
    CloseRisk,
    LogRisk,
    MeasureOutcome,
    ReframeProblem,
    StopInitiative,
    VoidRecord,
)
from roadlog.projections import snapshots
from roadlog.reading import Reading
from tests.stores import Store, real, team_store

KEY = "SUP-1"
SLIP = MeasureOutcome(stream=KEY, metric="tickets", value=880)
RISK = LogRisk(stream=KEY, description="Wrong answers", category="hallucination", likelihood=3, impact=3)

Shown = tuple[str, float | None, str, int, str]
"""Title, latest measurement, milestone, open risks, status."""


def day(number: int, hour: int = 12) -> datetime:
    return real(datetime(2026, 3, number, hour, tzinfo=UTC))


@pytest.fixture(params=[1, 2, 8], ids=lambda every: f"a snapshot every {every}")
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The story above, told; each thing recorded at noon of its day."""
    with patch.object(snapshots, "EVERY", request.param), team_store(tmp_path / ".roadlog", "open") as team:

        def on(number: int, *commands: Any, happened: int | None = None) -> None:
            team.clock.move_to(day(number, 11))
            team.clock.tick(59 * 60)
            team.do(*commands, at=day(happened) if happened else None)

        team.define()
        on(3, SLIP)
        slip = team.records()[-1].position
        on(4, RISK)
        on(6, ReframeProblem(stream=KEY, title="Cut support load"))
        on(7, AdvanceMilestone(stream=KEY, to="feasibility"))
        on(8, MeasureOutcome(stream=KEY, metric="tickets", value=850), happened=5)
        on(9, VoidRecord(stream=KEY, position=slip))
        on(10, CloseRisk(stream=KEY, risk="R1"), BlockWork(stream=KEY, by="the vendor"))
        on(10, StopInitiative(stream=KEY))
        on(12, MeasureOutcome(stream=KEY, metric="tickets", value=800), happened=11)
        team.clock.move_to(day(20))
        yield team


FIRST, CUT = "Reduce support load", "Cut support load"
BACKLOG, FEASIBILITY = "backlog", "feasibility"

CASES: list[tuple[str, dict[str, Any], Shown | None]] = [
    ("now", {}, (CUT, 800, FEASIBILITY, 0, "stopped")),
    # True then, known now: late records are there, the slip never was.
    ("true on the 1st", {"as_of": day(1)}, None),
    ("true on the 2nd", {"as_of": day(2)}, (FIRST, None, BACKLOG, 0, "backlog")),
    ("true on the 3rd", {"as_of": day(3, 13)}, (FIRST, None, BACKLOG, 0, "backlog")),
    ("true on the 4th", {"as_of": day(4, 13)}, (FIRST, None, BACKLOG, 1, "backlog")),
    ("true on the 5th", {"as_of": day(5, 13)}, (FIRST, 850, BACKLOG, 1, "backlog")),
    ("true on the 6th", {"as_of": day(6, 13)}, (CUT, 850, BACKLOG, 1, "backlog")),
    ("true on the 7th", {"as_of": day(7, 13)}, (CUT, 850, FEASIBILITY, 1, "active")),
    ("true on the 9th", {"as_of": day(9, 13)}, (CUT, 850, FEASIBILITY, 1, "active")),
    ("true on the 10th", {"as_of": day(10, 13)}, (CUT, 850, FEASIBILITY, 0, "stopped")),
    ("true on the 11th", {"as_of": day(11, 13)}, (CUT, 800, FEASIBILITY, 0, "stopped")),
    # Known then: the slip was believed until it was void, and what came late was not there yet.
    ("known on the 1st", {"known_at": day(1)}, None),
    ("known on the 3rd", {"known_at": day(3, 13)}, (FIRST, 880, BACKLOG, 0, "backlog")),
    ("known on the 5th", {"known_at": day(5, 13)}, (FIRST, 880, BACKLOG, 1, "backlog")),
    ("known on the 7th", {"known_at": day(7, 13)}, (CUT, 880, FEASIBILITY, 1, "active")),
    ("known on the 8th", {"known_at": day(8, 13)}, (CUT, 850, FEASIBILITY, 1, "active")),
    ("known on the 9th", {"known_at": day(9, 13)}, (CUT, 850, FEASIBILITY, 1, "active")),
    ("known on the 11th", {"known_at": day(11, 13)}, (CUT, 850, FEASIBILITY, 0, "stopped")),
    ("known on the 12th", {"known_at": day(12, 13)}, (CUT, 800, FEASIBILITY, 0, "stopped")),
    # Both: true on one day, as it was known on another.
    (
        "true on the 5th, known on the 7th",
        {"as_of": day(5, 13), "known_at": day(7, 13)},
        (FIRST, 880, BACKLOG, 1, "backlog"),
    ),
    (
        "true on the 5th, known on the 8th",
        {"as_of": day(5, 13), "known_at": day(8, 13)},
        (FIRST, 850, BACKLOG, 1, "backlog"),
    ),
    (
        "true on the 3rd, known on the 8th",
        {"as_of": day(3, 13), "known_at": day(8, 13)},
        (FIRST, 880, BACKLOG, 0, "backlog"),
    ),
    (
        "true on the 3rd, known on the 9th",
        {"as_of": day(3, 13), "known_at": day(9, 13)},
        (FIRST, None, BACKLOG, 0, "backlog"),
    ),
    (
        "true on the 11th, known on the 11th",
        {"as_of": day(11, 13), "known_at": day(11, 13)},
        (CUT, 850, FEASIBILITY, 0, "stopped"),
    ),
    ("true on the 1st, known on the 12th", {"as_of": day(1), "known_at": day(12, 13)}, None),
]


def shown(row: dict[str, Any]) -> Shown:
    return (
        row["title"],
        row["outcome"]["latest"],
        row["milestone"] or BACKLOG,
        row["open_risks"],
        row["status"],
    )


def on_the_board(reading: Reading, asked: dict[str, Any]) -> Shown | None:
    rows = reading.board(reading.moment(**asked))["initiatives"]
    return shown(rows[0]) if rows else None


def test_each_case_is_shown_as_it_should_be_on_the_board_and_on_the_page(store: Store) -> None:
    with store.reading() as reading:
        assert {name: on_the_board(reading, asked) for name, asked, _ in CASES} == {
            name: expected for name, _, expected in CASES
        }
        for _, asked, expected in CASES:
            if expected is not None:
                page = reading.page(KEY, reading.moment(**asked))
                assert (page["title"], page["milestone"] or BACKLOG) == (expected[0], expected[2])


def test_each_position_shows_what_the_log_said_up_to_it(store: Store) -> None:
    with store.reading() as reading:
        records = list(reading.records())
        by_position = {each.position: each.recorded_at for each in records}
        for position, recorded_at in by_position.items():
            last = max(each for each, at in by_position.items() if at == recorded_at)
            if position == last:
                asked = reading.moment(position=position)
                known = reading.moment(known_at=recorded_at)
                assert reading.board(asked) == reading.board(known)


def test_a_void_of_the_latest_record_holds_at_the_times_between_them(store: Store) -> None:
    """What it voids is the last thing that had happened until then."""
    (note,) = store.do(MeasureOutcome(stream=KEY, metric="tickets", value=1)).records
    between = store.now
    store.clock.tick(3600)
    store.do(VoidRecord(stream=KEY, position=note.position))
    with store.reading() as reading:
        assert on_the_board(reading, {"as_of": between}) == (CUT, 800, FEASIBILITY, 0, "stopped")
        assert on_the_board(reading, {"known_at": between}) == (CUT, 1, FEASIBILITY, 0, "stopped")
