"""Which votes count at a gate, and why the others do not: rule 5."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from roadlog.domain.events import (
    ApprovalWithdrawn,
    Condition,
    ConditionMet,
    Event,
    EvidenceAttached,
    GateWaived,
    NoteAdded,
    OwnerChanged,
    ProblemReframed,
    RoleGranted,
    RoleRevoked,
)
from roadlog.domain.gate import NotCounted, Requirement, Stale, evaluate, owed_roles
from roadlog.domain.votes import assign
from tests.domain.gate_steps import (
    Steps,
    advanced,
    asking,
    criterion,
    defined,
    gate_of,
    last,
    line,
    returned,
    standing_at,
    voted,
)
from tests.domain.spec import FIRST, NOW, TEAM, by, given, record

ONE = asking("approval:data-science")
RETITLED = ProblemReframed(
    title="Fewer tickets", problem=None, segments=None, approach=None, solution_words=()
)
TRAINING = standing_at("training")
VOTE = FIRST + 2


def science(steps: Steps, **told: object) -> Requirement:
    """The approval by data-science at the gate of training."""
    return line("approval:data-science", steps, workflow=ONE, **told)  # type: ignore[arg-type]


def why(steps: Steps) -> tuple[str, ...]:
    found = science(steps)
    assert not found.met
    assert found.by == ()
    return tuple(each.why for each in found.not_counted)


def dan(steps: Steps = TRAINING) -> Steps:
    return voted(steps, "dan", "data-science")


# An approval that counts


def test_one_approval_satisfies_a_role() -> None:
    found = science(dan())
    assert (found.met, found.by, found.text) == (True, (VOTE,), "Approval by data-science")
    assert (found.stale, found.not_counted, found.try_) == ((), (), None)


def test_without_a_vote_the_role_is_owed() -> None:
    found = science(TRAINING)
    assert (found.met, found.text) == (False, "Approval by data-science: not given yet")
    assert found.try_ == "roadlog approve SUP-1 --role data-science"


def test_votes_may_be_given_where_no_gate_asks_and_do_no_harm() -> None:
    gate = gate_of(voted(TRAINING, "otto", "customer-ops", workflow=ONE), workflow=ONE)
    assert owed_roles(gate) == ("data-science",)


def test_a_vote_in_the_backlog_counts_where_its_gate_asks() -> None:
    assert evaluate_entry(voted((defined(),), "dan", "data-science"))
    assert not evaluate_entry((defined(),))


def evaluate_entry(steps: Steps) -> bool:
    from msgspec.structs import replace

    workflow = replace(ONE, entry=("approval:data-science",))
    case = given(*steps, workflow=workflow)
    return evaluate(case.state(), workflow, None, NOW, case.roadmap_state()).open


# For this milestone and cycle, about what stands there today


def test_a_vote_on_another_milestone_says_nothing_about_this_one() -> None:
    steps = (*dan(standing_at("live")), returned("training", cycle=1))
    found = science(steps)
    assert (found.met, found.not_counted, found.text) == (
        False,
        (),
        "Approval by data-science: not given yet",
    )


def test_a_vote_of_an_earlier_cycle_does_not_count() -> None:
    assert why((*dan(), returned("training", cycle=2))) == ("approved in cycle 1",)


def test_a_vote_on_a_changed_subject_is_stale_and_says_what_changed() -> None:
    evidence = EvidenceAttached(
        evidence="D1", kind="model", title="A model", uri=None, media_type=None, sha256="b" * 64, size=None
    )
    found = science((*dan(), RETITLED, by("erin", criterion()), evidence))
    assert (found.met, found.by, found.not_counted) == (False, (), ())
    assert found.stale == (Stale(position=VOTE, fields=("criteria", "evidence", "title")),)
    assert found.text == (
        "Approval by data-science: criteria or their results, evidence and title changed since the vote"
    )


def test_a_vote_counts_again_when_the_subject_is_what_it_was() -> None:
    back = ProblemReframed(
        title="Reduce support load", problem=None, segments=None, approach=None, solution_words=()
    )
    assert science((*dan(), RETITLED, back)).met


def test_what_approvals_are_not_about_makes_none_stale() -> None:
    assert science((*dan(), NoteAdded(text="Fine"))).met


# Superseded, withdrawn, expired, conditions


def test_the_latest_vote_of_a_stakeholder_stands() -> None:
    steps = voted(dan(), "dan", "data-science", "abstained")
    assert why(steps) == (f"superseded by dan's vote at position {VOTE + 1}", "dan abstained")
    found = science(dan(steps))
    assert (found.met, found.by) == (True, (VOTE + 2,))


def test_a_withdrawn_vote_does_not_count() -> None:
    withdrawn = by("dan", ApprovalWithdrawn(milestone="training", role="data-science"))
    assert why((*dan(), withdrawn)) == (f"withdrawn at position {VOTE + 1}",)


def test_an_abstention_satisfies_nothing() -> None:
    assert why(voted(TRAINING, "dan", "data-science", "abstained")) == ("dan abstained",)


def test_a_vote_counts_until_it_expires() -> None:
    steps = voted(TRAINING, "dan", "data-science", valid_until=NOW)
    assert science(steps, at=NOW - timedelta(microseconds=1)).met
    found = science(steps, at=NOW)
    assert found.not_counted == (NotCounted(position=VOTE, why="expired on 2026-03-06"),)


def test_a_condition_past_its_due_day_and_not_met_takes_the_vote_away() -> None:
    condition = Condition(id="C1", text="Retest", due=NOW.date())
    steps = voted(TRAINING, "dan", "data-science", conditions=(condition,))
    assert science(steps, at=NOW).met
    found = science(steps, at=NOW + timedelta(days=1))
    assert [each.why for each in found.not_counted] == ["C1 was due and is not met"]
    assert science((*steps, ConditionMet(condition="C1")), at=NOW + timedelta(days=1)).met


def test_a_condition_without_a_day_does_not_take_the_vote_away() -> None:
    condition = Condition(id="C1", text="Retest", due=None)
    assert science(voted(TRAINING, "dan", "data-science", conditions=(condition,))).met


# The voter


def test_a_voter_without_the_role_then_does_not_count() -> None:
    assert why(voted(TRAINING, "erin", "data-science")) == ("erin did not hold the role data-science",)


def test_a_voter_who_lost_the_role_since_still_counts() -> None:
    revoked = record(
        RoleRevoked(stakeholder="dan", role="data-science"), position=99, stream="SUP", version=99
    )
    case = given(*dan(), workflow=ONE, roadmap=(revoked,))
    assert evaluate(case.state(), ONE, "training", NOW, case.roadmap_state()).open


def test_an_agent_does_not_count() -> None:
    workflow = asking("approval:engineering")
    found = line("approval:engineering", voted(TRAINING, "bot", "engineering"), workflow=workflow)
    assert (found.met, [each.why for each in found.not_counted]) == (False, ["bot is no human (agent)"])
    assert line("approval:engineering", voted(TRAINING, "erin", "engineering"), workflow=workflow).met


def test_the_owner_does_not_count() -> None:
    assert why(dan(standing_at("training", owner="dan"))) == ("dan is the owner",)
    assert why((*dan(), OwnerChanged(owner="dan"))) == ("dan is the owner",)


def test_who_was_the_owner_when_voting_does_not_count_though_another_owns_it_now() -> None:
    handed = dan((*standing_at("training", owner="dan"),))
    assert why((*handed, OwnerChanged(owner="erin"))) == ("dan was the owner then",)
    assert science(dan((*standing_at("training", owner="dan"), OwnerChanged(owner="erin")))).met


def test_who_edited_the_subject_since_does_not_count() -> None:
    back = ProblemReframed(
        title="Reduce support load", problem=None, segments=None, approach=None, solution_words=()
    )
    steps = (*dan(), by("dan", RETITLED), by("paula", back))
    assert why(steps) == (f"dan edited the subject at position {VOTE + 1}, after the vote",)
    assert science(dan(steps)).met


def test_who_edited_the_subject_before_voting_counts() -> None:
    assert science(dan((*TRAINING, by("dan", RETITLED)))).met


# A standing rejection


def rejected(steps: Steps = TRAINING) -> Steps:
    return voted(steps, "carla", "data-science", "rejected", team=BOTH)


BOTH = {**TEAM, "carla": ("data-science", "compliance")}


def blocked(steps: Steps) -> bool:
    return not line("approval:data-science", steps, workflow=ONE, team=BOTH).met


def test_a_standing_rejection_outweighs_another_approval() -> None:
    found = line("approval:data-science", dan(rejected()), workflow=ONE, team=BOTH)
    assert (found.met, found.by) == (False, ())
    assert found.text == "Approval by data-science: rejected by carla; it stands until carla votes again"
    assert found.not_counted == (
        NotCounted(position=VOTE, why="carla rejected"),
        NotCounted(position=VOTE + 1, why="the rejection by carla stands"),
    )


def test_a_stale_rejection_stands() -> None:
    found = line("approval:data-science", dan((*rejected(), RETITLED)), workflow=ONE, team=BOTH)
    assert not found.met
    assert found.stale == (Stale(position=VOTE, fields=("title",)),)


def test_a_rejection_stands_into_the_next_iteration() -> None:
    assert blocked(dan((*rejected(), returned("training"))))


def test_a_rejection_ends_with_its_voters_next_vote() -> None:
    assert not blocked(dan(voted(rejected(), "carla", "data-science", team=BOTH)))
    assert not blocked(dan(voted(rejected(), "carla", "data-science", "abstained", team=BOTH)))


def test_a_rejection_ends_when_it_is_withdrawn() -> None:
    withdrawn = by("carla", ApprovalWithdrawn(milestone="training", role="data-science"))
    assert not blocked(dan((*rejected(), withdrawn)))


def test_a_rejection_ends_with_its_cycle() -> None:
    assert not blocked(dan((*rejected(), returned("training", cycle=2))))


def test_a_rejection_ends_when_its_voter_loses_the_role() -> None:
    revoked = record(
        RoleRevoked(stakeholder="carla", role="data-science"), position=99, stream="SUP", version=99
    )
    case = given(*dan(rejected()), workflow=ONE, team=BOTH, roadmap=(revoked,))
    found = evaluate(case.state(), ONE, "training", NOW, case.roadmap_state()).requirements[0]
    assert (found.met, found.by) == (True, (VOTE + 1,))
    assert found.not_counted[0].why == "carla rejected, and holds the role data-science no more"


def test_a_rejection_without_the_role_keeps_nothing_shut() -> None:
    assert science(dan(voted(TRAINING, "otto", "data-science", "rejected"))).met


def test_a_rejection_by_an_agent_or_the_owner_keeps_nothing_shut_and_is_shown() -> None:
    workflow = asking("approval:engineering")
    steps = voted(voted(TRAINING, "bot", "engineering", "rejected"), "erin", "engineering")
    found = line("approval:engineering", steps, workflow=workflow)
    assert (found.met, found.by) == (True, (VOTE + 1,))
    assert found.not_counted == (NotCounted(position=VOTE, why="bot rejected, and is no human (agent)"),)

    owned = rejected(standing_at("training", owner="carla"))
    found = line("approval:data-science", dan(owned), workflow=ONE, team=BOTH)
    assert found.met
    assert found.not_counted == (NotCounted(position=VOTE, why="carla rejected, and is the owner"),)
    handed = (*dan(owned), OwnerChanged(owner="paula"))
    found = line("approval:data-science", handed, workflow=ONE, team=BOTH)
    assert found.met
    assert found.not_counted == (NotCounted(position=VOTE, why="carla rejected, and was the owner then"),)


def test_a_rejection_counts_again_when_its_voter_regains_the_role() -> None:
    """Decision 009: the vote stands; what it needs is the role."""
    lost = RoleRevoked(stakeholder="carla", role="data-science")
    regained = RoleGranted(stakeholder="carla", role="data-science")
    cases: list[tuple[tuple[Event, ...], bool]] = [((lost,), True), ((lost, regained), False)]
    for told, open_ in cases:
        people = tuple(
            record(each, position=90 + n, stream="SUP", version=90 + n) for n, each in enumerate(told)
        )
        case = given(*dan(rejected()), workflow=ONE, team=BOTH, roadmap=people)
        assert evaluate(case.state(), ONE, "training", NOW, case.roadmap_state()).open is open_


def test_a_rejection_of_one_role_leaves_the_others_alone() -> None:
    workflow = asking("approval:data-science", "approval:compliance")
    steps = voted(dan(), "carla", "compliance", "rejected")
    assert owed_roles(gate_of(steps, workflow=workflow)) == ("compliance",)


# Iterations


def test_a_vote_carries_into_a_new_iteration() -> None:
    found = science((*dan(), returned("training")))
    assert (found.met, found.by) == (True, (VOTE,))
    assert found.text == f"Approval by data-science (carried from position {VOTE})"


def test_a_stale_vote_does_not_carry() -> None:
    assert not science((*dan(), returned("training"), RETITLED)).met


def test_a_gate_that_renews_asks_anew_in_each_iteration() -> None:
    workflow = asking("approval:data-science", renew=True)
    steps = (*dan(), returned("training"))
    found = line("approval:data-science", steps, workflow=workflow)
    assert not found.met
    assert found.not_counted[0].why == "given in iteration 1; this gate asks anew in each"
    assert line("approval:data-science", dan(steps), workflow=workflow).by == (last(steps) + 1,)


# One person counts once a gate

TWO = asking("approval:data-science", "approval:compliance")


def twice(*, one_role_per_person: bool, then: bool = False) -> tuple[Requirement, ...]:
    """Carla approves in both roles; `then` dan approves too."""
    workflow = asking("approval:data-science", "approval:compliance", one_role_per_person=one_role_per_person)
    steps = voted(TRAINING, "carla", "data-science", workflow=workflow, team=BOTH)
    steps = voted(steps, "carla", "compliance", workflow=workflow, team=BOTH)
    if then:
        steps = voted(steps, "dan", "data-science", workflow=workflow, team=BOTH)
    return gate_of(steps, workflow=workflow, team=BOTH).requirements


def test_one_person_counts_once_a_gate() -> None:
    first, second = twice(one_role_per_person=True)
    assert (first.met, second.met) == (True, False)
    assert second.not_counted == (
        NotCounted(position=VOTE + 1, why="carla counts once a gate, here as data-science"),
    )
    assert second.text == "Approval by compliance: carla counts once a gate, here as data-science"


def test_one_person_counts_where_most_roles_are_satisfied() -> None:
    first, second = twice(one_role_per_person=True, then=True)
    assert (first.by, second.by) == ((VOTE + 2,), (VOTE + 1,))
    assert first.not_counted == (
        NotCounted(position=VOTE, why="carla counts once a gate, here as compliance"),
    )


def test_a_policy_can_let_one_person_count_in_several_roles() -> None:
    first, second = twice(one_role_per_person=False)
    assert (first.by, second.by) == ((VOTE,), (VOTE + 1,))


def test_a_waived_role_takes_nobody_away_from_another() -> None:
    waiver = GateWaived(
        milestone="training", requirement="approval:data-science", until=NOW + timedelta(days=1)
    )
    steps = voted(TRAINING, "carla", "data-science", workflow=TWO, team=BOTH)
    steps = (*voted(steps, "carla", "compliance", workflow=TWO, team=BOTH), waiver)
    first, second = gate_of(steps, workflow=TWO, team=BOTH).requirements
    assert (first.waiver, second.by) == (FIRST + 4, (VOTE + 1,))


@over(st.sets(st.tuples(st.sampled_from("abcd"), st.sampled_from("vwxyz")), max_size=12))
def test_as_many_roles_as_can_be_have_a_person(pairs: set[tuple[str, str]]) -> None:
    roles = "vwxyz"
    ordered = sorted(pairs)
    places = assign({role: tuple(person for person, its in ordered if its == role) for role in roles})
    assert all((person, role) in pairs for person, role in places.items())
    assert set(places) == {person for person, _ in pairs}
    assert len(set(places.values())) == most(roles, pairs, frozenset())


def most(roles: str, pairs: set[tuple[str, str]], used: frozenset[str]) -> int:
    """The best by trying every assignment."""
    if not roles:
        return 0
    best = most(roles[1:], pairs, used)
    for person, role in pairs:
        if role == roles[0] and person not in used:
            best = max(best, 1 + most(roles[1:], pairs, used | {person}))
    return best


# What to do


@pytest.mark.parametrize(
    ("team", "remedy"),
    [
        (TEAM, "roadlog approve SUP-1 --role data-science"),
        (
            {"paula": ("product",), "carla": ("compliance",)},
            "roadlog stakeholder add HANDLE --role data-science",
        ),
        (
            {"paula": ("product", "data-science"), "carla": ("compliance",)},
            "roadlog stakeholder add HANDLE --role data-science",
        ),
        ({"paula": ("product",)}, "roadlog waive SUP-1 approval:data-science --until DATE --because TEXT"),
    ],
)
def test_the_way_out_is_one_that_can_be_gone(team: dict[str, tuple[str, ...]], remedy: str) -> None:
    assert science((defined(), advanced("training")), team=team).try_ == remedy


def test_where_the_only_holder_counts_as_another_role_somebody_is_to_be_enrolled() -> None:
    """Carla holds both roles and counts once: her further vote would not help, dan's would."""
    team = {"paula": ("product",), "carla": BOTH["carla"], "otto": ("customer-ops",)}
    steps = voted(TRAINING, "carla", "data-science", workflow=TWO, team=team)
    assert line("approval:compliance", steps, workflow=TWO, team=team).try_ == (
        "roadlog stakeholder add HANDLE --role compliance"
    )
    helped = {**team, "dan": ("data-science",)}
    both = voted(steps, "dan", "data-science", workflow=TWO, team=helped)
    assert line("approval:compliance", both, workflow=TWO, team=helped).try_ == (
        "roadlog approve SUP-1 --role compliance"
    )


def test_who_is_the_only_human_beside_agents_is_told_to_waive() -> None:
    team = {"paula": ("product",), "bot": ("engineering",)}
    assert science((defined(), advanced("training")), team=team).try_ == (
        "roadlog waive SUP-1 approval:data-science --until DATE --because TEXT"
    )
