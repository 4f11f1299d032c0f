"""Where somebody has colours of their own, lines say what colours say elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.web.browser import SMALL, WIDE, context

UNRULED = """() => {
    const sheet = document.styleSheets[0];
    for (let at = sheet.cssRules.length - 1; at >= 0; at -= 1)
        if (sheet.cssRules[at].conditionText?.includes("forced-colors")) sheet.deleteRule(at);
}"""
LINES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
    const [its, point] = [getComputedStyle(each), getComputedStyle(each, "::before")];
    const lines = [its, point].flatMap((one) => [one.borderWidth, one.borderStyle]);
    return [...lines, point.backgroundColor].join();
})"""


def bars(tab: Tab) -> set[bytes]:
    """Pictures of a progress that is nothing, half and all."""
    bar, found = tab.locator("progress").first, set()
    for value in (0, 50, 100):
        bar.evaluate("(it, value) => { it.value = value; }", value)
        found.add(bar.screenshot())
    return found


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_bars_steps_and_shades_are_told_apart(
    browser: Browser, demo_address: str, size: tuple[int, int]
) -> None:
    with context(browser, size, forced_colors="active") as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/initiatives/SUP-2")
        assert len(bars(tab)) == 3
        kinds = [tab.evaluate(LINES, f".steps .{state}")[-1] for state in ("passed", "here", "ahead")]
        assert len(set(kinds)) == 3
        tab.goto(f"{demo_address}/risks")
        assert len(set(tab.evaluate(LINES, ".matrix tbody td"))) == 5


def test_without_the_rules_they_are_not(browser: Browser, demo_address: str) -> None:
    with context(browser, forced_colors="active") as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/initiatives/SUP-2")
        tab.evaluate(UNRULED)
        assert len(bars(tab)) == 1
        tab.goto(f"{demo_address}/risks")
        tab.evaluate(UNRULED)
        assert len(set(tab.evaluate(LINES, ".matrix tbody td"))) == 1
