"""What somebody can do or owes now: every duty with the command to type, oldest first."""

from __future__ import annotations

from typing import Any

import pytest

from roadlog.domain.events import (
    BreakGlassReviewed,
    Condition,
    ConditionMet,
    ConsentGiven,
    ConsentRequested,
    EdgeCaseLogged,
    EdgeCaseTriaged,
    Event,
    IncidentClosed,
    IncidentOpened,
    InitiativePlaced,
    InitiativeRetired,
    InitiativeStopped,
    NoticeDefined,
    OwnerChanged,
    RiskClosed,
    RiskMitigated,
    StakeholderAbstained,
    StakeholderConsulted,
    StakeholderRejected,
    WorkBlocked,
    WorkPaused,
)
from roadlog.domain.roadmap import fold_roadmap
from roadlog.domain.workflow import Policy, Workflow
from roadlog.projections.owed import next_for, owed
from tests.domain.spec import FIRST, KEY, TEAM, By, record, roadmap_records
from tests.projections.histories import (
    accepted,
    approved,
    asked,
    back,
    case,
    day,
    defined,
    measured,
    moved,
    on,
    rekeyed,
    risk,
    short,
    waived,
)

DAN = short("approval:data-science")
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(2, moved("build")))
LIVE = (*AT_BUILD, on(5, moved("run")))


def duties(
    *steps: By,
    at: float,
    who: str | None = None,
    kind: str | None = None,
    workflow: Workflow | None = None,
    team: dict[str, tuple[str, ...]] | None = None,
) -> list[dict[str, Any]]:
    """What is owed after these steps, of one kind where a test is about one."""
    state, roadmap = case(*steps, workflow=workflow, team=team)
    found = owed(roadmap, {KEY: state}, who, day(at))
    return [each for each in found if kind in (None, each["kind"])]


def commands(found: list[dict[str, Any]]) -> list[str]:
    return [each["try"] for each in found]


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return [each["kind"] for each in found]


# Votes


def test_a_requested_vote_is_owed_by_those_who_hold_the_role() -> None:
    steps = (*AT_BUILD, on(3, asked("data-science")))
    assert duties(*steps, at=4, who="dan", workflow=DAN) == [
        {
            "key": KEY,
            "what": "Decide as data-science on leaving build",
            "role": "data-science",
            "since": "2026-03-05T09:00:00.000000Z",
            "try": f"roadlog approve {KEY} --role data-science",
            "kind": "approval",
            "by": ["dan"],
        }
    ]
    assert duties(*steps, at=4, who="carla", workflow=DAN) == []
    assert duties(*steps, at=4, workflow=DAN) == duties(*steps, at=4, who="dan", workflow=DAN)


def test_a_vote_given_is_owed_no_more_and_the_owner_may_advance() -> None:
    steps = approved(*AT_BUILD, on(3, asked("data-science")), at=4, workflow=DAN)
    assert duties(*steps, at=5, who="dan", workflow=DAN) == []
    assert commands(duties(*steps, at=5, who="paula", workflow=DAN)) == [f"roadlog advance {KEY}"]


def test_a_vote_whose_subject_changed_is_owed_again_and_says_what_changed() -> None:
    steps = approved(*AT_BUILD, on(3, asked("data-science")), at=4, workflow=DAN)
    [duty] = duties(*steps, on(5, risk()), at=6, who="dan", workflow=DAN)
    assert duty["what"] == "Decide as data-science on leaving build (risks changed since the vote)"


def test_a_vote_that_nobody_asked_for_is_first_to_be_asked_for() -> None:
    workflow = short("approval:data-science", "approval:compliance")
    found = duties(*AT_BUILD, on(3, asked("compliance")), at=4, workflow=workflow)
    assert [(each["kind"], each["by"], each["try"]) for each in found] == [
        ("request", ["paula"], f"roadlog request {KEY} --role data-science"),
        ("approval", ["carla"], f"roadlog approve {KEY} --role compliance"),
    ]


def test_votes_are_asked_for_once_all_else_is_there() -> None:
    workflow = short("notice", "monitor", "approval:data-science")
    [first] = duties(*AT_BUILD, at=4, workflow=workflow)
    assert (first["kind"], first["what"], first["try"]) == (
        "requirement",
        "Notice: none defined yet (and 1 more)",
        f"roadlog notice define {KEY} TEXT --where TEXT",
    )
    notice = on(3, NoticeDefined(text="AI drafts", placement="above", locale=None))
    [second] = duties(*AT_BUILD, notice, at=4, workflow=workflow)
    assert second["what"] == "Monitor: none with an owner yet"


def test_after_a_rejection_the_owner_is_to_ask_anew() -> None:
    no = StakeholderRejected(milestone="build", role="data-science", subject="-", shown={})
    steps = (*AT_BUILD, on(3, asked("data-science")), on(4, no, "dan"))
    [duty] = duties(*steps, at=5, workflow=DAN)
    assert (duty["kind"], duty["by"]) == ("request", ["paula"])
    assert duty["what"] == (
        "Ask data-science to approve leaving build "
        "(Approval by data-science: rejected by dan; it stands until dan votes again)"
    )
    again = duties(*steps, on(6, asked("data-science", request="Q2")), at=7, workflow=DAN)
    assert (kinds(again), again[0]["by"]) == (["approval"], ["dan"])


def test_who_abstained_is_not_asked_again() -> None:
    team = {**TEAM, "dora": ("data-science",)}
    no = StakeholderAbstained(milestone="build", role="data-science", subject="-", shown={})
    steps = (*AT_BUILD, on(3, asked("data-science")), on(4, no, "dan"))
    [duty] = duties(*steps, at=5, workflow=DAN, team=team)
    assert (duty["kind"], duty["by"]) == ("approval", ["dora"])
    assert kinds(duties(*steps, at=5, workflow=DAN)) == ["request"]


def test_where_nobody_could_give_a_vote_somebody_who_could_is_owed() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("product",), "erin": ("engineering",)}
    [duty] = duties(*AT_BUILD, at=4, workflow=DAN, team=team)
    assert (duty["kind"], duty["role"], duty["by"], duty["try"]) == (
        "role",
        "data-science",
        ["paula"],
        "roadlog stakeholder add HANDLE --role data-science",
    )


def test_who_is_alone_is_told_to_waive() -> None:
    [duty] = duties(*AT_BUILD, at=4, who="paula", workflow=DAN, team={"paula": ("product",)})
    assert duty["try"] == f"roadlog waive {KEY} approval:data-science --until DATE --because TEXT"


# Moves


def test_what_is_planned_for_later_is_not_to_be_started() -> None:
    start = duties(on(0, defined()), at=1, who="paula")
    assert commands(start) == [f"roadlog advance {KEY}"]
    assert start[0]["since"] == "2026-03-02T09:00:00.000000Z"
    placed = InitiativePlaced(horizon="later", rank=None)
    assert duties(on(0, defined()), on(0, placed), at=1) == []
    assert kinds(duties(on(0, defined()), on(0, InitiativePlaced(horizon="now", rank=1)), at=1)) == [
        "advance"
    ]


def test_the_problem_comes_before_the_start() -> None:
    [duty] = duties(on(0, defined(outcome=None)), at=1, workflow=short(entry=("problem",)))
    assert duty["try"] == f"roadlog target {KEY} METRIC --unit UNIT --target N"


def test_a_block_comes_before_what_the_gate_lacks_but_not_before_votes() -> None:
    steps = (*AT_BUILD, on(3, WorkBlocked(by="a contract")), on(3, asked("data-science")))
    workflow = short("notice", "approval:data-science")
    found = duties(*steps, at=4, workflow=workflow)
    assert [(each["kind"], each["what"], each["since"]) for each in found] == [
        ("unblock", "Blocked by a contract", "2026-03-05T09:00:00.000000Z"),
        ("approval", "Decide as data-science on leaving build", "2026-03-05T09:00:00.000000Z"),
    ]


@pytest.mark.parametrize("end", [WorkPaused(), InitiativeStopped()])
def test_where_nothing_may_move_no_move_is_owed(end: Event) -> None:
    steps = (*AT_BUILD, on(3, asked("data-science")), on(4, end))
    assert duties(*steps, at=60, workflow=DAN) == []


def test_a_live_product_owes_its_measurement_alone() -> None:
    assert duties(*LIVE, at=34) == []
    [duty] = duties(*LIVE, at=36)
    assert (duty["kind"], duty["since"], duty["by"], duty["try"]) == (
        "measurement",
        "2026-04-06T09:00:00.000000Z",
        ["paula"],
        f"roadlog measure {KEY} tickets VALUE",
    )
    assert duties(*LIVE, on(20, measured(800)), at=36) == []
    assert duties(*LIVE, on(20, InitiativeRetired()), at=60) == []


def test_a_live_product_without_an_outcome_needs_one_before_it_is_measured() -> None:
    steps = (on(0, defined(outcome=None)), on(5, moved("run")))
    assert commands(duties(*steps, at=36)) == [
        f"roadlog target {KEY} METRIC --unit UNIT --baseline N --target N"
    ]


# What else is owed


def test_an_owner_who_left_or_is_none_is_stood_in_for_by_product() -> None:
    nobody = duties(on(0, defined(owner=None)), at=1)
    assert [(each["kind"], each["by"], each["try"]) for each in nobody] == [
        ("advance", ["paula"], f"roadlog advance {KEY}"),
        ("owner", ["paula"], f"roadlog owner {KEY} HANDLE"),
    ]
    gone = duties(on(0, defined()), on(0, OwnerChanged(owner="zoe")), at=1)
    assert [(each["kind"], each["by"]) for each in gone] == [("advance", ["paula"])]


def test_a_condition_is_owed_until_it_is_met_or_its_vote_stands_no_more() -> None:
    condition = Condition(id="C1", text="sign the contract", due=day(9).date())
    steps = approved(*AT_BUILD, at=3, workflow=DAN, conditions=(condition,))
    [duty] = duties(*steps, at=4, kind="condition", workflow=DAN)
    assert (duty["what"], duty["since"], duty["try"]) == (
        "Meet dan's condition C1, due 2026-03-11: sign the contract",
        "2026-03-05T09:00:00.000000Z",
        f"roadlog condition met {KEY} C1",
    )
    assert duties(*steps, on(5, ConditionMet(condition="C1")), at=6, kind="condition", workflow=DAN) == []
    renewed = approved(*steps, at=5, workflow=DAN)
    assert duties(*renewed, at=6, kind="condition", workflow=DAN) == []


def test_a_silent_role_is_owed_a_hearing_since_it_fell_quiet() -> None:
    [duty] = duties(*AT_BUILD, at=16, kind="consultation", workflow=DAN)
    assert (duty["role"], duty["by"], duty["since"], duty["try"]) == (
        "data-science",
        ["dan"],
        "2026-03-17T09:00:00.000000Z",
        f"roadlog checkin {KEY} --role data-science TEXT",
    )
    heard = on(14, StakeholderConsulted(role="data-science", said="fine"), "dan")
    assert duties(*AT_BUILD, heard, at=16, kind="consultation", workflow=DAN) == []


def test_who_is_alone_speaks_for_every_role() -> None:
    team: dict[str, tuple[str, ...]] = {"paula": ("product",)}
    [duty] = duties(*AT_BUILD, at=16, kind="consultation", workflow=DAN, team=team)
    assert duty["by"] == ["paula"]


def test_a_broken_glass_is_reviewed_by_others() -> None:
    steps = (*AT_BUILD, on(3, moved("run", break_glass=True)))
    [duty] = duties(*steps, at=4, kind="review")
    assert (duty["what"], duty["try"]) == (
        "Review paula's break-glass at run, by 2026-03-07",
        f"roadlog review {KEY} {FIRST + 3} --upheld --because WHY",
    )
    assert duty["by"] == ["dan", "erin", "carla", "otto"]
    assert duties(*steps, at=4, who="paula", kind="review") == []
    assert len(duties(*steps, at=4, who="paula", kind="review", team={"paula": ("product",)})) == 1
    reviewed = on(4, BreakGlassReviewed(move=FIRST + 3, upheld=True), "dan")
    assert duties(*steps, reviewed, at=5, kind="review") == []


def test_a_severe_edge_case_waits_for_its_triage() -> None:
    def logged(case: str, severity: int) -> EdgeCaseLogged:
        text = "the bot promised a refund of 9,000 euros to everybody who asked for one twice"
        return EdgeCaseLogged(case=case, description=text, severity=severity, source=None, risk=None)

    steps = (*AT_BUILD, on(3, logged("E1", 3)), on(3, logged("E2", 4)))
    [duty] = duties(*steps, at=4, kind="edge-case")
    assert (duty["what"], duty["try"]) == (
        "Decide what becomes of E2, severity 4: the bot promised a refund of 9,000 euros to everybody who a…",
        f"roadlog edge-case triage {KEY} E2 --outcome OUTCOME",
    )
    assert duties(*steps, on(4, EdgeCaseTriaged(case="E2", outcome="fix")), at=5, kind="edge-case") == []


def test_an_incident_is_owed_its_end_also_of_a_retired_product() -> None:
    opened = IncidentOpened(
        incident="I1", description="wrong refunds", aware_at=day(6), severity=5, case=None
    )
    steps = (*LIVE, on(6, opened), on(7, InitiativeRetired()))
    [duty] = duties(*steps, at=8)
    assert (duty["what"], duty["try"]) == (
        "Incident I1 of severity 5 is open: wrong refunds",
        f"roadlog incident close {KEY} I1 --because WHY",
    )
    assert duties(*steps, on(8, IncidentClosed(incident="I1")), at=9) == []


def test_an_acceptance_is_worth_a_thought_a_week_before_it_lapses() -> None:
    steps = (*AT_BUILD, on(3, risk()), on(3, accepted(day(20)), "carla"))
    assert duties(*steps, at=12.9, kind="acceptance") == []
    [duty] = duties(*steps, at=13, kind="acceptance")
    assert (duty["what"], duty["since"], duty["by"]) == (
        "The acceptance of R1 lapses on 2026-03-22: treat it, or accept anew",
        "2026-03-15T09:00:00.000000Z",
        ["paula", "carla"],
    )
    assert duty["try"] == f"roadlog risk accept {KEY} R1 --until DATE --because WHY"
    [late] = duties(*steps, at=20, kind="acceptance")
    assert late["what"].startswith("The acceptance of R1 lapsed on 2026-03-22")


@pytest.mark.parametrize(
    "treated", [RiskMitigated(risk="R1", treatment="by hand", likelihood=1, impact=4), RiskClosed(risk="R1")]
)
def test_of_a_risk_that_is_treated_no_acceptance_is_owed(treated: RiskMitigated | RiskClosed) -> None:
    steps = (*AT_BUILD, on(3, risk()), on(3, accepted(day(20)), "carla"), on(4, treated))
    assert duties(*steps, at=19, kind="acceptance") == []


def test_a_waiver_is_worth_a_thought_a_week_before_it_lapses() -> None:
    workflow = short("notice")
    steps = (*AT_BUILD, on(3, waived("notice", day(20))))
    assert duties(*steps, at=12, kind="waiver", workflow=workflow) == []
    [duty] = duties(*steps, at=14, kind="waiver", workflow=workflow)
    assert (duty["what"], duty["role"], duty["by"], duty["try"]) == (
        "The waiver of notice lapses on 2026-03-22: supply it, or waive anew",
        None,
        ["paula", "carla"],
        f"roadlog waive {KEY} notice --until DATE --because WHY",
    )
    longer = (*steps, on(4, waived("notice", day(90))))
    assert duties(*longer, at=14, kind="waiver", workflow=workflow) == []
    supplied = (*steps, on(4, NoticeDefined(text="AI drafts", placement="above", locale=None)))
    assert duties(*supplied, at=14, kind="waiver", workflow=workflow) == []
    assert duties(*steps, on(5, moved("run")), at=14, kind="waiver", workflow=workflow) == []


def test_the_waiver_of_a_vote_is_for_others_than_the_owner() -> None:
    steps = (*AT_BUILD, on(2, OwnerChanged(owner="carla")), on(3, waived("approval:data-science", day(6))))
    [duty] = duties(*steps, at=7, kind="waiver", workflow=DAN)
    assert (duty["role"], duty["by"]) == ("data-science", ["dan"])
    assert (
        duty["what"] == "The waiver of approval:data-science lapsed on 2026-03-08: supply it, or waive anew"
    )


def test_policy_says_who_waives_approvals() -> None:
    workflow = short("approval:data-science", policy=Policy(may_waive_approvals=("customer-ops",)))
    steps = (*AT_BUILD, on(3, waived("approval:data-science", day(6))))
    [duty] = duties(*steps, at=7, kind="waiver", workflow=workflow)
    assert duty["by"] == ["dan", "otto"]


# The whole roadmap, and one initiative


def test_a_consent_is_owed_by_every_other_person() -> None:
    arguments = {"stream": KEY, "text": "Late"}
    request = ConsentRequested(
        command="AddNote", arguments=arguments, stream=KEY, at=day(-20), why="Too late."
    )
    records = [*roadmap_records(), record(request, position=60, stream="SUP", actor="dan", at=day(2))]
    roadmap = fold_roadmap(records)
    [duty] = owed(roadmap, {}, None, day(3))
    assert (duty["key"], duty["what"], duty["by"], duty["try"]) == (
        KEY,
        "Say yes or no to what dan asks: add a note: text Late, dated 2026-02-10T09:00:00Z. Too late.",
        ["paula", "erin", "carla", "otto"],
        "roadlog consent 60",
    )
    assert owed(roadmap, {}, "dan", day(3)) == []
    given = record(ConsentGiven(request=60), position=61, stream="SUP", at=day(3))
    assert owed(fold_roadmap([*records, given]), {}, None, day(3)) == []


def test_broken_glass_that_was_not_upheld_is_owed_until_the_work_goes_back() -> None:
    steps = (*AT_BUILD, on(3, moved("run", break_glass=True)))
    review = on(4, BreakGlassReviewed(move=104, upheld=False), "dan")

    def told(*more: By) -> list[tuple[str, str, list[str], str]]:
        state, roadmap = case(*steps, *more, workflow=DAN)
        found = owed(roadmap, {KEY: state}, None, day(6))
        return [
            (each["kind"], each["what"], each["by"], each["try"])
            for each in found
            if each["kind"] in ("review", "break-glass")
        ]

    assert [each[0] for each in told()] == ["review"]
    assert told(review) == [
        (
            "break-glass",
            "The break-glass at build was not upheld: go back to build and pass its gate",
            ["paula"],
            f"roadlog return {KEY} build --loop rejection --because WHY",
        )
    ]
    assert told(review, on(5, back("build"))) == []


def test_the_oldest_comes_first_over_all_initiatives() -> None:
    young, roadmap = case(on(5, defined()), on(6, moved("build")), workflow=DAN)
    old, _ = case(*AT_BUILD, on(3, asked("data-science")), workflow=DAN)
    found = owed(roadmap, {KEY: young, "SUP-2": rekeyed(old, "SUP-2")}, None, day(21))
    assert [(each["key"], each["kind"], each["since"][:10]) for each in found] == [
        ("SUP-2", "approval", "2026-03-05"),
        (KEY, "request", "2026-03-08"),
        ("SUP-2", "consultation", "2026-03-17"),
        (KEY, "consultation", "2026-03-22"),
    ]


def test_after_a_write_the_next_step_comes_first() -> None:
    state, roadmap = case(
        *AT_BUILD,
        on(20, asked("data-science")),
        on(21, back("learn")),
        on(22, moved("build", iteration=2, visit=2)),
        workflow=DAN,
    )
    assert kinds(next_for(state, roadmap, day(30))) == ["request", "consultation"]
    assert kinds(owed(roadmap, {KEY: state}, None, day(30))) == ["consultation", "request"]
