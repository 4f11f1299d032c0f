"""Pages that are open while something is recorded, in a real browser."""

import signal
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.web.browser import SMALL, WIDE, context, hindrances
from tests.web.listening import note
from tests.web.open_pages import HIDES, TOLD, define, listening, tabs, told
from tests.web.serving import running
from tests.web.signed_in import code_for


def test_two_tabs_show_what_is_recorded(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address, address) as opened:
        define(folder, "Answer refunds")
        for tab in opened:
            expect(tab.locator(".card.changed h3")).to_have_text("Answer refunds")
            expect(tab.locator(".news .line")).to_have_text(
                "paula defined the problem “Answer refunds” (SUP-2)"
            )
            expect(tab.locator(".news .line a")).to_have_attribute("href", "/initiatives/SUP-2")
            expect(tab.locator("#time-what")).to_contain_text("Answer refunds")
            assert tab.locator(".card").count() == 2
            assert hindrances(tab) == []
        note(folder, "<b>one</b>", "two", "three")
        for tab in opened:
            expect(tab.locator(".news .line").nth(1)).to_have_text("paula noted: <b>one</b> (SUP-1)")
            expect(tab.locator(".news .line")).to_have_count(4)
            assert told(tab) == [9, 10, 11, 12]


def test_many_records_at_once_are_one_line(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        note(folder, *(str(each) for each in range(40)))
        expect(tab.locator(".news .line").last).to_contain_text("paula noted: 39 (SUP-1)")
        assert told(tab) == list(range(9, 49))
        assert tab.locator(".news .line").count() <= 5


def test_a_phone_tells_one_line_of_all_that_came(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address, size=SMALL) as (tab,):
        note(folder, "one")
        expect(tab.locator(".news .line")).to_have_text("paula noted: one (SUP-1)")
        note(folder, "two", "three")
        expect(tab.locator(".news .line")).to_have_text("3 new records, the last: paula noted: three (SUP-1)")
        note(folder, "long words " * 900)
        expect(tab.locator(".news .line")).to_contain_text("4 new records, the last: paula noted: long words")
        expect(tab.locator(".news .line")).to_contain_text("… (SUP-1)")
        box = tab.locator(".news").bounding_box()
        assert box is not None
        assert box["height"] < 760 * 0.2
        assert hindrances(tab) == []
        tab.get_by_role("button", name="Close").press("Enter")
        expect(tab.locator(".news .line")).to_have_count(0)
        note(folder, "five")
        expect(tab.locator(".news .line")).to_have_text("paula noted: five (SUP-1)")


def test_a_line_is_closed_and_the_next_one_can_be(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        note(folder, "one", "two")
        expect(tab.locator(".news .line")).to_have_count(2)
        tab.get_by_role("button", name="Close").first.press("Enter")
        expect(tab.locator(".news .line")).to_have_text("paula noted: two (SUP-1)")
        expect(tab.get_by_role("button", name="Close")).to_be_focused()


def test_what_changed_is_marked_once(browser: Browser, folder: Path, address: str) -> None:
    """A part of many changes as a whole, and nothing within what is marked itself."""
    with tabs(browser, f"{address}/initiatives/SUP-1", f"{address}/trail") as (page, trail):
        note(folder, *(f"note {each}" for each in range(6)))
        expect(page.locator(".panel.changed")).to_have_attribute("aria-labelledby", "notes")
        expect(trail.locator(".entry.changed")).to_have_count(6)
        for tab in (page, trail):
            assert tab.locator(".changed .changed").count() == 0
            mark = tab.locator(".changed").first
            assert mark.evaluate("each => getComputedStyle(each, '::after').content") == '"new"'
            assert mark.evaluate("each => getComputedStyle(each).outlineStyle") == "none"


def test_a_page_of_the_past_stays_and_tells_how_much_came(
    browser: Browser, folder: Path, address: str
) -> None:
    with tabs(browser, f"{address}/?position=7") as (tab,):
        define(folder, "Answer refunds")
        expect(tab.locator(".news .line")).to_have_text("1 new record since this page was made")
        note(folder, "a", "b")
        expect(tab.locator(".news .line")).to_have_text("3 new records since this page was made")
        assert tab.locator(".card").count() == 0


def test_a_page_listens_while_it_is_looked_at(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        tab.evaluate(HIDES, True)
        define(folder, "Answer refunds")
        tab.wait_for_timeout(1500)
        assert told(tab) == []
        tab.evaluate(HIDES, False)
        expect(tab.locator(".card")).to_have_count(2)
        assert told(tab) == [9]


@pytest.mark.parametrize("status", [303, 401, 403])
def test_who_is_signed_out_meanwhile_is_told_so_and_asks_no_more(
    browser: Browser, address: str, status: int
) -> None:
    made = browser.new_context()  # the browser itself complains of the answers
    tab = made.new_page()
    tab.goto(f"{address}/trail?key=SUP-1")
    expect(tab.locator(".state")).to_have_text("up to date")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=status, headers={"Location": "/sign-in?to=/live"} if status == 303 else {})

    tab.route("**/live*", refuse)
    tab.evaluate(HIDES, True)
    tab.evaluate(HIDES, False)
    expect(tab.locator(".state")).to_have_text("signed out: Sign in")
    expect(tab.locator(".state a")).to_have_attribute("href", "/sign-in?to=%2Ftrail%3Fkey%3DSUP-1")
    tab.wait_for_timeout(1500)
    tab.evaluate(HIDES, True)
    tab.evaluate(HIDES, False)
    assert asked == ["GET", "HEAD"]
    made.close()


@pytest.mark.parametrize("size", [WIDE, SMALL])
def test_pictures_are_brought_up_too(
    browser: Browser, folder: Path, address: str, size: tuple[int, int]
) -> None:
    with tabs(browser, f"{address}/timeline", size=size) as (tab,):
        with tab.expect_response(lambda answer: "timeline.svg" in answer.url) as found:
            define(folder, "Answer refunds")
        assert found.value.url.endswith("seen=9")
        assert "SUP-2" in found.value.text()


def test_nothing_changes_under_who_types(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        tab.evaluate(
            "document.getElementById('main').insertAdjacentHTML('beforeend', '<textarea></textarea>')"
        )
        tab.locator("textarea").fill("I think")
        tab.locator("h1").click()
        define(folder, "Answer refunds")
        expect(tab.locator(".news .line")).to_have_count(1)
        tab.wait_for_timeout(1500)
        assert tab.locator(".card").count() == 1
        assert tab.locator("textarea").input_value() == "I think"
        tab.locator("textarea").fill("")
        tab.locator("textarea").blur()
        expect(tab.locator(".card")).to_have_count(2)


def test_a_form_tells_what_is_recorded_of_its_initiative_and_stays(
    browser: Browser, folder: Path, address: str
) -> None:
    with context(browser) as made:
        tab = made.new_page()
        tab.goto(f"{address}/sign-in?to=/initiatives/SUP-1/do/reject")
        tab.get_by_label("Code").fill(code_for(folder, "dan"))
        tab.get_by_role("button", name="Sign in").click()
        tab.get_by_label("Why").fill("I think")
        expect(tab.locator(".state")).to_have_text("up to date")
        define(folder, "Answer refunds")
        note(folder, "a")
        expect(tab.locator(".news .line")).to_have_text("paula noted: a (SUP-1)")
        assert tab.get_by_label("Why").input_value() == "I think"
        assert hindrances(tab) == []


def test_a_page_catches_up_when_the_server_is_back(browser: Browser, folder: Path) -> None:
    """Without a gap and without a double, also of what was recorded just before and just after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = browser.new_context()
    made.add_init_script(TOLD)
    tab = made.new_page()
    with running(folder, port=port) as (_, address):
        tab.goto(address)
        expect(tab.locator(".state")).to_have_text("up to date")
        note(folder, "before")
    expect(tab.locator(".state")).to_have_text("reconnecting")
    define(folder, "Answer refunds")
    note(folder, "meanwhile")
    with running(folder, port=port):
        note(folder, "after")
        expect(tab.locator(".state")).to_have_text("up to date", timeout=20_000)
        note(folder, "later")
        expect(tab.locator(".news .line").last).to_contain_text("later")
        expect(tab.locator(".card")).to_have_count(2)
        assert told(tab) == [9, 10, 11, 12, 13]
    made.close()


def test_a_part_of_a_page_that_is_asked_for_while_the_server_is_away_says_so(
    browser: Browser, folder: Path
) -> None:
    made = browser.new_context()
    tab = made.new_page()
    with running(folder) as (_, address):
        tab.goto(f"{address}/verification")
        expect(tab.locator(".state")).to_have_text("up to date")
    tab.get_by_role("link", name="Verify now").click()
    expect(tab.get_by_role("alert")).to_have_text(
        "The server does not answer. Load the page again when it does."
    )
    made.close()


def test_a_line_leaves_after_a_while(browser: Browser, folder: Path, address: str) -> None:
    with context(browser) as made:
        made.clock.install()
        tab = listening(made.new_page(), address)
        note(folder, "one")
        expect(tab.locator(".news .line")).to_have_count(1)
        tab.clock.fast_forward(16_000)
        expect(tab.locator(".news .line")).to_have_count(0)


def test_a_page_that_is_come_back_to_catches_up(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        tab.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
        define(folder, "Answer refunds")
        tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        expect(tab.locator(".card")).to_have_count(2)
        assert told(tab) == [9]


def test_a_server_that_hangs_is_noticed_and_listened_to_again(browser: Browser, folder: Path) -> None:
    with running(folder) as (process, address), context(browser) as made:
        made.add_init_script(TOLD)
        made.clock.install()
        tab = listening(made.new_page(), address)
        process.send_signal(signal.SIGSTOP)
        try:
            tab.clock.fast_forward(46_000)
            expect(tab.get_by_role("status").filter(has_text="reconnecting")).to_be_visible()
        finally:
            process.send_signal(signal.SIGCONT)
        note(folder, "one")
        expect(tab.locator(".state")).to_have_text("up to date", timeout=20_000)
        expect(tab.locator(".news .line")).to_have_text("paula noted: one (SUP-1)")
        assert told(tab) == [9]


def test_seven_pages_of_a_browser_listen_by_one_stream(browser: Browser, folder: Path, address: str) -> None:
    """A browser has six connections to one server. Whichever page goes, nothing is missed or told twice."""
    with context(browser) as made:
        made.add_init_script(TOLD)
        made.clock.install()
        streams: list[str] = []
        made.on("request", lambda each: streams.append(each.url) if "/live?" in each.url else None)
        first, second, *others = [listening(made.new_page(), address) for _ in range(7)]

        def all_told(*positions: int) -> None:
            for tab in (second, *others):
                expect(tab.locator(f".line[data-last='{positions[-1]}']")).to_be_attached()
                assert told(tab) == list(positions)

        note(folder, "one")
        all_told(9)
        assert len(streams) == 1
        first.close()
        note(folder, "two")
        all_told(9, 10)
        assert len(streams) == 2
        others[-1].evaluate(HIDES, True)
        note(folder, "three")
        expect(second.locator(".line[data-last='11']")).to_be_attached()
        others[-1].evaluate(HIDES, False)
        all_told(9, 10, 11)
        second.evaluate("BroadcastChannel.prototype.postMessage = () => {}")  # as if a dialog stood there
        second.clock.fast_forward(91_000)
        note(folder, "four")
        all_told(9, 10, 11, 12)
