"""Inbox, risks, forecast and verification in a browser, as somebody asked for them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.stores import Store
from tests.web.browser import SMALL, WIDE, context, hindrances, overflow
from tests.web.serving import served

PAGES = (
    "/inbox?for=carla&after=0",
    "/risks?scores=residual&status=all",
    "/forecast?key=SUP-2",
    "/verification?run=1",
)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_hinders_anybody(browser: Browser, demo_address: str, path: str) -> None:
    for size, scheme in ((WIDE, "light"), (WIDE, "dark"), (SMALL, "light"), (SMALL, "dark")):
        with context(browser, size, color_scheme=scheme) as window:
            tab = window.new_page()
            tab.goto(demo_address + path)
            assert overflow(tab) <= 0, (size, scheme)
            if (size, scheme) in ((WIDE, "light"), (SMALL, "dark")):
                tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
                assert overflow(tab) <= 0, (size, scheme)
                assert hindrances(tab) == []


def test_the_log_is_verified_without_leaving_the_page(browser: Browser, demo: Path) -> None:
    with served(demo) as demo_address, context(browser) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/verification")
        tab.get_by_role("link", name="Verify now").click()
        tab.get_by_text("intact-unanchored").wait_for()
        assert tab.url == f"{demo_address}/verification"
        assert tab.get_by_text("Verify again").is_visible()


def test_a_verification_that_fails_says_so_where_its_result_would_be(browser: Browser, team: Store) -> None:
    window = browser.new_context()  # the browser itself complains of the answer
    with served(team.folder) as demo_address, closing(window):
        tab = window.new_page()
        tab.goto(f"{demo_address}/verification")
        (team.folder / "events.db").rename(team.folder / "elsewhere.db")
        tab.get_by_role("link", name="Verify now").click()
        tab.locator("#verdict").get_by_role("heading", name="The store cannot be read").wait_for()
        assert tab.title().startswith("Verification of ")


def test_the_register_is_filtered_by_keyboard(browser: Browser, demo_address: str) -> None:
    with context(browser, SMALL) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/risks")
        tab.get_by_label("Category").select_option("bias")
        tab.get_by_role("button", name="Show").press("Enter")
        tab.get_by_role("heading", name="2 open risks by likelihood and impact").wait_for()
        tab.get_by_role("link", name="score 12").press("Enter")
        tab.get_by_role("heading", name="Likelihood 4, impact 3").wait_for()
