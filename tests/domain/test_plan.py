"""The rule book of owners, the plan, the purpose, and what roles said between gates (rule 12)."""

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import (
    AddDependency,
    ChangeOwner,
    ClassifyPurpose,
    ConsultStakeholder,
    PlaceInitiative,
    RemoveDependency,
)
from roadlog.domain.events import (
    DependencyAdded,
    DependencyRemoved,
    InitiativePlaced,
    OwnerChanged,
    PurposeClassified,
    StakeholderConsulted,
    StakeholderLeft,
)
from roadlog.domain.initiative import InitiativeState
from tests.domain.history import problem
from tests.domain.spec import AI_PRODUCT, START, given, record

GONE = record(StakeholderLeft(stakeholder="dan"), position=50, stream="SUP", version=50, at=START)


# Owners


def test_an_owner_is_an_enrolled_stakeholder() -> None:
    given(problem()).when(ChangeOwner(owner="pauls")).then_refused(
        "unknown-stakeholder", saying="Did you mean paula?"
    )
    given(problem()).when(ChangeOwner(owner="dan")).then(OwnerChanged(owner="dan"))


def test_who_left_owns_nothing_more() -> None:
    given(problem(), roadmap=[GONE]).when(ChangeOwner(owner="dan")).then_refused("unknown-stakeholder")


def test_the_owner_it_has_is_no_change() -> None:
    given(problem(owner="dan")).when(ChangeOwner(owner="dan")).then()


# The plan


def test_placing_in_a_horizon_with_a_rank() -> None:
    given(problem()).when(PlaceInitiative(horizon="now", rank=1)).then(
        InitiativePlaced(horizon="now", rank=1)
    )
    given(problem()).when(PlaceInitiative(horizon="now", rank=0)).then_refused("count", saying="rank")


def test_placing_without_a_rank_keeps_the_one_of_the_same_horizon_only() -> None:
    placed = InitiativePlaced(horizon="now", rank=2)
    given(problem(), placed).when(PlaceInitiative(horizon="now")).then()
    given(problem(), placed).when(PlaceInitiative(horizon="now", rank=2)).then()
    given(problem(), placed).when(PlaceInitiative(horizon="next")).then(
        InitiativePlaced(horizon="next", rank=None)
    )


OTHER = InitiativeState(key="SUP-2", version=1)
WAITING = InitiativeState(key="SUP-2", version=2, dependencies=("SUP-1",))


def test_depending_on_another_initiative() -> None:
    given(problem(), others={"SUP-2": OTHER}).when(AddDependency(on="SUP-2")).then(
        DependencyAdded(on="SUP-2")
    )


def test_depending_on_it_already_records_nothing() -> None:
    added = DependencyAdded(on="SUP-2")
    given(problem(), added, others={"SUP-2": OTHER}).when(AddDependency(on="SUP-2")).then()


def test_depending_on_itself_is_refused() -> None:
    given(problem()).when(AddDependency(on="SUP-1")).then_refused("dependency", saying="itself")


def test_two_initiatives_do_not_wait_for_each_other() -> None:
    refused = given(problem(), others={"SUP-2": WAITING}).when(AddDependency(on="SUP-2"))
    assert refused.then_refused("dependency").try_ == ("roadlog depend SUP-2 --on SUP-1 --remove",)


def test_a_ring_of_any_length_is_refused() -> None:
    def waits(key: str, *on: str) -> InitiativeState:
        return InitiativeState(key=key, version=1, dependencies=on)

    ring = {
        "SUP-2": waits("SUP-2", "SUP-4", "SUP-3"),
        "SUP-3": waits("SUP-3", "SUP-1"),
        "SUP-4": waits("SUP-4"),
    }
    refused = (
        given(problem(), others=ring)
        .when(AddDependency(on="SUP-2"))
        .then_refused(
            "dependency", saying="SUP-2, which depends on SUP-3, which depends on SUP-1 already; all of them"
        )
    )
    assert refused.try_ == ("roadlog depend SUP-3 --on SUP-1 --remove",)
    chain = ring | {"SUP-3": waits("SUP-3", "SUP-4")}
    given(problem(), others=chain).when(AddDependency(on="SUP-2")).then(DependencyAdded(on="SUP-2"))


@pytest.mark.parametrize("others", [{}, {"SUP-9": InitiativeState()}])
def test_depending_on_what_is_not_there_is_unknown(others: dict[str, InitiativeState]) -> None:
    given(problem(), others=others).when(AddDependency(on="SUP-9")).then_refused("unknown-initiative")
    given(problem(), others=others).when(RemoveDependency(on="SUP-9")).then_refused("unknown-initiative")


def test_a_dependency_is_removed_once() -> None:
    added = DependencyAdded(on="SUP-2")
    given(problem(), added, others={"SUP-2": OTHER}).when(RemoveDependency(on="SUP-2")).then(
        DependencyRemoved(on="SUP-2")
    )
    given(problem(), others={"SUP-2": OTHER}).when(RemoveDependency(on="SUP-2")).then()


# Purpose and consultations


def test_a_purpose_is_classified_and_again_only_when_it_changes() -> None:
    command = ClassifyPurpose(
        purpose="Draft answers", affected="customers", risk_class="limited", basis="Article 50", our_role=None
    )
    event = PurposeClassified(
        purpose="Draft answers", affected="customers", risk_class="limited", our_role=None, basis="Article 50"
    )
    given(problem()).when(command).then(event)
    given(problem(), event).when(command).then()
    given(problem(), event).when(replace(command, risk_class="high")).then(replace(event, risk_class="high"))


def test_rule_12_a_role_is_heard_through_somebody_who_holds_it() -> None:
    command = ConsultStakeholder(role="compliance", said="Fine so far.")
    given(problem()).when(command, by="carla").then(
        StakeholderConsulted(role="compliance", said="Fine so far.")
    )
    refused = given(problem()).when(command, by="paula").then_refused("role")
    assert "it is held by carla" in refused.message
    assert refused.try_ == ("roadlog checkin SUP-1 --role compliance TEXT",)


def test_rule_12_a_role_that_nobody_holds_is_not_heard() -> None:
    command = ConsultStakeholder(role="compliance", said="Fine so far.")
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "dan": ("data-science",)}
    refused = given(problem(), team=team).when(command).then_refused("role", saying="nobody here holds it")
    assert refused.try_ == ("roadlog stakeholder add HANDLE --role compliance",)


def test_rule_10_while_alone_one_may_speak_for_a_role_one_does_not_hold() -> None:
    command = ConsultStakeholder(role="compliance", said="Counsel is fine with it.")
    given(problem(), team={"paula": ("product",)}).when(command).then(
        StakeholderConsulted(role="compliance", said="Counsel is fine with it.")
    )


def test_a_role_is_one_of_the_workflow() -> None:
    given(problem()).when(ConsultStakeholder(role="complience", said="Fine."), by="carla").then_refused(
        "unknown-role", saying="Did you mean compliance?"
    )
    assert "compliance" in AI_PRODUCT.roles
