"""Who is on the roadmap, which workflow holds, what waits for a second person."""

from __future__ import annotations

from roadlog.domain.events import (
    ConsentGiven,
    ConsentRequested,
    PersonalDataErased,
    RoleGranted,
    StakeholderLeft,
)
from roadlog.domain.records import Record
from roadlog.domain.roadmap import fold_roadmap
from roadlog.domain.workflow_file import definition, digest_of, from_definition
from roadlog.projections.people import consents, stakeholders, workflow_answer
from tests.domain.spec import AI_PRODUCT, KEY, record, roadmap_records
from tests.projections.histories import day

TEAM: dict[str, tuple[str, ...]] = {"paula": ("product",), "dan": ("data-science",), "bot": ("engineering",)}


def further(*records: Record) -> list[Record]:
    return [*roadmap_records(team=TEAM), *records]


def test_those_who_left_stay_in_the_list_without_roles() -> None:
    roadmap = fold_roadmap(
        further(
            record(StakeholderLeft(stakeholder="dan"), position=50, stream="SUP", at=day(3)),
            record(RoleGranted(stakeholder="paula", role="compliance"), position=51, stream="SUP", at=day(4)),
            record(PersonalDataErased(stakeholder="dan"), position=52, stream="SUP", at=day(5)),
        )
    )
    joined = "2026-03-01T09:00:00.000000Z"
    assert stakeholders(roadmap) == [
        {
            "handle": "paula",
            "kind": "human",
            "roles": ["product", "compliance"],
            "joined_at": joined,
            "left_at": None,
            "erased_by": None,
        },
        {
            "handle": "dan",
            "kind": "human",
            "roles": [],
            "joined_at": joined,
            "left_at": "2026-03-05T09:00:00.000000Z",
            "erased_by": 52,
        },
        {
            "handle": "bot",
            "kind": "agent",
            "roles": ["engineering"],
            "joined_at": joined,
            "left_at": None,
            "erased_by": None,
        },
    ]


def test_the_workflow_is_told_whole_so_that_it_can_be_read_back() -> None:
    answer = workflow_answer(AI_PRODUCT)
    assert answer["policy"]["consult_every_days"] == 14
    assert [each["id"] for each in answer["milestones"]] == list(AI_PRODUCT.order)
    assert answer.pop("digest") == digest_of(definition(AI_PRODUCT))
    assert from_definition(answer) == AI_PRODUCT


def test_a_consent_tells_what_waits_and_who_answered() -> None:
    request = ConsentRequested(
        command="AddNote", arguments={"text": "late"}, stream=KEY, at=day(-20), why="Rule 8"
    )
    asked = record(request, position=60, stream="SUP", at=day(2))
    waiting = {
        "request": 60,
        "command": "AddNote",
        "arguments": {"text": "late"},
        "stream": KEY,
        "at": "2026-02-10T09:00:00.000000Z",
        "why": "Rule 8",
        "reason": "because",
        "by": "paula",
        "requested_at": "2026-03-04T09:00:00.000000Z",
        "answer": "waiting",
        "answered_by": None,
    }
    assert consents(fold_roadmap(further(asked))) == [waiting]
    given = record(ConsentGiven(request=60), position=61, stream="SUP", actor="dan", at=day(3))
    assert consents(fold_roadmap(further(asked, given))) == [
        {**waiting, "answer": "given", "answered_by": "dan"}
    ]
