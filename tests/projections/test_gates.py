"""The gate as it is told: each line with what is there and what would supply the rest, and who owes what."""

from __future__ import annotations

from roadlog.domain.events import ApprovalWithdrawn, InitiativeAdopted, StakeholderRejected, WorkPaused
from roadlog.domain.votes import voters
from roadlog.projections.gates import gate_answer
from roadlog.projections.page import page
from tests.domain.spec import KEY, By
from tests.projections.histories import (
    DAN,
    approved,
    asked,
    back,
    case,
    day,
    defined,
    moved,
    on,
    short,
    waived,
)

VOTES = short("notice", "approval:data-science", "approval:compliance")
AT_BUILD = (on(0, defined()), on(1, moved("learn")), on(2, moved("build")))


def test_a_gate_tells_each_requirement_and_who_owes_what() -> None:
    state, roadmap = case(*AT_BUILD, on(3, asked("data-science")), workflow=VOTES)
    assert gate_answer(state, roadmap, day(4)) == {
        "key": KEY,
        "title": "Reduce support load",
        "milestone": "build",
        "question": "Does it work?",
        "next": "run",
        "open": False,
        "status": "active",
        "since": "2026-03-04T09:00:00.000000Z",
        "not_evidenced": [],
        "requirements": [
            {
                "id": "notice",
                "kind": "notice",
                "text": "Notice: none defined yet",
                "met": False,
                "by": [],
                "who": [],
                "waiver": None,
                "stale": [],
                "not_counted": [],
                "try": f"roadlog notice define {KEY} TEXT --where TEXT",
            },
            {
                "id": "approval:data-science",
                "kind": "approval",
                "text": "Approval by data-science: not given yet",
                "met": False,
                "by": [],
                "who": [],
                "waiver": None,
                "stale": [],
                "not_counted": [],
                "try": f"roadlog approve {KEY} --role data-science",
            },
            {
                "id": "approval:compliance",
                "kind": "approval",
                "text": "Approval by compliance: not given yet",
                "met": False,
                "by": [],
                "who": [],
                "waiver": None,
                "stale": [],
                "not_counted": [],
                "try": f"roadlog approve {KEY} --role compliance",
            },
        ],
        "unasked": [],
        "owed": [
            {"role": "data-science", "by": ["dan"], "requested_at": "2026-03-05T09:00:00.000000Z"},
            {"role": "compliance", "by": ["carla"], "requested_at": None},
        ],
    }


def test_gates_passed_before_an_adoption_are_not_evidenced_until_passed_here() -> None:
    def told(*steps: By) -> list[str]:
        state, roadmap = case(*steps, workflow=VOTES)
        found: list[str] = gate_answer(state, roadmap, day(9))["not_evidenced"]
        assert page(state, roadmap, day(9))["not_evidenced"] == found
        return found

    adopted = on(
        0,
        InitiativeAdopted(
            key=KEY,
            title="Onboarding",
            milestone="run",
            since=day(0),
            owner=None,
            origin="under-way",
            cycle=1,
            iteration=1,
            visit=1,
        ),
    )
    assert told(adopted) == ["learn", "build"]
    assert told(adopted, on(1, back("learn"))) == ["learn", "build"]
    assert told(adopted, on(1, back("learn")), on(2, moved("build", visit=2))) == ["build"]
    assert told(adopted, on(1, back("learn")), on(2, moved("run", visit=2))) == []
    assert told(*AT_BUILD) == []
    assert told(on(0, defined())) == []


def test_votes_and_waivers_that_count_or_do_not_are_named_by_position() -> None:
    steps = approved(*AT_BUILD, at=3, workflow=VOTES)
    state, roadmap = case(
        *steps,
        on(4, waived("notice", day(9))),
        on(5, StakeholderRejected(milestone="build", role="compliance", subject="-", shown={}), "carla"),
        workflow=VOTES,
    )
    answer = gate_answer(state, roadmap, day(6))
    told = {
        each["id"]: (each["met"], each["by"], each["waiver"], each["not_counted"])
        for each in answer["requirements"]
    }
    assert told == {
        "notice": (True, [], 105, []),
        "approval:data-science": (True, [104], None, []),
        "approval:compliance": (False, [], None, [{"position": 106, "why": "carla rejected"}]),
    }
    assert [each["role"] for each in answer["owed"]] == ["compliance"]


def test_a_stale_vote_says_what_changed_since() -> None:
    reframed = defined(outcome=None)
    steps = approved(on(0, reframed), on(1, moved("learn")), on(2, moved("build")), at=3, workflow=VOTES)
    state, roadmap = case(*steps, on(4, defined()), workflow=VOTES)
    line = gate_answer(state, roadmap, day(5))["requirements"][1]
    assert line["stale"] == [{"position": 104, "fields": ["outcomes"]}]


def test_nothing_follows_the_finish() -> None:
    state, roadmap = case(*AT_BUILD, on(3, moved("run")))
    answer = gate_answer(state, roadmap, day(5))
    assert (answer["milestone"], answer["next"], answer["requirements"], answer["owed"]) == (
        "run",
        None,
        [],
        [],
    )


def test_the_gate_of_the_backlog_is_that_of_the_entry() -> None:
    state, roadmap = case(on(0, defined(outcome=None)), workflow=short(entry=("problem",)))
    answer = gate_answer(state, roadmap, day(5))
    assert (answer["milestone"], answer["question"], answer["next"], answer["open"]) == (
        None,
        None,
        "learn",
        False,
    )
    assert answer["since"] == "2026-03-02T09:00:00.000000Z"


def test_an_open_gate_of_paused_work_says_that_it_is_paused() -> None:
    state, roadmap = case(*AT_BUILD, on(3, WorkPaused()))
    answer = gate_answer(state, roadmap, day(5))
    assert (answer["open"], answer["status"]) == (True, "paused")


def test_a_milestone_unknown_to_the_workflow_of_that_time_has_an_empty_gate() -> None:
    state, roadmap = case(on(0, defined()), on(1, moved("elsewhere")), on(2, back("elsewhere")))
    answer = gate_answer(state, roadmap, day(5))
    assert (answer["milestone"], answer["question"], answer["next"], answer["requirements"]) == (
        "elsewhere",
        None,
        None,
        [],
    )


def test_neither_the_owner_nor_an_agent_could_give_a_vote_that_counts() -> None:
    state, roadmap = case(on(0, defined(owner="dan")))
    assert voters(state, roadmap, "data-science") == ()
    assert voters(state, roadmap, "engineering") == ("erin",)


def test_votes_that_the_gate_does_not_ask_for_are_named() -> None:
    no = StakeholderRejected(milestone="build", role="compliance", subject="-", shown={})
    state, roadmap = case(*approved(*AT_BUILD, at=3), on(4, no, "carla"), workflow=DAN)
    answer = gate_answer(state, roadmap, day(5))
    assert answer["open"]
    assert [each["who"] for each in answer["requirements"]] == [["dan"]]
    assert answer["unasked"] == [
        {"position": 105, "stakeholder": "carla", "role": "compliance", "decision": "rejected"}
    ]
    assert gate_answer(state, roadmap, day(3.5))["unasked"] == []


def test_a_vote_of_another_gate_or_one_withdrawn_is_not_named_so() -> None:
    no = StakeholderRejected(milestone="learn", role="compliance", subject="-", shown={})
    yes = StakeholderRejected(milestone="build", role="compliance", subject="-", shown={})
    back = ApprovalWithdrawn(milestone="build", role="compliance")
    state, roadmap = case(
        *AT_BUILD, on(3, no, "carla"), on(4, yes, "carla"), on(5, back, "carla"), workflow=DAN
    )
    assert gate_answer(state, roadmap, day(6))["unasked"] == []
