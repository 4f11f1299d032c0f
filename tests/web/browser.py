"""Debian's chromium, driven by Playwright, with axe-core to look for what hinders people."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as Tab

AXE = Path(__file__).with_name("axe") / "axe.min.js"
"""axe-core 4.14.1 as npm has it; its licence (MPL-2.0) stands beside it."""
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDE, SMALL = (1600, 1000), (360, 760)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Where there is none, the test is skipped."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is absent")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def context(browser: Browser, size: tuple[int, int] = WIDE, **options: Any) -> Iterator[BrowserContext]:
    """A browser of its own, whose tabs must not complain: errors of a page's scripts fail the test."""
    width, height = size
    made = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=False, **options)
    complaints: list[str] = []
    made.on("weberror", lambda each: complaints.append(str(each.error)))
    made.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    try:
        yield made
        assert complaints == []
    finally:
        made.close()


def hindrances(tab: Tab) -> list[str]:
    """What axe-core finds on a page: the rule, and where."""
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(STANDARDS))
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def overflow(tab: Tab) -> int:
    """By how many pixels a page is wider than the window."""
    wider: int = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wider
