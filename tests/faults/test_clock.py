"""A clock that steps back a day, forward a year, and back again, under those who record and read."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from roadlog.event_store import appending
from roadlog.event_store.records import rfc3339
from tests.cli.line import Line
from tests.conftest import Figure

BEGIN = "2026-03-02T09:00:00Z"
STEPS = {
    "back a day": "2026-03-01T09:00:00Z",
    "where it was": "2026-03-02T10:00:00Z",
    "forward a year": "2027-03-02T10:00:00Z",
    "back again": "2026-03-02T11:00:00Z",
    "on": "2026-03-03T09:00:00Z",
}
RECORDING = (
    "note SUP-1 Slow",
    "measure SUP-1 tickets 900",
    "define Late --problem Slow",
    "risk log SUP-1 Invents --category bias --likelihood 2 --impact 3",
    "block SUP-1 --by legal",
    "unblock SUP-1",
    "stakeholder add HANDLE --role engineering",
    "reframe SUP-1 --segment HANDLE --because reasons",
)
READING = ("board", "show SUP-1", "gate SUP-1", "next", "log", "digest", "metrics", "projections status")


@pytest.fixture
def line(tmp_path: Path) -> Line:
    line = Line(tmp_path / ".roadlog")
    with freeze_time(BEGIN):
        line("init", "--key", "SUP", "--name", "Support AI")
        line("define", "Reduce load", "--problem", "Customers wait", "--metric", "tickets", "--target", "600")
        line("advance", "SUP-1")
    return line


def stepped(line: Line) -> tuple[int, int]:
    """Records and reads at every step of the clock; how many commands were done, and how many refused."""
    done = refused = 0
    with freeze_time(BEGIN) as clock:
        assert isinstance(clock, FrozenDateTimeFactory)
        for number, moment in enumerate(STEPS.values()):
            clock.move_to(moment)
            for words in RECORDING:
                before = line.records()
                result = line.run(*words.replace("HANDLE", f"z{number}").split())
                assert result.exit_code in (0, 5), (moment, words, result.stderr)
                if result.exit_code == 5:
                    assert " would precede " in result.stderr
                    assert line.records() == before
                refused += result.exit_code == 5
                done += result.exit_code == 0
            for words in READING:
                assert line.run(*words.split()).exit_code == 0, (moment, words)
    return done, refused


def test_the_log_goes_on_in_order(line: Line, figure: Figure) -> None:
    done, refused = stepped(line)
    figure(
        f"{len(STEPS)} steps of the clock: {done} commands done, {refused} refused as before what they follow"
    )
    entries = line.json("log")
    assert [each["position"] for each in entries] == list(range(1, line.records() + 1))
    recorded = [datetime.fromisoformat(each["recorded_at"]) for each in entries]
    assert all(before <= after for before, after in pairwise(recorded))
    assert all(each["effective_at"] <= each["recorded_at"] for each in entries)
    assert line.run("verify").exit_code == 1
    assert line.json("projections", "check")["same"]
    assert done > 30


def test_what_was_said_at_a_position_stays(line: Line) -> None:
    with freeze_time(BEGIN):
        line("note", "SUP-1", "Slow")
    said = line("show", "SUP-1", "--position", "6", "--json")
    stepped(line)
    assert line("show", "SUP-1", "--position", "6", "--json") == said


def test_a_clock_that_is_believed_is_found(line: Line) -> None:
    """The control: recorded at what the clock says, a step back breaks the order of the log."""
    with patch.object(appending, "recorded_time", lambda now, _: rfc3339(now)):
        stepped(line)
    result = line.run("verify", "--json")
    assert result.exit_code == 4
    assert '"expected":"a later time than before it"' in result.stdout
