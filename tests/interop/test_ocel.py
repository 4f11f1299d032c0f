"""OCEL 2.0: every record an event, related to objects that are there, with attributes that are declared."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from roadlog.domain.commands import AdoptInitiative, AdvanceMilestone
from roadlog.domain.events import Time
from roadlog.domain.moments import instant, rfc3339
from roadlog.interop.exported import Exported
from roadlog.interop.ocel import ocel, write
from roadlog.reading import Reading
from tests.demo.conftest import TODAY, Played
from tests.stores import team_store


@pytest.fixture(scope="module")
def log(played: Played) -> dict[str, Any]:
    with Reading(played.folder / ".roadlog", now=TODAY) as reading:
        told = Exported(reading, reading.moment())
        document = ocel(played.records, told.finishing, told.stamp())
        streamed = json.loads(written(told))
    for each in (document, streamed):  # stream after stream the objects come in another order
        each["objects"].sort(key=lambda thing: thing["id"])
    assert document == streamed
    return document


def written(export: Exported) -> bytes:
    file = io.BytesIO()
    write(export, file)
    return file.getvalue()


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
    read: dict[str, Callable[[str], object]] = {"string": str, "integer": int, "time": instant}
    for each in log[of]:
        for attribute in each["attributes"]:
            read[declared[each["type"]][attribute["name"]]](attribute["value"])


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing beside what the schema names: https://www.ocel-standard.org/2.0/ocel20-schema-json.json."""


class Declared(Strict, frozen=True):
    name: str
    type: Literal["string", "time", "integer", "float", "boolean"]


class Type(Strict, frozen=True):
    name: str
    attributes: list[Declared]


class Relationship(Strict, frozen=True):
    objectId: str  # noqa: N815 (as the standard has it)
    qualifier: str


class OfEvent(Strict, frozen=True):
    name: str
    value: str


class OfObject(Strict, frozen=True):
    name: str
    value: str
    time: Time


class Object(Strict, frozen=True):
    id: str
    type: str
    attributes: list[OfObject]
    relationships: list[Relationship]


class OcelEvent(Strict, frozen=True):
    id: str
    type: str
    time: Time
    attributes: list[OfEvent]
    relationships: list[Relationship]


class Document(Strict, frozen=True):
    objectTypes: list[Type]  # noqa: N815
    eventTypes: list[Type]  # noqa: N815
    objects: list[Object]
    events: list[OcelEvent]


def test_it_is_as_the_schema_of_the_standard_wants_it(log: dict[str, Any]) -> None:
    read = msgspec.convert(log, Document)
    assert len(read.events) == len(log["events"])


def test_what_is_not_as_the_schema_wants_it_is_found(log: dict[str, Any]) -> None:
    """The control: a number that is no text, and a time without an offset."""
    event = log["events"][0]
    for wrong in ({"attributes": [{"name": "position", "value": 1}]}, {"time": "2026-03-02T09:00:00"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**log, "events": [event | wrong]}, Document)


def test_objects_are_the_initiatives_visits_votes_risks_and_people(
    log: dict[str, Any], played: Played
) -> None:
    with Reading(played.folder / ".roadlog", now=TODAY) as reading:
        roadmap, states = reading.states(reading.moment())
    kinds = [each["type"] for each in log["objects"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "roadmap": 1,
        "initiative": len(states),
        "cycle": 3,
        "milestone visit": sum(len(each.visits) for each in states.values()),
        "approval": sum(len(each.approvals) for each in states.values()),
        "risk": sum(len(each.risks) for each in states.values()),
        "stakeholder": len(roadmap.stakeholders),
    }


def test_a_risk_keeps_its_scores_over_time(log: dict[str, Any]) -> None:
    (risk,) = [each for each in log["objects"] if each["id"] == "risk:SUP-1 R1"]
    assert [(each["name"], each["value"]) for each in risk["attributes"]] == [
        ("category", "hallucination"),
        ("score", "16"),
        ("residual", "8"),
    ]


def test_a_move_is_related_to_the_visit_that_it_ends_and_the_one_that_it_begins(log: dict[str, Any]) -> None:
    (move,) = [each for each in log["events"] if each["id"] == "19"]
    assert [each["objectId"] for each in move["relationships"] if each["qualifier"] == "at"] == [
        "milestone visit:SUP-1 feasibility 1.1",
        "milestone visit:SUP-1 prototype 1.1",
    ]


def test_an_adoption_is_at_the_time_since_when_its_cycle_counts(tmp_path: Path) -> None:
    with team_store(tmp_path / "store", "open") as store:
        since = store.now - timedelta(days=40)
        adopt = AdoptInitiative(title="It was there", milestone="integration", since=since)
        (adopted,) = store.do(adopt).records
        moved = [store.do(AdvanceMilestone(stream="SUP-1")).records[0].effective_at for _ in range(2)]
        with store.reading() as reading:
            (cycle,) = reading.metrics(reading.moment())["initiatives"][0]["cycles"]
            events = json.loads(written(Exported(reading, reading.moment())))["events"]
    about = [each for each in events if "in" in [one["qualifier"] for one in each["relationships"]]]
    assert [each["time"] for each in about] == [rfc3339(each) for each in (since, *moved)]
    assert (about[0]["time"], about[-1]["time"]) == (cycle["started_at"], cycle["finished_at"])
    told = [{one["name"]: one["value"] for one in each["attributes"]} for each in about]
    assert [each.get("adopted_at") for each in told] == [rfc3339(adopted.effective_at), None, None]
