"""Records as lines of JSON and as CloudEvents: the same bytes as `watch`, and read by the SDK."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat

from roadlog.interop.cloud_events import EXTENSIONS, cloud_event
from roadlog.projections.catalogue import json_schema
from roadlog.reading import Reading
from tests.cli.line import Line
from tests.interop.exports import SAID, exported

NAME = re.compile(r"[a-z0-9]{1,20}")
"""Of an attribute: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#naming-conventions."""
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""In an attribute's text, as the type String of that specification has it."""


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(each) for each in content.splitlines()]


def test_lines_are_those_that_watch_prints(history: Line) -> None:
    count = str(history.records())
    watched = history("watch", "--json", "--position", "0", "--count", count)
    assert exported(history, "jsonl").decode() == watched


def read(line: bytes) -> BaseCloudEvent:
    return JSONFormat().read(None, line)


def test_the_sdk_reads_every_event_as_the_record_that_it_is(history: Line) -> None:
    records = lines(exported(history, "jsonl"))
    events = [read(each) for each in exported(history, "cloudevents").splitlines()]
    assert len(events) == len(records)
    for event, record in zip(events, records, strict=True):
        assert event.get_specversion() == "1.0"
        assert event.get_id() == str(record["position"])
        assert event.get_source() == "roadlog/SUP/670a751e6c283436"
        assert event.get_type() == f"roadlog.{record['type']}"
        assert event.get_subject() == record["stream"]
        assert event.get_time() == datetime.fromisoformat(record["effective_at"])
        assert event.get_datacontenttype() == "application/json"
        assert event.get_dataschema() == f"urn:roadlog:{record['type']}:1"
        assert event.get_data() == record["data"]
        told = {name: event.get_extension(name) for name in EXTENSIONS}
        assert told["recordedat"] == record["recorded_at"]
        assert (told["actor"], told["actorkind"]) == (record["actor"]["id"], record["actor"]["kind"])
        assert (told["commandid"], told["leaf"]) == (record["command_id"], record["leaf"])
    assert SAID in [each.get_data()["text"] for each in events if each.get_type() == "roadlog.NoteAdded"]  # type: ignore[index, call-overload]


def test_the_sdk_takes_it_as_a_message_too(history: Line) -> None:
    line = exported(history, "cloudevents").splitlines()[3]
    message = HTTPMessage(headers={"content-type": "application/cloudevents+json"}, body=line)
    assert from_structured_event(message).get_type() == "roadlog.StakeholderJoined"


def test_the_sdk_refuses_what_is_no_event(history: Line) -> None:
    """The control."""
    event = lines(exported(history, "cloudevents"))[0]
    for wrong in ({"time": "2026-03-02T09:00:00"}, {"dataschema": ""}, {"recorded_at": "x"}):
        with pytest.raises(CloudEventValidationError):
            read(json.dumps(event | wrong).encode())


def test_source_and_id_are_unique_and_attributes_are_as_the_standard_wants_them(history: Line) -> None:
    events = lines(exported(history, "cloudevents"))
    assert len({(each["source"], each["id"]) for each in events}) == len(events)
    for event in events:
        attributes = {name: value for name, value in event.items() if name != "data"}
        assert all(NAME.fullmatch(name) for name in attributes)
        assert all(isinstance(each, str) and each for each in attributes.values())
        assert not any(FORBIDDEN.search(each) for each in attributes.values())


def test_a_reason_of_several_lines_stands_on_one(history: Line) -> None:
    (event,) = [each for each in lines(exported(history, "cloudevents")) if "SUM" in each.get("reason", "")]
    assert event["reason"] == "=SUM(A1) </string>]]>&amp;  Zq\\u202e"
    assert event["data"]["learned"] == SAID


def test_the_schema_is_one_that_the_catalogue_defines(history: Line) -> None:
    known = {each["title"] for each in json_schema()["oneOf"]}
    named = {each["dataschema"].split(":")[2] for each in lines(exported(history, "cloudevents"))}
    assert named <= known


def test_an_event_is_the_same_at_every_export(history: Line) -> None:
    whole = exported(history, "cloudevents").splitlines()
    assert exported(history, "cloudevents", "--position", "14").splitlines() == whole[:14]
    assert [each for each in whole if b'"subject":"SUP-2"' in each] == exported(
        history, "cloudevents", "SUP-2"
    ).splitlines()
    with Reading(history.folder, now=datetime.fromisoformat("2999-01-01T00:00:00Z")) as reading:
        record = reading.record(14)
    assert cloud_event(record, "roadlog/SUP/670a751e6c283436") == json.loads(whole[13])
