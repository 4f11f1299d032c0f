"""The rule book of waivers: of what, by whom, until when (rules 2 and 10)."""

from datetime import UTC, datetime, timedelta

import pytest

from roadlog.domain.commands import (
    AdvanceMilestone,
    WaiveRequirement,
)
from roadlog.domain.events import (
    GateWaived,
)
from tests.domain.history import (
    FILMS,
    adopted,
    advanced,
    line,
    problem,
)
from tests.domain.spec import FIRST, NOW, at, given, with_policy

ALONE: dict[str, tuple[str, ...]] = {"paula": ("product",)}
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def waive(requirement: str, milestone: str | None = None, until: datetime = LATER) -> WaiveRequirement:
    return WaiveRequirement(requirement=requirement, until=until, milestone=milestone)


def waived(requirement: str, milestone: str | None = "feasibility") -> GateWaived:
    return GateWaived(milestone=milestone, requirement=requirement, until=LATER)


FEASIBILITY = (problem(), advanced(None, "feasibility"))
OWNED = (problem(owner="carla"), advanced(None, "feasibility"))


@pytest.mark.parametrize("who", ["paula", "carla"])
def test_rule_10_product_and_compliance_waive(who: str) -> None:
    given(*FEASIBILITY).when(waive("classification"), by=who, because="done on paper").then(
        waived("classification")
    )


def test_rule_10_other_roles_do_not_waive() -> None:
    given(*FEASIBILITY).when(waive("classification"), by="dan", because="done on paper").then_refused(
        "authority"
    )


@pytest.mark.parametrize("who", ["dan", "carla"])
def test_rule_10_an_approval_is_waived_by_a_holder_of_its_role_or_by_compliance(who: str) -> None:
    given(*FEASIBILITY).when(waive("approval:data-science"), by=who, because="on leave").then(
        waived("approval:data-science")
    )


@pytest.mark.parametrize("who", ["paula", "erin"])
def test_rule_10_an_approval_is_waived_by_nobody_else(who: str) -> None:
    given(*FEASIBILITY).when(waive("approval:data-science"), by=who, because="on leave").then_refused(
        "authority"
    )


def test_rule_10_the_owner_never_waives_an_approval_but_may_waive_the_rest() -> None:
    given(*OWNED).when(waive("approval:compliance"), by="carla", because="on leave").then_refused("owner")
    given(*OWNED).when(waive("classification"), by="carla", because="on paper").then(waived("classification"))


def test_rule_10_while_alone_one_may_waive_as_owner_too() -> None:
    given(problem(owner="paula"), advanced(None, "feasibility"), team=ALONE).when(
        waive("approval:compliance"), because="nobody else yet"
    ).then(waived("approval:compliance"))


def test_a_waiver_needs_a_reason() -> None:
    given(*FEASIBILITY).when(waive("classification")).then_refused("reason")


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(days=1)])
def test_a_waiver_lasts_beyond_the_moment_it_is_given(until: datetime) -> None:
    given(*FEASIBILITY).when(waive("classification", until=until), because="done on paper").then_refused(
        "until"
    )


def test_a_waiver_names_a_requirement_of_that_gate() -> None:
    given(*FEASIBILITY).when(waive("clasification"), because="done on paper").then_refused(
        "unknown-requirement", saying="Did you mean classification?"
    )
    given(*FEASIBILITY).when(waive("monitor"), because="done on paper").then_refused("unknown-requirement")


def test_a_waiver_may_be_for_another_milestone_s_gate() -> None:
    given(*FEASIBILITY).when(waive("monitor", "experimentation"), because="watched by hand").then(
        waived("monitor", "experimentation")
    )
    given(*FEASIBILITY).when(waive("monitor", "experiment"), because="watched by hand").then_refused(
        "unknown-milestone", saying="Did you mean experimentation?"
    )


def test_the_backlog_s_gate_may_be_waived() -> None:
    given(problem(complete=False)).when(waive("problem"), because="to be found").then(waived("problem", None))
    given(problem(complete=False), waived("problem", None)).when(AdvanceMilestone()).then(
        advanced(None, "feasibility", gate=(line(None, "problem", waiver=FIRST + 1),))
    )


def test_the_same_waiver_again_records_nothing() -> None:
    given(*FEASIBILITY, waived("classification")).when(
        waive("classification"), because="done on paper"
    ).then()


def test_a_waiver_lapses() -> None:
    short = GateWaived(milestone="script", requirement="notice", until=at(10))
    history = given(problem(), advanced(None, "script"), short, workflow=FILMS)
    history.when(AdvanceMilestone(), at=at(9), now=NOW).then(
        advanced("script", "shooting", gate=(line("script", "notice", waiver=FIRST + 2),))
    )
    history.when(AdvanceMilestone(), at=at(10), now=NOW).then_refused("gate")


def test_rule_10_a_waiver_takes_a_person_whatever_the_roles_of_an_agent() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "bot": ("compliance", "product")}
    for requirement in ("classification", "approval:compliance"):
        asked = given(*FEASIBILITY, team=team).when(waive(requirement), by="bot", because="on paper")
        said = asked.then_refused("human", saying="bot (agent) may not waive")
        assert said.try_ == ("roadlog stakeholder list",)
        given(*FEASIBILITY, team=team).when(waive(requirement), because="on paper").then(waived(requirement))


def test_rule_10_agents_are_no_company_the_only_human_waives_as_owner_too() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "bot": ("engineering",)}
    owned = (problem(owner="paula"), advanced(None, "feasibility"))
    given(*owned, team=team).when(waive("approval:compliance"), because="nobody else yet").then(
        waived("approval:compliance")
    )
    team["dan"] = ("data-science",)
    given(*owned, team=team).when(waive("approval:compliance"), because="no time").then_refused("owner")


def test_the_policy_says_who_waives_an_approval_beside_the_holders_of_its_role() -> None:
    workflow = with_policy(may_waive_approvals=("product",))
    history = given(*FEASIBILITY, workflow=workflow)
    history.when(waive("approval:data-science"), because="on leave").then(waived("approval:data-science"))
    history.when(waive("approval:data-science"), by="dan", because="on leave").then(
        waived("approval:data-science")
    )
    history.when(waive("approval:data-science"), by="carla", because="on leave").then_refused("authority")


def test_adopted_work_may_be_waived_the_entry_gate_that_it_owes() -> None:
    given(adopted("training")).when(waive("problem"), because="written down on paper").then(
        waived("problem", "training")
    )
    history = given(adopted("training"), waived("problem", "training"))
    assert "problem" not in str(history.when(AdvanceMilestone()).then_refused("gate").missing).lower()
    given(problem(), advanced(None, "feasibility")).when(waive("problem"), because="on paper").then_refused(
        "unknown-requirement"
    )


def test_adopted_work_at_the_finish_owes_no_entry_gate_that_could_be_waived() -> None:
    given(adopted("live")).when(waive("problem"), because="written down on paper").then_refused(
        "unknown-requirement"
    )
    given(adopted("experimentation")).when(waive("problem"), because="written down on paper").then(
        waived("problem", "experimentation")
    )
