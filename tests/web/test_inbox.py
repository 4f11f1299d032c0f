"""The inbox: the digest and what is next, of one stakeholder or counted for all."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from roadlog.domain.commands import AddNote, AdvanceMilestone, Approve, ReframeProblem, RequestApproval
from tests.cli.line import Line
from tests.stores import Store
from tests.web.asking import client
from tests.web.seen import holds_hostile_text, obeyed, seen
from tests.web.signed_in import sign_in


def test_without_a_name_it_counts_what_everybody_owes(site: TestClient, demo: Path) -> None:
    page = seen(site, "/inbox")
    people = Line(demo).json("stakeholder", "list")
    here = [each["handle"] for each in people if each["left_at"] is None]
    assert page.links("/inbox?for=") == [f"/inbox?for={each}" for each in here]
    assert "erik" not in page.text
    assert seen(site, "/inbox?for=").text == page.text


@pytest.mark.parametrize("handle", ["carla", "lin", "mara"])
def test_it_tells_what_the_digest_and_next_tell(site: TestClient, demo: Path, handle: str) -> None:
    page = seen(site, f"/inbox?for={handle}&after=100").text
    digest = Line(demo).json("digest", "--for", handle, "--after", "100")
    owed = Line(demo).json("next", "--for", handle)
    assert f"{digest['further']} other thing" in page
    for each in owed:
        assert each["try"] in page
    for group in digest["happened"]:
        for each in group["records"][-20:]:
            assert f"#{each['position']}" in page
            assert " ".join(f"{each['actor']} {each['sentence']}".split()) in page
    for each in digest["quiet"]:
        assert f"{each['role']} was to be heard by" in page


def test_it_begins_with_the_last_vote(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    team.do(RequestApproval(stream="SUP-1", roles=("compliance",)))
    (vote,) = team.do(Approve(stream="SUP-1", role="compliance"), by="carla").records
    (edit,) = team.do(ReframeProblem(stream="SUP-1", problem="Customers wait 9 hours")).records
    (note,) = team.do(AddNote(stream="SUP-1", text="hm")).records
    with client(team.folder) as site:
        page = seen(site, "/inbox?for=carla")
        week = seen(site, "/inbox?for=carla&since=7")
    assert f"positions {edit.position} to {note.position}" in page.text
    assert f"their last vote, #{vote.position}" in page.text
    assert f"approved feasibility as compliance, #{vote.position}; problem changed since" in page.text
    assert "roadlog approve SUP-1 --role compliance" in page.text
    assert f"positions 1 to {note.position}" in week.text


def test_who_is_signed_in_has_their_own_with_buttons(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    team.do(RequestApproval(stream="SUP-1", roles=("compliance",)))
    with client(team.folder) as site:
        sign_in(site, team.folder, "carla")
        mine, others = seen(site, "/inbox"), seen(site, "/inbox?for=dan")
        then = seen(site, "/inbox?for=carla&position=10")
    assert "Inbox of carla" in mine.text
    votes = [f"/initiatives/SUP-1/do/{each}?role=compliance" for each in ("approve", "reject", "abstain")]
    assert mine.links("/initiatives/SUP-1/do/") == votes
    assert others.links("/initiatives/SUP-1/do/") == then.links("/initiatives/SUP-1/do/") == []


def test_a_past_moment_tells_what_was_owed_then(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    before = len(team.records())
    team.do(RequestApproval(stream="SUP-1", roles=("compliance",)))
    with client(team.folder) as site:
        assert "1 decision owed" in seen(site, "/inbox?for=carla").text
        then = seen(site, f"/inbox?for=carla&position={before}")
        assert "0 decisions owed" in then.text
        now = [each for each in then.links("/inbox") if f"position={before}" not in each]
        assert set(now) == {"/inbox?for=carla"}
        assert "Nobody is on the roadmap at this moment" in seen(site, "/inbox?position=0").text


@pytest.mark.parametrize("address", ["/inbox?for=nobody", "/inbox?for=carla&position=0"])
def test_a_handle_that_is_not_there_is_told(site: TestClient, address: str) -> None:
    assert site.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/inbox?for=carla&after=x", "/inbox?for=carla&after=-1"])
def test_a_position_that_is_none_is_told(site: TestClient, address: str) -> None:
    assert site.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/inbox?for=carla&after=999999", "/inbox?for=carla&since=elsewhere"])
def test_a_window_that_cannot_be_is_a_window_that_can(site: TestClient, address: str) -> None:
    assert "What happened" in seen(site, address).text


def test_hostile_text_is_shown_as_text(hostile: Path) -> None:
    with client(hostile) as site:
        for address in ("/inbox", *(f"/inbox?for={each}&after=0" for each in ("paula", "carla"))):
            page = site.get(address).text
            assert obeyed(page) == []
        assert holds_hostile_text(page)


def test_what_a_gate_needs_that_nobody_asked_for_is_no_decision_owed(team: Store) -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    with client(team.folder) as site:
        before, people = seen(site, "/inbox?for=carla").text, seen(site, "/inbox").text
        team.do(RequestApproval(stream="SUP-1", roles=("compliance",)))
        asked = seen(site, "/inbox?for=carla").text
    assert "0 decisions owed 1 decision not asked for yet" in before
    assert "No decision is owed: nobody was asked for what carla could decide." in before
    assert "Could decide as compliance on leaving feasibility" in before
    assert "carla compliance 0 1 " in people
    assert "1 decision owed" in asked
    assert "not asked for yet" not in asked


def test_the_headline_tells_of_stale_approvals(site: TestClient) -> None:
    said = "0 decisions owed 1 decision not asked for yet 1 approval went stale 1 other thing to do"
    assert said in seen(site, "/inbox?for=devi").text
