"""Who may speak to the page, and what a browser may do with it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.stores import Store
from tests.web.asking import ADDRESS, client


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    with client(team.folder) as asked:
        yield asked


PLACES = ["/", "/static/roadlog.css", "/nowhere"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:9", "127.0.0.1", "127.0.0.1:8080.evil.example", ""]
)
def test_another_host_is_not_answered(site: TestClient, place: str, host: str) -> None:
    answer = site.get(place, headers={"Host": host})
    assert (answer.status_code, answer.text) == (403, "This server is not at that address.\n")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:8080", "http://127.0.0.1:9"]
)
def test_another_origin_is_not_answered(site: TestClient, place: str, origin: str) -> None:
    answer = site.get(place, headers={"Origin": origin})
    assert (answer.status_code, answer.text) == (403, "Another site may not ask this one.\n")


ELSEWHERE = ["cross-site", "same-site"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("origin", ELSEWHERE)
def test_what_another_site_puts_into_its_page_is_not_answered(
    site: TestClient, place: str, origin: str
) -> None:
    picture = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    answer = site.get(place, headers=picture)
    assert (answer.status_code, answer.text) == (403, "Another site may not ask this one.\n")
    frame = {**picture, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert site.get(place, headers=frame).status_code == 403
    own = {**picture, "Sec-Fetch-Site": "same-origin"}
    assert site.get("/static/icon.svg", headers=own).status_code == 200


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_link_on_another_site_leads_here(site: TestClient, origin: str) -> None:
    link = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert site.get("/", headers=link).status_code == 200
    assert site.post("/sign-in", headers=link).status_code == 403


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_link_on_another_site_sets_no_verification_off(site: TestClient, origin: str) -> None:
    link = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answer = site.get("/verification?run=1", headers=link)
    assert (answer.status_code, answer.text) == (403, "A link on another site may not set this off.\n")
    assert "was not verified" in site.get("/verification", headers=link).text
    for own in ("same-origin", "none"):
        answer = site.get("/verification?run=1", headers={**link, "Sec-Fetch-Site": own})
        assert (answer.status_code, "Verify again" in answer.text) == (200, True)


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_link_on_another_site_sets_no_audit_off(site: TestClient, origin: str) -> None:
    link = {"Sec-Fetch-Site": origin, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert site.get("/audit?wait=1", headers=link).status_code == 403
    assert site.get("/audit", headers=link).status_code == 200  # the control


def test_its_own_origin_is_answered(site: TestClient) -> None:
    assert site.get("/", headers={"Origin": ADDRESS}).status_code == 200


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_says_what_a_browser_may_do(site: TestClient, place: str) -> None:
    headers = site.get(place).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
