"""One initiative, whole: the board's keys and every part, as plain JSON."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from roadlog.domain.events import (
    CriterionRetired,
    DependencyAdded,
    EvidenceAttached,
    FallbackDefined,
    FallbackTested,
    IncidentClosed,
    IncidentOpened,
    IncidentReported,
    MonitorDefined,
    NoteAdded,
    NoticeDefined,
    PurposeClassified,
    RiskMitigated,
    RolloutSet,
    Satisfied,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
    WorkBlocked,
    WorkUnblocked,
)
from roadlog.projections.board import row
from roadlog.projections.page import page
from tests.domain.gate_steps import criterion, result
from tests.domain.spec import By
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
    risk,
    short,
    waived,
)

DAN = short("approval:data-science")
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(2, moved("build")))

CLI_KEYS = (
    "problem segments approach outcomes visits approvals risks evidence criteria results experiments fallback"
    " notice monitor edge_cases incidents waivers dependencies classification notes version"
)


def shown(*steps: By, at: float = 30) -> dict[str, Any]:
    state, roadmap = case(*steps, workflow=DAN)
    return page(state, roadmap, day(at))


def test_a_page_holds_the_boards_row_and_every_key_of_the_contract() -> None:
    state, roadmap = case(*AT_BUILD, workflow=DAN)
    answer = page(state, roadmap, day(3))
    assert answer | row(state, roadmap, day(3)) == answer
    assert [key for key in CLI_KEYS.split() if key not in answer] == []
    assert (answer["problem"], answer["segments"], answer["approach"], answer["version"]) == (
        "Support agents answer 900 tickets a week",
        ["new customers"],
        None,
        3,
    )


def test_an_empty_page_holds_empty_lists_and_nulls_that_json_can_say() -> None:
    answer = shown(on(0, defined(outcome=None, owner=None)))
    lists = "outcomes visits approvals risks evidence criteria results experiments notes incidents waivers"
    assert [answer[key] for key in lists.split()] == [[]] * 11
    assert (answer["fallback"], answer["notice"], answer["monitor"], answer["classification"]) == (None,) * 4
    assert msgspec.json.decode(msgspec.json.encode(answer)) == answer


def test_visits_say_when_how_and_for_how_long() -> None:
    answer = shown(*AT_BUILD, on(4, back("learn", loop="rework")), at=6)
    assert answer["visits"][1:] == [
        {
            "milestone": "build",
            "visit": 1,
            "cycle": 1,
            "iteration": 1,
            "loop": None,
            "entered_at": "2026-03-04T09:00:00.000000Z",
            "left_at": "2026-03-06T09:00:00.000000Z",
            "seconds": 2 * 86400.0,
            "began": "forward",
            "learned": None,
            "change": None,
        },
        {
            "milestone": "learn",
            "visit": 2,
            "cycle": 1,
            "iteration": 2,
            "loop": "rework",
            "entered_at": "2026-03-06T09:00:00.000000Z",
            "left_at": None,
            "seconds": 2 * 86400.0,
            "began": "backward",
            "learned": None,
            "change": None,
        },
    ]


def test_a_visit_that_a_return_began_says_what_was_learned() -> None:
    returned = replace(back("learn"), learned="The data is thin", change="Ask for more")
    visit = shown(*AT_BUILD, on(4, returned), at=6)["visits"][-1]
    assert (visit["learned"], visit["change"]) == ("The data is thin", "Ask for more")


def test_spans_tell_when_work_could_not_go_on() -> None:
    answer = shown(*AT_BUILD, on(3, WorkBlocked(by="law")), on(4, WorkUnblocked()))
    assert answer["spans"] == [
        {
            "kind": "blocked",
            "from_at": "2026-03-05T09:00:00.000000Z",
            "by": "law",
            "reason": "because",
            "to_at": "2026-03-06T09:00:00.000000Z",
        }
    ]


def test_outcomes_hold_their_measurements_oldest_first() -> None:
    answer = shown(*AT_BUILD, on(6, measured(700)), on(4, measured(850)))
    assert [
        (each["value"], each["at"], each["position"]) for each in answer["outcomes"][0]["measurements"]
    ] == [
        (850, "2026-03-06T09:00:00.000000Z", 105),
        (700, "2026-03-08T09:00:00.000000Z", 104),
    ]
    assert (answer["outcomes"][0]["latest"], answer["outcome"]["latest"]) == (700, 700)


def vote_of(answer: dict[str, Any], position: int) -> tuple[bool, str | None]:
    vote = next(each for each in answer["approvals"] if each["position"] == position)
    return vote["counts"], vote["why_not"]


def test_a_vote_tells_who_decided_what_and_that_it_counts() -> None:
    answer = shown(*approved(*AT_BUILD, at=3, workflow=DAN), at=4)
    [vote] = answer["approvals"]
    assert "shown" not in vote
    keys = ("position", "at", "stakeholder", "role", "milestone", "cycle", "iteration", "decision", "held")
    assert [vote[key] for key in keys] == [
        104,
        "2026-03-05T09:00:00.000000Z",
        "dan",
        "data-science",
        "build",
        1,
        1,
        "approved",
        True,
    ]
    assert (vote["counts"], vote["why_not"]) == (True, None)


def test_a_vote_that_does_not_count_says_why() -> None:
    assert vote_of(shown(*approved(*AT_BUILD, at=3, workflow=DAN, valid_until=day(5)), at=6), 104) == (
        False,
        "expired on 2026-03-07",
    )
    moved_on = shown(*approved(*AT_BUILD, at=3, workflow=DAN), on(4, moved("run")))
    assert vote_of(moved_on, 104) == (False, "no gate that was passed rests on it")
    changed = shown(*approved(*AT_BUILD, at=3, workflow=DAN), on(4, risk(likelihood=5)))
    assert vote_of(changed, 104) == (False, "risks changed since")


@pytest.mark.parametrize("relied", [True, False])
def test_a_vote_on_a_gate_that_was_passed_counted_when_the_gate_rested_on_it(relied: bool) -> None:
    passed = Satisfied(
        milestone="build",
        requirement="approval:data-science",
        met=True,
        by=(104,) if relied else (),
        waiver=None,
    )
    left = shown(*approved(*AT_BUILD, at=3, workflow=DAN), on(4, replace(moved("run"), gate=(passed,))))
    (vote,) = left["approvals"]
    assert (vote["counts"], vote["counted"]) == (False, relied)
    assert vote["why_not"] == (
        "counted when it left build" if relied else "no gate that was passed rests on it"
    )


@pytest.mark.parametrize(
    ("vote", "why"),
    [
        (
            StakeholderAbstained(milestone="build", role="data-science", subject="-", shown={}),
            "dan abstained",
        ),
        (StakeholderRejected(milestone="build", role="data-science", subject="-", shown={}), "dan rejected"),
        (
            StakeholderAbstained(milestone="build", role="product", subject="-", shown={}),
            "the gate asks for no approval by product",
        ),
        (
            StakeholderApproved(
                milestone=None,
                role="data-science",
                subject="-",
                shown={},
                statement=None,
                conditions=(),
                valid_until=None,
                signature=None,
            ),
            "no gate that was passed rests on it",
        ),
    ],
)
def test_votes_of_every_kind_are_there(
    vote: StakeholderAbstained | StakeholderRejected | StakeholderApproved, why: str
) -> None:
    assert vote_of(shown(*AT_BUILD, on(3, vote, "dan")), 104) == (False, why)


def test_risks_tell_their_scores_and_whether_an_acceptance_lapsed() -> None:
    mitigated = RiskMitigated(risk="R1", treatment="sample by hand", likelihood=2, impact=4)
    answer = shown(
        on(0, defined()), on(1, risk()), on(2, mitigated), on(3, risk("R2")), on(4, accepted(day(9), "R2"))
    )
    told = [
        (each["id"], each["score"], each["residual"], each["open"], each["accepted"])
        for each in answer["risks"]
    ]
    assert told == [
        ("R1", 16, 8, True, None),
        (
            "R2",
            16,
            16,
            True,
            {
                "position": 105,
                "until": "2026-03-11T09:00:00.000000Z",
                "role": "compliance",
                "by": "paula",
                "lapsed": True,
            },
        ),
    ]


def test_criteria_stand_with_the_result_that_counts() -> None:
    answer = shown(
        on(0, defined()),
        on(1, criterion("F1", milestone="build")),
        on(2, result("F1", 0.7, "missed")),
        on(3, result("F1", 0.9, "met")),
        on(4, criterion("RECALL", milestone="build")),
        on(5, CriterionRetired(criterion="RECALL")),
    )
    assert [
        (each["id"], each["retired_by"], each["result"] and each["result"]["value"])
        for each in answer["criteria"]
    ] == [
        ("F1", None, 0.9),
        ("RECALL", 106, None),
    ]
    assert [(each["value"], each["counts"]) for each in answer["results"]] == [(0.7, False), (0.9, True)]


def test_the_rest_is_told_as_it_was_recorded() -> None:
    evidence = EvidenceAttached(
        evidence="D1",
        kind="dataset",
        title="Tickets",
        uri="s3://t",
        media_type=None,
        sha256="ab" * 32,
        size=7,
    )
    answer = shown(
        on(0, defined()),
        on(1, evidence),
        on(
            1,
            PurposeClassified(
                purpose="sort", affected="customers", risk_class="limited", our_role=None, basis="law"
            ),
        ),
        on(2, FallbackDefined(kind="human-handoff", description="a person", trigger="asked", owner=None)),
        on(3, FallbackTested(passed=True, evidence=None)),
        on(3, NoticeDefined(text="AI drafts", placement="above the answer", locale="en")),
        on(3, MonitorDefined(signal="refusals", where="grafana", owner="dan")),
        on(4, NoteAdded(text="call them")),
        on(4, DependencyAdded(on="SUP-2")),
        on(4, RolloutSet(percent=10)),
        on(5, waived("notice", day(9))),
        on(5, asked("compliance")),
    )
    assert answer["evidence"] == [
        {
            "id": "D1",
            "position": 102,
            "at": "2026-03-03T09:00:00.000000Z",
            "by": "paula",
            "kind": "dataset",
            "title": "Tickets",
            "uri": "s3://t",
            "media_type": None,
            "sha256": "ab" * 32,
            "size": 7,
        }
    ]
    assert answer["classification"]["risk_class"] == "limited"
    assert [each["passed"] for each in answer["fallback"]["tests"]] == [True]
    assert answer["notice"] == {
        "position": 106,
        "text": "AI drafts",
        "placement": "above the answer",
        "locale": "en",
    }
    assert answer["monitor"] == {"position": 107, "signal": "refusals", "where": "grafana", "owner": "dan"}
    assert [(each["by"], each["text"]) for each in answer["notes"]] == [("paula", "call them")]
    assert (answer["dependencies"], answer["rollout"]) == (["SUP-2"], 10)
    assert [(each["requirement"], each["in_force"]) for each in answer["waivers"]] == [("notice", False)]
    assert [each["roles"] for each in answer["requests"]] == [["compliance"]]


def test_an_incident_says_whether_it_is_open_and_to_whom_it_was_reported() -> None:
    opened = IncidentOpened(
        incident="I1", description="wrong refunds", aware_at=day(1), severity=4, case=None
    )
    steps = (on(0, defined()), on(2, opened), on(3, IncidentReported(incident="I1", to="the authority")))
    [incident] = shown(*steps)["incidents"]
    assert (incident["open"], incident["aware_at"]) == (True, "2026-03-03T09:00:00.000000Z")
    assert incident["reported"] == [{"to": "the authority", "at": "2026-03-05T09:00:00.000000Z"}]
    [closed] = shown(*steps, on(4, IncidentClosed(incident="I1")))["incidents"]
    assert closed["open"] is False
