"""The timeline as a page: which initiatives stand on it, their visits as a picture and as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from roadlog import machine
from roadlog.domain.commands import ChangeOwner, PlaceInitiative
from roadlog.reading import Reading
from roadlog.web.asked import moment_of
from tests.charts.pictures import SVG, parsed
from tests.cli.views.played import play
from tests.stores import PROBLEM, Store
from tests.web.asking import client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[TestClient]:
    with client(folder) as asked:
        yield asked


def keys(html: str) -> list[str]:
    """The initiatives of the table."""
    return re.findall(r'<a class="key" href="[^"]+">([^<]+)</a>', html)


def picture_of(html: str) -> str:
    found = re.search(r'<img src="(/timeline\.svg[^"]*)"', html)
    assert found
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("moment", ["", "?position=40", "?as-of=2026-02-20"])
def test_the_picture_and_the_table_show_every_visit(site: TestClient, folder: Path, moment: str) -> None:
    html = site.get(f"/timeline{moment}").text
    said = [each.text or "" for each in parsed(site.get(picture_of(html)).text).iter(f"{SVG}title")]
    with Reading(folder, now=machine.clock()) as reading:
        asked = dict([moment[1:].split("=")]) if moment else {}
        then = moment_of(reading, asked, UTC)
        answers = [reading.page(row["key"], then) for row in reading.board(then)["initiatives"]]
    visits = [f"{each['milestone']}, visit {each['visit']}" for one in answers for each in one["visits"]]
    spans = [each["kind"] for one in answers for each in one["spans"]]
    assert sorted(each for each in said[1:] if each) == sorted([*visits, *spans])
    assert keys(html) == [each["key"] for each in answers]
    assert html.count("↩") == sum(each["began"] == "backward" for one in answers for each in one["visits"])


def test_only_what_is_asked_for_is_there(team: Store) -> None:
    first, second = team.define(), team.define()
    team.do(PlaceInitiative(stream=first, horizon="now"), ChangeOwner(stream=second, owner="erin"))
    with client(team.folder) as site:
        assert keys(site.get("/timeline").text) == [first, second]
        assert keys(site.get("/timeline?owner=erin").text) == [second]
        assert keys(site.get("/timeline?horizon=now").text) == [first]
        assert keys(site.get("/timeline?horizon=none").text) == [second]
        assert keys(site.get("/timeline?status=backlog&owner=paula").text) == [first]
        assert "No initiative is like this." in site.get("/timeline?status=live").text
        assert first not in site.get("/timeline.svg?owner=erin").text


def test_of_an_empty_roadmap_it_says_how_to_begin(team: Store) -> None:
    with client(team.folder) as site:
        html = site.get("/timeline").text
    assert "roadlog define TITLE --problem TEXT" in html
    assert "<img" not in html.partition("<main")[2]


def test_five_hundred_are_paged_by_forty_and_each_page_is_small(team: Store) -> None:
    team.do(*([PROBLEM] * 500))
    with client(team.folder) as site:
        found, address = [], "/timeline"
        while address:
            html = site.get(address).text
            found.append(keys(html))
            further = re.search(r'href="([^"]+)" rel="next"', html)
            address = further[1].replace("&amp;", "&") if further else ""
        assert [len(each) for each in found] == [40] * 12 + [20]
        assert [key for page in found for key in page] == [f"SUP-{number}" for number in range(1, 501)]
        assert keys(site.get("/timeline?page=99").text) == found[-1]
        for each in ("/timeline", picture_of(site.get("/timeline").text)):
            assert int(site.get(each).headers["content-length"]) < 40_000
