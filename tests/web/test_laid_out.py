"""What is laid out where: on a phone, on windows between, on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote, LogRisk, MeasureOutcome
from roadlog.web.pages.registry import PAGES
from tests.web.browser import SMALL, WIDE, context, hindrances, overflow
from tests.web.serving import served
from tests.web.signed_in import code_for

PHONE, A4, LETTER = (360, 740), (718, 1047), (740, 980)
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
CUT = """() => [...document.querySelectorAll("#page *")].filter((each) => {
    const box = each.getBoundingClientRect(), within = each.parentElement.closest(".panel, .card, main");
    if (!box.width || !within || each.closest(".hidden, .matrix")) return false;
    const clips = getComputedStyle(each).overflowX !== "visible" && each.scrollWidth > each.clientWidth;
    return clips || box.right > within.getBoundingClientRect().right + 0.5;
}).map((each) => each.outerHTML.slice(0, 120))"""
"""What sticks out of what it stands in, or is cut at its own edge."""
UNNAMED = """() => [...document.querySelectorAll("main table:not(.matrix)")].flatMap((table) => {
    const titles = [...table.tHead.rows[0].cells].map((each) => each.textContent);
    return [...table.tBodies[0].rows].flatMap((row) => [...row.cells]).filter((each) =>
        each.textContent.trim() && titles[each.cellIndex]
        && !getComputedStyle(each, "::before").content.includes(titles[each.cellIndex]));
}).map((each) => each.outerHTML)"""
"""Cells of stacked rows that do not say of which column they are."""
LIGHT = """() => ["--ink", "--waiting", "--shade", "--then", "--shade-4"].map(
    (each) => getComputedStyle(document.documentElement).getPropertyValue(each).trim())"""


@pytest.fixture(scope="module")
def swamped(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store, with a number and texts as large as they may be."""
    folder = tmp_path_factory.mktemp("swamped") / demo.name
    shutil.copytree(demo, folder)
    with Application.open(folder) as application:
        for command in (
            MeasureOutcome(stream="SUP-2", metric="trials that send a first invoice", value=1e32),
            AddNote(stream="SUP-2", text="long words " * 900),
            AddNote(stream="SUP-2", text="x" * 10_000),
            LogRisk(stream="SUP-2", description="long " * 2_000, category="bias", likelihood=4, impact=4),
        ):
            application.execute(Wish(actor="mara"), command)
    return folder


@pytest.fixture(scope="module")
def swamped_address(swamped: Path) -> Iterator[str]:
    with served(swamped) as found:
        yield found


def height(tab: Tab, selector: str) -> float:
    box = tab.locator(selector).bounding_box()
    assert box is not None
    return box["height"]


@pytest.mark.parametrize("path", ["/", "/?position=90"])
def test_a_phone_shows_more_of_the_page_than_of_its_frame_and_can_choose_a_day(
    browser: Browser, demo_address: str, path: str
) -> None:
    with context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(demo_address + path)
        expect(tab.locator(".state")).to_have_text("up to date")
        assert height(tab, ".top") + height(tab, "#time") < 740 * 0.36
        tab.get_by_text("Which time, which day").click()
        tab.get_by_label("on", exact=True).fill("2026-05-01")
        assert hindrances(tab) == []
        tab.get_by_role("button", name="Go").click()
        expect(tab.locator("#time-when")).to_contain_text("2026-05-01 23:59")


@pytest.mark.parametrize("path", ["/metrics", "/initiatives/SUP-1", "/inbox", "/risks"])
def test_a_phone_breaks_no_number_and_no_word_of_a_table(
    browser: Browser, demo_address: str, path: str
) -> None:
    with context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(demo_address + path)
        tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert tab.evaluate(BROKEN, ".scroll .number") == []
        assert overflow(tab) <= 0
        assert tab.evaluate("document.querySelectorAll('main table:not(.matrix)').length") > 0
        assert tab.evaluate(UNNAMED) == []
        assert tab.evaluate(CUT) == []


@pytest.mark.parametrize(
    ("spoilt", "found"),
    [
        ("delete document.querySelector('.scroll tbody td').dataset.label", UNNAMED),
        ("document.querySelector('.scroll tbody td').style.minWidth = '600px'", CUT),
    ],
)
def test_a_cell_without_its_title_and_one_too_wide_are_found(
    browser: Browser, demo_address: str, spoilt: str, found: str
) -> None:
    with context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/initiatives/SUP-1")
        tab.evaluate(spoilt)
        assert tab.evaluate(found) != []


def test_tables_are_tables_where_there_is_room(browser: Browser, demo_address: str) -> None:
    with context(browser, (1000, 800)) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/metrics")
        assert [each.is_visible() for each in tab.locator(".panel:not(.chart) > .scroll thead").all()].count(
            False
        ) == 0
        assert overflow(tab) <= 0


@pytest.mark.parametrize("width", [1280, 1440, 1600])
@pytest.mark.parametrize("path", ["/", "/?position=90", "/?position=60"])
def test_columns_hold_their_headings_and_cards_what_is_on_them(
    browser: Browser, demo_address: str, path: str, width: int
) -> None:
    with context(browser, (width, 900)) as window:
        tab = window.new_page()
        tab.goto(demo_address + path)
        assert tab.evaluate(BROKEN, ".column.empty > h2") == []
        assert tab.evaluate(OVER) == []


def test_labels_stand_clear_of_the_circles_above_them(browser: Browser, demo_address: str) -> None:
    with context(browser) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/initiatives/SUP-1")
        gaps = tab.evaluate(
            """() => [...document.querySelectorAll(".steps li")].map((each) => {
                const circle = getComputedStyle(each, "::before"), box = each.getBoundingClientRect();
                const end = box.top + each.clientTop + parseFloat(circle.top) + parseFloat(circle.height);
                return each.firstElementChild.getBoundingClientRect().top - end;
            })"""
        )
        assert min(gaps) >= 3


def test_on_paper_charts_are_drawn_and_nothing_is_cut(browser: Browser, demo_address: str) -> None:
    with context(browser, A4) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/metrics")
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


@pytest.mark.parametrize(
    "path", [page.path.format(key="SUP-2") for page in PAGES] + ["/?position=90&compare=now"]
)
def test_on_paper_every_page_is_light_and_whole(browser: Browser, demo_address: str, path: str) -> None:
    with context(browser, A4, color_scheme="dark") as window:
        tab = window.new_page()
        tab.goto(demo_address + path)
        tab.emulate_media(media="print", color_scheme="dark")
        assert tab.evaluate(LIGHT) == ["#000", "#7d4e00", "#e6eaf0", "#fff4d6", "#e68a6a"]
        for width, high in (A4, LETTER):
            tab.set_viewport_size({"width": width, "height": high})
            assert overflow(tab) <= 0
            assert tab.evaluate(CUT) == []


def test_what_is_cut_on_paper_is_found(browser: Browser, demo_address: str) -> None:
    with context(browser, A4) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/initiatives/SUP-2")
        tab.emulate_media(media="print")
        tab.locator(".two .narrow th").last.evaluate("each => { each.textContent = 'progress'.repeat(40) }")
        assert tab.evaluate(CUT) != []


def test_no_heading_stands_alone_at_the_foot_of_a_paper(browser: Browser, demo_address: str) -> None:
    """Browsers keep a heading with what follows among blocks, not in a grid."""
    with context(browser, A4) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/initiatives/SUP-2")
        tab.emulate_media(media="print")
        found = tab.locator("main h2, main h3").evaluate_all(
            """all => all.map((each) => [getComputedStyle(each).breakAfter,
                getComputedStyle(each.parentElement).display])"""
        )
        assert {tuple(each) for each in found} == {("avoid", "block"), ("avoid", "grid")}
        grids = tab.locator("main h2, main h3").evaluate_all(
            """all => all.filter((each) => getComputedStyle(each.parentElement).display === "grid"
                && getComputedStyle(each.parentElement).breakInside !== "avoid").length"""
        )
        assert grids == 0


@pytest.mark.parametrize(
    "path", ["/", "/initiatives/SUP-2", "/inbox?for=carla&after=0", "/metrics", "/risks", "/trail"]
)
def test_numbers_and_texts_without_measure_swamp_no_page(
    browser: Browser, swamped_address: str, path: str
) -> None:
    for size, scheme in ((WIDE, "light"), (SMALL, "dark")):
        with context(browser, size, color_scheme=scheme) as window:
            tab = window.new_page()
            tab.goto(swamped_address + path)
            tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            assert overflow(tab) <= 0
            assert hindrances(tab) == []
            for box in tab.locator(".long").all():
                assert box.evaluate("each => each.offsetHeight") <= 160
            tab.emulate_media(media="print")
            for box in tab.locator(".long").all():
                assert box.evaluate("each => each.scrollHeight - each.clientHeight") <= 0


def test_long_texts_can_be_read_by_keyboard(browser: Browser, swamped_address: str) -> None:
    with context(browser, PHONE, java_script_enabled=False) as window:
        tab = window.new_page()
        tab.goto(f"{swamped_address}/initiatives/SUP-2")
        box = tab.get_by_role("group", name="Long text").first
        box.focus()
        box.press("End")
        expect(box).to_contain_text("long")
        assert tab.locator(".long").count() == 6


def test_a_phone_shows_the_page_under_what_somebody_recorded(browser: Browser, swamped: Path) -> None:
    with served(swamped) as demo_address, context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/sign-in?to=/initiatives/SUP-1/do/note")
        tab.get_by_label("Code").fill(code_for(swamped, "mara"))
        tab.get_by_role("button", name="Sign in").click()
        tab.get_by_label("Note", exact=True).fill("long words " * 900)
        tab.locator("button.main").click()
        expect(tab.locator(".recorded small")).to_contain_text("position")
        assert height(tab, ".recorded") < 740 * 0.35
        expect(tab.locator("h1")).to_be_in_viewport()


@pytest.mark.parametrize("width", [640, 760, 1024, 1280, 1600])
def test_tables_of_the_register_and_of_metrics_show_all_their_columns(
    browser: Browser, demo_address: str, width: int
) -> None:
    with context(browser, (width, 900)) as window:
        tab = window.new_page()
        for path in ("/risks", "/metrics"):
            tab.goto(demo_address + path)
            hidden = tab.locator(".panel:not(.chart) > .scroll").evaluate_all(
                "all => all.map(each => each.scrollWidth - each.clientWidth)"
            )
            assert max(hidden) <= 0, path


def test_the_ring_around_the_moment_leaves_the_months_legible(browser: Browser, demo_address: str) -> None:
    with context(browser) as window:
        tab = window.new_page()
        tab.goto(demo_address)
        tab.locator("#time-slider").focus()
        tab.keyboard.press("ArrowLeft")
        assert tab.locator("#time-slider").evaluate("each => getComputedStyle(each).outlineStyle") == "none"


def test_a_phone_ends_a_long_sentence_of_the_past_in_dots(browser: Browser, swamped_address: str) -> None:
    with context(browser, PHONE) as window:
        tab = window.new_page()
        tab.goto(f"{swamped_address}/?position=167")
        expect(tab.locator("#time-what")).to_contain_text("long words")
        assert tab.locator(".time-said").evaluate("each => getComputedStyle(each).webkitLineClamp") == "2"
        assert height(tab, ".time-said") < 45


@pytest.mark.parametrize(("written", "is_wider"), [("4,000", False), ("4,000,000,000", True)])
def test_thousands_of_risks_fit_their_cell_on_a_phone(
    browser: Browser, demo_address: str, written: str, is_wider: bool
) -> None:
    with context(browser, (320, 740)) as window:
        tab = window.new_page()
        tab.goto(f"{demo_address}/risks")
        found = tab.locator(".matrix td strong").evaluate_all(
            """(all, written) => all.map((each) => {
                each.textContent = written;
                return each.getBoundingClientRect().width - each.closest("td").clientWidth;
            })""",
            written,
        )
    assert len(found) == 4
    assert (max(found) > 0) == is_wider
