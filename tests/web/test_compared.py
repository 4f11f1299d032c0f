"""A moment compared with now: what is listed, what is marked, and what is not asked for."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from roadlog.domain.commands import AddNote, AdvanceMilestone, ChangeOwner
from roadlog.web import compared
from tests.stores import Store
from tests.web.asking import client


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    """One initiative at position 8, moved, given to somebody else; another one came."""
    key = team.define()
    team.do(AdvanceMilestone(stream=key, to="feasibility"))
    team.do(ChangeOwner(stream=key, owner="erin"))
    team.define()
    with client(team.folder) as asked:
        yield asked


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def listed(html: str) -> str:
    """What stands in the list of differences."""
    found = re.search(r'<section class="compared.*?</section>', html, re.DOTALL)
    return text(found[0]) if found else ""


def card(html: str, key: str) -> str:
    found = re.search(rf'<article class="[^"]*" data-key="{key}">.*?</article>', html, re.DOTALL)
    return text(found[0]) if found else ""


def test_what_came_and_what_changed_is_listed_and_marked(site: TestClient) -> None:
    html = site.get("/?position=8&compare=now").text
    told = listed(html)
    assert told.startswith("From then to now + 1 initiative came ≠ 1 changed + came: SUP-2")
    assert "SUP-2 Reduce support load backlog, paula" in told
    assert "owner paula → erin" in told
    assert told.endswith("On a terminal: roadlog diff 8 now")
    assert "≠ milestone backlog → feasibility" in card(html, "SUP-1")
    assert "≠ owner paula → erin" in card(html, "SUP-1")
    assert "+ came since" in card(html, "SUP-2")


def test_an_initiative_s_page_is_marked_where_it_differs(site: TestClient) -> None:
    html = site.get("/initiatives/SUP-1?position=8&compare=now").text
    assert listed(html).endswith("On a terminal: roadlog diff 8 now SUP-1")
    assert "came" not in listed(html)
    standing = text(html[html.index('id="standing"') : html.index('id="gate"')])
    assert "≠ owner paula → erin ≠ milestone backlog → feasibility" in standing.replace("≠ status", "≠")
    assert "≠" not in text(html[html.index('id="safeguards"') :])


def test_as_it_was_no_command_is_named(site: TestClient) -> None:
    html = site.get("/?as-of=2026-03-02T09:02:30Z&compare=now").text
    assert "owner paula → erin" in listed(html)
    assert "On a terminal" not in html


@pytest.mark.parametrize("query", ["", "?compare=now", "?position=8", "?position=8&compare=then"])
def test_nothing_is_compared_where_nobody_asks(site: TestClient, query: str) -> None:
    html = site.get(f"/{query}").text
    assert listed(html) == ""
    assert "≠" not in html


def test_a_moment_like_now_does_not_differ(site: TestClient, team: Store) -> None:
    position = team.records()[-1].position
    assert "Nothing differs." in listed(site.get(f"/?position={position}&compare=now").text)


def test_of_many_the_first_are_told(site: TestClient, team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "MANY", 1)
    position = team.records()[-1].position
    for key in ("SUP-1", "SUP-2"):
        team.do(AddNote(stream=key, text="seen"))
    told = listed(site.get(f"/?position={position}&compare=now").text)
    assert "SUP-1" in told
    assert "And 1 more." in told
    assert "SUP-2" not in told


def test_many_are_folded_in_behind_how_many_they_are(site: TestClient, team: Store) -> None:
    assert "<details open>" in site.get("/?position=8&compare=now").text
    for _ in range(11):
        team.define()
    html = site.get("/?position=8&compare=now").text
    assert listed(html).startswith("From then to now + 12 initiatives came ≠ 1 changed")
    assert html.index("<h1>") < html.index("<details>") < html.index("+ 12 initiatives came")


def test_hostile_text_is_listed_as_text(site: TestClient, team: Store) -> None:
    team.do(AddNote(stream="SUP-1", text="<script>alert(1)</script>\u202e"))
    html = site.get("/?position=8&compare=now").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in html
