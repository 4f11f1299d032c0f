"""Keys and signed approvals: who enrols and retires which, what the policy demands, and who is one person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import (
    AnswerConsent,
    Approve,
    EnrolKey,
    RetireKey,
    ReviewBreakGlass,
    WaiveRequirement,
)
from roadlog.domain.events import (
    ConsentRequested,
    Event,
    KeyEnrolled,
    KeyRetired,
    ProblemReframed,
    StakeholderApproved,
    StakeholderLeft,
)
from roadlog.domain.gate import Requirement, evaluate
from roadlog.domain.records import Assurance, Record
from roadlog.domain.roadmap import fold_roadmap
from roadlog.domain.ssh_keys import ED25519, SK_ED25519, PublicKey, fingerprint
from roadlog.domain.votes import voters
from roadlog.domain.workflow import Workflow
from tests.domain.gate_steps import Steps, asking, defined, last, standing_at, voted
from tests.domain.history import GLASS
from tests.domain.spec import FIRST, NOW, START, TEAM, Given, by, given, record, with_policy

DAY = timedelta(days=1)
ONE, TWO, THREE = (PublicKey(kind=ED25519, point=bytes([each]) * 32).text for each in (1, 2, 3))
DEVICE = PublicKey(kind=SK_ED25519, point=bytes(32), application=b"ssh:").text
TRAINING = standing_at("training")
WORKFLOW = asking("approval:compliance", "approval:engineering")


def enrolled(
    handle: str, key: str = ONE, since: datetime = START, until: datetime | None = None
) -> KeyEnrolled:
    return KeyEnrolled(stakeholder=handle, public_key=key, valid_from=since, valid_until=until)


def retired(handle: str, key: str = ONE) -> KeyRetired:
    return KeyRetired(stakeholder=handle, fingerprint=fingerprint(key))


def told(*events: Event, actor: str = "paula") -> list[Record]:
    """Further records of the roadmap's own stream."""
    return [
        record(each, position=20 + n, stream="SUP", version=20 + n, actor=actor, at=START)
        for n, each in enumerate(events)
    ]


def when_told(*events: Event) -> Given:
    return given(roadmap=told(*events))


def enrol(handle: str, key: str = ONE, **window: Any) -> EnrolKey:
    return EnrolKey(stakeholder=handle, public_key=key, **window)


# Enrolling


def test_who_is_here_may_enrol_a_key_of_their_own() -> None:
    given().when(enrol("dan"), by="dan").then(enrolled("dan", since=NOW))


def test_a_key_is_recorded_without_its_comment() -> None:
    given().when(enrol("dan", f"{ONE} dan@laptop"), by="dan").then(enrolled("dan", since=NOW))


def test_who_may_enrol_people_may_enrol_a_key_of_theirs() -> None:
    given().when(enrol("dan"), by="paula").then(enrolled("dan", since=NOW))


def test_nobody_else_enrols_a_key_for_another() -> None:
    error = given().when(enrol("dan"), by="carla").then_refused("authority")
    assert error.message.startswith("carla (compliance) may not enrol a key of dan")


def test_a_key_may_have_a_window() -> None:
    window: dict[str, Any] = {"valid_from": NOW + DAY, "valid_until": NOW + 2 * DAY}
    given().when(enrol("dan", **window), by="dan").then(enrolled("dan", ONE, NOW + DAY, NOW + 2 * DAY))


@pytest.mark.parametrize(
    "window",
    [
        {"valid_until": NOW},
        {"valid_from": NOW - 2 * DAY, "valid_until": NOW - DAY},
        {"valid_from": NOW + DAY, "valid_until": NOW + DAY},
    ],
)
def test_a_window_that_has_passed_or_is_empty_is_refused(window: dict[str, Any]) -> None:
    given().when(enrol("dan", **window), by="dan").then_refused("valid-until")


def test_what_is_no_key_is_refused() -> None:
    given().when(enrol("dan", "ssh-rsa AAAA"), by="dan").then_refused(
        "public-key", saying="none of ssh-ed25519"
    )


def test_a_key_of_nobody_here_is_refused() -> None:
    given().when(enrol("zoe")).then_refused("unknown-stakeholder")
    when_told(StakeholderLeft(stakeholder="dan")).when(enrol("dan")).then_refused("left")


def test_the_same_key_again_is_already_so() -> None:
    when_told(enrolled("dan")).when(enrol("dan"), by="dan").then()
    when_told(enrolled("dan")).when(enrol("dan", valid_from=START), by="dan").then()


def test_another_window_for_the_same_key_is_refused() -> None:
    case = when_told(enrolled("dan", until=NOW + DAY))
    case.when(enrol("dan"), by="dan").then_refused("key-enrolled", saying="until 2026-03-07T09:00:00Z")
    case.when(enrol("dan", valid_until=NOW + 2 * DAY), by="dan").then_refused("key-enrolled")
    case.when(enrol("dan", valid_until=NOW + DAY), by="dan").then()


def test_a_retired_key_stays_retired() -> None:
    case = when_told(enrolled("dan"), retired("dan"))
    case.when(enrol("dan"), by="dan").then_refused("key-enrolled", saying="was retired at position 21")
    case.when(enrol("dan", TWO), by="dan").then(enrolled("dan", TWO, NOW))


# Retiring


def test_who_has_a_key_retires_it_and_says_why() -> None:
    case = when_told(enrolled("dan"))
    command = RetireKey(stakeholder="dan", fingerprint=fingerprint(ONE))
    case.when(command, by="dan", because="stolen").then(retired("dan"))
    error = case.when(command, by="dan").then_refused("reason")
    assert error.try_ == (f"roadlog key retire dan {fingerprint(ONE)} --because WHY",)


def test_who_may_enrol_people_may_retire_keys_and_nobody_else() -> None:
    case = when_told(enrolled("dan"))
    command = RetireKey(stakeholder="dan", fingerprint=fingerprint(ONE))
    case.when(command, by="paula", because="stolen").then(retired("dan"))
    case.when(command, by="carla", because="stolen").then_refused("authority")


def test_a_key_that_is_not_there_cannot_be_retired() -> None:
    case = when_told(enrolled("carla"))
    command = RetireKey(stakeholder="dan", fingerprint=fingerprint(ONE))
    case.when(command, because="stolen").then_refused("unknown-key")
    case.when(replace(command, stakeholder="zoe"), because="stolen").then_refused("unknown-stakeholder")


def test_retiring_again_is_already_so() -> None:
    case = when_told(enrolled("dan"), retired("dan"))
    case.when(RetireKey(stakeholder="dan", fingerprint=fingerprint(ONE)), because="stolen").then()


def test_the_key_of_one_who_left_can_be_retired() -> None:
    case = when_told(enrolled("dan"), StakeholderLeft(stakeholder="dan"))
    case.when(RetireKey(stakeholder="dan", fingerprint=fingerprint(ONE)), because="left").then(retired("dan"))


def test_a_key_is_retired_when_that_is_recorded() -> None:
    late = replace(told(enrolled("dan"), retired("dan"))[1], recorded_at=NOW)
    (key,) = fold_roadmap([*given().roadmap, told(enrolled("dan"))[0], late]).keys
    assert (key.retired_by, key.retired_at, key.signs_at(NOW)) == (21, NOW, True)


# What the policy demands


def approval(
    steps: Steps, workflow: Workflow, role: str = "compliance", *, keys: tuple[Event, ...] = ()
) -> Requirement:
    case = given(*steps, workflow=workflow, roadmap=told(*keys))
    state, roadmap = case.state(), case.roadmap_state()
    gate = evaluate(state, workflow, state.milestone, NOW, roadmap)
    return next(each for each in gate.requirements if each.id == f"approval:{role}")


@pytest.mark.parametrize(
    ("policy", "given_", "counts"),
    [
        ({}, "asserted", True),
        ({}, "signed", True),
        ({"signed_roles": ("compliance",)}, "asserted", False),
        ({"signed_roles": ("compliance",)}, "signed", True),
        ({"signed_roles": ("compliance",)}, "hardware", True),
        ({"hardware_roles": ("compliance",)}, "asserted", False),
        ({"hardware_roles": ("compliance",)}, "signed", False),
        ({"hardware_roles": ("compliance",)}, "hardware", True),
        ({"signed_roles": ("compliance",), "hardware_roles": ("compliance",)}, "signed", False),
        ({"signed_roles": ("engineering",)}, "asserted", True),
    ],
)
def test_a_vote_less_sure_than_the_policy_demands_does_not_count(
    policy: dict[str, tuple[str, ...]], given_: Assurance, counts: bool
) -> None:
    workflow = with_policy(WORKFLOW, **policy)
    steps = voted(TRAINING, "carla", "compliance", workflow=workflow, assurance=given_)
    assert approval(steps, workflow).met is counts


def test_the_gate_says_why_it_does_not_count_and_how_to_sign() -> None:
    workflow = with_policy(WORKFLOW, signed_roles=("compliance",))
    found = approval(voted(TRAINING, "carla", "compliance", workflow=workflow), workflow)
    assert (
        found.text == "Approval by compliance: carla did not sign with a key, as the policy asks of that role"
    )
    assert found.try_ == "roadlog approve SUP-1 --role compliance --sign KEYFILE"
    device = with_policy(WORKFLOW, hardware_roles=("compliance",))
    steps = voted(TRAINING, "carla", "compliance", workflow=device, assurance="signed")
    assert approval(steps, device).text.endswith("with a key in hardware, as the policy asks of that role")
    assert approval(TRAINING, WORKFLOW).try_ == "roadlog approve SUP-1 --role compliance"


def test_an_unsigned_rejection_still_keeps_the_gate_closed() -> None:
    workflow = with_policy(WORKFLOW, signed_roles=("compliance",))
    steps = voted(TRAINING, "carla", "compliance", "rejected", workflow=workflow)
    assert (
        approval(steps, workflow).text
        == "Approval by compliance: rejected by carla; it stands until carla votes again"
    )


# Voting again, with a signature


def votes_again(given_: Assurance, policy: dict[str, tuple[str, ...]], *, signing: bool = True) -> int:
    """How many records it takes to approve what one has approved so before."""
    workflow = with_policy(WORKFLOW, **policy)
    steps = voted(TRAINING, "carla", "compliance", workflow=workflow, assurance=given_)
    steps = (*steps[:-1], by("carla", steps[-1].event, reason=None, assurance=given_))  # type: ignore[union-attr]
    outcome = given(*steps, workflow=workflow).when(Approve(role="compliance"), by="carla", signing=signing)
    events = outcome.events()
    assert all(isinstance(each, StakeholderApproved) and each.signature is None for each in events)
    return len(events)


def test_signing_what_was_only_said_is_a_further_vote() -> None:
    assert votes_again("asserted", {}) == 1
    assert votes_again("asserted", {}, signing=False) == 0


def test_signing_what_is_signed_is_already_so_unless_the_policy_demands_hardware() -> None:
    assert votes_again("signed", {}) == 0
    assert votes_again("signed", {}, signing=False) == 0
    assert votes_again("signed", {"hardware_roles": ("compliance",)}) == 1
    assert votes_again("hardware", {"hardware_roles": ("compliance",)}) == 0


# One person under two handles

SHARED = (enrolled("carla"), enrolled("erin"))
BOTH = voted(
    voted(TRAINING, "carla", "compliance", workflow=WORKFLOW), "erin", "engineering", workflow=WORKFLOW
)


def test_two_handles_with_one_key_count_once_a_gate() -> None:
    assert approval(BOTH, WORKFLOW, "engineering").met
    found = approval(BOTH, WORKFLOW, "engineering", keys=SHARED)
    assert found.text == "Approval by engineering: erin counts once a gate, here as compliance"
    assert approval(BOTH, WORKFLOW, keys=SHARED).met


def test_they_stay_one_person_when_the_key_is_retired() -> None:
    assert not approval(BOTH, WORKFLOW, "engineering", keys=(*SHARED, retired("erin"))).met


def test_who_has_a_key_in_common_with_somebody_else_again_is_the_same_person_too() -> None:
    keys = (
        enrolled("carla"),
        enrolled("dan"),
        enrolled("dan", TWO),
        enrolled("erin", TWO),
        enrolled("otto", THREE),
    )
    roadmap = when_told(*keys).roadmap_state()
    assert {each: roadmap.person(each) for each in TEAM} == {
        "paula": "paula",
        "dan": "dan",
        "erin": "dan",
        "carla": "dan",
        "otto": "otto",
        "bot": "bot",
    }
    assert not approval(BOTH, WORKFLOW, "engineering", keys=keys).met


def test_persons_that_turn_out_to_be_one_are_joined() -> None:
    keys = (
        enrolled("carla"),
        enrolled("dan"),
        enrolled("erin", TWO),
        enrolled("otto", TWO),
        enrolled("otto"),
    )
    roadmap = when_told(*keys).roadmap_state()
    assert {roadmap.person(each) for each in ("carla", "dan", "erin", "otto")} == {"dan"}


def test_a_second_handle_of_the_owner_does_not_count() -> None:
    keys = (enrolled("paula"), enrolled("carla"))
    steps = voted(TRAINING, "carla", "compliance", workflow=WORKFLOW)
    assert approval(steps, WORKFLOW, keys=keys).text == "Approval by compliance: carla is the owner"
    case = given(*steps, workflow=WORKFLOW, roadmap=told(*keys))
    assert voters(case.state(), case.roadmap_state(), "compliance") == ()


def test_an_edit_under_another_handle_is_an_edit_of_the_voter_s() -> None:
    retitled = ProblemReframed(title="X", problem=None, segments=None, approach=None, solution_words=())
    back = replace(retitled, title=defined().title)
    steps = voted(TRAINING, "carla", "compliance", workflow=WORKFLOW)
    steps = (*steps, by("erin", retitled), by("erin", back))
    assert approval(steps, WORKFLOW).met
    assert not approval(steps, WORKFLOW, keys=SHARED).met
    assert f"edited the subject at position {last(steps)}" in approval(steps, WORKFLOW, keys=SHARED).text


def test_a_second_handle_is_no_second_person() -> None:
    waiting = ConsentRequested(
        command="VoidRecord", arguments={"position": FIRST}, stream="SUP-1", at=START, why="rule 11"
    )
    asked = told(*SHARED, waiting, actor="carla")
    answer = AnswerConsent(request=22, give=False)
    error = given(roadmap=asked).when(answer, by="erin").then_refused("consent")
    assert "waits for another person than the one who asked: paula or dan or otto" in error.message
    assert given(roadmap=asked).when(answer, by="dan").events()


def test_nobody_reviews_their_own_break_glass_under_another_handle() -> None:
    steps, keys = GLASS, told(enrolled("paula"), enrolled("dan"))
    review = ReviewBreakGlass(move=FIRST + 2, upheld=True)
    given(*steps, roadmap=keys).when(review, by="dan", because="why").then_refused("review")
    assert given(*steps).when(review, by="dan", because="why").events()


def test_an_owner_waives_no_approval_under_another_handle() -> None:
    waive = WaiveRequirement(requirement="approval:engineering", until=NOW + DAY)
    keys = told(enrolled("paula"), enrolled("carla"))
    case = given(*TRAINING, workflow=WORKFLOW, roadmap=keys)
    case.when(waive, by="carla", because="why").then_refused("owner")
    assert given(*TRAINING, workflow=WORKFLOW).when(waive, by="carla", because="why").events()
