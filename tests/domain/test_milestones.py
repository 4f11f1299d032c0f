"""The rule book of milestones beside their moves: waiting and ending, and reviews of break-glass."""

import pytest

from roadlog.domain.commands import (
    AdvanceMilestone,
    BlockWork,
    PauseWork,
    ReopenInitiative,
    ResumeWork,
    RetireInitiative,
    ReturnMilestone,
    ReviewBreakGlass,
    SetRollout,
    StopInitiative,
    UnblockWork,
)
from roadlog.domain.events import (
    BreakGlassReviewed,
    Event,
    InitiativeReopened,
    InitiativeRetired,
    InitiativeStopped,
    LoopKind,
    RolloutSet,
    WorkBlocked,
    WorkPaused,
    WorkResumed,
    WorkUnblocked,
)
from tests.domain.history import FILMS, GLASS, LIVE, OPEN, TRAINING, advanced, problem, returned
from tests.domain.spec import FIRST, by, given


def back_to(to: str, loop: LoopKind = "learning") -> ReturnMilestone:
    return ReturnMilestone(to=to, loop=loop)


# Rule 4: waiting and ending


@pytest.mark.parametrize(
    ("event", "rule", "way_out"),
    [
        (WorkPaused(), "paused", "roadlog resume SUP-1"),
        (InitiativeStopped(), "stopped", "roadlog reopen SUP-1 --because WHY"),
        (InitiativeRetired(), "retired", "roadlog define TITLE --problem TEXT"),
    ],
)
def test_rule_4_paused_stopped_and_retired_take_no_moves(event: Event, rule: str, way_out: str) -> None:
    for move in (AdvanceMilestone(), back_to("prototype")):
        refused = given(*TRAINING, event, workflow=OPEN).when(move, because="go on").then_refused(rule)
        assert refused.try_ == (way_out,)


@pytest.mark.parametrize(
    "events", [(WorkPaused(), WorkResumed()), (InitiativeStopped(), InitiativeReopened())]
)
def test_rule_4_resumed_and_reopened_move_on_from_where_they_were(events: tuple[Event, ...]) -> None:
    given(*TRAINING, *events, workflow=OPEN).when(AdvanceMilestone()).then(
        advanced("training", "integration")
    )


def test_rule_4_blocked_does_not_advance() -> None:
    refused = given(*TRAINING, WorkBlocked(by="no data"), workflow=OPEN).when(AdvanceMilestone())
    assert refused.then_refused("blocked", saying="no data").try_ == ("roadlog unblock SUP-1",)


def test_rule_4_blocked_goes_back_or_is_stopped() -> None:
    blocked = given(*TRAINING, WorkBlocked(by="no data"), workflow=OPEN)
    blocked.when(back_to("feasibility"), because="no data").then(returned("training", "feasibility", 1, 2, 2))
    blocked.when(StopInitiative(), because="no data").then(InitiativeStopped())


def test_rule_4_unblocked_advances() -> None:
    history = (*TRAINING, WorkBlocked(by="no data"), WorkUnblocked())
    given(*history, workflow=OPEN).when(AdvanceMilestone()).then(advanced("training", "integration"))


def test_rule_4_the_backlog_may_be_stopped_and_reopened() -> None:
    given(problem()).when(StopInitiative(), because="not worth it").then(InitiativeStopped())
    given(problem(), InitiativeStopped()).when(ReopenInitiative(), because="worth it now").then(
        InitiativeReopened()
    )


@pytest.mark.parametrize("command", [StopInitiative(), RetireInitiative()])
def test_stop_and_retire_need_a_reason(command: StopInitiative | RetireInitiative) -> None:
    given(*LIVE, workflow=OPEN).when(command).then_refused("reason")


def test_reopen_needs_a_reason() -> None:
    given(*LIVE, InitiativeStopped(), workflow=OPEN).when(ReopenInitiative()).then_refused("reason")


def test_block_pause_resume_unblock() -> None:
    given(*TRAINING).when(BlockWork(by="no data")).then(WorkBlocked(by="no data"))
    given(*TRAINING, WorkBlocked(by="no data")).when(UnblockWork()).then(WorkUnblocked())
    given(*TRAINING).when(PauseWork()).then(WorkPaused())
    given(*TRAINING, WorkPaused()).when(ResumeWork()).then(WorkResumed())


def test_what_is_so_already_records_nothing() -> None:
    given(*TRAINING, WorkBlocked(by="no data")).when(BlockWork(by="no data")).then()
    given(*TRAINING).when(UnblockWork()).then()
    given(*TRAINING, WorkPaused()).when(PauseWork()).then()
    given(*TRAINING).when(ResumeWork()).then()
    given(*TRAINING, InitiativeStopped()).when(StopInitiative(), because="again").then()
    given(*TRAINING).when(ReopenInitiative(), because="it goes on").then()
    given(*LIVE, InitiativeRetired()).when(RetireInitiative(), because="again").then()
    given(*TRAINING, RolloutSet(percent=5)).when(SetRollout(percent=5)).then()


def test_blocked_by_one_thing_is_not_blocked_by_another() -> None:
    refused = given(*TRAINING, WorkBlocked(by="no data")).when(BlockWork(by="no budget"))
    assert refused.then_refused("blocked", saying="no data").try_ == ("roadlog unblock SUP-1",)


@pytest.mark.parametrize("ended", [InitiativeStopped(), InitiativeRetired()])
def test_what_has_ended_is_neither_blocked_nor_paused(ended: Event) -> None:
    rule = "stopped" if isinstance(ended, InitiativeStopped) else "retired"
    given(*LIVE, ended).when(BlockWork(by="no data")).then_refused(rule)
    given(*LIVE, ended).when(PauseWork()).then_refused(rule)


def test_retire_what_is_or_was_live() -> None:
    given(*LIVE).when(RetireInitiative(), because="replaced").then(InitiativeRetired())
    again = returned("live", "training", 2, 2, 1)
    given(*LIVE, again).when(RetireInitiative(), because="replaced").then(InitiativeRetired())


def test_what_was_never_live_is_stopped_not_retired() -> None:
    refused = given(*TRAINING).when(RetireInitiative(), because="replaced").then_refused("retire")
    assert refused.try_ == ("roadlog stop SUP-1 --because WHY",)


def test_retired_is_for_good() -> None:
    retired = given(*LIVE, InitiativeRetired())
    retired.when(ReopenInitiative(), because="wanted back").then_refused("retired")
    retired.when(StopInitiative(), because="wanted back").then_refused("retired")


@pytest.mark.parametrize("percent", [0, 12.5, 100])
def test_rollout_is_a_percentage_once_work_has_started(percent: float) -> None:
    given(*TRAINING).when(SetRollout(percent=percent)).then(RolloutSet(percent=percent))


@pytest.mark.parametrize("percent", [-1, 100.5])
def test_rollout_is_within_0_and_100(percent: float) -> None:
    given(*TRAINING).when(SetRollout(percent=percent)).then_refused("percent")


def test_rollout_of_what_has_not_started_is_refused() -> None:
    given(problem()).when(SetRollout(percent=5)).then_refused("not-started")


def test_rollback_of_what_was_stopped_is_recorded() -> None:
    history = (*TRAINING, RolloutSet(percent=5), InitiativeStopped())
    given(*history).when(SetRollout(percent=0)).then(RolloutSet(percent=0))


def test_rule_9_another_stakeholder_reviews() -> None:
    given(*GLASS, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=False), by="carla", because="it could wait"
    ).then(BreakGlassReviewed(move=FIRST + 2, upheld=False))


def test_rule_9_nobody_reviews_their_own() -> None:
    refused = given(*GLASS, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=True), because="it was an outage"
    )
    said = refused.then_refused(
        "review", saying="another person must review it: dan or erin or carla or otto"
    )
    assert said.try_ == (f"roadlog review SUP-1 {FIRST + 2} --upheld --because WHY",)


def test_rule_9_an_agent_does_not_review() -> None:
    given(*GLASS, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=True), by="bot", because="it was an outage"
    ).then_refused("human", saying="bot (agent) may not review a break-glass")


def test_rule_9_a_review_needs_a_reason() -> None:
    given(*GLASS, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=True), by="carla"
    ).then_refused("reason")


def test_rule_9_a_move_is_reviewed_once() -> None:
    reviewed = by("carla", BreakGlassReviewed(move=FIRST + 2, upheld=True))
    given(*GLASS, reviewed, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=False), by="erin", because="it could wait"
    ).then_refused("reviewed", saying="by carla: upheld")


def test_rule_9_a_review_that_said_no_stands_too() -> None:
    reviewed = by("carla", BreakGlassReviewed(move=FIRST + 2, upheld=False))
    given(*GLASS, reviewed, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 2, upheld=True), by="erin", because="it could not wait"
    ).then_refused("reviewed", saying="by carla: not upheld")


def test_rule_9_only_break_glass_is_reviewed() -> None:
    given(*GLASS, workflow=FILMS).when(
        ReviewBreakGlass(move=FIRST + 1, upheld=True), by="carla", because="a look"
    ).then_refused("unknown-move", saying=str(FIRST + 2))
