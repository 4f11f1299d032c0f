"""Moments that an address can ask about, whatever the page and its zone."""

from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from roadlog.web.app import application
from tests.stores import Store
from tests.web.asking import ADDRESS, HOST

PLACES = ("/", "/metrics", "/timeline.svg", "/audit", "/time/step", "/api/v1/metrics", "/api/v1/board")


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize("time", ["0001-01-01", "0001-01-01T00:00:00Z", "0001-12-31T23:59:59Z"])
def test_what_lies_before_all_calendars_is_refused(team: Store, path: str, zone: str, time: str) -> None:
    app = application(team.folder, hosts=[HOST], zone=ZoneInfo(zone))
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as site:
        answer = site.get(path, params={"as-of": time})
        assert (answer.status_code, "as-of is no time" in answer.text) == (400, True)
        assert site.get(path, params={"as-of": "0002-01-02"}).status_code == 200


@pytest.mark.parametrize("query", ["as-of=", "known-at=&position="])
def test_an_address_that_names_no_moment_is_about_now(team: Store, query: str) -> None:
    app = application(team.folder, hosts=[HOST])
    with TestClient(app, base_url=ADDRESS) as site:
        page = site.get(f"/?{query}").text
        assert ('data-shows="now"' in page, "Back to now</a>\n</section>" in page) == (True, False)
