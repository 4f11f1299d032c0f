"""Signing in with a code and out again: what opens a session, what ends it, and what never does."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from roadlog.tokens import Tokens
from roadlog.web.app import application
from tests.stores import Store
from tests.web.asking import ADDRESS, HOST, client
from tests.web.browser import context
from tests.web.signed_in import code_for, hidden, sign_in

WRONG = "This code signs nobody in: it was used, has expired, was revoked, or never was one."


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    with client(team.folder) as asked:
        yield asked


def viewer(site: TestClient) -> str | None:
    """Whom the page names."""
    found = re.search(r'<p class="viewer"><strong>(.*?)</strong>', site.get("/").text)
    return found[1] if found else None


def test_a_code_signs_in_once_and_the_page_says_who(site: TestClient, team: Store) -> None:
    assert viewer(site) is None
    code = code_for(team.folder, "carla")
    answer = site.post("/sign-in", data={"code": f" {code}\r\n"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert re.sub("=[0-9a-f]{64}", "=SECRET", cookie) == (
        "roadlog-8080=SECRET; HttpOnly; Max-Age=2592000; Path=/; SameSite=strict"
    )
    assert viewer(site) == "carla"
    with client(team.folder) as other:
        again = other.post("/sign-in", data={"code": code})
        assert (again.status_code, WRONG in again.text, "set-cookie" in again.headers) == (403, True, False)
        assert viewer(other) is None


@pytest.mark.parametrize("form", [" {0}\r\n", "\t{0} ", "{1}", "{2}"])
def test_a_code_may_be_typed_in_capitals_and_with_spaces(site: TestClient, team: Store, form: str) -> None:
    code = code_for(team.folder, "carla")
    spaced = " ".join((code[:20], code[20:40], code[40:]))
    answer = site.post("/sign-in", data={"code": form.format(code, code.upper(), spaced)})
    assert (answer.status_code, viewer(site)) == (303, "carla")
    other = site.post("/sign-in", data={"code": code_for(team.folder, "carla")[:-1]})
    assert other.status_code == 403  # the control: what is left out is missed


def test_by_https_the_cookie_is_secure(team: Store) -> None:
    app = application(team.folder, hosts=["roadmap.example.com"], scheme="https")
    with TestClient(app, base_url="https://roadmap.example.com", follow_redirects=False) as site:
        cookie = site.post("/sign-in", data={"code": code_for(team.folder, "carla")}).headers["set-cookie"]
    assert cookie.startswith("__Host-roadlog-https=")
    assert cookie.endswith("; HttpOnly; Max-Age=2592000; Path=/; SameSite=strict; Secure")


def test_a_session_ends_with_its_token(site: TestClient, team: Store) -> None:
    sign_in(site, team.folder, "carla")
    team.clock.tick(timedelta(days=30) - timedelta(seconds=2))
    assert viewer(site) == "carla"
    team.clock.tick(timedelta(seconds=3))
    assert viewer(site) is None


def test_a_session_ends_when_its_token_is_revoked(site: TestClient, team: Store) -> None:
    sign_in(site, team.folder, "carla")
    assert viewer(site) == "carla"
    Tokens(team.folder).revoke(1, team.now)
    assert viewer(site) is None


def test_an_expired_or_revoked_code_signs_nobody_in(site: TestClient, team: Store) -> None:
    expired = code_for(team.folder, "carla", span=timedelta(minutes=1))
    revoked = code_for(team.folder, "carla")
    Tokens(team.folder).revoke(2, team.now)
    team.clock.tick(timedelta(minutes=2))
    assert [site.post("/sign-in", data={"code": each}).status_code for each in (expired, revoked)] == [
        403
    ] * 2
    sign_in(site, team.folder, "carla")  # the control: one that holds does


def test_signing_out_ends_the_session_everywhere(site: TestClient, team: Store) -> None:
    sign_in(site, team.folder, "carla")
    with client(team.folder) as thief:
        thief.cookies = site.cookies
        assert viewer(thief) == "carla"
        answer = site.post("/sign-out", data=hidden(site.get("/sign-out").text))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert 'roadlog-8080=""' in answer.headers["set-cookie"]
        assert (viewer(site), viewer(thief)) == (None, None)


def test_another_session_signs_nobody_out(site: TestClient, team: Store) -> None:
    sign_in(site, team.folder, "carla")
    with client(team.folder) as other:
        sign_in(other, team.folder, "dan")
        theirs = hidden(other.get("/sign-out").text)
    for proof in ({}, {"csrf": ""}, {"csrf": "é"}, theirs):
        assert site.post("/sign-out", data=proof).status_code == 403
    assert viewer(site) == "carla"
    assert site.post("/sign-out", data=hidden(site.get("/sign-out").text)).status_code == 303  # the control


def test_who_signs_in_anew_leaves_no_session_behind(site: TestClient, team: Store) -> None:
    sign_in(site, team.folder, "carla")
    sign_in(site, team.folder, "dan")
    assert viewer(site) == "dan"
    assert [each.signed_in for each in Tokens(team.folder).all()] == [False, True]


@pytest.mark.parametrize(
    ("to", "place"),
    [
        ("/initiatives/SUP-1?position=4", "/initiatives/SUP-1?position=4"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\r\nSet-Cookie: x=y", "/"),
        ("/\u202e", "/"),
    ],
)
def test_one_goes_on_within_the_site(site: TestClient, team: Store, to: str, place: str) -> None:
    answer = site.post("/sign-in", data={"code": code_for(team.folder, "carla"), "to": to})
    assert (answer.status_code, answer.headers["location"]) == (303, place)


def test_ten_wrong_codes_a_minute_and_then_one_waits(site: TestClient, team: Store) -> None:
    for _ in range(10):
        assert site.post("/sign-in", data={"code": "x"}).status_code == 403
    right = code_for(team.folder, "carla")
    for code in ("x", right):
        answer = site.post("/sign-in", data={"code": code})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    team.clock.tick(timedelta(seconds=61))
    assert site.post("/sign-in", data={"code": right}).status_code == 303


def test_of_many_codes_at_once_no_more_are_tried_than_one_after_the_other(
    site: TestClient, team: Store
) -> None:
    with ThreadPoolExecutor(40) as people:
        answers = list(people.map(lambda each: site.post("/sign-in", data={"code": f"x{each}"}), range(40)))
    found = Counter(each.status_code for each in answers)
    assert found == {403: 10, 429: 30}


def test_who_signs_in_has_not_failed(site: TestClient, team: Store) -> None:
    for _ in range(12):
        sign_in(site, team.folder, "carla")
    assert viewer(site) == "carla"


def test_other_sites_sign_nobody_in(site: TestClient, team: Store) -> None:
    code = code_for(team.folder, "carla")
    for header in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert site.post("/sign-in", data={"code": code}, headers=header).status_code == 403
    assert site.post("/sign-in", data={"code": code}, headers={"Origin": ADDRESS}).status_code == 303


@pytest.mark.parametrize("code", ["<script>alert(1)</script>", "é\u202e", "x" * 10_000, "\0"])
def test_what_was_typed_as_a_code_is_not_shown_again(site: TestClient, code: str) -> None:
    answer = site.post("/sign-in", data={"code": code})
    assert (answer.status_code, code in answer.text, WRONG in answer.text) == (403, False, True)


def test_a_form_that_is_too_large_is_not_read(site: TestClient) -> None:
    assert site.post("/sign-in", data={"code": "x" * 20_000}).status_code == 413
    assert site.post("/sign-in", content=iter([b"code=x"])).status_code == 413  # of no known size


def test_a_session_of_another_store_is_none_here(site: TestClient, team: Store) -> None:
    site.cookies.set("roadlog-8080", "0" * 64)
    assert viewer(site) is None


@pytest.fixture
def closed(team: Store) -> Iterator[TestClient]:
    """A site that other machines reach."""
    app = application(team.folder, hosts=[HOST], open_reading=False)
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as site:
        yield site


def test_where_reading_is_not_open_nobody_reads_who_is_not_signed_in(
    closed: TestClient, site: TestClient, team: Store
) -> None:
    places = ["/", "/?position=3", "/nowhere", "/initiatives/SUP-1/do/note", "/sign-out"]
    for place in places:
        answer = closed.get(place)
        assert (answer.status_code, answer.text) == (303, ""), place
        assert answer.headers["location"] == f"/sign-in?to={quote(place)}"
        assert closed.post(place).status_code == 403
    late = closed.post("/initiatives/SUP-1/do/note", data={"text": "mine"})
    assert (late.status_code, 'value="mine"' in late.text, "Reduce" in late.text) == (403, True, False)
    page = closed.get("/sign-in?position=9999&recorded=3")
    assert (page.status_code, "SUP" in page.text) == (200, False)
    assert "data-seen" not in page.text  # it tells how long the log is
    assert "data-seen" in site.get("/").text
    assert closed.get("/static/roadlog.css").status_code == 200
    assert site.get("/").status_code == 200  # the control: on the loopback everybody does


OPEN = ("/sign-in", "/api/v1", "/static")


def test_where_reading_is_not_open_no_route_answers_who_is_not_signed_in(
    closed: TestClient, site: TestClient
) -> None:
    """Every one there is, but for those that tell nothing of the store or ask for a token themselves."""
    app = closed.app
    assert isinstance(app, Starlette)
    paths = {each.path for each in app.routes if isinstance(each, Route | Mount)} - {*OPEN}
    assert {"/", "/live", "/trail", "/time/step", "/charts/{name}.svg", "/timeline.svg"} <= paths
    for path in paths:
        place = path.format(key="SUP-1", name="throughput", form="note")
        answer = closed.get(place)
        assert (answer.status_code, answer.text) == (303, ""), place
        assert answer.headers["location"].startswith("/sign-in?"), place
    assert site.get("/charts/throughput.svg").status_code == 200  # the control


def test_a_link_on_another_site_leads_on_from_a_page_of_this_one(closed: TestClient, team: Store) -> None:
    """Which a browser brings the session along to: it is SameSite=Strict."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answer = closed.get("/?position=3&text=%22%3E", headers=link)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert '<meta http-equiv="refresh" content="0; url=/?position=3&amp;text=%22%3E">' in answer.text, (
        answer.text
    )
    assert "SUP" not in answer.text
    assert closed.get("/?position=3", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_who_is_signed_in_follows_a_link_on_another_site(
    browser: Browser, folder: Path, address: str
) -> None:
    place = f"{address}/initiatives/SUP-1/do/note"
    with context(browser) as made:
        tab = made.new_page()
        tab.route(
            "http://mail.example/",
            lambda route: route.fulfill(body=f"<a href={place}>look</a>", content_type="text/html"),
        )
        tab.goto(f"{address}/sign-in")
        tab.get_by_label("Code").fill(code_for(folder, "dan"))
        tab.get_by_role("button", name="Sign in").click()
        tab.goto("http://mail.example/")
        tab.get_by_role("link", name="look").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("Write a note")
        assert tab.url == place


def test_where_reading_is_not_open_a_token_for_reading_opens_it(closed: TestClient, team: Store) -> None:
    sign_in(closed, team.folder, "carla", "read")
    assert (closed.get("/").status_code, closed.get("/nowhere").status_code) == (200, 404)
    Tokens(team.folder).revoke(1, team.now)
    assert closed.get("/").status_code == 303


def test_one_comes_back_to_where_one_wanted_to_go(closed: TestClient, team: Store) -> None:
    page = closed.get(closed.get("/?position=3").headers["location"])
    answer = closed.post("/sign-in", data={**hidden(page.text), "code": code_for(team.folder, "carla")})
    assert answer.headers["location"] == "/?position=3"
