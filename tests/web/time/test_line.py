"""The line: the stops of a log's life in either time, and which is nearest to what is asked for."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.domain.moments import EPOCH, MICROSECOND
from roadlog.projections.kept_trail import Dated
from roadlog.projections.moment import Moment
from roadlog.web.time.line import AS_OF, POSITION, Line, Mode

NOW = EPOCH + 100 * MICROSECOND


def dated(*times: int, kinds: tuple[str, ...] = (), voided: tuple[int, ...] = ()) -> list[Dated]:
    """Records that took effect at these microseconds, at positions 1, 2, 3, …"""
    named = [*kinds, *["NoteAdded"] * len(times)]
    return [
        Dated(position, named[position - 1], "SUP-1", at, position not in voided)
        for position, at in enumerate(times, start=1)
    ]


def moment(as_of: datetime, position: int = 9) -> Moment:
    return Moment(as_of=as_of, known_at=NOW, position=position, head="-")


def positions(line: Line) -> list[int]:
    return [line.steps[stop].position for stop in line.stops]


def test_as_it_was_one_stops_at_each_time_at_its_last_record() -> None:
    line = Line(AS_OF, dated(10, 30, 20, 30))
    assert positions(line) == [1, 3, 4]
    assert [line.place_of(stop, NOW) for stop in range(4)] == [0, 10 / 90, 20 / 90, 1]


def test_as_we_knew_it_one_stops_at_each_record() -> None:
    line = Line(POSITION, dated(10, 30, 20, 30))
    assert positions(line) == [1, 2, 3, 4]
    assert [line.place_of(stop, NOW) for stop in range(5)] == [0, 0.25, 0.5, 0.75, 1]


def test_what_was_voided_never_was_but_was_known() -> None:
    records = dated(10, 20, 30, voided=(2, 3))
    assert positions(Line(AS_OF, records)) == [1]
    assert positions(Line(POSITION, records)) == [1, 2, 3]


@pytest.mark.parametrize("mode", [AS_OF, POSITION])
def test_an_empty_log_is_now(mode: Mode) -> None:
    line = Line(mode, [])
    assert (line.end, line.step(0)) == (0, None)
    assert [line.nearest(place, NOW) for place in (0, 0.5, 1)] == [0, 0, 0]
    assert line.place_of(0, NOW) == 1
    assert line.at(moment(NOW)) == 0


@pytest.mark.parametrize(
    ("at", "stop"), [(0, 0), (10, 0), (19, 0), (20, 1), (29, 1), (30, 2), (99, 2), (100, 2), (200, 2)]
)
def test_a_time_is_at_the_last_stop_that_it_is_not_before(at: int, stop: int) -> None:
    assert Line(AS_OF, dated(10, 30, 20, 30)).at(moment(EPOCH + at * MICROSECOND)) == stop


def test_a_position_is_at_its_record_or_at_the_last_of_the_initiative_before_it() -> None:
    line = Line(POSITION, dated(10, 20, 30)[1:])
    assert [line.at(moment(EPOCH, position)) for position in (1, 2, 3, 9)] == [0, 0, 1, 1]


def test_a_record_is_found_in_either_time() -> None:
    records = dated(10, 30, 20, 25, voided=(4,))
    assert [Line(POSITION, records).of_record(each) for each in (1, 2, 3, 4)] == [0, 1, 2, 3]
    assert [Line(AS_OF, records).of_record(each) for each in (1, 2, 3, 4)] == [0, 2, 1, 1]


def test_one_goes_from_mark_to_mark() -> None:
    line = Line(POSITION, dated(1, 2, 3, 4, kinds=("NoteAdded", "MilestoneReturned", "NoteAdded")))
    assert [line.marked(stop, 1) for stop in range(5)] == [1, 4, 4, 4, 4]
    assert [line.marked(stop, -1) for stop in range(5)] == [0, 0, 1, 1, 1]


times = st.lists(st.integers(0, 99), max_size=12)


@given(times, st.sampled_from([AS_OF, POSITION]))
def test_the_stop_at_a_place_is_nearest_to_it(some: list[int], mode: Mode) -> None:
    line = Line(mode, dated(*some))
    for stop in range(line.end + 1):
        assert line.nearest(line.place_of(stop, NOW), NOW) == stop


@given(times, st.sampled_from([AS_OF, POSITION]))
def test_no_stop_is_nearer_to_a_place_than_the_nearest(some: list[int], mode: Mode) -> None:
    line = Line(mode, dated(*some))
    for place in (0, 0.2, 0.5, 0.9, 1):
        distances = [abs(line.place_of(stop, NOW) - place) for stop in range(line.end + 1)]
        found = distances[line.nearest(place, NOW)]
        assert found == pytest.approx(min(distances), abs=1e-9)


@given(times, st.sampled_from([AS_OF, POSITION]))
def test_every_stop_is_where_its_address_leads(some: list[int], mode: Mode) -> None:
    line = Line(mode, dated(*some))
    for stop in range(line.end):
        step = line.step(stop)
        assert step is not None
        then = EPOCH + timedelta(microseconds=step.at) if mode == AS_OF else EPOCH
        assert line.at(moment(then, step.position)) == stop
