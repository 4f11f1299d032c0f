"""The board as a page: what stands in which column, and what is asked for."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from roadlog.domain.commands import AdvanceMilestone, ChangeOwner, PlaceInitiative, ReframeProblem
from tests.stores import Store
from tests.web.asking import client


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    with client(team.folder) as asked:
        yield asked


def columns(html: str) -> dict[str, list[str]]:
    """The keys of each column's cards, in order."""
    found = re.findall(r'<section class="column.*?</section>', html, re.DOTALL)
    heads = (re.search(r"<h2[^>]*>\s*([a-z]+)", each) for each in found)
    keys = [re.findall(r'<span class="key">([^<]+)</span>', each) for each in found]
    return {head[1]: each for head, each in zip(heads, keys, strict=True) if head}


def test_an_empty_roadmap_says_how_to_begin(site: TestClient) -> None:
    html = site.get("/").text
    assert "No initiative yet." in html
    assert "roadlog define TITLE --problem TEXT" in html
    assert columns(html) == {}


def test_cards_stand_under_their_milestone_and_what_is_to_do_now_comes_first(
    site: TestClient, team: Store
) -> None:
    first, second, third = team.define(), team.define(), team.define()
    team.do(PlaceInitiative(stream=third, horizon="now"))
    team.do(PlaceInitiative(stream=second, horizon="later"))
    team.do(AdvanceMilestone(stream=first, to="feasibility"))
    html = site.get("/").text
    assert {name: keys for name, keys in columns(html).items() if keys} == {
        "backlog": [third, second],
        "feasibility": [first],
    }
    assert re.search(r'<span class="status active">1 active</span>', html)


def test_what_is_asked_for_alone_is_shown(site: TestClient, team: Store) -> None:
    first, second = team.define(), team.define()
    team.do(ReframeProblem(stream=second, title="Answer refunds at once"))
    team.do(ChangeOwner(stream=second, owner="erin"))
    assert columns(site.get("/?text=refunds answer").text)["backlog"] == [second]
    assert columns(site.get("/", params={"text": first}).text)["backlog"] == [first]
    assert columns(site.get("/?owner=erin").text)["backlog"] == [second]
    assert "None of 2 initiatives is like that." in site.get("/?horizon=now").text


def test_what_was_recorded_meanwhile_is_on_the_next_page(site: TestClient, team: Store) -> None:
    assert columns(site.get("/").text) == {}
    key = team.define()
    assert columns(site.get("/").text)["backlog"] == [key]
    team.do(AdvanceMilestone(stream=key, to="feasibility"))
    assert columns(site.get("/").text)["feasibility"] == [key]


def test_a_past_moment_shows_the_board_as_it_was(site: TestClient, team: Store) -> None:
    key = team.define()
    position = team.records()[-1].position
    team.do(AdvanceMilestone(stream=key, to="feasibility"))
    html = site.get(f"/?position={position}").text
    assert columns(html)["backlog"] == [key]
    assert f"<strong>position {position}</strong>, recorded <strong>2026-03-02 09:02</strong>" in html
    assert f'href="/initiatives/{key}?position={position}"' in html
    assert "There was no initiative then." in site.get("/?position=1").text


def test_before_the_first_record_the_pages_name_the_roadmap_all_the_same(site: TestClient) -> None:
    for path, title in (
        ("/", "Board"),
        ("/metrics", "Metrics"),
        ("/risks", "Risks"),
        ("/forecast", "Forecast"),
    ):
        html = site.get(f"{path}?position=0").text
        assert f"<title>{title} of SUP – roadlog</title>" in html
        assert "this log said\n  <strong>before its first record</strong>." in html


def test_a_page_says_for_paper_of_what_and_of_when_it_is(site: TestClient, team: Store) -> None:
    last = team.records()[-1].position
    html = site.get(f"/?position={last}").text
    said = rf"SUP as of 2026-03-02 09:\d\d UTC, position {last}, head <code>[0-9a-f]{{8}}</code></span>"
    assert re.search(said, html)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("position=99", "Position 99 is not in this log"),
        ("position=-1", "position is no whole number"),
        ("position=٣", "position is no whole number"),
        ("position=99999999999999999999", "position is no whole number"),
        ("as-of=yesterday", "as-of is no time"),
        ("as-of=2026-03-01T09:00", "as-of is no time"),
        ("known-at=0000-00-00", "known-at is no time"),
        ("as-of=2999-01-01", "is after now"),
    ],
)
def test_a_moment_that_cannot_be_is_not_understood(site: TestClient, query: str, told: str) -> None:
    answer = site.get(f"/?{query}")
    assert answer.status_code == 400
    assert told in answer.text


def test_an_answer_is_the_same_compressed_or_not(site: TestClient, team: Store) -> None:
    team.define()
    plain = site.get("/", headers={"Accept-Encoding": "identity"})
    small = site.get("/", headers={"Accept-Encoding": "gzip"})
    assert plain.headers.get("Content-Encoding") is None
    assert small.headers["Content-Encoding"] == "gzip"
    assert plain.text == small.text
    assert small.headers["Vary"] == "Accept-Encoding, Cookie"
