"""What moves and changes of status do to the state, field by field."""

from datetime import UTC, datetime

from msgspec.structs import replace

from roadlog.domain.events import (
    BreakGlassReviewed,
    GateWaived,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    MilestoneAdvanced,
    MilestoneReturned,
    RolloutSet,
    Satisfied,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from roadlog.domain.initiative import BreakGlass, Move, Span, Visit, Waiver
from roadlog.domain.moments import microseconds
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, at, by
from tests.domain.test_evolve_problem import ADOPTED, DEFINED

STARTED = MilestoneAdvanced(
    from_=None, to="feasibility", cycle=1, iteration=1, visit=1, break_glass=False, gate=()
)
ADVANCED = replace(STARTED, from_="feasibility", to="prototype")
RETURNED = MilestoneReturned(
    from_="prototype",
    to="feasibility",
    loop="learning",
    learned="the data is thin",
    change="ask for more",
    cycle=1,
    iteration=2,
    visit=2,
)
FIRST_VISIT = Visit(
    milestone="feasibility",
    visit=1,
    cycle=1,
    iteration=1,
    entered_at=at(1),
    entered_by=FIRST + 1,
    began="forward",
)


def moved_at(*places: int, excused: bool = False) -> tuple[Move, ...]:
    """The moves recorded when they happened, of which the last may be excused."""
    return tuple(
        Move(
            recorded=microseconds(at(place)),
            imported=False,
            excused=excused and place == places[-1],
        )
        for place in places
    )


def test_leaving_the_backlog_opens_the_first_visit() -> None:
    assert changed(DEFINED, STARTED) == {
        "milestone": "feasibility",
        "cycle": 1,
        "iteration": 1,
        "visit": 1,
        "visits": (FIRST_VISIT,),
        "moves": moved_at(1),
    }
    assert state_after(DEFINED, STARTED).started() == at(1)


def test_a_forward_move_ends_a_visit_and_begins_the_next() -> None:
    assert changed(DEFINED, STARTED, ADVANCED) == {
        "milestone": "prototype",
        "visits": (
            replace(FIRST_VISIT, left_at=at(2), left_by=FIRST + 2),
            Visit(
                milestone="prototype",
                visit=1,
                cycle=1,
                iteration=1,
                entered_at=at(2),
                entered_by=FIRST + 2,
                began="forward",
            ),
        ),
        "moves": moved_at(1, 2),
    }


def test_a_backward_move_says_its_loop_and_begins_an_iteration() -> None:
    before = state_after(DEFINED, STARTED, ADVANCED)
    assert changed(DEFINED, STARTED, ADVANCED, RETURNED) == {
        "milestone": "feasibility",
        "iteration": 2,
        "visit": 2,
        "visits": (
            before.visits[0],
            replace(before.visits[1], left_at=at(3), left_by=FIRST + 3),
            Visit(
                milestone="feasibility",
                visit=2,
                cycle=1,
                iteration=2,
                entered_at=at(3),
                entered_by=FIRST + 3,
                began="backward",
                loop="learning",
                learned=RETURNED.learned,
                change=RETURNED.change,
            ),
        ),
        "moves": moved_at(1, 2, 3),
    }


def test_a_return_from_the_finish_begins_the_cycle_that_it_names() -> None:
    again = replace(RETURNED, from_="live", to="training", loop="drift", cycle=2, iteration=4, visit=1)
    state = state_after(DEFINED, STARTED, replace(ADVANCED, to="live"), again)
    assert (state.milestone, state.cycle, state.iteration, state.visit) == ("training", 2, 4, 1)
    assert state.started() == at(3)


def test_adopted_work_leaves_the_milestone_it_stood_in_since() -> None:
    state = state_after(ADOPTED, replace(ADVANCED, from_="training", to="integration"))
    assert (state.visits[0].entered_at, state.visits[0].left_at) == (ADOPTED.since, at(1))


def test_a_move_says_whether_its_gate_was_excused() -> None:
    moves = state_after(DEFINED, STARTED, replace(ADVANCED, break_glass=True)).moves
    assert [each.excused for each in moves] == [False, True]
    waived = Satisfied(milestone="feasibility", requirement="baseline", by=(), waiver=4, met=False)
    assert state_after(DEFINED, STARTED, replace(ADVANCED, gate=(waived,))).moves[-1].excused


def test_a_move_by_break_glass_waits_for_a_review() -> None:
    opened = BreakGlass(move=FIRST + 2, at=at(2), by="dan", milestone="feasibility")
    move = by("dan", replace(ADVANCED, break_glass=True))
    assert state_after(DEFINED, STARTED, move).break_glass == {FIRST + 2: opened}
    review = by("carla", BreakGlassReviewed(move=FIRST + 2, upheld=False))
    assert changed(DEFINED, STARTED, move, review) == {
        "break_glass": {FIRST + 2: replace(opened, reviewed_by="carla", upheld=False)}
    }


def test_break_glass_out_of_the_backlog_names_the_milestone_entered() -> None:
    state = state_after(DEFINED, replace(STARTED, break_glass=True))
    assert state.break_glass[FIRST + 1].milestone == "feasibility"


def test_a_review_of_another_move_changes_nothing() -> None:
    assert changed(DEFINED, STARTED, BreakGlassReviewed(move=FIRST + 1, upheld=True)) == {}


def test_a_waiver_says_who_why_and_until_when() -> None:
    until = datetime(2026, 4, 1, tzinfo=UTC)
    event = GateWaived(milestone="feasibility", requirement="baseline", until=until)
    assert changed(DEFINED, STARTED, by("carla", event, reason="no data yet")) == {
        "waivers": (
            Waiver(
                position=FIRST + 2,
                milestone="feasibility",
                requirement="baseline",
                until=until,
                by="carla",
                reason="no data yet",
            ),
        )
    }


def test_a_block_opens_a_span_that_unblocking_closes() -> None:
    open_span = Span(kind="blocked", from_at=at(2), reason="because", by="no data")
    assert changed(DEFINED, STARTED, WorkBlocked(by="no data")) == {
        "blocked_by": "no data",
        "spans": (open_span,),
    }
    assert changed(DEFINED, STARTED, WorkBlocked(by="no data"), WorkUnblocked()) == {
        "blocked_by": None,
        "spans": (replace(open_span, to_at=at(3)),),
    }


def test_another_block_ends_the_first_and_begins_the_next() -> None:
    assert changed(DEFINED, STARTED, WorkBlocked(by="no data"), WorkBlocked(by="no money")) == {
        "blocked_by": "no money",
        "spans": (
            Span(kind="blocked", from_at=at(2), reason="because", by="no data", to_at=at(3)),
            Span(kind="blocked", from_at=at(3), reason="because", by="no money"),
        ),
    }


def test_a_move_does_not_unblock() -> None:
    state = state_after(DEFINED, STARTED, ADVANCED, WorkBlocked(by="no data"), RETURNED)
    assert state.milestone == "feasibility"
    assert state.blocked_by == "no data"
    assert state.spans == (Span(kind="blocked", from_at=at(3), reason="because", by="no data"),)


def test_a_pause_opens_a_span_that_resuming_closes() -> None:
    assert changed(DEFINED, STARTED, WorkPaused()) == {
        "paused": True,
        "spans": (Span(kind="paused", from_at=at(2), reason="because"),),
    }
    assert changed(DEFINED, STARTED, WorkPaused(), WorkResumed()) == {
        "paused": False,
        "spans": (Span(kind="paused", from_at=at(2), reason="because", to_at=at(3)),),
    }


def test_a_stop_opens_a_span_that_reopening_closes_where_it_was() -> None:
    assert changed(DEFINED, STARTED, InitiativeStopped()) == {
        "stopped": True,
        "spans": (Span(kind="stopped", from_at=at(2), reason="because"),),
    }
    assert changed(DEFINED, STARTED, InitiativeStopped(), InitiativeReopened()) == {
        "stopped": False,
        "spans": (Span(kind="stopped", from_at=at(2), reason="because", to_at=at(3)),),
    }


def test_each_kind_of_span_closes_its_own() -> None:
    state = state_after(DEFINED, WorkBlocked(by="x"), WorkPaused(), InitiativeStopped(), WorkUnblocked())
    assert [(span.kind, span.to_at) for span in state.spans] == [
        ("blocked", at(4)),
        ("paused", None),
        ("stopped", None),
    ]


def test_closing_what_is_not_open_changes_no_span() -> None:
    assert changed(DEFINED, WorkUnblocked()) == {}
    assert changed(DEFINED, WorkPaused(), WorkResumed(), WorkResumed()) == {}


def test_retiring_ends_the_last_visit() -> None:
    state = state_after(DEFINED, STARTED)
    assert changed(DEFINED, STARTED, InitiativeRetired()) == {
        "retired": True,
        "visits": (replace(state.visits[0], left_at=at(2), left_by=FIRST + 2),),
    }
    assert changed(DEFINED, InitiativeRetired()) == {"retired": True}


def test_the_rollout_is_the_latest() -> None:
    assert changed(DEFINED, RolloutSet(percent=5), RolloutSet(percent=12.5)) == {"rollout": 12.5}
