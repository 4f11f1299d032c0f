"""The gate as it is told: each line with what is there and what would supply the rest, and who owes what."""

from __future__ import annotations

from roadlog.domain.events import StakeholderRejected, WorkPaused
from roadlog.projections.gates import gate_answer, voters
from tests.domain.spec import KEY
from tests.projections.histories import approved, asked, back, case, day, defined, moved, on, short, waived

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
        "requirements": [
            {
                "id": "notice",
                "kind": "notice",
                "text": "Notice: none defined yet",
                "met": False,
                "by": [],
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
                "waiver": None,
                "stale": [],
                "not_counted": [],
                "try": f"roadlog approve {KEY} --role compliance",
            },
        ],
        "owed": [
            {"role": "data-science", "by": ["dan"], "requested_at": "2026-03-05T09:00:00.000000Z"},
            {"role": "compliance", "by": ["carla"], "requested_at": None},
        ],
    }


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
