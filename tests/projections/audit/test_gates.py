"""What gates rested on when they were passed, and whether that has lapsed since."""

from __future__ import annotations

from roadlog.domain.events import (
    BreakGlassReviewed,
    InitiativeStopped,
    NoticeDefined,
    OutcomeTargeted,
    PurposeClassified,
    RiskClass,
    StakeholderRejected,
)
from tests.domain.spec import By, by
from tests.projections.audit.found import BUILT, END, found, passed, satisfied
from tests.projections.histories import DAN, TICKETS, approved, back, day, on, short, waived

SCIENCE = "approval:data-science"
OTHER_TARGET = OutcomeTargeted(
    outcome=type(TICKETS)(
        metric="tickets", unit="per week", baseline=900, target=-20, relative=True, by=TICKETS.by
    )
)
NOTICE = NoticeDefined(text="Written by AI", placement="under each answer", locale=None)
UNMET = satisfied(SCIENCE, met=False)


def at_gate(*steps: By) -> list[tuple[str, tuple[int, ...]]]:
    return found("approval-at-gate", *steps, workflow=DAN)


def test_a_gate_passed_on_an_approval_that_counts_is_in_order() -> None:
    assert at_gate(*approved(*BUILT, at=3), on(4, passed(satisfied(SCIENCE, 104)))) == []


def test_a_gate_that_rested_on_a_stale_approval_is_found() -> None:
    steps = (*approved(*BUILT, at=3), on(4, OTHER_TARGET), on(5, passed(satisfied(SCIENCE, 104))))
    text = (
        "The gate of build rested on dan's approval as data-science, which did not count: outcomes "
        "changed since"
    )
    assert at_gate(*steps) == [(text, (104, 106))]


def test_a_gate_that_rested_on_an_expired_approval_is_found() -> None:
    steps = approved(*BUILT, at=3, valid_until=day(10))
    text = (
        "The gate of build rested on dan's approval as data-science, which did not count: "
        "expired on 2026-03-12"
    )
    assert at_gate(*steps, on(11, passed(satisfied(SCIENCE, 104)))) == [(text, (104, 105))]
    assert at_gate(*steps, on(9, passed(satisfied(SCIENCE, 104)))) == []


def test_broken_glass_over_a_stale_approval_is_found_and_over_none_is_not() -> None:
    glass = passed(UNMET, break_glass=True)
    steps = (*approved(*BUILT, at=3), on(4, OTHER_TARGET), on(5, glass))
    text = (
        "The gate of build was passed by break-glass while dan's approval as data-science did not count: "
        "outcomes changed since"
    )
    assert at_gate(*steps) == [(text, (104, 106))]
    assert at_gate(*BUILT, on(5, glass)) == []


def test_a_waiver_against_a_standing_rejection_is_found() -> None:
    rejected = StakeholderRejected(milestone="build", role="data-science", subject="-", shown={})
    steps = (
        *BUILT,
        on(3, rejected, "dan"),
        on(4, waived(SCIENCE, day(30)), "carla"),
        on(5, passed(satisfied(SCIENCE, waiver=105))),
    )
    text = "The gate of build was passed by a waiver against dan's rejection as data-science"
    assert at_gate(*steps) == [(text, (104, 106))]


# Waivers

NOTICED = short("notice")


def lapsed(*steps: By, at: float = 60) -> list[tuple[str, tuple[int, ...]]]:
    return found("waiver-expired", *BUILT, *steps, workflow=NOTICED, at=day(at))


WAIVED = (on(3, waived("notice", day(30))), on(4, passed(satisfied("notice", waiver=104))))


def test_a_gate_rests_on_a_waiver_that_lapsed_until_something_meets_the_requirement() -> None:
    text = (
        "The gate of build rests on a waiver of notice that lapsed on 2026-04-01, "
        "and nothing has met it since"
    )
    assert lapsed(*WAIVED) == [(text, (104, 105))]
    assert lapsed(*WAIVED, at=29) == []
    assert lapsed(*WAIVED, on(40, NOTICE)) == []


def test_it_rests_on_it_no_more_once_the_work_went_back_or_stopped() -> None:
    assert lapsed(*WAIVED, on(20, back("build"))) == []
    assert lapsed(*WAIVED, on(20, InitiativeStopped())) == []


def test_a_waiver_that_had_lapsed_when_the_gate_was_passed_is_found() -> None:
    steps = (on(3, waived("notice", day(10))), on(11, passed(satisfied("notice", waiver=104))))
    text = "The waiver of notice had lapsed on 2026-03-12 when its gate was passed"
    assert lapsed(*steps) == [(text, (104, 105))]


# Break-glass


def glass(*steps: By, at: float = 60) -> list[tuple[str, tuple[int, ...]]]:
    broken = on(3, passed(break_glass=True))
    return found("break-glass-unreviewed", *BUILT, broken, *steps, at=day(at))


def reviewed(at: float, *, upheld: bool = True) -> By:
    return by("carla", BreakGlassReviewed(move=104, upheld=upheld), at=day(at))


def test_break_glass_is_to_be_reviewed_within_the_days_of_policy() -> None:
    text = "paula's break-glass at build is not reviewed; that was due on 2026-03-07"
    assert glass() == [(text, (104,))]
    assert glass(at=4) == []
    assert glass(reviewed(4)) == []


def test_a_review_that_came_late_is_found() -> None:
    text = "paula's break-glass at build was reviewed late: that was due on 2026-03-07"
    assert glass(reviewed(6)) == [(text, (104, 105))]


def test_break_glass_that_was_not_upheld_is_found() -> None:
    assert glass(reviewed(4, upheld=False)) == [("paula's break-glass at build was not upheld", (104, 105))]


# Prohibited purposes


def classified(risk_class: RiskClass) -> PurposeClassified:
    return PurposeClassified(
        purpose="Rank people", affected="Everybody", risk_class=risk_class, our_role="provider", basis="Read"
    )


def test_a_prohibited_purpose_that_goes_on_is_found() -> None:
    steps = (*BUILT, on(3, classified("prohibited")))
    text = "Its purpose is classified as prohibited, and it is neither stopped nor retired"
    assert found("prohibited", *steps) == [(text, (104,))]
    assert found("prohibited", *steps, on(4, passed())) == [(f"{text}, and moved on to run", (104, 105))]
    assert found("prohibited", *steps, on(4, InitiativeStopped())) == []
    assert found("prohibited", *BUILT, on(3, classified("high")), at=END) == []
