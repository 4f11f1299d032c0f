"""The rules that every command is under: who acts, when, in which order, why, and with whose consent."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st

from roadlog.domain import commands
from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdoptInitiative,
    AdoptWorkflow,
    AnswerConsent,
    BlockWork,
    Command,
    DefineNotice,
    DefineProblem,
    GrantRole,
    MeasureOutcome,
    OpenRoadmap,
    PauseWork,
    ReframeProblem,
    RevokeRole,
    StopInitiative,
    VoidRecord,
)
from roadlog.domain.decisions import decide
from roadlog.domain.decisions.authority import needs_consent
from roadlog.domain.decisions.consent import COMMANDS, waiting_command
from roadlog.domain.decisions.reasons import AGAIN
from roadlog.domain.events import (
    REASONED,
    BreakGlassReviewed,
    ConsentRequested,
    Event,
    GateWaived,
    IncidentOpened,
    InitiativeAdopted,
    InitiativeStopped,
    MilestoneReturned,
    NoteAdded,
    NoticeDefined,
    Outcome,
    ProblemDefined,
    ProblemReframed,
    RiskAccepted,
    RoleGranted,
    StakeholderLeft,
)
from roadlog.domain.refusals import Malformed
from roadlog.domain.roadmap import Consent, RoadmapState
from roadlog.domain.situation import Situation
from roadlog.domain.workflow_file import definition
from tests.domain.spec import AI_PRODUCT, FIRST, KEY, NOW, at, by, given, record, with_policy

PROBLEM = ProblemDefined(
    key=KEY,
    title="Support load",
    problem="Customers wait 9 hours for an answer",
    outcome=Outcome(metric="csat", unit="%", baseline=70, target=80, relative=False, by=None),
    segments=(),
    approach=None,
    owner="otto",
    solution_words=(),
)
NOTE = AddNote(text="seen")
NOTED = NoteAdded(text="seen")
NOTICE = DefineNotice(text="Written by a machine", placement="above the answer")
NOTICED = NoticeDefined(text="Written by a machine", placement="above the answer", locale=None)
LONG_AGO = NOW - timedelta(days=7, microseconds=1)
ON_THE_LIMIT = NOW - timedelta(days=7)


# Rule 10: every actor is a stakeholder


def test_a_stakeholder_may_act() -> None:
    given(PROBLEM).when(NOTE, by="dan").then(NOTED)


def test_an_unknown_actor_may_not() -> None:
    said = (
        given(PROBLEM).when(NOTE, by="dana").then_refused("actor", saying="'dana' is no stakeholder of SUP")
    )
    assert said.exit_code == 5
    assert said.message.endswith("paula can enrol you with: roadlog stakeholder add dana --role ROLE")
    assert said.try_ == ("roadlog stakeholder list",)


def test_who_left_may_not() -> None:
    left = record(StakeholderLeft(stakeholder="dan"), position=20, stream="SUP")
    given(PROBLEM, roadmap=[left]).when(NOTE, by="dan").then_refused("actor", saying="'dan' has left SUP")


# Rule 8: never in the future, in order, not too long ago


def test_nothing_is_recorded_in_the_future() -> None:
    now = NOW + timedelta(days=1)
    given(PROBLEM).when(NOTE, at=now, now=now).then(NOTED)
    given(PROBLEM).when(NOTE, at=now + timedelta(microseconds=1), now=now).then_refused("future")


def test_a_moment_without_offset_is_refused() -> None:
    situation = given(PROBLEM).when(NOTE).situation
    with pytest.raises(Malformed, match="has no offset from UTC"):
        decide(msgspec.structs.replace(situation, at=NOW.replace(tzinfo=None)), NOTE)


def test_a_record_does_not_precede_the_latest_of_its_own_subject() -> None:
    noticed = given(PROBLEM, NOTICED)
    other = msgspec.structs.replace(NOTICE, text="Ask a person if in doubt")
    said = noticed.when(other, at=at(1) - timedelta(seconds=1)).then_refused(
        "order", saying="subject (notice); those come in the order of time: --at takes 2026-03-02T10:00:00"
    )
    assert said.try_ == ("roadlog log SUP-1",)
    for moment in (at(1), at(1) + timedelta(seconds=1)):
        assert noticed.when(other, at=moment).events()


def test_nothing_ordered_precedes_the_initiatives_beginning() -> None:
    moment = at(0) - timedelta(microseconds=1)
    said = (
        given(PROBLEM)
        .when(NOTICE, at=moment)
        .then_refused("order", saying="the beginning of SUP-1: --at takes 2026-03-02T09:00:00Z or later")
    )
    assert said.try_ == ("roadlog log SUP-1",)
    given(PROBLEM).when(NOTICE, at=at(0)).then(NOTICED)
    given(PROBLEM).when(NOTE, at=moment).then(NOTED)


def test_adopted_work_begins_when_it_came_to_its_milestone() -> None:
    since = at(0) - timedelta(days=3)
    adopted = InitiativeAdopted(
        key=KEY,
        title="Support load",
        milestone="training",
        since=since,
        owner=None,
        origin="under-way",
        cycle=1,
        iteration=1,
        visit=1,
    )
    given(adopted).when(NOTICE, at=since).then(NOTICED)
    given(adopted).when(NOTICE, at=since - timedelta(microseconds=1)).then_refused(
        "order", saying="beginning"
    )


def test_subjects_do_not_wait_for_each_other() -> None:
    assert given(PROBLEM, NOTICED).when(BlockWork(by="no data"), at=at(0) + timedelta(minutes=1)).events()


def test_notes_and_measurements_may_come_in_any_order() -> None:
    measure = MeasureOutcome(metric="csat", value=71)
    before = at(0) - timedelta(hours=1)
    team = given(PROBLEM, by("paula", NOTED, at=NOW))
    team.when(NOTE, at=before).then(NOTED)
    assert team.when(measure, at=before).events()


def test_the_roadmap_s_own_records_come_in_order_too() -> None:
    granted = record(
        RoleGranted(stakeholder="dan", role="product"), position=20, stream="SUP", at=NOW - timedelta(days=1)
    )
    revoke = RevokeRole(stakeholder="dan", role="product")
    team = given(roadmap=[granted])
    team.when(revoke, at=NOW - timedelta(days=1, seconds=1)).then_refused("order", saying="stakeholder:dan")
    assert team.when(revoke, at=NOW - timedelta(days=1)).events()
    assert team.when(GrantRole(stakeholder="erin", role="product"), at=NOW - timedelta(days=2)).events()


def test_backdating_within_the_policy_takes_effect() -> None:
    given(PROBLEM).when(NOTE, at=ON_THE_LIMIT).then(NOTED)


def test_backdating_beyond_the_policy_waits_for_consent() -> None:
    given(PROBLEM).when(NOTE, at=LONG_AGO).then(
        ConsentRequested(
            command="AddNote",
            arguments={"stream": KEY, "text": "seen"},
            stream=KEY,
            at=LONG_AGO,
            why="It happened more than 7 days before it was typed (max_backdate_days).",
        )
    )


def test_the_policy_says_how_far_back_is_too_far() -> None:
    far = NOW - timedelta(days=300)
    given(PROBLEM, workflow=with_policy(max_backdate_days=300)).when(NOTE, at=far).then(NOTED)
    strict = given(PROBLEM, workflow=with_policy(max_backdate_days=0))
    strict.when(NOTE).then(NOTED)
    assert isinstance(strict.when(NOTE, at=NOW - timedelta(seconds=1)).events()[0], ConsentRequested)


def test_with_consent_it_takes_effect_at_its_own_time() -> None:
    given(PROBLEM).when(NOTE, at=LONG_AGO, consented=True).then(NOTED)


def test_alone_nobody_can_be_asked() -> None:
    given(PROBLEM, team={"paula": ("product",)}).when(NOTE, at=LONG_AGO).then(NOTED)


def test_a_command_that_changes_nothing_asks_nobody() -> None:
    given().when(AddStakeholder(stakeholder="dan", roles=("data-science",)), at=LONG_AGO).then()


def test_what_is_refused_is_not_asked_for() -> None:
    given(PROBLEM).when(StopInitiative(), at=LONG_AGO).then_refused("reason")
    given(PROBLEM, NOTICED).when(NOTICE_AGAIN, at=LONG_AGO).then_refused("order")


NOTICE_AGAIN = msgspec.structs.replace(NOTICE, text="Ask a person if in doubt")


def test_the_roadmap_s_own_commands_wait_for_consent_too() -> None:
    (request,) = given().when(AddStakeholder(stakeholder="mia", roles=("product",)), at=LONG_AGO).events()
    assert isinstance(request, ConsentRequested)
    assert request.command == "AddStakeholder"


@pytest.mark.parametrize(
    "command",
    [
        DefineProblem(title="Support load", problem="Customers wait 9 hours", segments=("new",)),
        AdoptInitiative(title="Search", milestone="training", since=LONG_AGO),
    ],
)
def test_an_initiative_not_yet_there_gets_its_key_when_somebody_said_yes(command: Command) -> None:
    (request,) = given().when(command, at=LONG_AGO).events()
    assert isinstance(request, ConsentRequested)
    assert request.stream == "SUP"
    assert request.arguments["stream"] == ""


def test_since_of_work_under_way_is_no_backdating() -> None:
    command = AdoptInitiative(title="Search", milestone="training", since=NOW - timedelta(days=400))
    (event,) = given().when(command).events()
    assert not isinstance(event, ConsentRequested)


def test_opening_a_roadmap_long_ago_asks_nobody() -> None:
    situation = Situation(
        actor="paula", at=LONG_AGO, now=NOW, reason=None, roadmap=RoadmapState(), workflow=AI_PRODUCT
    )
    opened = decide(
        situation, OpenRoadmap(stream="SUP", name="Support AI", definition=definition(AI_PRODUCT))
    )
    assert [type(event).__name__ for event in opened] == [
        "RoadmapOpened",
        "StakeholderJoined",
        "WorkflowAdopted",
    ]


def test_an_answer_to_a_request_is_not_backdated_that_far() -> None:
    request = ConsentRequested(command="AddNote", arguments={}, stream=KEY, at=LONG_AGO, why="Rule 8")
    asked = given(PROBLEM, roadmap=[record(request, position=20, stream="SUP", at=LONG_AGO)])
    asked.when(AnswerConsent(request=20, give=True), by="dan", at=LONG_AGO).then_refused("backdating")
    assert asked.when(AnswerConsent(request=20, give=True), by="dan", at=ON_THE_LIMIT).events()


# The mandatory reason


def test_a_record_that_needs_a_reason_is_refused_without() -> None:
    said = (
        given(PROBLEM).when(StopInitiative()).then_refused("reason", saying="at least 3 characters, and none")
    )
    assert said.missing == ("reason",)
    assert said.try_ == ("roadlog stop SUP-1 --because WHY",)


@pytest.mark.parametrize(
    "reason", ["", "   ", "no", " n \n", "\u200b\u200b\u200b", "\u3164\u2800\ufe0f", "\u2060no\u2060"]
)
def test_a_blank_or_short_reason_is_none(reason: str) -> None:
    given(PROBLEM).when(StopInitiative(), because=reason).then_refused("reason")


def test_a_record_that_needs_a_reason_is_recorded_with_it() -> None:
    given(PROBLEM).when(StopInitiative(), because="no data").then(InitiativeStopped())


def test_the_policy_says_how_long_a_reason_is() -> None:
    wordy = given(PROBLEM, workflow=with_policy(reason_min_chars=10))
    wordy.when(StopInitiative(), because="too short").then_refused(
        "reason", saying="'too short' is too short"
    )
    wordy.when(StopInitiative(), because="long enough").then(InitiativeStopped())


def test_voiding_another_s_record_needs_its_reason_before_it_waits_for_consent() -> None:
    noted = given(PROBLEM, by("dan", NOTED))
    void = VoidRecord(position=FIRST + 1)
    said = noted.when(void, by="carla").then_refused("reason")
    assert said.try_ == (f"roadlog void {FIRST + 1} --because WHY",)
    (request,) = noted.when(void, by="carla", because="wrong initiative").events()
    assert isinstance(request, ConsentRequested)


def test_what_waits_for_consent_already_is_not_asked_for_twice() -> None:
    old = at(1) + timedelta(hours=1)
    noted = given(PROBLEM, by("dan", NOTED))
    (request,) = noted.when(
        VoidRecord(position=FIRST + 1), by="carla", because="wrong", at=old, now=old + timedelta(days=30)
    ).events()
    assert isinstance(request, ConsentRequested)
    assert request.at == old
    assert "void" in request.why


def test_other_records_need_none() -> None:
    assert given(PROBLEM).when(PauseWork()).events()


MOMENT = datetime(2026, 3, 6, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "again"),
    [
        (
            ProblemReframed(
                title=None, problem="x y", segments=("a", "b c"), approach=None, solution_words=("GPT",)
            ),
            "reframe SUP-1 --problem 'x y' --segment a --segment 'b c' --allow-solution",
        ),
        (BreakGlassReviewed(move=7, upheld=False), "review SUP-1 7 --not-upheld"),
        (
            MilestoneReturned(
                from_="live",
                to="go live",
                loop="drift",
                learned="a b",
                change=None,
                cycle=1,
                iteration=1,
                visit=1,
            ),
            "return SUP-1 'go live' --loop drift --learned 'a b'",
        ),
        (
            GateWaived(milestone="go live", requirement="notice", until=MOMENT),
            "waive SUP-1 notice --until 2026-03-06T18:30:00Z --milestone 'go live'",
        ),
        (
            GateWaived(milestone=None, requirement="problem", until=MOMENT),
            "waive SUP-1 problem --until 2026-03-06T18:30:00Z",
        ),
        (
            RiskAccepted(risk="R1", until=MOMENT, role="compliance"),
            "risk accept SUP-1 R1 --until 2026-03-06T18:30:00Z --role compliance",
        ),
        (
            IncidentOpened(incident="I1", description="It's out", aware_at=MOMENT, severity=4, case="E1"),
            "incident open SUP-1 'It'\"'\"'s out' --aware 2026-03-06T18:30:00Z --severity 4 --case E1",
        ),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_command_to_type_again_says_all_that_was_typed(event: Event, again: str) -> None:
    assert AGAIN[type(event)](KEY, event) == again


def test_every_record_that_needs_a_reason_has_its_command_to_type_again() -> None:
    assert set(AGAIN) == REASONED


# Bad input, before any rule


def test_bad_input_is_told_before_any_rule_is_asked() -> None:
    given(PROBLEM).when(AddNote(text="\x1b[2J"), by="nobody").then_refused("malformed-text")
    given(PROBLEM).when(NOTE, because="x" * (16 * 1024 + 1)).then_refused("malformed-reason")
    given(PROBLEM).when(NOTE, because="half \ud800").then_refused("malformed-reason")
    given(PROBLEM).when(MeasureOutcome(metric="csat", value=float("nan"))).then_refused("malformed-value")


# A waiting command is read back as it was typed. The numbers and moments are those that pass `limits`.

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
st.register_type_strategy(datetime, moments)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


def any_of(kind: type[Command]) -> st.SearchStrategy[Command]:
    given_types: dict[str, Any] = get_type_hints(kind)
    values = {
        name: st.just(definition(AI_PRODUCT)) if name == "definition" else st.from_type(hint)
        for name, hint in given_types.items()
        if name in kind.__struct_fields__
    }
    return st.fixed_dictionaries(values).map(lambda fields: kind(**fields))


def test_every_command_can_wait() -> None:
    declared = {
        name: kind
        for name, kind in vars(commands).items()
        if isinstance(kind, type) and issubclass(kind, commands._Command) and not name.startswith("_")
    }
    assert declared == COMMANDS
    assert set(COMMANDS.values()) == set(get_args(Command))


@property_of(st.one_of([any_of(kind) for kind in COMMANDS.values()]))
def test_a_waiting_command_is_read_back_as_it_was_typed(command: Command) -> None:
    request = needs_consent(given(PROBLEM).when(NOTE).situation, "why", command)
    stored = msgspec.json.decode(msgspec.json.encode(request), type=ConsentRequested)
    assert stored == request
    assert waiting_command(consent_of(stored)) == command


def consent_of(request: Event) -> Consent:
    assert isinstance(request, ConsentRequested)
    return Consent(
        request=20,
        command=request.command,
        arguments=request.arguments,
        stream=request.stream,
        at=request.at,
        why=request.why,
        reason=None,
        by="paula",
        requested_at=NOW,
    )


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Nothing", {}),
        ("Command", {}),
        ("NoteAdded", {"text": "x"}),
        ("AddNote", {}),
        ("AddNote", {"text": 1}),
        ("AddNote", {"text": "x", "more": 1}),
    ],
)
def test_what_is_no_command_does_not_come_back(name: str, arguments: dict[str, Any]) -> None:
    request = ConsentRequested(command=name, arguments=arguments, stream=KEY, at=NOW, why="Rule 8")
    with pytest.raises(Malformed) as caught:
        waiting_command(consent_of(request))
    assert caught.value.rule == "consent"
    assert "position 20" in caught.value.message


def test_a_reframing_that_waits_keeps_what_it_left_out() -> None:
    command = ReframeProblem(stream=KEY, title="Support load")
    assert (
        waiting_command(consent_of(needs_consent(given(PROBLEM).when(NOTE).situation, "why", command)))
        == command
    )


def test_a_workflow_that_waits_keeps_its_definition() -> None:
    command = AdoptWorkflow(stream="SUP", definition=definition(AI_PRODUCT))
    assert waiting_command(consent_of(needs_consent(given().when(NOTE).situation, "why", command))) == command
