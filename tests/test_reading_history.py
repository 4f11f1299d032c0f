"""One version gives the same bytes for every position and time there was, whatever comes after."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from roadlog import past
from roadlog.audit import audit
from roadlog.digest import digest
from roadlog.domain.commands import AddNote, MeasureOutcome, VoidRecord
from roadlog.domain.evolve import fold
from roadlog.domain.refusals import Damaged, Unknown
from roadlog.domain.roadmap import fold_roadmap
from roadlog.projections import board, snapshots
from roadlog.projections.moment import Moment
from roadlog.reading import Reading
from tests.random_commands import WISHES, Wanted, play
from tests.stores import PROBLEM, Store, team_store
from tests.test_application_errors import edit

HISTORIES = st.lists(WISHES, min_size=12, max_size=30)


@contextmanager
def played(wishes: list[Wanted]) -> Iterator[Store]:
    """A store with two initiatives and a history."""
    with tempfile.TemporaryDirectory() as folder, team_store(Path(folder) / ".roadlog", "lite") as store:
        store.do(PROBLEM, PROBLEM)
        play(store, wishes)
        yield store


@contextmanager
def truncated(store: Store, position: int) -> Iterator[Reading]:
    """The store as it would be, had nothing been recorded after a position."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / ".roadlog"
        copytree(store.folder, place, ignore=ignore_patterns("projections.db*"))
        edit(place, "DELETE FROM stored_events WHERE position > ?", position)
        with Reading(place, now=store.now) as reading:
            yield reading


def check_board(reading: Reading, moment: Moment) -> None:
    """The board is what folding all that was there makes of it."""
    roadmap, states = reading.states(moment)
    rows = [board.row(state, roadmap, moment.as_of) for state in states.values()]
    assert reading.board(moment)["initiatives"] == rows


def answers(reading: Reading, moment: Moment) -> bytes:
    """All that can be asked of a moment."""
    found: dict[str, Any] = {
        "board": reading.board(moment),
        "owed": reading.owed(None, moment),
        "mine": reading.owed("paula", moment),
        "trail": list(reading.trail(moment)),
        "metrics": reading.metrics(moment),
        "digest": digest(reading, "paula", moment),
        "audit": audit(reading, moment),
    }
    for key in ("SUP-1", "SUP-2", "SUP-3"):
        try:
            found[key] = [
                reading.page(key, moment),
                reading.gate(key, moment),
                list(reading.trail(moment, key=key)),
            ]
        except Unknown as error:
            found[key] = error.rule
    return orjson.dumps(found)


@settings(deadline=None, max_examples=25)
@given(HISTORIES, HISTORIES, st.integers(3, 30), st.integers(0, 200), st.integers(0, 48), st.integers(1, 9))
def test_what_was_known_is_answered_in_the_same_bytes_ever_after(
    first: list[Wanted], more: list[Wanted], position: int, hours: int, before: int, every: int
) -> None:
    """And as though nothing had come after."""
    with played(first) as store, patch.object(snapshots, "EVERY", every):
        with store.reading() as reading:
            now = reading.moment()
            position = min(position, now.position)
            asked: dict[str, dict[str, Any]] = {
                "now": {"known_at": now.known_at},
                "then": {
                    "known_at": max(now.known_at - timedelta(hours=hours), reading.record(3).recorded_at)
                },
                "head": {"position": now.position},
                "position": {"position": position},
                "both": {"position": now.position, "as_of": now.as_of - timedelta(hours=before)},
            }
            was = {name: answers(reading, reading.moment(**each)) for name, each in asked.items()}
            assert answers(reading, now) == was["now"]
        store.clock.tick(timedelta(microseconds=1))
        event(f"{play(store, more) > 3} that more than three came after")
        with store.reading() as reading:
            assert {name: answers(reading, reading.moment(**each)) for name, each in asked.items()} == was
        with truncated(store, position) as reading:
            assert answers(reading, reading.moment(position=position)) == was["position"]


@settings(deadline=None, max_examples=50)
@given(HISTORIES, st.integers(1, 9), st.data())
def test_the_board_of_any_moment_is_what_a_fold_makes_of_it(
    wishes: list[Wanted], every: int, data: st.DataObject
) -> None:
    """In either time and in both, from snapshots that stand anywhere."""
    with played(wishes) as store, patch.object(snapshots, "EVERY", every):
        with store.reading() as reading:
            reading.board(reading.moment())
        store.clock.tick(timedelta(hours=1))
        with store.reading() as reading:
            now = reading.moment()
            times = [each.effective_at for each in reading.records()] + [now.as_of]
            for _ in range(5):
                at = data.draw(st.sampled_from(times)) - timedelta(seconds=data.draw(st.integers(0, 1)))
                position = data.draw(st.integers(0, now.position))
                for asked in ({"as_of": at}, {"position": position}, {"as_of": at, "position": position}):
                    check_board(reading, reading.moment(**asked))


@settings(deadline=None, max_examples=25)
@given(st.lists(HISTORIES, min_size=1, max_size=3), st.integers(0, 500))
def test_catching_up_is_rebuilding_is_folding_from_zero(parts: list[list[Wanted]], hours: int) -> None:
    with played([]) as store:
        for wishes in parts:
            play(store, wishes)
            with store.reading() as reading:
                reading.board(reading.moment())
        store.clock.tick(timedelta(hours=hours))
        with store.reading() as reading:
            now = reading.moment()
            caught_up = answers(reading, now)
            assert reading.check() == {"position": now.position, "same": True, "differs": None}
            roadmap, states = reading.states(now)
        with store.reading() as reading:
            reading.rebuild()
        with store.reading() as reading:
            assert answers(reading, reading.moment()) == caught_up
        streams: dict[str, list[Any]] = {}
        for record in store.records():
            streams.setdefault(record.stream, []).append(record)
        assert roadmap == fold_roadmap(streams.pop("SUP"))
        assert states == {key: fold(records) for key, records in streams.items()}
        with store.reading() as reading:
            moment = Moment(as_of=now.as_of, known_at=now.known_at, position=now.position, head=now.head)
            reading._is_now = lambda *_: False  # type: ignore[method-assign]
            assert answers(reading, moment) == caught_up


def test_the_states_of_a_moment_miss_no_record(team: Store) -> None:
    """Also not a stream's last one, behind which nothing in the stream says that it was there."""
    team.do(PROBLEM, PROBLEM)
    last = team.do(AddNote(stream="SUP-1", text="seen")).records[-1].position
    team.do(*(AddNote(stream="SUP-2", text="seen") for _ in range(3)))
    with team.reading() as reading:
        roadmap, states = reading.states(reading.moment(position=last + 1))
        assert (roadmap.key, list(states)) == ("SUP", ["SUP-1", "SUP-2"])
    edit(team.folder, "DELETE FROM stored_events WHERE position = ?", last)
    with team.reading() as reading, pytest.raises(Damaged, match="12 entries for 13 records"):
        reading.states(reading.moment(position=last + 1))


def test_what_came_late_is_folded_after_a_snapshot(team: Store) -> None:
    """Also far behind it; the whole stream is read again only where something is void."""
    team.do(PROBLEM)
    start = team.now
    for _ in range(30):
        team.clock.tick(timedelta(hours=1))
        team.do(AddNote(stream="SUP-1", text="in time"))
    late = AddNote(stream="SUP-1", text="late")
    measured = MeasureOutcome(stream="SUP-1", metric="tickets", value=700)
    told = team.do(late, measured, at=start + timedelta(hours=10, minutes=30))
    with team.reading() as reading, patch.object(past.Share, "_folded", side_effect=AssertionError):
        for hour in range(1, 30):
            check_board(reading, moment := reading.moment(as_of=start + timedelta(hours=hour)))
            (row,) = reading.board(moment)["initiatives"]
            assert row["outcome"]["latest"] == (700 if hour > 10 else None)
    team.do(VoidRecord(stream="SUP-1", position=told.records[0].position))
    with team.reading() as reading:
        check_board(reading, moment := reading.moment(as_of=start + timedelta(hours=20)))
        with patch.object(past.Share, "_folded", side_effect=KeyError("whole")), pytest.raises(KeyError):
            reading.board(moment)
