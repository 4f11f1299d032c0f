"""For how long rows and answers stay what they are: as long as the cache gives them out again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from roadlog.domain.events import Condition, Event, StakeholderConsulted, WorkBlocked, WorkPaused, WorkResumed
from roadlog.domain.workflow import Policy
from roadlog.projections import answers, board
from roadlog.projections.answers import GATE, NEXT, SHOW, Question
from tests.domain.spec import KEY
from tests.projections.histories import (
    accepted,
    approved,
    asked,
    back,
    case,
    day,
    defined,
    measured,
    moved,
    on,
    risk,
    short,
    waived,
)

QUESTIONS = (Question(SHOW, KEY), Question(GATE, KEY), Question(NEXT, None), Question(NEXT, "carla"))
STEPS: tuple[tuple[Event, str], ...] = (
    (moved("learn"), "paula"),
    (moved("build"), "paula"),
    (back("build"), "paula"),
    (moved("run"), "paula"),
    (WorkPaused(), "paula"),
    (WorkResumed(), "paula"),
    (WorkBlocked(by="law"), "paula"),
    (asked("data-science"), "paula"),
    (measured(700), "paula"),
    (risk(), "paula"),
    (accepted(day(9)), "carla"),
    (waived("approval:compliance", day(11.5)), "carla"),
    (waived("risks", day(13)), "carla"),
    (StakeholderConsulted(role="compliance", said="fine"), "carla"),
)


def within(now: datetime, until: datetime | None, part: float) -> datetime:
    """A moment between now and then; within 400 days where nothing changes any more."""
    assert until is None or until > now
    return now + part * ((until or now + timedelta(days=400)) - now)


@draw(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), max_size=12),
    vote=st.one_of(st.none(), st.tuples(st.integers(1, 20), st.booleans())),
    at=st.integers(0, 40),
    part=st.floats(0, 0.999),
)
def test_until_then_nothing_changes_but_what_is_measured_up_to_now(
    steps: list[tuple[tuple[Event, str], int]],
    vote: tuple[int, bool] | None,
    at: int,
    part: float,
) -> None:
    workflow = short(
        "approval:data-science",
        "approval:compliance",
        "risks",
        policy=Policy(consult_every_days=9, measure_every_days=6),
    )
    clock, history = 0, [on(0, defined())]
    for (event, actor), later in steps:
        clock += later
        history.append(on(clock, event, actor))
    if vote is not None:
        due = Condition(id="C1", text="sign", due=day(clock + vote[0]).date())
        history = [
            *approved(
                *history,
                at=clock,
                workflow=workflow,
                valid_until=None if vote[1] else day(clock + vote[0]),
                conditions=(due,) if vote[1] else (),
            )
        ]
    state, roadmap = case(*history, workflow=workflow)
    now = day(clock + at)
    then = within(now, board.good_until(state, roadmap, now), part)
    first, later_row = board.row(state, roadmap, now), board.row(state, roadmap, then)
    first.pop("age")
    later_row.pop("age")
    assert first == later_row
    then = within(now, answers.good_until({KEY: state}, roadmap, now), part)
    for question in QUESTIONS:
        told, told_later = (answers.answer(question, roadmap, {KEY: state}, each) for each in (now, then))
        assert answers.as_of_now(told, then) == answers.as_of_now(told_later, then)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_read_back(question: Question) -> None:
    assert Question.read(str(question)) == question


def test_a_question_that_nobody_asks_has_no_answer() -> None:
    state, roadmap = case(on(0, defined()))
    with pytest.raises(LookupError):
        answers.answer(Question("who", KEY), roadmap, {KEY: state}, day(1))
