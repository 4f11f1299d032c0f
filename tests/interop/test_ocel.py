"""OCEL 2.0: every record an event, related to objects that are there, with attributes that are declared."""

from __future__ import annotations

from typing import Any

import pytest

from roadlog.interop.ocel import ocel
from roadlog.reading import Reading
from tests.demo.conftest import TODAY, Played


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(tmp_path_factory.mktemp("demo") / "roadlog-demo")


@pytest.fixture(scope="module")
def log(played: Played) -> dict[str, Any]:
    return ocel(played.records)


def test_every_record_is_an_event(log: dict[str, Any], played: Played) -> None:
    assert [each["id"] for each in log["events"]] == [str(each.position) for each in played.records]
    assert [each["type"] for each in log["events"]] == [each.type for each in played.records]


def test_ids_are_unique_and_relations_lead_to_objects(log: dict[str, Any]) -> None:
    ids = [each["id"] for each in log["objects"]]
    assert len(set(ids)) == len(ids)
    related = {
        each["objectId"]
        for part in ("events", "objects")
        for one in log[part]
        for each in one["relationships"]
    }
    assert related <= set(ids)


@pytest.mark.parametrize(("of", "types"), [("objects", "objectTypes"), ("events", "eventTypes")])
def test_types_and_attributes_are_declared(log: dict[str, Any], of: str, types: str) -> None:
    declared = {each["name"]: {one["name"]: one["type"] for one in each["attributes"]} for each in log[types]}
    python = {"string": str, "integer": int, "time": str}
    for each in log[of]:
        for attribute in each["attributes"]:
            kind = declared[each["type"]][attribute["name"]]
            assert isinstance(attribute["value"], python[kind]), each


def test_objects_are_the_initiatives_visits_votes_risks_and_people(
    log: dict[str, Any], played: Played
) -> None:
    with Reading(played.folder / ".roadlog", now=TODAY) as reading:
        roadmap, states = reading.states(reading.moment())
    kinds = [each["type"] for each in log["objects"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "initiative": len(states),
        "milestone visit": sum(len(each.visits) for each in states.values()),
        "approval": sum(len(each.approvals) for each in states.values()),
        "risk": sum(len(each.risks) for each in states.values()),
        "stakeholder": len(roadmap.stakeholders),
    }


def test_a_risk_keeps_its_scores_over_time(log: dict[str, Any]) -> None:
    (risk,) = [each for each in log["objects"] if each["id"] == "risk:SUP-1 R1"]
    assert [(each["name"], each["value"]) for each in risk["attributes"]] == [
        ("category", "hallucination"),
        ("score", 16),
        ("residual", 8),
    ]


def test_a_move_is_related_to_the_visit_that_it_ends_and_the_one_that_it_begins(log: dict[str, Any]) -> None:
    (move,) = [each for each in log["events"] if each["id"] == "19"]
    assert [each["objectId"] for each in move["relationships"] if each["qualifier"] == "at"] == [
        "milestone visit:SUP-1 feasibility 1.1",
        "milestone visit:SUP-1 prototype 1.1",
    ]
