"""What is given when it is given, and whose yes an old record waits for: rules 8, 10 and 11."""

from datetime import timedelta

import pytest

from roadlog.domain.commands import (
    Abstain,
    AddNote,
    AnswerConsent,
    Approve,
    Command,
    MeetCondition,
    Reject,
    WaiveRequirement,
    WithdrawApproval,
)
from roadlog.domain.events import Condition, ConsentGiven, ConsentRequested, NoteAdded
from tests.domain.gate_steps import Steps, advanced, defined, voted
from tests.domain.spec import KEY, NOW, at, by, given, record

PROBLEM = defined()
NOTE = AddNote(text="seen")
NOTED = NoteAdded(text="seen")
ON_THE_LIMIT = NOW - timedelta(days=7)
LONG_AGO = ON_THE_LIMIT - timedelta(microseconds=1)


def given_now(key: str = KEY) -> list[tuple[str, Command, str]]:
    """Who gives what when it is given, and the command that does."""
    waiver = WaiveRequirement(requirement="classification", until=NOW + timedelta(days=9), milestone=None)
    return [
        ("dan", Approve(role="data-science"), f"roadlog approve {key} --role data-science"),
        ("dan", Reject(role="data-science"), f"roadlog reject {key} --role data-science --because WHY"),
        ("dan", Abstain(role="data-science"), f"roadlog abstain {key} --role data-science"),
        (
            "carla",
            WithdrawApproval(role="compliance"),
            f"roadlog withdraw {key} --role compliance --because WHY",
        ),
        ("erin", MeetCondition(condition="C1"), f"roadlog condition met {key} C1"),
        (
            "paula",
            waiver,
            (
                f"roadlog waive {key} classification --milestone feasibility "
                "--until 2026-03-15T09:00:00Z --because WHY"
            ),
        ),
    ]


@pytest.mark.parametrize("consented", [False, True])
@pytest.mark.parametrize(("who", "command", "again"), given_now())
def test_votes_waivers_and_conditions_met_are_not_backdated_beyond_the_policy(
    who: str, command: Command, again: str, consented: bool
) -> None:
    condition = (Condition(id="C1", text="Retest", due=None),)
    steps: Steps = (
        by("paula", PROBLEM, at=at(-24 * 90)),
        by("paula", advanced("feasibility"), at=at(-24 * 80)),
    )
    steps = voted(steps, "carla", "compliance", conditions=condition, at=at(-24 * 70))
    said = (
        given(*steps)
        .when(command, by=who, at=LONG_AGO, because="seen", consented=consented)
        .then_refused("backdating", saying="given when it is given")
    )
    assert said.try_ == (again,)
    assert given(*steps).when(command, by=who, at=ON_THE_LIMIT, because="seen").events()


def test_alone_too_a_vote_is_given_when_it_is_given() -> None:
    alone = given(by("paula", PROBLEM, at=at(-24 * 90)), team={"paula": ("product",)})
    alone.when(Approve(role="product"), at=LONG_AGO).then_refused("backdating")
    assert alone.when(Approve(role="product"), at=ON_THE_LIMIT).events()


def test_who_is_the_only_human_asks_nobody_and_an_agent_asks_them() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "bot": ("engineering",)}
    given(PROBLEM, team=team).when(NOTE, at=LONG_AGO).then(NOTED)
    (asked,) = given(PROBLEM, team=team).when(NOTE, by="bot", at=LONG_AGO).events()
    assert isinstance(asked, ConsentRequested)
    waiting = [record(asked, position=20, stream="SUP", actor="bot", at=NOW)]
    given(PROBLEM, team=team, roadmap=waiting).when(AnswerConsent(request=20, give=True)).then(
        ConsentGiven(request=20)
    )


def test_a_consent_is_not_given_before_it_was_asked_for() -> None:
    request = ConsentRequested(command="AddNote", arguments={}, stream=KEY, at=LONG_AGO, why="Rule 8")
    asked = given(PROBLEM, roadmap=[record(request, position=20, stream="SUP", at=at(5))])
    said = asked.when(AnswerConsent(request=20, give=True), by="dan", at=at(5) - timedelta(seconds=1))
    assert said.then_refused("order", saying="paula asked at").try_ == ("roadlog consent 20",)
    asked.when(AnswerConsent(request=20, give=True), by="dan", at=at(5)).then(ConsentGiven(request=20))
