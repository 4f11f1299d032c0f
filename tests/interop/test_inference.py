"""Workflows made of a log's own activities."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from roadlog.domain.refusals import Malformed
from roadlog.domain.workflow import Policy, Workflow
from roadlog.domain.workflow_rules import faults
from roadlog.interop.inference import ends_moved, inferred
from tests.domain.spec import AI_PRODUCT


def made(
    *activities: str, before: Workflow = AI_PRODUCT, start: str | None = None, finish: str | None = None
) -> Workflow:
    return inferred(activities, before, start=start, finish=finish, called="activity")


def test_milestones_are_the_activities_without_gates() -> None:
    workflow = made("Design", "Build", "Ship")
    assert workflow.order == ("Design", "Build", "Ship")
    assert (workflow.start, workflow.finish, workflow.entry) == ("Design", "Ship", ())
    assert not any(each.requires for each in workflow.milestones)
    assert faults(workflow) == ()


def test_roles_and_policy_in_force_are_kept() -> None:
    strict = replace(AI_PRODUCT, policy=Policy(may_enrol=("compliance",), max_backdate_days=3))
    assert made("Design", before=strict).policy == replace(strict.policy, problem_first=False)
    assert made("Design", before=strict).roles == AI_PRODUCT.roles


def test_start_and_finish_can_be_chosen() -> None:
    workflow = made("Idea", "Build", "Ship", "Care", start="Build", finish="Ship")
    assert (workflow.start, workflow.finish) == ("Build", "Ship")
    assert made("Only").start == made("Only").finish == "Only"


@pytest.mark.parametrize(
    ("start", "finish", "why"),
    [
        ("Ship", "Build", "The start 'Ship' comes after the finish 'Build'"),
        ("Test", None, "--start 'Test' is no activity of this log. Known: Idea, Build, Ship."),
        (None, "build", "--finish 'build' is no activity of this log. Did you mean 'Build'"),
    ],
)
def test_start_and_finish_must_be_there_and_in_order(start: str | None, finish: str | None, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        made("Idea", "Build", "Ship", start=start, finish=finish)


def test_fifty_activities_are_the_most() -> None:
    fifty = tuple(f"Step {number}" for number in range(50))
    assert len(made(*fifty).milestones) == 50
    with pytest.raises(
        Malformed, match="There would be 51 activities; a workflow has at most 50"
    ) as malformed:
        made(*fifty, "One more")
    assert "--map FILE" in malformed.value.message


def test_the_same_activities_again_change_nothing_whatever_their_order() -> None:
    before = made("Design", "Build", "Ship")
    assert made("Build", "Design", "Ship", before=before) == before
    assert made("Ship", before=before) == before


def test_new_activities_stand_behind_those_they_follow() -> None:
    before = made("Design", "Build", "Ship")
    after = made("Idea", "Design", "Review", "Build", "Ship", "Care", before=before)
    assert after.order == ("Idea", "Design", "Review", "Build", "Ship", "Care")
    assert (after.start, after.finish, after.version) == ("Idea", "Care", 2)


def test_ends_that_were_chosen_stay_until_others_are() -> None:
    before = made("Idea", "Build", "Ship", "Care", start="Build", finish="Ship")
    assert (made("Idea", "Test", before=before).start, made("Test", before=before).finish) == (
        "Build",
        "Ship",
    )
    assert made("Idea", before=before, start="Idea").start == "Idea"


def test_ends_that_move_are_told() -> None:
    before = made("Design", "Build")
    assert "'Ship' now; it was 'Build'" in (ends_moved(before, made("Build", "Ship", before=before)) or "")
    assert ends_moved(before, made("Design", "Test", "Build", before=before)) is None
    assert (ends_moved(before, made("Idea", "Design", before=before)) or "").startswith("The start is 'Idea'")
    assert ends_moved(before, made("Build", "Ship", before=before, finish="Build")) is None
    assert ends_moved(AI_PRODUCT, before) is None
    assert (ends_moved(before, made("Design", "Build", before=before, start="Build")) or "").startswith(
        "The start is 'Build' now; it was 'Design'. What is recorded keeps"
    )


def test_gates_that_were_added_by_hand_stay() -> None:
    before = made("Design", "Build")
    gated = replace(
        before, milestones=(replace(before.milestones[0], requires=("baseline",)), before.milestones[1])
    )
    assert made("Design", "Build", "Ship", before=gated).milestones[0].requires == ("baseline",)
