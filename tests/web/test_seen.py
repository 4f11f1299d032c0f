"""What looks at pages finds what is wrong with bad ones."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.web.browser import SMALL, context, hindrances, overflow
from tests.web.seen import obeyed

TEXT = "what somebody wrote"
GOOD = f"<!DOCTYPE html><html lang=en><title>Page</title><main><h1>Page</h1><p>{TEXT}</p></main></html>"


@pytest.mark.parametrize(
    ("bad", "found"),
    [
        ('<img src="x">', ["img src"]),
        ("<b onclick='y'>b</b>", ["b onclick"]),
        ("<b style='top: 0'>b</b>", ["b style"]),
        ("a\u202eb", ["U+202E"]),
    ],
)
def test_what_came_of_hostile_text_is_found(bad: str, found: list[str]) -> None:
    assert obeyed(GOOD.replace(TEXT, bad)) == found
    assert obeyed(GOOD) == []


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<input>", "label"),
        ("<span style='color: #999'>dim</span>", "color-contrast"),
    ],
)
def test_what_hinders_somebody_is_found(browser: Browser, bad: str, rule: str) -> None:
    with context(browser) as window:
        tab = window.new_page()
        tab.set_content(GOOD)
        assert hindrances(tab) == []
        tab.set_content(GOOD.replace(TEXT, bad))
        assert [each.partition(":")[0] for each in hindrances(tab)] == [rule]


def test_what_sticks_out_is_found(browser: Browser) -> None:
    with context(browser, SMALL) as window:
        tab = window.new_page()
        tab.set_content(GOOD)
        assert overflow(tab) <= 0
        tab.set_content(GOOD.replace(TEXT, "x" * 200))
        assert overflow(tab) > 0
