"""Who acted: on their own work, without the role, before they were enrolled."""

from __future__ import annotations

from roadlog.domain.events import (
    BreakGlassReviewed,
    Event,
    OwnerChanged,
    RiskAccepted,
    RoleGranted,
    RoleRevoked,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderJoined,
)
from roadlog.domain.records import Record
from tests.domain.spec import Given, by, given, record
from tests.projections.audit.found import BUILT, END, found, found_in, imported, passed, satisfied
from tests.projections.histories import DAN, accepted, approved, day, on, risk, short, waived

SCIENCE = "approval:data-science"
TOLD = BreakGlassReviewed(move=104, upheld=True)


def roadmap(number: int, event: Event, at: float, recorded: float | None = None) -> Record:
    """A further record of the roadmap's own, at a position before the initiative's."""
    return record(
        event,
        position=number,
        stream="SUP",
        version=number,
        at=day(at),
        recorded_at=day(at if recorded is None else recorded),
    )


def vote(role: str) -> StakeholderApproved:
    return StakeholderApproved(
        milestone="build",
        role=role,
        subject="-",
        shown={},
        statement=None,
        conditions=(),
        valid_until=None,
        signature=None,
    )


# Self-approval


def test_an_approval_by_who_owned_it_then_is_found_also_where_no_gate_counts_it() -> None:
    text = "paula approved build as product while owning it, which no gate counted"
    assert found("self-approval", *BUILT, on(3, vote("product"))) == [(text, (104,))]


def test_a_gate_that_rested_on_the_owners_approval_is_named() -> None:
    steps = (*BUILT, on(3, vote("product")), on(4, passed(satisfied("approval:product", 104))))
    text = "paula approved build as product while owning it, and its gate rested on that"
    assert found("self-approval", *steps) == [(text, (104, 105))]


def test_who_came_to_own_it_after_their_approval_approves_their_own_work_at_the_gate() -> None:
    steps = (
        *approved(*BUILT, at=3),
        on(4, OwnerChanged(owner="dan")),
        on(5, passed(satisfied(SCIENCE, 104))),
    )
    text = "dan owned it when its gate rested on their approval as data-science"
    assert found("self-approval", *steps, workflow=DAN) == [(text, (104, 106))]


def test_an_approval_by_somebody_else_is_none() -> None:
    steps = (*approved(*BUILT, at=3), on(4, passed(satisfied(SCIENCE, 104))))
    assert found("self-approval", *steps, workflow=DAN) == []


def test_an_owner_who_waives_an_approval_waives_it_for_themselves() -> None:
    assert found("self-approval", *BUILT, on(3, waived(SCIENCE, day(30)))) == [
        ("paula waived approval:data-science while owning it", (104,))
    ]
    assert found("self-approval", *BUILT, on(3, waived(SCIENCE, day(30)), "carla")) == []
    assert found("self-approval", *BUILT, on(3, waived("notice", day(30)))) == []


def test_who_breaks_the_glass_does_not_review_that() -> None:
    broken = (*BUILT, on(3, passed(break_glass=True)))
    assert found("self-approval", *broken, on(4, TOLD)) == [
        ("paula reviewed their own break-glass", (104, 105))
    ]
    assert found("self-approval", *broken, on(4, TOLD, "carla")) == []


# Missing role


def test_a_vote_without_the_role_is_found() -> None:
    assert found("missing-role", *BUILT, on(3, vote("compliance"), "dan")) == [
        ("dan voted as compliance without the role compliance", (104,))
    ]
    assert found("missing-role", *BUILT, on(3, vote("data-science"), "dan")) == []


def test_a_role_that_was_revoked_before_the_vote_is_missing() -> None:
    revoked = roadmap(50, RoleRevoked(stakeholder="dan", role="data-science"), 1)
    history = given(*BUILT, on(3, vote("data-science"), "dan"), workflow=short(), roadmap=[revoked])
    assert found_in(history, "missing-role") == [
        ("dan voted as data-science without the role data-science", (104,))
    ]


def test_a_role_that_was_revoked_later_was_held() -> None:
    revoked = roadmap(150, RoleRevoked(stakeholder="dan", role="data-science"), 5)
    history = given(*BUILT, on(3, vote("data-science"), "dan"), workflow=short(), roadmap=[revoked])
    assert found_in(history, "missing-role") == []


def test_a_vote_dated_before_its_voter_got_the_role_is_found_though_the_role_was_held_when_it_was_typed() -> (
    None
):
    granted = roadmap(50, RoleGranted(stakeholder="dan", role="compliance"), 4)
    steps = (*BUILT, on(3, vote("compliance"), "dan"))
    history = given(*steps, workflow=short(), roadmap=[granted])
    text = "dan voted as compliance, dated 2026-03-05, when they did not hold the role compliance"
    assert found_in(history, "missing-role") == [(text, (104,))]
    earlier = roadmap(50, RoleGranted(stakeholder="dan", role="compliance"), 2)
    assert found_in(given(*steps, workflow=short(), roadmap=[earlier]), "missing-role") == []


def test_waivers_accepted_risks_and_break_glass_take_the_roles_that_policy_names() -> None:
    logged = (*BUILT, on(3, risk()))
    assert found("missing-role", *logged, on(4, accepted(day(30)), "erin")) == [
        ("erin accepted R1 without the role product or compliance", (105,))
    ]
    assert found("missing-role", *BUILT, on(3, waived("notice", day(30)), "erin")) == [
        ("erin waived notice without the role product or compliance", (104,))
    ]
    assert found("missing-role", *BUILT, on(3, waived(SCIENCE, day(30)), "erin")) == [
        ("erin waived approval:data-science without the role data-science or compliance", (104,))
    ]
    assert found("missing-role", *BUILT, on(3, passed(break_glass=True), "erin")) == [
        ("erin broke the glass without the role product", (104,))
    ]
    held = (
        on(4, accepted(day(30)), "carla"),
        on(5, waived("notice", day(30)), "carla"),
        on(6, waived(SCIENCE, day(30)), "dan"),
        on(7, passed(break_glass=True)),
    )
    assert found("missing-role", *logged, *held) == []


def test_who_is_alone_may_do_all_but_vote() -> None:
    alone: dict[str, tuple[str, ...]] = {"paula": ("engineering",)}
    steps = (*BUILT, on(3, risk()), on(4, RiskAccepted(risk="R1", until=day(9), role="product")))
    assert found_in(given(*steps, workflow=short(), team=alone), "missing-role") == []
    voted = (*BUILT, on(3, vote("product")))
    assert found_in(given(*voted, workflow=short(), team=alone), "missing-role") == [
        ("paula voted as product without the role product", (104,))
    ]


def test_imports_name_no_roles() -> None:
    history = given(*BUILT, on(3, vote("compliance"), "dan"), workflow=short())
    brought = Given(
        roadmap=history.roadmap,
        initiative=[*history.initiative[:-1], imported(history.initiative[-1])],
        others={},
    )
    assert found_in(brought, "missing-role") == []


def test_who_speaks_for_a_role_holds_it() -> None:
    spoken = StakeholderConsulted(role="compliance", said="Fine")
    assert found("missing-role", *BUILT, on(3, spoken, "carla")) == []
    assert found("missing-role", *BUILT, on(3, spoken, "dan")) == [
        ("dan spoke for compliance without the role compliance", (104,))
    ]


# Before enrolment


def joined(handle: str, at: float, number: int = 50) -> Record:
    event = StakeholderJoined(
        stakeholder=handle, kind="human", roles=("product",), name_commitment=None, address_commitment=None
    )
    return roadmap(number, event, at)


def test_a_record_dated_before_its_author_was_enrolled_is_found() -> None:
    steps = (*BUILT, on(3, risk(), "nina"))
    history = given(*steps, workflow=short(), roadmap=[joined("nina", 4)])
    text = "RiskLogged by nina is dated 2026-03-05, before nina was enrolled (2026-03-06)"
    assert found_in(history, "before-enrolment") == [(text, (104,))]
    assert found_in(given(*steps, workflow=short(), roadmap=[joined("nina", 2)]), "before-enrolment") == []


def test_a_record_by_somebody_who_never_was_enrolled_is_found() -> None:
    text = "RiskLogged by mallory is dated 2026-03-05, and mallory never was enrolled"
    assert found("before-enrolment", *BUILT, on(3, risk(), "mallory")) == [(text, (104,))]


def test_the_first_stakeholder_was_always_there() -> None:
    assert found("before-enrolment", by("paula", risk(), at=day(-30)), at=END) == []
