"""The time machine's bar covers neither the end of a page nor what has the focus, nor a low window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.web.browser import SMALL, context

MIDDLE, ZOOMED = (1000, 700), (320, 256)
PAST, LONG = "/?position=90", "/initiatives/SUP-1"
GUESSED = "document.styleSheets[0].insertRule('body { padding-bottom: 0 !important; }')"
UNPADDED = "document.styleSheets[0].insertRule(':root { scroll-padding-bottom: 0 !important; }')"
"""A bar that lies over the page, and one that what is scrolled into sight does not know of."""


def opened(tab: Tab, demo_address: str) -> Tab:
    tab.goto(demo_address)
    expect(tab.locator("#time-line")).to_be_visible()
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    tab.evaluate("new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); })")
    return tab


def is_end_covered(tab: Tab) -> bool:
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    found: bool = tab.evaluate(
        """() => document.querySelector(".foot").getBoundingClientRect().bottom
            > document.getElementById("time").getBoundingClientRect().top + 1"""
    )
    return found


def covered(tab: Tab) -> list[str]:
    """What lies wholly behind the bar when it has the focus, by the key Tab through all of the page."""
    tab.evaluate("scrollTo(0, 0)")
    found: list[str] = []
    while True:
        tab.keyboard.press("Tab")
        where, what = tab.evaluate(
            """() => {
                const it = document.activeElement, bar = document.getElementById("time");
                if (bar.contains(it)) return ["bar", ""];
                const [top, edge] = [it, bar].map((each) => each.getBoundingClientRect().top);
                return [top >= edge && top < innerHeight ? "behind" : "seen", it.outerHTML];
            }"""
        )
        if where == "bar":
            return found
        if where == "behind":
            found.append(what)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, ZOOMED], ids=["small", "middle", "zoomed"])
def test_neither_the_end_nor_the_focus_is_covered(
    browser: Browser, demo_address: str, size: tuple[int, int]
) -> None:
    with context(browser, size) as window:
        tab = window.new_page()
        assert not is_end_covered(opened(tab, demo_address + PAST))
        assert covered(opened(tab, demo_address + LONG)) == []


def test_nothing_is_scrolled_when_the_focus_goes_to_the_bar(browser: Browser, demo_address: str) -> None:
    with context(browser, SMALL) as window:
        tab = opened(window.new_page(), demo_address + LONG)
        tab.evaluate("scrollTo(0, 1000)")
        tab.get_by_role("slider", name="Moment").focus()
        assert tab.evaluate("scrollY") == 1000


def test_a_bar_that_covers_them_is_found(browser: Browser, demo_address: str) -> None:
    with context(browser, SMALL) as window:
        tab = opened(window.new_page(), demo_address + PAST)
        tab.evaluate(GUESSED)
        assert is_end_covered(tab)
        tab = opened(tab, demo_address + LONG)
        tab.evaluate(UNPADDED)
        assert covered(tab) != []


def test_a_low_window_is_left_to_the_page(browser: Browser, demo_address: str) -> None:
    with context(browser, ZOOMED) as window:
        tab = opened(window.new_page(), demo_address + PAST)
        box = tab.locator("#time").bounding_box()
        assert box is not None
        assert box["y"] > ZOOMED[1]


def test_without_scripts_the_bar_stands_at_the_end(browser: Browser, demo_address: str) -> None:
    with context(browser, SMALL, java_script_enabled=False) as window:
        tab = window.new_page()
        tab.goto(demo_address + LONG)
        box = tab.locator("#time").bounding_box()
        assert box is not None
        assert box["y"] > SMALL[1]
