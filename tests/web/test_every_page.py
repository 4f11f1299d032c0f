"""Every page that is registered: empty, full, hostile, past; on a wide and a small screen, light and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from roadlog.visible import plain
from roadlog.web.pages.registry import PAGES, PICTURES
from tests.charts.pictures import parsed
from tests.cli.hostile import MARK
from tests.cli.test_hostile_text import smuggle
from tests.cli.views.played import play
from tests.stores import team_store
from tests.web.asking import client
from tests.web.browser import SMALL, WIDE, context, hindrances, overflow
from tests.web.seen import Seen, holds_hostile_text, obeyed
from tests.web.serving import served

PARTS = {"key": "SUP-1", "name": "ageing"}
"""What stands in the path of a page."""
PATHS = [page.path.format(**PARTS) for page in PAGES]
EMPTY = {
    "/": "No initiative yet. Put a problem on the roadmap:",
    "/inbox": "paula product 0 0 0",
    "/timeline": "No initiative yet. Put a problem on the roadmap:",
    "/risks": "No risk is logged yet. Log one:",
    "/metrics": "0 finished cycles 0 unfinished",
    "/forecast": "Insufficient history: no cycle has finished in its window",
    "/trail": "#7 2026-03-02",
    "/audit": "✗ finding 0",
    "/verification": "The log was not verified since this server started.",
    "/search": "Words may stand in any order",
    "/catalogue": "ProblemDefined",
}
"""Pages that are there before an initiative is, and what they say then."""
ASKED = (
    "/search?q=Zq",
    "/trail?key=SUP-1&order=oldest",
    "/trail?after=20",
    "/inbox?for=paula&after=0",
    "/audit?key=SUP-1",
    "/?position=20&compare=now",
    "/initiatives/SUP-2",
    "/nowhere",
)
WITHOUT = {"/inbox", "/audit", "/audit?key=SUP-1", "/verification", "/search", "/catalogue", "/nowhere"}
"""Pages on which stands nothing that somebody wrote."""

every_page = pytest.mark.parametrize("path", PATHS)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def address(full: Path) -> Iterator[str]:
    with served(full) as found:
        yield found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its team, and nothing else."""
    with team_store(tmp_path_factory.mktemp("empty") / ".roadlog") as store:
        return store.folder


@pytest.fixture(scope="module")
def hostile_site(hostile: Path) -> Iterator[TestClient]:
    with client(hostile) as site:
        yield site


@pytest.fixture(scope="module")
def smuggled(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The same, where in the records stands what no command takes."""
    store = shutil.copytree(hostile, tmp_path_factory.mktemp("smuggled") / ".roadlog")
    smuggle(store)
    with client(store) as site:
        yield site


def test_of_an_empty_roadmap_it_has_a_title_and_says_so(empty: Path) -> None:
    assert set(EMPTY) == {page.path for page in PAGES if "{" not in page.path}
    with client(empty) as site:
        pages = {path: site.get(path).text for path in EMPTY}
    for path, page in pages.items():
        assert [tag for tag, _ in Seen(page).elements].count("h1") == 1, path
        main = page[page.index("<main") : page.index("</main>") + len("</main>")]
        assert EMPTY[path] in Seen(main).text, path


@every_page
def test_of_a_full_one_its_links_lead_somewhere(full: Path, path: str) -> None:
    with client(full) as site:
        seen = Seen(site.get(path).text)
        local = {link.partition("#")[0] for link in seen.links("/") if "/static/" not in link}
        assert {link: site.get(link).status_code for link in local if link} == dict.fromkeys(
            filter(None, local), 200
        )


@every_page
def test_its_anchors_are_there(full: Path, path: str) -> None:
    with client(full) as site:
        seen = Seen(site.get(path).text)
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert {link[1:] for link in seen.links("#")} <= set(ids)


@every_page
@pytest.mark.parametrize("moment", ["position=40", "as-of=2026-02-20", "known-at=2026-02-20"])
def test_links_of_a_past_moment_stay_there(full: Path, path: str, moment: str) -> None:
    with client(full) as site:
        answer = site.get(f"{path}?{moment}")
        assert answer.status_code == 200
        here = Seen(answer.text).links("/")
    without = {path, "/api/v1/"}  # the way back to now, and what is about no moment
    assert {link for link in here if moment not in unquote(link)} <= without


@pytest.mark.parametrize("path", [*PATHS, *ASKED])
def test_hostile_text_is_shown_as_text(hostile_site: TestClient, path: str) -> None:
    page = hostile_site.get(path).text
    assert obeyed(page) == []
    if "/search?" in path:  # tells the words that were asked for, and a few around them
        assert plain(MARK) in Seen(page.replace("<mark>", "").replace("</mark>", "")).text
    else:
        assert holds_hostile_text(page) == (path not in WITHOUT)


@pytest.mark.parametrize("path", [*PATHS, *ASKED])
def test_what_was_put_in_by_hand_is_text_too(smuggled: TestClient, path: str) -> None:
    assert obeyed(smuggled.get(path).text) == []


@pytest.mark.parametrize("path", [each.path.format(**PARTS) for each in PICTURES])
def test_a_picture_of_hostile_text_runs_nothing(hostile_site: TestClient, path: str) -> None:
    answer = hostile_site.get(path)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    for each in parsed(answer.text).iter():
        assert each.tag.rpartition("}")[2] not in ("script", "foreignObject", "image", "a", "img")
        assert not any(name.startswith("on") or "href" in name for name in each.attrib)


@every_page
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_anybody_and_nothing_sticks_out(
    browser: Browser, address: str, path: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    with context(browser, size, color_scheme=scheme) as its:
        tab = its.new_page()
        tab.goto(f"{address}{path}")
        tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert hindrances(tab) == []
        assert overflow(tab) <= 0


def test_of_an_empty_one_nothing_hinders_anybody_and_nothing_sticks_out(
    browser: Browser, empty: Path
) -> None:
    with served(empty) as address, context(browser, SMALL) as its:
        tab = its.new_page()
        found = {}
        for path in EMPTY:
            tab.goto(f"{address}{path}")
            tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            found[path] = (hindrances(tab), max(0, overflow(tab)))
    assert found == dict.fromkeys(EMPTY, ([], 0))


def test_hostile_text_sticks_out_of_no_page(browser: Browser, hostile: Path) -> None:
    with served(hostile) as address, context(browser, SMALL) as its:
        tab = its.new_page()
        found = {}
        for path in [*PATHS, *ASKED[:-1]]:
            tab.goto(f"{address}{path}")
            tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            found[path] = overflow(tab)
    assert {path: wider for path, wider in found.items() if wider > 0} == {}


@every_page
def test_it_prints_dark_on_white_and_with_what_is_folded_in(
    browser: Browser, address: str, path: str
) -> None:
    with context(browser, color_scheme="dark") as its:
        tab = its.new_page()
        tab.emulate_media(media="print", color_scheme="dark")
        tab.goto(f"{address}{path}")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert tab.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(0, 0, 0)"
        hidden = "each => each.firstElementChild.getBoundingClientRect().height + 4 >= each.clientHeight"
        folded = "[...document.querySelectorAll('main details:not(.chart details)')]"
        assert tab.evaluate(f"{folded}.filter({hidden}).length") == 0
