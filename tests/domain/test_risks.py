"""The rules of risks: scored and owned, treated to no more than before, accepted by who may."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import AcceptRisk, AssessRisk, CloseRisk, LogRisk, MitigateRisk, ReopenRisk
from roadlog.domain.events import (
    RecordVoided,
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskMitigated,
    RiskReopened,
    StakeholderLeft,
)
from roadlog.domain.workflow import RISK_CATEGORIES, Milestone
from tests.domain.part_events import DEFINED, LATER, risk_logged
from tests.domain.spec import AI_PRODUCT, FIRST, NOW, START, by, given, record, with_policy

MITIGATED = RiskMitigated(risk="R1", treatment="A person checks each answer", likelihood=2, impact=3)
ACCEPTED = RiskAccepted(risk="R1", until=LATER, role="product")
CLOSED = RiskClosed(risk="R1")
LOG = LogRisk(description="Answers favour one group", category="bias", likelihood=3, impact=4)
MITIGATE = MitigateRisk(risk="R1", treatment="A person checks each answer", likelihood=2, impact=3)
ACCEPT = AcceptRisk(risk="R1", until=LATER)


def test_a_risk_gets_the_next_id() -> None:
    given(DEFINED).when(LOG).then(risk_logged("R1"))
    given(DEFINED, risk_logged("R1", category="privacy")).when(LOG).then(risk_logged("R2"))


def test_the_id_of_a_voided_risk_is_not_given_out_again() -> None:
    given(DEFINED, risk_logged("R1"), RecordVoided(position=FIRST + 1)).when(LOG).then(risk_logged("R2"))


@pytest.mark.parametrize("category", RISK_CATEGORIES)
def test_a_risk_is_of_a_known_category(category: str) -> None:
    command = LogRisk(description="Answers favour one group", category=category, likelihood=3, impact=4)
    given(DEFINED).when(command).then(risk_logged(category=category))


def test_an_unknown_category_is_refused_and_the_nearest_offered() -> None:
    command = LogRisk(description="x", category="halucination", likelihood=3, impact=4)
    given(DEFINED).when(command).then_refused("unknown-category", saying="Did you mean hallucination?")


@pytest.mark.parametrize("score", [0, 6, -1])
def test_scores_outside_1_to_5_are_refused(score: int) -> None:
    story = given(DEFINED, risk_logged())
    story.when(LogRisk(description="x", category="bias", likelihood=score, impact=1)).then_refused(
        "scale", saying="likelihood"
    )
    story.when(LogRisk(description="x", category="bias", likelihood=1, impact=score)).then_refused(
        "scale", saying="impact"
    )
    story.when(AssessRisk(risk="R1", likelihood=score, impact=1)).then_refused("scale")
    story.when(MitigateRisk(risk="R1", treatment="x", likelihood=1, impact=score)).then_refused("scale")


@pytest.mark.parametrize("score", [1, 5])
def test_scores_from_1_to_5_are_taken(score: int) -> None:
    given(DEFINED, risk_logged()).when(AssessRisk(risk="R1", likelihood=score, impact=score)).then(
        RiskAssessed(risk="R1", likelihood=score, impact=score)
    )


def test_a_risk_is_owned_by_somebody_on_the_roadmap() -> None:
    command = LogRisk(
        description="Answers favour one group", category="bias", likelihood=3, impact=4, owner="dan"
    )
    given(DEFINED).when(command).then(risk_logged(owner="dan"))
    left = record(StakeholderLeft(stakeholder="dan"), position=50, stream="SUP", version=50, at=START)
    given(DEFINED, roadmap=[left]).when(command).then_refused("unknown-stakeholder", saying="'dan'")


def test_the_same_open_risk_again_changes_nothing() -> None:
    given(DEFINED, risk_logged()).when(LOG).then()
    given(DEFINED, risk_logged(), CLOSED).when(LOG).then(risk_logged("R2"))


def test_an_unknown_risk_is_refused_and_the_nearest_offered() -> None:
    refusal = (
        given(DEFINED, risk_logged())
        .when(CloseRisk(risk="r1"), because="gone")
        .then_refused("unknown-risk", saying="Did you mean R1?")
    )
    assert refusal.exit_code == 2
    assert refusal.try_ == ("roadlog risk list SUP-1",)


def test_the_same_assessment_again_changes_nothing() -> None:
    given(DEFINED, risk_logged()).when(AssessRisk(risk="R1", likelihood=3, impact=4)).then()


def test_the_same_assessment_of_a_treated_risk_says_that_the_treatment_came_to_nothing() -> None:
    given(DEFINED, risk_logged(), MITIGATED).when(AssessRisk(risk="R1", likelihood=3, impact=4)).then(
        RiskAssessed(risk="R1", likelihood=3, impact=4)
    )


def test_a_treatment_leaves_no_more_than_there_was() -> None:
    refusal = (
        given(DEFINED, risk_logged())
        .when(MitigateRisk(risk="R1", treatment="x", likelihood=4, impact=4))
        .then_refused("residual", saying="assess it first")
    )
    assert refusal.try_ == ("roadlog risk assess SUP-1 R1 --likelihood 4 --impact 4",)


def test_a_treatment_may_leave_as_much_as_there_was_and_more_than_one_before_hoped_for() -> None:
    story = given(DEFINED, risk_logged(), MITIGATED)
    story.when(MitigateRisk(risk="R1", treatment="Spot checks", likelihood=4, impact=3)).then(
        RiskMitigated(risk="R1", treatment="Spot checks", likelihood=4, impact=3)
    )


def test_the_same_treatment_again_changes_nothing() -> None:
    given(DEFINED, risk_logged()).when(MITIGATE).then(MITIGATED)
    given(DEFINED, risk_logged(), MITIGATED).when(MITIGATE).then()


@pytest.mark.parametrize(
    "command",
    [AssessRisk(risk="R1", likelihood=1, impact=1), MITIGATE, ACCEPT],
    ids=lambda each: type(each).__name__,
)
def test_a_closed_risk_is_opened_again_before_anything_else(
    command: AssessRisk | MitigateRisk | AcceptRisk,
) -> None:
    refusal = (
        given(DEFINED, risk_logged(), CLOSED).when(command, because="we think so").then_refused("closed")
    )
    assert refusal.try_ == ("roadlog risk reopen SUP-1 R1 --because TEXT",)
    reopened = given(DEFINED, risk_logged(), CLOSED, RiskReopened(risk="R1"))
    assert len(reopened.when(command, because="we think so").events()) == 1


def test_a_risk_is_accepted_in_the_role_that_policy_names_and_the_actor_holds() -> None:
    story = given(DEFINED, risk_logged())
    story.when(ACCEPT, because="we can live with it").then(ACCEPTED)
    story.when(ACCEPT, by="carla", because="we can live with it").then(
        RiskAccepted(risk="R1", until=LATER, role="compliance")
    )


def test_without_such_a_role_nobody_accepts_a_risk() -> None:
    refusal = (
        given(DEFINED, risk_logged())
        .when(ACCEPT, by="dan", because="fine")
        .then_refused("authority", saying="dan")
    )
    assert refusal.exit_code == 5
    assert refusal.missing == ("role:product", "role:compliance")


def test_an_agent_accepts_no_risk_whatever_its_roles() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "bot": ("product", "compliance")}
    story = given(DEFINED, risk_logged(), team=team)
    story.when(ACCEPT, by="bot", because="fine").then_refused("human", saying="bot (agent) may not accept")


def test_policy_says_who_accepts_risks() -> None:
    strict = with_policy(may_accept_risk=("compliance",))
    given(DEFINED, risk_logged(), workflow=strict).when(ACCEPT, because="fine").then_refused("authority")
    given(DEFINED, risk_logged(), workflow=strict).when(ACCEPT, by="carla", because="fine").then(
        RiskAccepted(risk="R1", until=LATER, role="compliance")
    )


def test_a_named_role_must_be_held_be_the_workflows_and_be_among_those() -> None:
    story = given(DEFINED, risk_logged())

    def accepting(role: str) -> AcceptRisk:
        return AcceptRisk(risk="R1", until=LATER, role=role)

    story.when(accepting("compliance"), because="fine").then_refused("authority", saying="paula")
    story.when(accepting("engineering"), by="erin", because="fine").then_refused(
        "authority", saying="engineering"
    )
    story.when(accepting("complience"), because="fine").then_refused("unknown-role", saying="compliance")
    story.when(accepting("product"), because="fine").then(ACCEPTED)


def test_who_is_alone_accepts_as_anything() -> None:
    alone = given(
        DEFINED,
        risk_logged(),
        team={"paula": ("engineering",)},
    )
    alone.when(ACCEPT, because="fine").then(RiskAccepted(risk="R1", until=LATER, role="engineering"))
    alone.when(AcceptRisk(risk="R1", until=LATER, role="compliance"), because="fine").then(
        RiskAccepted(risk="R1", until=LATER, role="compliance")
    )


def test_only_who_is_alone_accepts_in_a_role_that_policy_does_not_name() -> None:
    command = AcceptRisk(risk="R1", until=LATER, role="customer-ops")
    given(DEFINED, risk_logged()).when(command, by="otto", because="fine").then_refused(
        "authority", saying="A risk is not accepted as customer-ops"
    )
    given(DEFINED, risk_logged(), team={"paula": ("product",)}).when(command, because="fine").then(
        RiskAccepted(risk="R1", until=LATER, role="customer-ops")
    )


def test_who_is_alone_without_a_role_accepts_as_one_of_the_workflow() -> None:
    films = replace(
        AI_PRODUCT, roles=("director",), milestones=(Milestone(id="live"),), start="live", finish="live"
    )
    films = with_policy(films, may_accept_risk=())
    alone = given(DEFINED, risk_logged(), team={"paula": ()}, workflow=films)
    alone.when(ACCEPT, because="fine").then(RiskAccepted(risk="R1", until=LATER, role="director"))


def test_an_acceptance_lapses_after_it_was_given() -> None:
    story = given(DEFINED, risk_logged())
    story.when(AcceptRisk(risk="R1", until=NOW), because="fine").then_refused("until")
    later = NOW + timedelta(microseconds=1)
    story.when(AcceptRisk(risk="R1", until=later), because="fine").then(
        RiskAccepted(risk="R1", until=later, role="product")
    )


def test_accepting_closing_and_reopening_need_a_reason() -> None:
    given(DEFINED, risk_logged()).when(ACCEPT).then_refused("reason")
    given(DEFINED, risk_logged()).when(CloseRisk(risk="R1")).then_refused("reason")
    given(DEFINED, risk_logged(), CLOSED).when(ReopenRisk(risk="R1")).then_refused("reason")


def test_the_same_acceptance_by_the_same_person_changes_nothing() -> None:
    given(DEFINED, risk_logged(), ACCEPTED).when(ACCEPT, because="fine").then()
    given(DEFINED, risk_logged(), by("carla", ACCEPTED)).when(ACCEPT, because="fine").then(ACCEPTED)


def test_a_risk_is_closed_once_and_reopened_once() -> None:
    given(DEFINED, risk_logged()).when(CloseRisk(risk="R1"), because="gone").then(CLOSED)
    given(DEFINED, risk_logged(), CLOSED).when(CloseRisk(risk="R1"), because="gone").then()
    given(DEFINED, risk_logged(), CLOSED).when(ReopenRisk(risk="R1"), because="back").then(
        RiskReopened(risk="R1")
    )
    given(DEFINED, risk_logged()).when(ReopenRisk(risk="R1"), because="back").then()
