"""Trail, search and catalogue as pages: paged by position, asked for by address, as `roadlog log` tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from roadlog import machine
from roadlog.domain.commands import AddNote, VoidRecord
from roadlog.projections.catalogue import catalogue
from roadlog.reading import Reading
from roadlog.web.asked import moment_of
from roadlog.web.entries import named
from roadlog.web.pages import trail as pages
from tests.cli.views.played import play
from tests.stores import Store
from tests.web.asking import client
from tests.web.seen import Seen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[TestClient]:
    with client(folder) as asked:
        yield asked


@pytest.fixture
def tens(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A site with ten entries a page."""
    monkeypatch.setattr(pages, "MANY", 10)
    with client(folder) as asked:
        yield asked


def shown(html: str) -> list[int]:
    """The positions of its entries, as they stand below each other."""
    return [int(each) for each in re.findall(r'<li class="entry" id="p(\d+)">', html)]


def link(html: str, name: str) -> str | None:
    found = re.search(rf'<a class="button" href="([^"]+)" rel="{name}">', html)
    return found[1].replace("&amp;", "&") if found else None


def walked(site: TestClient, address: str | None, name: str) -> Iterator[list[int]]:
    """Page after page, as long as there is a link of that name."""
    while address:
        html = site.get(address).text
        yield shown(html)
        address = link(html, name)


def test_each_record_stands_on_one_page_whichever_way_it_is_read(tens: TestClient, folder: Path) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        last = reading.head_now()
    down = list(walked(tens, "/trail", "next"))
    assert [each for page in down for each in page] == list(range(last, 0, -1))
    up = list(walked(tens, "/trail?after=0", "prev"))
    assert [each for page in up for each in page[::-1]] == list(range(1, last + 1))
    oldest = list(walked(tens, "/trail?order=oldest", "prev"))
    assert [each for page in oldest for each in page] == list(range(1, last + 1))
    assert {len(page) for page in [*down[:-1], *up[:-1], *oldest[:-1]]} == {10}


@pytest.mark.parametrize("position", [1, 7, 33])
def test_where_a_position_leads_its_entry_stands_first(tens: TestClient, position: int) -> None:
    assert shown(tens.get(f"/trail?before={position + 1}").text)[0] == position


@pytest.mark.parametrize(
    "query",
    ["key=SUP-1", "type=MilestoneAdvanced", "actor=carla", "since=2026-02-20", "key=SUP-2&actor=dan"],
)
def test_what_is_asked_for_is_what_log_tells(site: TestClient, folder: Path, query: str) -> None:
    asked = dict(each.split("=") for each in query.split("&"))
    with Reading(folder, now=machine.clock()) as reading:
        entries = list(reading.trail(reading.moment()))
    wanted = [
        each["position"]
        for each in entries
        if asked.get("key") in (None, each["key"])
        and asked.get("type") in (None, each["type"])
        and asked.get("actor") in (None, each["actor"])
        and asked.get("since", "") <= each["effective_at"]
    ]
    assert 0 < len(wanted) < len(entries)
    assert shown(site.get(f"/trail?{query}").text) == wanted[::-1][: pages.MANY]


@pytest.mark.parametrize("moment", ["position=30", "as-of=2026-02-20", "known-at=2026-02-20"])
def test_at_a_past_moment_it_is_what_log_told_then(site: TestClient, folder: Path, moment: str) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        then = moment_of(reading, dict([moment.split("=")]), UTC)
        entries = list(reading.trail(then))
    html = site.get(f"/trail?{moment}").text
    assert shown(html) == [each["position"] for each in entries][::-1][: pages.MANY]
    text = Seen(html).text
    sentences = [" ".join(each["sentence"].split()) for each in entries[-pages.MANY :]]
    assert [each for each in sentences if each not in text] == []


def test_an_empty_field_of_the_form_asks_for_nothing(site: TestClient) -> None:
    assert shown(site.get("/trail?key=&type=&actor=&since=").text) == shown(site.get("/trail").text)


@pytest.mark.parametrize(
    ("query", "status", "rule"),
    [
        ("key=SUP-99", 404, "unknown-initiative"),
        ("type=Nothing", 404, "unknown-type"),
        ("actor=nobody", 404, "unknown-stakeholder"),
        ("since=tomorrow", 400, "time"),
        ("before=-1", 400, "number"),
        ("after=x", 400, "number"),
    ],
)
def test_what_cannot_be_asked_for_is_said_so(site: TestClient, query: str, status: int, rule: str) -> None:
    answer = site.get(f"/trail?{query}")
    assert (answer.status_code, rule in answer.text) == (status, True)


def test_a_voided_record_is_struck_through_and_says_by_which(team: Store) -> None:
    key = team.define()
    team.do(AddNote(stream=key, text="A slip of the pen"))
    position = team.records()[-1].position
    team.do(VoidRecord(stream=key, position=position))
    with client(team.folder) as site:
        entry = site.get("/trail").text.split(f'id="p{position}"')[1].split("</li>")[0]
    assert '<s class="tone gone">noted: A slip of the pen</s>' in entry
    by = f'<a class="record" href="/trail?before={position + 2}#p{position + 1}">#{position + 1}</a>'
    assert f"voided by {by}" in entry


def test_records_that_a_move_relied_on_are_links(site: TestClient) -> None:
    html = site.get("/trail?type=MilestoneAdvanced&key=SUP-1").text
    relied = html.split('<p class="small">')[1].split("</p>")[0]
    assert re.search(r'<a class="record" href="/trail\?before=(\d+)#p\d+">#\d+</a>', relied)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("#93 does not count", [("#93", 93), (" does not count", None)]),
        ("risks #75 #92", [("risks ", None), ("#75", 75), (" ", None), ("#92", 92)]),
        ("no record", [("no record", None)]),
        ("#0, #x, # 1, #٣", [("#0, #x, # 1, #٣", None)]),
        ("", []),
    ],
)
def test_positions_are_told_from_other_words(text: str, pieces: list[tuple[str, int | None]]) -> None:
    assert list(named(text)) == pieces


def test_what_changed_is_folded_in(site: TestClient) -> None:
    html = site.get("/trail?type=MilestoneAdvanced&key=SUP-1").text
    entry = html.split('<li class="entry"')[1]
    assert re.search(r"<summary>\d+ changes</summary>", entry)
    assert re.search(r"<dt>milestone</dt><dd>[a-z]+<span class=\"tone dim\"> → </span>[a-z]+</dd>", entry)


# Search


def test_what_is_found_leads_to_its_record_and_its_words_are_marked(team: Store) -> None:
    key = team.define()
    team.do(AddNote(stream=key, text="Refunds take <b>too</b> long & cost «a lot»"))
    position = team.records()[-1].position
    with client(team.folder) as site:
        html = site.get("/search?q=refunds").text
    assert f'href="/trail?before={position + 1}#p{position}"' in html
    assert "<mark>Refunds</mark> take &lt;b&gt;too&lt;/b&gt; long &amp; cost ‹a lot›" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither case nor accents count"),
        ("zebra", "Nothing has this word: zebra"),
        ("zebra crossing", "Nothing has all these words: zebra crossing"),
        ("***", "***"),
    ],
)
def test_where_nothing_is_found_the_page_says_why(site: TestClient, text: str, said: str) -> None:
    answer = site.get("/search", params={"q": text})
    assert answer.status_code == 200
    assert said in Seen(answer.text).text
    assert "<mark>" not in answer.text


def test_search_stays_at_the_moment(site: TestClient, folder: Path) -> None:
    with Reading(folder, now=machine.clock()) as reading:
        found = reading.search("parcels", reading.moment(), best=50)
        first = min(each["position"] for each in found)
    html = site.get(f"/search?q=parcels&position={first - 1}").text
    assert "Nothing has this word" in html
    assert f'name="position" value="{first - 1}"' in html


# The catalogue


def test_the_catalogue_is_what_the_command_tells(site: TestClient) -> None:
    text = Seen(site.get("/catalogue").text).text
    for each in catalogue():
        told = [each["type"], " ".join(each["meaning"].split())]
        told += [f"{field['name']} {field['type']}" for field in each["fields"]]
        told += [" ".join(field["meaning"].split()) for field in each["fields"]]
        assert [one for one in told if one not in text] == []
