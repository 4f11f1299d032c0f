"""The page of an initiative: the problem first, and every part that `show`, `gate` and `log` tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from roadlog import machine
from roadlog.domain.commands import AdvanceMilestone, AttachEvidence, Reject
from roadlog.projections.moment import Moment
from roadlog.reading import Reading
from tests.cli.views.played import play
from tests.stores import Store
from tests.web.asking import client
from tests.web.seen import Seen
from tests.web.signed_in import sign_in

HASH = "a" * 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[TestClient]:
    with client(folder) as asked:
        yield asked


def page_of(site: TestClient, address: str) -> Seen:
    answer = site.get(address)
    assert answer.status_code == 200
    return Seen(answer.text)


def texts_of(answer: dict[str, Any], gate: dict[str, Any]) -> Iterator[str]:
    """What stands in an answer and has to stand on the page."""
    yield from filter(None, (answer["title"], answer["problem"], answer["approach"], answer["owner"]))
    yield from answer["segments"]
    for outcome in answer["outcomes"]:
        yield outcome["metric"]
    for vote in answer["approvals"]:
        yield from filter(None, (vote["stakeholder"], vote["role"], vote["statement"], vote["reason"]))
        yield from (each["text"] for each in vote["conditions"])
    for risk in answer["risks"]:
        yield from filter(None, (risk["id"], risk["description"], risk["treatment"], risk["owner"]))
    for each in answer["evidence"]:
        yield from filter(None, (each["title"], each["uri"], each["sha256"][:8], each["kind"]))
    for each in answer["criteria"]:
        yield from filter(None, (each["id"], each["metric"], each["segment"]))
    for each in answer["experiments"]:
        yield from filter(None, (each["hypothesis"], each["summary"], each["decision"], *each["variants"]))
    for name in ("edge_cases", "incidents"):
        yield from (each["description"] for each in answer[name])
    yield from (each["text"] for each in answer["notes"])
    yield from (each["reason"] for each in answer["waivers"])
    for line in gate["requirements"] if gate["next"] else []:
        yield from filter(None, (line["text"], line["id"], None if line["met"] else line["try"]))


def positions_of(answer: dict[str, Any]) -> set[int]:
    """The records of its parts."""
    names = ("approvals", "risks", "evidence", "criteria", "edge_cases", "incidents", "waivers", "notes")
    found = {each["position"] for name in names for each in answer[name]}
    return found | {answer[name]["position"] for name in ("fallback", "notice", "monitor") if answer[name]}


def is_whole(seen: Seen, answer: dict[str, Any], gate: dict[str, Any]) -> bool:
    missing = [each for each in texts_of(answer, gate) if " ".join(each.split()) not in seen.text]
    assert missing == []
    named = {int(found[1]) for link in seen.links("/trail") if (found := re.search(r"#p(\d+)$", link))}
    assert positions_of(answer) <= named
    return True


def test_all_that_show_and_gate_tell_is_there(site: TestClient, folder: Path) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        moment = reading.moment()
        keys = reading.keys()
        for key in keys:
            seen = page_of(site, f"/initiatives/{key}")
            assert is_whole(seen, reading.page(key, moment), reading.gate(key, moment))


@pytest.mark.parametrize("position", [12, 25, 40, 55])
def test_at_a_past_moment_it_is_what_show_and_gate_told_then(
    site: TestClient, folder: Path, position: int
) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        moment: Moment = reading.moment(position=position)
        for row in reading.board(moment)["initiatives"]:
            answer, gate = reading.page(row["key"], moment), reading.gate(row["key"], moment)
            seen = page_of(site, f"/initiatives/{row['key']}?position={position}")
            assert is_whole(seen, answer, gate)
            shown = [int(each) for each in re.findall(r"#(\d+)", " ".join(seen.texts))]
            assert max(shown) <= position


def test_the_problem_and_the_outcome_stand_before_everything_else(site: TestClient) -> None:
    html = site.get("/initiatives/SUP-1").text
    titles = re.findall(r'<h2 id="([a-z_]+)"', html)
    assert titles[:4] == ["problem", "outcome", "standing", "gate"]
    assert titles[-1] == "trail"


@pytest.mark.parametrize("key", ["SUP-1", "SUP-2"])
def test_the_contents_name_the_parts_in_the_order_in_which_they_stand(site: TestClient, key: str) -> None:
    seen = page_of(site, f"/initiatives/{key}")
    named = [link[1:] for link in seen.links("#") if link != "#main"]
    there = [attributes["id"] for tag, attributes in seen.elements if tag == "h2" and "id" in attributes]
    assert named == [each for each in there if each not in ("problem", "outcome", "standing")]
    assert "safeguards" in named


def test_its_way_shows_visits_and_loops(site: TestClient, folder: Path) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        answer = reading.page("SUP-1", reading.moment())
    steps = re.search(r'<ol class="steps">.*?</ol>', site.get("/initiatives/SUP-1").text, re.DOTALL)
    assert steps is not None
    told = Seen(steps[0]).text
    backward = [each for each in answer["visits"] if each["began"] == "backward"]
    assert told.count("↩") == len({(each["milestone"], each["loop"]) for each in backward}) > 0
    for milestone in {each["milestone"] for each in answer["visits"]}:
        count = sum(each["milestone"] == milestone for each in answer["visits"])
        assert f"{milestone} {count} visit" in told


def test_its_last_twenty_records_are_its_trail_and_more_is_a_link_away(
    site: TestClient, folder: Path
) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        index = reading.trail(reading.moment(), key="SUP-1", last=20).index
    html = site.get("/initiatives/SUP-1").text
    assert re.findall(r'<li class="entry" id="p(\d+)">', html) == [str(each.position) for each in index[::-1]]
    assert '<a href="/trail?key=SUP-1">' in html


@pytest.mark.parametrize(
    ("uri", "leads"),
    [
        ("https://example.org/data?a=1&b=2", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,hello", False),
        ("//example.org/data", False),
        ("evidence/data.csv", False),
        ("https:example", False),
        ("https://a b.example", False),
    ],
)
def test_only_addresses_of_the_web_are_links(team: Store, uri: str, leads: bool) -> None:
    key = team.define()
    team.do(AttachEvidence(stream=key, kind="dataset", title="Tickets", uri=uri, sha256=HASH))
    with client(team.folder) as site:
        seen = page_of(site, f"/initiatives/{key}")
    links = [attributes for tag, attributes in seen.elements if tag == "a" and attributes["href"] == uri]
    assert [each["rel"] for each in links] == (["noopener noreferrer"] if leads else [])
    assert uri in seen.text


def test_parts_that_hold_nothing_are_named_in_one_line(team: Store) -> None:
    key = team.define()
    with client(team.folder) as site:
        seen = page_of(site, f"/initiatives/{key}")
    assert "None yet: approvals, risks, criteria, experiments, evidence, edge cases" in seen.text
    assert "Approvals" not in seen.text


def test_a_key_that_is_not_there_is_said_so(team: Store) -> None:
    with client(team.folder) as site:
        answer = site.get("/initiatives/SUP-9")
    assert answer.status_code == 404
    assert "unknown-initiative" in answer.text


def test_votes_that_were_given_anew_are_folded_in_the_gate(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    for why in ("Too early", "No notice", "No fallback"):
        team.do(Reject(stream="SUP-1", role="compliance"), by="carla", because=why)
    first, second, last = (each.position for each in team.records()[-3:])
    with client(team.folder) as site:
        page = page_of(site, "/initiatives/SUP-1").text
    told = [f"#{each} does not count: superseded by carla's vote" for each in (first, second)]
    assert f"2 earlier votes {told[0]} at position {second} {told[1]} at position {last}" in page
    assert page.index(f"#{last} does not count") < page.index("2 earlier votes")


def test_progress_stands_beside_the_day_until_which_it_was_measured(demo: Path) -> None:
    with client(demo) as site:
        page = page_of(site, "/initiatives/SUP-2").text
    said = "2 2026-11-11, finished 2026-10-06 21 % 3 so far 21 %"
    assert f"Iteration Until Progress at its end 1 2026-09-23 not measured {said}" in page


def test_visits_of_several_cycles_say_so(demo: Path) -> None:
    with client(demo) as site:
        page = page_of(site, "/initiatives/SUP-2").text
        table = page_of(site, "/timeline").text
    assert "training 2 visits in 2 cycles, " in page
    assert "feasibility 1 visit, " in page
    assert "drift: training, visit 1 of cycle 2" in table


def test_who_may_record_is_offered_the_forms_instead_of_the_lines_to_type(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    with client(team.folder) as site:
        read = page_of(site, "/initiatives/SUP-1")
        sign_in(site, team.folder, "carla")
        offered = page_of(site, "/initiatives/SUP-1")
    lines = ("roadlog approve SUP-1 --role compliance", "roadlog evidence attach SUP-1 FILE --kind dataset")
    assert [each in read.text for each in lines] == [True, True]
    assert [each in offered.text for each in lines] == [False, False]
    forms = [
        f"/initiatives/SUP-1/do/{each}"
        for each in ("approve?role=compliance", "evidence-attach?kind=dataset")
    ]
    assert [each in offered.links("/initiatives/SUP-1/do/") for each in forms] == [True, True]
