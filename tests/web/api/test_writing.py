"""Recording over the API: what comes of it, once, on the version that was meant, and by whom."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from roadlog.domain.commands import AddNote
from roadlog.web.api.wishes import OFFERED
from tests.cli.line import Line
from tests.stores import Store
from tests.web.api.conftest import BASE, Site

NOTE = "/initiatives/SUP-1/note"


def version(site: Site) -> int:
    return int(site.get("/initiatives/SUP-1").headers["etag"].strip('"'))


def positions(answer: Any) -> list[int]:
    return [each["position"] for each in answer.json()["records"]]


def test_what_is_recorded_is_answered_in_the_shape_of_every_write(site: Site) -> None:
    answer = site.post(NOTE, {"text": "Seen", "because": "To try"})
    assert (answer.status_code, answer.headers["etag"]) == (201, '"2"')
    told = answer.json()
    [record] = told["records"]
    assert (told["initiative"], told["dry_run"]) == ("SUP-1", False)
    assert (record["actor"]["id"], record["actor"]["assurance"]) == ("dan", "asserted")
    assert (record["reason"], record["source"]["client"]) == ("To try", "api")
    assert record["data"] == {"text": "Seen"}
    assert json.loads(site.get("/records?after=8").text) == record


def test_it_has_the_keys_that_the_command_line_has(site: Site) -> None:
    typed = Line(site.folder).json("note", "SUP-1", "Typed", by="dan")
    assert list(site.post(NOTE, {"text": "Sent"}).json()) == list(typed)
    voting = ("reject", "SUP-1", "--role", "compliance", "--because", "Not yet")
    typed = Line(site.folder).json(*voting, "--dry-run", by="carla")
    sent = {"role": "compliance", "because": "Not yet", "dry_run": True}
    assert list(site.post("/initiatives/SUP-1/reject", sent, by="carla").json()) == list(typed)


def test_a_new_initiative_says_where_it_is(site: Site) -> None:
    problem = {"title": "Faster mails", "problem": "New customers wait 3 days for a mail"}
    for status in (201, 200):  # who lost the first answer asks again
        answer = site.post("/initiatives", problem, by="paula", Idempotency_Key='"new"')
        assert (answer.status_code, answer.headers["location"]) == (status, f"{BASE}/initiatives/SUP-2")
    assert site.get("/initiatives/SUP-2").json()["title"] == "Faster mails"
    adopted = {"title": "Search", "milestone": "training", "since": "2026-02-01T00:00:00Z"}
    assert site.post("/adopt", adopted, by="paula").headers["location"] == f"{BASE}/initiatives/SUP-3"
    answer = site.post("/initiatives/SUP-3/define", {**problem, "title": "Search"}, by="paula")
    assert (answer.status_code, "location" in answer.headers) == (201, False)


def test_the_same_command_id_records_once(site: Site) -> None:
    first = site.post(NOTE, {"text": "Once"}, Idempotency_Key='"abc"')
    assert (first.status_code, positions(first)) == (201, [9])
    for again in (
        site.post(NOTE, {"text": "Once"}, Idempotency_Key="abc"),
        site.post(NOTE, {"text": "Once", "command_id": "abc"}),
        site.post(NOTE, {"text": "Once", "command_id": "abc"}, Idempotency_Key='"abc"'),
    ):
        assert (again.status_code, positions(again), again.json()["replayed"]) == (200, [9], True)
    other = site.post(NOTE, {"text": "Twice"}, Idempotency_Key='"abc"')
    assert (other.status_code, other.json()["rule"]) == (409, "command-reused")
    assert Line(site.folder).records() == 9


def test_a_control_without_a_command_id_it_is_recorded_twice(site: Site) -> None:
    assert [positions(site.post(NOTE, {"text": "Once"})) for _ in range(2)] == [[9], [10]]


def test_said_twice_and_differently_nothing_is_recorded(site: Site) -> None:
    for body, header in (
        ({"command_id": "a"}, {"Idempotency_Key": "b"}),
        ({"expect_version": 1}, {"If_Match": '"2"'}),
    ):
        answer = site.post(NOTE, {"text": "x", **body}, **header)
        assert (answer.status_code, answer.json()["missing"]) == (400, list(body))
    assert Line(site.folder).records() == 8


@pytest.mark.parametrize("how", ["body", "header"])
def test_it_is_recorded_only_on_the_version_that_was_seen(site: Site, how: str) -> None:
    def wish(expected: int) -> Any:
        if how == "body":
            return site.post(NOTE, {"text": "Seen", "expect_version": expected})
        return site.post(NOTE, {"text": "Seen"}, If_Match=f'"{expected}"')

    seen = version(site)
    assert wish(seen).status_code == 201
    again = wish(seen)
    assert again.status_code == (409 if how == "body" else 412)
    assert (again.json()["exit"], again.json()["rule"]) == (3, "conflict")
    assert again.json()["try"] == ["roadlog log SUP-1"]
    assert wish(version(site)).status_code == 201


@pytest.mark.parametrize("given", ["12", "*", 'W/"12"', '"x"', '""', '"1", "2"'])
def test_any_other_entity_tag_is_not_understood(site: Site, given: str) -> None:
    answer = site.post(NOTE, {"text": "Seen"}, If_Match=given)
    assert (answer.status_code, answer.json()["missing"]) == (400, ["If-Match"])


def test_of_two_writers_on_one_version_one_wins(site: Site) -> None:
    seen = version(site)
    with ThreadPoolExecutor(4) as together:
        wishes = [
            together.submit(site.post, NOTE, {"text": f"{each}", "expect_version": seen}) for each in range(4)
        ]
    assert sorted(each.result().status_code for each in wishes) == [201, 409, 409, 409]


def test_many_writers_lose_nothing(site: Site) -> None:
    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(lambda each: site.post(NOTE, {"text": f"Note {each}"}), range(12)))
    assert {each.status_code for each in answers} == {201}
    assert sorted(position for each in answers for position in positions(each)) == list(range(9, 21))


def test_a_dry_run_records_nothing_and_shows_the_gate(site: Site) -> None:
    answer = site.post(NOTE, {"text": "Seen", "dry_run": True})
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True)
    assert answer.json()["gates"][0]["key"] == "SUP-1"
    assert Line(site.folder).records() == 8


def test_when_it_happened_is_told_in_any_offset(site: Site, team: Store) -> None:
    sent = {"text": "Yesterday", "at": "2026-03-02T09:30:00+01:00"}
    [record] = site.post(NOTE, sent).json()["records"]
    assert record["effective_at"] == "2026-03-02T08:30:00.000000Z"


def test_what_is_so_already_is_no_new_record(site: Site) -> None:
    placed = {"horizon": "now", "rank": 1}
    assert site.post("/initiatives/SUP-1/place", placed, by="paula").status_code == 201
    again = site.post("/initiatives/SUP-1/place", placed, by="paula")
    assert (again.status_code, again.json()["records"]) == (200, [])


def test_a_second_person_consents(site: Site) -> None:
    early = {"text": "Long ago", "at": "2025-06-01T00:00:00Z", "because": "Found it late"}
    asked = site.post(NOTE, early, by="paula").json()
    [waiting] = asked["consent"]
    assert "dan" in waiting["may"]
    answer = site.post("/consent", {"request": waiting["position"], "give": True})
    assert [each["type"] for each in answer.json()["records"]] == ["ConsentGiven", "NoteAdded"]


def test_the_stores_own_words_stand_beside(site: Site, team: Store) -> None:
    team.do(AddNote(stream="SUP-1", text="By the command line"), by="dan")
    assert version(site) == 2


@pytest.mark.parametrize("offered", OFFERED)
def test_every_command_is_taken_at_its_address(site: Site, offered: Any) -> None:
    path = offered.path.replace("{key}", "SUP-1")
    answer = site.post(path, {"nothing": 1}, by="paula")
    assert (answer.status_code, answer.json()["rule"]) == (400, "malformed-nothing")
    assert answer.json()["missing"] == []
    needed = site.post(path, {}, by="paula")
    if offered.needed:
        assert (needed.status_code, needed.json()["missing"]) == (400, offered.needed)
    else:
        assert needed.status_code in (200, 201, 409, 422)
