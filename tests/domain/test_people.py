"""Rules 10 and 11: who may act, as what, under which workflow, and what takes a second person."""

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdoptWorkflow,
    AnswerConsent,
    Command,
    GrantRole,
    OpenRoadmap,
    RemoveStakeholder,
    RevokeRole,
)
from roadlog.domain.decisions import decide
from roadlog.domain.decisions.authority import require_role
from roadlog.domain.events import (
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    Event,
    RoadmapOpened,
    RoleGranted,
    RoleRevoked,
    StakeholderJoined,
    StakeholderKind,
    StakeholderLeft,
    WorkflowAdopted,
)
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.situation import Situation
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import definition, digest_of
from tests.domain.spec import AI_PRODUCT, NOW, START, TEAM, Given, built_in, given, record, with_policy

LITE = built_in("lite")
Team = dict[str, tuple[str, ...]]
ALONE: Team = {"paula": ("product",)}


def joined(handle: str, *roles: str, kind: StakeholderKind = "human") -> StakeholderJoined:
    return StakeholderJoined(
        stakeholder=handle, kind=kind, roles=roles, name_commitment=None, address_commitment=None
    )


def adopted(workflow: Workflow) -> WorkflowAdopted:
    content = definition(workflow)
    return WorkflowAdopted(
        name=workflow.name, version=workflow.version, digest=digest_of(content), definition=content
    )


def adopt(workflow: Workflow) -> AdoptWorkflow:
    return AdoptWorkflow(definition=definition(workflow))


def later(*events: Event, by: str = "paula", first: int = 20) -> list[Record]:
    """Further records of the roadmap's stream."""
    return [
        record(event, position=first + n, stream="SUP", version=first + n, actor=by)
        for n, event in enumerate(events)
    ]


# Opening


def opening(
    command: Command, *, roadmap: RoadmapState | None = None, actor: str = "paula"
) -> tuple[Event, ...]:
    state = RoadmapState() if roadmap is None else roadmap
    return decide(
        Situation(actor=actor, at=NOW, now=NOW, reason=None, roadmap=state, workflow=AI_PRODUCT), command
    )


def open_with(workflow: Workflow = LITE, key: str = "SUP") -> OpenRoadmap:
    return OpenRoadmap(stream=key, name="Support AI", definition=definition(workflow))


def test_opening_enrols_the_acting_handle_as_product_and_adopts_the_workflow() -> None:
    assert opening(open_with()) == (
        RoadmapOpened(key="SUP", name="Support AI"),
        joined("paula", "product"),
        adopted(LITE),
    )


def test_a_roadmap_is_not_opened_over_another() -> None:
    with pytest.raises(Refused) as caught:
        opening(open_with(), roadmap=given().roadmap_state())
    assert caught.value.rule == "roadmap-exists"
    assert caught.value.try_ == ("roadlog board",)


@pytest.mark.parametrize("key", ["sup", "S", "SUP-1", ""])
def test_a_roadmap_is_not_opened_under_what_is_no_key(key: str) -> None:
    with pytest.raises(Malformed) as caught:
        opening(open_with(key=key))
    assert caught.value.rule == "roadmap-key"


def test_a_roadmap_is_not_opened_with_a_workflow_that_has_faults() -> None:
    with pytest.raises(Malformed) as caught:
        opening(open_with(replace(LITE, start="nowhere", version=0)))
    assert caught.value.missing[0] == "version: must be 1 or more"
    assert caught.value.missing[1].startswith("start: 'nowhere' is no milestone")


@pytest.mark.parametrize("actor", ["dana lee", "", "-x"])
def test_a_roadmap_is_not_opened_by_what_is_no_handle(actor: str) -> None:
    with pytest.raises(Malformed) as caught:
        opening(open_with(), actor=actor)
    assert caught.value.rule == "malformed-acting-handle"


# Enrolling, granting, revoking, leaving


def test_who_may_enrol_enrols() -> None:
    given().when(AddStakeholder(stakeholder="mia", roles=("compliance",)), by="paula").then(
        joined("mia", "compliance")
    )


def test_who_may_not_enrol_is_told_which_roles_may_and_who_holds_them() -> None:
    refusal = given().when(AddStakeholder(stakeholder="mia", roles=("compliance",)), by="dan")
    said = refusal.then_refused(
        "authority", saying="may not enrol mia: the policy asks for product, held by paula."
    )
    assert said.missing == ("role:product",)
    assert said.try_ == ("roadlog stakeholder list",)


def test_a_handle_that_differs_from_another_only_in_case_is_refused() -> None:
    said = (
        given()
        .when(AddStakeholder(stakeholder="Dan", roles=()))
        .then_refused("handle", saying="Dan differs only in case from dan")
    )
    assert said.try_ == ("roadlog stakeholder grant dan --role ROLE",)


def test_the_policy_names_who_may_enrol() -> None:
    team = given(workflow=with_policy(may_enrol=("compliance", "engineering")))
    mia = AddStakeholder(stakeholder="mia", roles=("product",))
    team.when(mia, by="carla").then(joined("mia", "product"))
    team.when(mia, by="paula").then_refused(
        "authority", saying="compliance or engineering, held by erin, carla, bot"
    )


@pytest.mark.parametrize(
    "command",
    [
        AddStakeholder(stakeholder="mia", roles=("product",)),
        GrantRole(stakeholder="dan", role="product"),
        RevokeRole(stakeholder="dan", role="data-science"),
        RemoveStakeholder(stakeholder="otto"),
    ],
)
def test_granting_revoking_and_removing_are_under_the_same_policy(command: Command) -> None:
    assert len(given().when(command, by="paula").events()) == 1
    given().when(command, by="dan").then_refused("authority")


def test_while_there_is_one_stakeholder_that_one_may_do_all() -> None:
    alone = given(team={"paula": ("data-science",)})
    alone.when(GrantRole(stakeholder="paula", role="product")).then(
        RoleGranted(stakeholder="paula", role="product")
    )
    alone.when(adopt(LITE)).then(adopted(LITE))


def test_with_two_that_is_over() -> None:
    team: Team = {"paula": ("data-science",), "dan": ("product",)}
    two = given(team=team)
    two.when(GrantRole(stakeholder="paula", role="product")).then_refused("authority")


def test_somebody_without_roles_may_be_enrolled_and_may_note() -> None:
    guest = joined("guest")
    given().when(AddStakeholder(stakeholder="guest", roles=())).then(guest)
    assert given(roadmap=later(guest)).when(AddNote(text="hello"), by="guest").events()


def test_an_unknown_role_is_refused_with_the_nearest() -> None:
    given().when(AddStakeholder(stakeholder="mia", roles=("complience",))).then_refused(
        "unknown-role", saying="Did you mean compliance?"
    )
    given().when(GrantRole(stakeholder="dan", role="prodct")).then_refused("unknown-role", saying="product")


def test_an_unknown_handle_is_refused_with_the_nearest() -> None:
    for command in (
        GrantRole(stakeholder="carl", role="product"),
        RevokeRole(stakeholder="carl", role="product"),
        RemoveStakeholder(stakeholder="carl"),
    ):
        given().when(command).then_refused("unknown-stakeholder", saying="Did you mean carla?")


def test_already_so_records_nothing() -> None:
    gone = given(roadmap=later(StakeholderLeft(stakeholder="dan")))
    given().when(AddStakeholder(stakeholder="dan", roles=("data-science",))).then()
    given().when(GrantRole(stakeholder="dan", role="data-science")).then()
    given().when(RevokeRole(stakeholder="dan", role="compliance")).then()
    gone.when(RemoveStakeholder(stakeholder="dan")).then()


def test_roles_named_twice_are_held_once() -> None:
    given().when(AddStakeholder(stakeholder="mia", roles=("product", "product"))).then(
        joined("mia", "product")
    )


def test_somebody_enrolled_is_not_enrolled_again_with_other_roles_but_granted_them() -> None:
    said = (
        given()
        .when(AddStakeholder(stakeholder="dan", roles=("data-science", "product")))
        .then_refused("enrolled", saying="dan is enrolled already, as human with data-science")
    )
    assert said.try_ == ("roadlog stakeholder grant dan --role product",)
    given().when(AddStakeholder(stakeholder="dan", roles=(), kind="agent")).then_refused("enrolled")


def test_who_left_may_join_again_but_is_not_granted_roles_before() -> None:
    gone = given(roadmap=later(StakeholderLeft(stakeholder="dan")))
    gone.when(AddStakeholder(stakeholder="dan", roles=("product",))).then(joined("dan", "product"))
    gone.when(GrantRole(stakeholder="dan", role="product")).then_refused("left", saying="dan has left SUP")


def test_anybody_may_leave() -> None:
    given().when(RemoveStakeholder(stakeholder="dan"), by="dan").then(StakeholderLeft(stakeholder="dan"))


def test_the_last_who_may_enrol_neither_leaves_nor_loses_the_role() -> None:
    said = given().when(RemoveStakeholder(stakeholder="paula")).then_refused("governance")
    assert said.try_ == ("roadlog stakeholder grant dan --role product",)
    given().when(RevokeRole(stakeholder="paula", role="product")).then_refused(
        "governance",
        saying="with product to enrol and grant. Grant it to dan or erin or carla or otto first.",
    )
    given(team=ALONE).when(RemoveStakeholder(stakeholder="paula")).then_refused("governance")
    given(team=ALONE).when(RevokeRole(stakeholder="paula", role="product")).then_refused("governance")


def test_with_another_who_may_enrol_the_first_may_leave_or_lose_the_role() -> None:
    two = given(team={**TEAM, "mia": ("product",)})
    two.when(RemoveStakeholder(stakeholder="paula")).then(StakeholderLeft(stakeholder="paula"))
    two.when(RevokeRole(stakeholder="paula", role="product")).then(
        RoleRevoked(stakeholder="paula", role="product")
    )


def test_a_second_stakeholder_joins_only_where_somebody_may_enrol_afterwards() -> None:
    alone = given(team={"paula": ("data-science",)})
    alone.when(AddStakeholder(stakeholder="mia", roles=("compliance",))).then_refused("governance")
    alone.when(AddStakeholder(stakeholder="mia", roles=("product",))).then(joined("mia", "product"))


def test_a_role_that_the_workflow_dropped_can_still_be_revoked() -> None:
    small = replace(
        AI_PRODUCT,
        roles=tuple(role for role in AI_PRODUCT.roles if role != "customer-ops"),
        milestones=tuple(replace(each, requires=()) for each in AI_PRODUCT.milestones),
    )
    dropped = given(roadmap=later(adopted(small)))
    dropped.when(RevokeRole(stakeholder="otto", role="customer-ops")).then(
        RoleRevoked(stakeholder="otto", role="customer-ops")
    )
    dropped.when(RevokeRole(stakeholder="dan", role="customer-ops")).then_refused("unknown-role")


# Workflows


def test_who_may_adopt_a_workflow_adopts_all_of_it() -> None:
    given().when(adopt(LITE), by="paula").then(adopted(LITE))
    given().when(adopt(LITE), by="carla").then_refused("authority", saying="may not adopt a workflow")


def test_adopting_the_workflow_in_force_records_nothing() -> None:
    given().when(adopt(AI_PRODUCT)).then()
    partial = definition(AI_PRODUCT)
    del partial["policy"]["risk_threshold"]
    given().when(AdoptWorkflow(definition=partial)).then()


def test_a_workflow_with_faults_is_not_adopted() -> None:
    for faulty in (replace(LITE, finish="nowhere"), with_policy(LITE, may_enrol=("nobody",))):
        given().when(adopt(faulty)).then_refused("workflow", saying="cannot be adopted")
    given().when(AdoptWorkflow(definition={"name": "x"})).then_refused("workflow", saying="missing")


def others(**milestones: str | None) -> dict[str, InitiativeState]:
    return {
        f"SUP-{n}": InitiativeState(key=f"SUP-{n}", version=1, milestone=milestone)
        for n, milestone in enumerate(milestones.values(), start=1)
    }


def test_a_workflow_that_drops_a_milestone_in_use_is_refused_naming_who_uses_it() -> None:
    short = replace(LITE, milestones=tuple(each for each in LITE.milestones if each.id != "training"))
    team = given(others=others(a="training", b=None, c="training", d="live"))
    said = team.when(adopt(short)).then_refused(
        "milestone-in-use", saying="training (in use by SUP-1, SUP-3)"
    )
    assert said.missing == ("training",)
    assert said.try_ == ("roadlog show SUP-1",)


def test_what_is_retired_keeps_no_milestone_in_a_workflow() -> None:
    short = replace(LITE, milestones=tuple(each for each in LITE.milestones if each.id != "live"))
    short = replace(short, finish="experimentation")
    retired = InitiativeState(key="SUP-1", version=1, milestone="live", retired=True)
    given(others={"SUP-1": retired}).when(adopt(short)).then(adopted(short))
    stopped = replace(retired, retired=False, stopped=True)
    given(others={"SUP-1": stopped}).when(adopt(short)).then_refused("milestone-in-use")


def test_a_workflow_whose_definition_only_lacks_a_default_is_in_force_already() -> None:
    """Stored before the policy had that value, it says the same."""
    content = definition(LITE)
    del content["policy"]["may_waive_approvals"]
    old = WorkflowAdopted(name="lite", version=1, digest=digest_of(content), definition=content)
    given(roadmap=later(old)).when(adopt(LITE)).then()


def test_who_may_enrol_in_a_workflow_to_come_takes_two_adoptions() -> None:
    changed = with_policy(replace(LITE, roles=(*LITE.roles, "lead")), may_enrol=("lead",))
    said = given().when(adopt(changed)).then_refused("governance", saying="It takes two adoptions")
    assert said.try_ == ("roadlog workflow show --toml",)
    first = replace(LITE, roles=(*LITE.roles, "lead"))
    given().when(adopt(first)).then(adopted(first))
    lead = RoleGranted(stakeholder="paula", role="lead")
    second = replace(changed, version=first.version + 1)
    given(roadmap=later(adopted(first), lead)).when(adopt(second)).then(adopted(second))
    given(team=ALONE).when(adopt(changed)).then(adopted(changed))


def test_a_kind_is_changed_by_leaving_and_joining_again() -> None:
    said = (
        given()
        .when(AddStakeholder(stakeholder="dan", roles=("data-science",), kind="agent"))
        .then_refused("enrolled", saying="To be agent, they leave and join again.")
    )
    assert said.try_ == (
        "roadlog stakeholder leave dan",
        "roadlog stakeholder add dan --kind agent --role data-science",
    )


def test_other_content_under_the_name_and_version_in_force_is_refused() -> None:
    changed = with_policy(AI_PRODUCT, max_backdate_days=30)
    said = given().when(adopt(changed)).then_refused("workflow-version", saying="or version = 2")
    assert said.try_ == ("roadlog workflow show",)
    later_version = replace(changed, version=2)
    given().when(adopt(later_version)).then(adopted(later_version))


def test_a_workflow_that_drops_an_empty_milestone_is_adopted() -> None:
    short = replace(LITE, milestones=tuple(each for each in LITE.milestones if each.id != "training"))
    given(others=others(a=None, b="live")).when(adopt(short)).then(adopted(short))


def test_a_workflow_under_which_nobody_could_enrol_is_refused() -> None:
    team: Team = {"paula": ("product",), "dan": ("data-science",)}
    new = with_policy(LITE, may_enrol=("compliance",))
    said = (
        given(team=team)
        .when(adopt(new))
        .then_refused("governance", saying="Adopting lite 1 would leave nobody")
    )
    assert said.try_ == ("roadlog stakeholder grant paula --role compliance",)
    given().when(adopt(new)).then(adopted(new))


# Consent


def waiting(by: str = "paula") -> list[Record]:
    request = ConsentRequested(
        command="AddNote",
        arguments={"stream": "SUP-1", "text": "old"},
        stream="SUP-1",
        at=START,
        why="Rule 8",
    )
    return later(request, by=by)


def test_another_stakeholder_gives_or_refuses_consent() -> None:
    asked = given(roadmap=waiting())
    asked.when(AnswerConsent(request=20, give=True), by="dan").then(ConsentGiven(request=20))
    asked.when(AnswerConsent(request=20, give=False), by="dan").then(ConsentRefused(request=20))


def test_nobody_consents_to_their_own_command() -> None:
    said = (
        given(roadmap=waiting())
        .when(AnswerConsent(request=20, give=True), by="paula")
        .then_refused(
            "consent", saying="waits for another person than the one who asked: dan or erin or carla or otto."
        )
    )
    assert said.try_ == ("roadlog consent 20 --as dan",)


def test_an_agent_is_no_second_person() -> None:
    given(roadmap=waiting()).when(AnswerConsent(request=20, give=True), by="bot").then_refused(
        "consent", saying="waits for a person: dan or erin or carla or otto."
    )


def test_who_left_is_no_second_person() -> None:
    gone = [*waiting(), *later(StakeholderLeft(stakeholder="dan"), first=21)]
    given(roadmap=gone).when(AnswerConsent(request=20, give=True), by="dan").then_refused("actor")


def test_consent_to_what_was_not_asked_is_refused() -> None:
    given(roadmap=waiting()).when(AnswerConsent(request=19, give=True), by="dan").then_refused(
        "unknown-request", saying="There is no request '19'"
    )


@pytest.mark.parametrize("answer", [ConsentGiven(request=20), ConsentRefused(request=20)])
def test_consent_is_answered_once(answer: Event) -> None:
    answered = given(roadmap=[*waiting(), *later(answer, by="dan", first=21)])
    for give in (True, False):
        answered.when(AnswerConsent(request=20, give=give), by="erin").then_refused(
            "consent-answered", saying="by dan"
        )


def situation_of(team: Given, actor: str) -> Situation:
    return team.when(AddNote(text="x"), by=actor).situation


def test_a_right_that_the_policy_gives_to_nobody_is_said_so() -> None:
    with pytest.raises(Refused, match="the policy asks for a role, and names none") as caught:
        require_role(situation_of(given(), "paula"), (), "waive")
    assert caught.value.try_ == ("roadlog stakeholder list",)


def test_a_right_that_nobody_holds_is_said_so() -> None:
    team: Team = {"paula": ("product",), "dan": ("data-science",)}
    with pytest.raises(
        Refused, match=r"dan \(data-science\) may not void: .* compliance, which nobody holds yet"
    ) as caught:
        require_role(situation_of(given(team=team), "dan"), ("compliance",), "void")
    assert caught.value.try_ == ("roadlog stakeholder add HANDLE --role compliance",)
