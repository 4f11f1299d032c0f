"""Answers about now and about moments before, and that what was answered about one is answered again."""

import re
from datetime import timedelta

import pytest

from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdvanceMilestone,
    AnswerConsent,
    BlockWork,
    MeasureOutcome,
    StopInitiative,
    VoidRecord,
)
from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Malformed, Unknown
from roadlog.projections.moment import Moment
from roadlog.reading import Reading
from tests.stores import MINUTE, OPENED, PROBLEM, Store

DAY = timedelta(days=1)


def titles(reading: Reading, moment: Moment) -> list[str]:
    return [row["key"] for row in reading.board(moment)["initiatives"]]


def measured(reading: Reading, moment: Moment) -> object:
    return reading.page("SUP-1", moment)["outcome"]["latest"]


# Moments


def test_now_is_the_head_of_the_log(team: Store) -> None:
    team.define()
    with team.reading() as reading:
        moment = reading.moment()
    assert (moment.position, moment.head) == (8, team.records()[-1].leaf)
    assert moment.as_of == moment.known_at == team.now


def test_a_position_sets_both_times_to_its_record(team: Store) -> None:
    team.define()
    team.do(AddNote(stream="SUP-1", text="seen"), at=team.now)
    record = team.records()[7]
    with team.reading() as reading:
        moment = reading.moment(position=8)
        later = reading.moment(position=8, as_of=team.now)
    assert moment.as_of == moment.known_at == record.recorded_at
    assert (later.as_of, later.known_at) == (team.now, record.recorded_at)
    assert moment.head == later.head == record.leaf


def test_known_at_is_up_to_and_including_that_instant(team: Store) -> None:
    team.define()
    recorded = team.records()[7].recorded_at
    with team.reading() as reading:
        assert reading.moment(known_at=recorded).position == 8
        assert reading.moment(known_at=recorded - timedelta(microseconds=1)).position == 7
        before = reading.moment(known_at=OPENED - DAY)
    assert (before.position, before.head) == (0, "-")


def test_nothing_is_answered_about_what_is_to_come(team: Store) -> None:
    later = team.now + timedelta(microseconds=1)
    with team.reading() as reading:
        for asked in ({"as_of": later}, {"known_at": later}, {"position": 8}, {"position": -1}):
            with pytest.raises(Malformed) as malformed:
                reading.moment(**asked)
            assert malformed.value.exit_code == 2
        with pytest.raises(Malformed):
            reading.moment(known_at=OPENED, position=3)
        assert reading.moment(as_of=team.now).position == 7
        assert reading.moment(position=7).position == 7


def test_now_is_never_before_what_was_recorded(team: Store) -> None:
    """The clock stepped back: what the log holds is not in the future."""
    team.define()
    head = team.records()[-1].recorded_at
    team.clock.move_to(OPENED - DAY)
    with team.reading() as reading:
        moment = reading.moment()
        assert moment.as_of == head
        assert titles(reading, moment) == ["SUP-1"]


# Both times


def test_as_of_is_what_was_true_then_with_all_we_know_now(team: Store) -> None:
    team.define()
    team.clock.tick(5 * DAY)
    team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=850), at=team.now - 3 * DAY)
    team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=800), at=team.now - DAY)
    with team.reading() as reading:
        assert measured(reading, reading.moment()) == 800
        assert measured(reading, reading.moment(as_of=team.now - 2 * DAY)) == 850
        assert measured(reading, reading.moment(as_of=team.now - 4 * DAY)) is None
        assert titles(reading, reading.moment(as_of=OPENED)) == []
        with pytest.raises(Unknown):
            reading.page("SUP-1", reading.moment(as_of=OPENED))


def test_known_at_is_what_the_log_said_then(team: Store) -> None:
    team.define()
    team.clock.tick(5 * DAY)
    before = team.now
    team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=850), at=team.now - 3 * DAY)
    with team.reading() as reading:
        assert measured(reading, reading.moment(known_at=before)) is None
        assert measured(reading, reading.moment(known_at=before, as_of=before)) is None
        assert measured(reading, reading.moment(as_of=before)) == 850


def test_notes_from_before_the_beginning_make_no_initiative(team: Store) -> None:
    team.clock.tick(DAY)
    team.define()
    team.do(AddNote(stream="SUP-1", text="It hurt before, too"), at=team.now - DAY)
    with team.reading() as reading:
        moment = reading.moment(as_of=team.now - DAY / 2)
        assert titles(reading, moment) == []
        assert reading.states(moment)[1] == {}
        assert titles(reading, reading.moment()) == ["SUP-1"]


def test_a_void_holds_at_every_as_of_and_not_before_it_was_known(team: Store) -> None:
    team.define()
    position = team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=9)).records[0].position
    then = team.now
    team.clock.tick(DAY)
    team.do(VoidRecord(stream="SUP-1", position=position))
    with team.reading() as reading:
        assert measured(reading, reading.moment()) is None
        assert measured(reading, reading.moment(as_of=then)) is None
        assert measured(reading, reading.moment(position=position)) == 9
        assert measured(reading, reading.moment(known_at=then)) == 9


@pytest.mark.parametrize("position", range(8))
def test_the_first_positions_have_answers_too(team: Store, position: int) -> None:
    """Down to the empty log, and to a roadmap that has no workflow yet."""
    team.define()
    with team.reading() as reading:
        moment = reading.moment(position=position)
        board = reading.board(moment)
        assert (board["initiatives"], board["position"]) == ([], position)
        assert reading.owed(None, moment) == []
        assert len(reading.trail(moment).index) == position
        with pytest.raises(Unknown):
            reading.gate("SUP-1", moment)


# What is not there


def test_what_is_not_there_is_named_with_the_nearest(team: Store) -> None:
    team.define()
    with team.reading() as reading:
        moment = reading.moment()
        for ask in (
            lambda: reading.page("SUP-2", moment),
            lambda: reading.gate("SUX-1", moment),
            lambda: reading.metrics(moment, key="SUP-11"),
            lambda: reading.trail(moment, key="SUP-7"),
        ):
            with pytest.raises(Unknown, match=r"Did you mean SUP-1\?"):
                ask()
        for key in ("", "SUP", "SUP-0"):
            with pytest.raises(Unknown):
                reading.page(key, moment)
            with pytest.raises(Unknown):
                reading.page(key, reading.moment(position=8))
        with pytest.raises(Unknown, match="Did you mean dan"):
            reading.owed("dann", moment)
        with pytest.raises(Unknown, match="holds 1 to 8"):
            reading.record(9)
        with pytest.raises(Unknown):
            reading.record(0)
        assert reading.record(8).stream == "SUP-1"


def test_who_acted_last_is_found_from_the_end(team: Store) -> None:
    team.define()
    note = team.do(AddNote(stream="SUP-1", text="seen"), by="dan").records[0]
    team.do(AddNote(stream="SUP-1", text="seen"))
    with team.reading() as reading:
        assert reading.latest_of("dan") == note
        assert reading.latest_of("mia") is None


# The trail


def test_the_trail_is_in_the_order_of_the_log_and_says_what_is_void(team: Store) -> None:
    team.define()
    position = team.do(AddNote(stream="SUP-1", text="seen"), at=team.now - DAY).records[0].position
    team.do(VoidRecord(stream="SUP-1", position=position))
    with team.reading() as reading:
        entries = list(reading.trail(reading.moment(), key="SUP-1"))
        before = list(reading.trail(reading.moment(position=position), key="SUP-1", kind="NoteAdded"))
        then = list(reading.trail(reading.moment(as_of=team.now - DAY / 2)))
    assert [each["position"] for each in entries] == [8, 9, 10]
    assert [each["voided_by"] for each in entries] == [None, 10, None]
    assert [(each["position"], each["voided_by"]) for each in before] == [(9, None)]
    assert entries[1]["late"] == DAY.total_seconds() + 60
    note = entries[1]["changes"][0]["after"]
    assert entries[2]["changes"] == [{"field": "notes", "before": note, "after": None}]
    assert [each["position"] for each in then] == [9]


def test_the_trail_is_narrowed_by_type_actor_and_time(team: Store) -> None:
    team.define()
    team.do(AddNote(stream="SUP-1", text="seen"), by="dan")
    team.do(AddNote(stream="SUP-1", text="seen"))
    with team.reading() as reading:
        moment = reading.moment()
        assert [each["position"] for each in reading.trail(moment, actor="dan")] == [9]
        assert [each["position"] for each in reading.trail(moment, kind="NoteAdded")] == [9, 10]
        assert [each["position"] for each in reading.trail(moment, since=team.now)] == [10]
        assert [each["position"] for each in reading.trail(moment, key="SUP")] == [1, 2, 3, 4, 5, 6, 7]
        assert list(reading.trail(moment, key="SUP-1", actor="erin")) == []


# The board


def test_the_board_ages_without_being_told(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    with team.reading() as reading:
        assert reading.board(reading.moment())["initiatives"][0]["age"] == 0
    team.clock.tick(DAY)
    with team.reading() as reading:
        (row,) = reading.board(reading.moment())["initiatives"]
        assert reading.status()["state"] == "current"
    assert row["age"] == DAY.total_seconds()


def test_a_row_whose_time_is_over_is_computed_anew(team: Store) -> None:
    """Roles fall quiet by the mere passage of time, and are heard again where the clock steps back."""
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    quiet = []
    for days in (0, 13.99, 0.01, 1, -1.01, 30):
        team.clock.tick(timedelta(days=days))
        with team.reading() as reading:
            quiet.append(len(reading.board(reading.moment())["initiatives"][0]["quiet"]))
    assert quiet == [0, 0, 4, 4, 0, 4]


def test_rows_stand_in_the_order_of_their_numbers(team: Store) -> None:
    team.do(*[PROBLEM] * 11)
    with team.reading() as reading:
        keys = titles(reading, reading.moment())
        assert keys == [f"SUP-{number}" for number in range(1, 12)]
        assert titles(reading, reading.moment(position=18)) == keys
        assert list(reading.states(reading.moment())[1]) == keys
        assert reading.keys() == tuple(keys)


def test_a_roadmap_s_change_shows_in_every_row(team: Store) -> None:
    """Who may vote depends on the roadmap's people."""
    team.define()
    team.define()
    with team.reading() as reading:
        reading.board(reading.moment())
    team.do(AddStakeholder(stakeholder="mia", roles=("compliance",)))
    team.do(BlockWork(stream="SUP-2", by="no data"))
    with team.reading() as reading:
        board = reading.board(reading.moment())
        assert reading.check()["same"]
        assert [row["status"] for row in board["initiatives"]] == ["backlog", "blocked"]
        assert "mia" in reading.roadmap(reading.moment()).stakeholders


def test_answers_carry_their_moment(team: Store) -> None:
    team.define()
    team.do(StopInitiative(stream="SUP-1"))
    with team.reading() as reading:
        answer = reading.board(reading.moment(position=8, as_of=team.now - MINUTE))
    assert answer["roadmap"] == "SUP"
    assert answer["position"] == 8
    assert answer["head"] == team.records()[7].leaf
    assert answer["known_at"] == rfc3339(team.records()[7].recorded_at)
    assert answer["as_of"] == rfc3339(team.now - MINUTE)
    assert answer["initiatives"][0]["status"] == "backlog"


def told_of(team: Store) -> list[str]:
    with team.reading() as reading:
        return [each["type"] for each in reading.trail(reading.moment(), key="SUP-1")]


def test_an_initiatives_trail_tells_of_the_consents_about_it(team: Store) -> None:
    team.define()
    before = told_of(team)
    measure = MeasureOutcome(stream="SUP-1", metric="tickets", value=880)
    (request,) = team.do(measure, at=team.now - 30 * DAY).records
    assert told_of(team) == [*before, "ConsentRequested"]
    team.do(AnswerConsent(request=request.position, give=True), by="carla")
    assert told_of(team) == [*before, "ConsentRequested", "ConsentGiven", "OutcomeMeasured"]


@pytest.mark.parametrize("position", [3, 0])
def test_what_was_not_there_yet_is_no_slip_of_the_finger(team: Store, position: int) -> None:
    team.define()
    begins = team.records()[0].recorded_at
    with team.reading() as reading:
        moment = reading.moment(position=position)
        for ask in (
            lambda: reading.page("SUP-1", moment),
            lambda: reading.gate("SUP-1", moment),
            lambda: reading.metrics(moment, key="SUP-1"),
            lambda: reading.trail(moment, key="SUP-1"),
        ):
            with pytest.raises(Unknown) as error:
                ask()
            assert error.value.rule == "unknown-initiative"
            assert error.value.message == (
                f"There is no initiative 'SUP-1' at position {position} (the log begins {rfc3339(begins)}). "
                "--as-of asks what was true at a time, with all we know now."
            )
            assert error.value.try_ == (f"roadlog board --position {position}",)
        defined = rfc3339(reading.record(8).effective_at)
        with pytest.raises(Unknown, match=f"was not there yet at .*: it begins {defined}") as error:
            reading.page("SUP-1", reading.moment(as_of=OPENED))
        assert error.value.try_ == (f"roadlog show SUP-1 --as-of {defined}",)
        reading.page("SUP-1", reading.moment(as_of=reading.record(8).effective_at))


@pytest.mark.parametrize("position", [1, 0])
def test_before_there_was_a_workflow_it_is_said_when_the_log_begins(team: Store, position: int) -> None:
    begins = rfc3339(team.records()[0].recorded_at)
    with team.reading() as reading:
        moment = reading.moment(position=position)
        for ask in (
            lambda: reading.metrics(moment),
            lambda: reading.workflow(moment),
            lambda: reading.check_milestone("training", moment),
            lambda: reading.check_role("compliance", moment),
        ):
            with pytest.raises(Malformed) as error:
                ask()
            assert error.value.message == (
                f"No workflow was in force at position {position} (the log begins {begins}). "
                "--as-of asks what was true at a time, with all we know now."
            )
            assert error.value.try_ == (f"roadlog board --position {position}",)
        known = f"as position {position} knew it (the log begins {begins})."
        with pytest.raises(Unknown, match=re.escape(known)):
            reading.check_handle("dan", moment)


def test_who_was_not_there_yet_is_not_taken_for_another(team: Store) -> None:
    """Nobody is offered in their place, and the moment is named."""
    team.do(AddStakeholder(stakeholder="dana", roles=("product",)))
    with team.reading() as reading:
        then = reading.moment(position=7)
        with pytest.raises(Unknown, match="as position 7 knew it") as unknown:
            reading.check_handle("dana", then)
        assert "Did you mean" not in unknown.value.message
        with pytest.raises(Unknown, match="Did you mean dana"):
            reading.check_handle("danna", reading.moment())
