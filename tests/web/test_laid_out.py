"""What is laid out where: on a phone, on windows between, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.web.browser import context, hindrances, overflow
from tests.web.serving import served

PHONE, A4 = (360, 740), (718, 1047)
BROKEN = """(selector) => [...document.querySelectorAll(selector)].filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(each).fontSize);
}).map((each) => each.textContent)"""
"""Of elements of one word or number, those that stand on several lines."""
OVER = """() => [...document.querySelectorAll(".card, .column > h2")].flatMap((each) => {
    const edge = each.getBoundingClientRect().right + 0.5;
    return [...each.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > edge);
}).map((each) => each.outerHTML)"""
"""What sticks out of its card or its column's heading."""


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    with served(demo) as found:
        yield found


def height(tab: Tab, selector: str) -> float:
    box = tab.locator(selector).bounding_box()
    assert box is not None
    return box["height"]


@pytest.mark.parametrize("path", ["/", "/?position=90"])
def test_a_phone_shows_more_of_the_page_than_of_its_frame_and_can_choose_a_day(
    browser: Browser, address: str, path: str
) -> None:
    with context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(address + path)
        expect(tab.locator(".state")).to_have_text("up to date")
        assert height(tab, ".top") + height(tab, "#time") < 740 * 0.36
        tab.get_by_text("Which time, which day").click()
        tab.get_by_label("on", exact=True).fill("2026-05-01")
        assert hindrances(tab) == []
        tab.get_by_role("button", name="Go").click()
        expect(tab.locator("#time-when")).to_contain_text("2026-05-01 23:59")


@pytest.mark.parametrize("path", ["/metrics", "/initiatives/SUP-1", "/inbox", "/risks"])
def test_a_phone_breaks_no_number_and_no_word_of_a_table(browser: Browser, address: str, path: str) -> None:
    with context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(address + path)
        tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert tab.evaluate(BROKEN, ".sideways table:not(.stack) .number, .scroll .number") == []
        assert overflow(tab) <= 0
        expect(tab.locator("main [data-label]").first).to_be_visible()


def test_tables_are_tables_where_there_is_room(browser: Browser, address: str) -> None:
    with context(browser, (1000, 800)) as window:
        tab = window.new_page()
        tab.goto(f"{address}/metrics")
        assert [each.is_visible() for each in tab.locator(".stack thead").all()].count(False) == 0
        assert overflow(tab) <= 0


@pytest.mark.parametrize("width", [1280, 1440, 1600])
@pytest.mark.parametrize("path", ["/", "/?position=90", "/?position=60"])
def test_columns_hold_their_headings_and_cards_what_is_on_them(
    browser: Browser, address: str, path: str, width: int
) -> None:
    with context(browser, (width, 900)) as window:
        tab = window.new_page()
        tab.goto(address + path)
        assert tab.evaluate(BROKEN, ".column.empty > h2") == []
        assert tab.evaluate(OVER) == []


def test_labels_stand_clear_of_the_circles_above_them(browser: Browser, address: str) -> None:
    with context(browser) as window:
        tab = window.new_page()
        tab.goto(f"{address}/initiatives/SUP-1")
        gaps = tab.evaluate(
            """() => [...document.querySelectorAll(".steps li")].map((each) => {
                const circle = getComputedStyle(each, "::before"), box = each.getBoundingClientRect();
                const end = box.top + each.clientTop + parseFloat(circle.top) + parseFloat(circle.height);
                return each.firstElementChild.getBoundingClientRect().top - end;
            })"""
        )
        assert min(gaps) >= 3


def test_on_paper_charts_are_drawn_and_nothing_is_cut(browser: Browser, address: str) -> None:
    with context(browser, A4) as window:
        tab = window.new_page()
        tab.goto(f"{address}/metrics")
        drawn = "[...document.images].every(each => each.complete && each.naturalWidth > 0)"
        assert tab.evaluate(drawn)
        tab.locator(".chart summary").first.click()
        tab.emulate_media(media="print")
        assert tab.locator(".chart details").first.is_visible()
        assert not tab.locator(".chart details").nth(1).is_visible()
        assert not tab.locator(".asking").is_visible()
        expect(tab.locator(".foot")).to_contain_text("position 165, head ")
        assert overflow(tab) <= 0
        tables = "[...document.querySelectorAll('table')]"
        cut = f"{tables}.filter(each => each.getBoundingClientRect().right > innerWidth).length"
        assert tab.evaluate(cut) == 0
