"""A page about now that is brought up to what is recorded: what stays, what waits, what is not set off."""

from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from roadlog.domain.commands import AdvanceMilestone, LogRisk, PlaceInitiative
from tests.web.browser import context
from tests.web.listening import note
from tests.web.open_pages import carry_out, define, listening, tabs
from tests.web.serving import STARTING, running

FIVE_ARE_MANY = f"from roadlog.web.pages import audit; audit.AT_ONCE = 5; {STARTING}"
"""A server to which an audit of more than five records is long."""
RISK = LogRisk(stream="SUP-1", description="It may be wrong", category="bias", likelihood=3, impact=3)


def test_what_somebody_looks_at_stays(browser: Browser, folder: Path, address: str) -> None:
    """Focus, scrolling, what is unfolded, and the nodes that did not change."""
    for each in range(30):
        define(folder, f"Problem {each}")
    with tabs(browser, address) as (tab,):
        tab.locator("#page summary").click()
        tab.locator(".card").nth(25).locator("a").focus()
        tab.evaluate("scrollTo(0, 900)")
        tab.evaluate("document.querySelector('.card').kept = true")
        define(folder, "Answer refunds")
        expect(tab.locator(".card.changed h3")).to_have_text("Answer refunds")
        assert tab.evaluate("scrollY") == 900
        assert tab.evaluate("document.activeElement.textContent") == "Problem 24"
        assert tab.locator("#page details").evaluate("each => each.open")
        assert tab.evaluate("document.querySelector('.card').kept")


def test_focus_stays_on_a_card_that_goes_elsewhere(browser: Browser, folder: Path, address: str) -> None:
    define(folder, "Answer refunds")
    with tabs(browser, address) as (tab,):
        link = tab.get_by_role("link", name="Answer refunds")
        expect(tab.locator(".card").last).to_contain_text("SUP-2")
        link.focus()
        carry_out(folder, PlaceInitiative(stream="SUP-2", horizon="now", rank=1))
        expect(tab.locator(".card").first).to_contain_text("SUP-2")
        expect(link).to_be_focused()
        carry_out(folder, AdvanceMilestone(stream="SUP-2"))
        expect(tab.get_by_role("region", name="feasibility").locator(".card")).to_contain_text("SUP-2")
        expect(link).to_be_focused()


def test_what_is_unfolded_and_focused_stays_so_where_a_section_comes(
    browser: Browser, folder: Path, address: str
) -> None:
    define(folder, "Answer refunds")
    carry_out(folder, PlaceInitiative(stream="SUP-1", horizon="now", rank=1))
    with tabs(browser, f"{address}/initiatives/SUP-1") as (tab,):
        summary = tab.locator(".entry summary").first
        summary.click()
        expect(tab.locator("#risks")).to_have_count(0)
        tab.evaluate("document.querySelector('.entry details').kept = true")
        carry_out(folder, RISK)
        expect(tab.locator("h2#risks")).to_be_attached()
        assert tab.evaluate("document.activeElement.parentElement.kept")
        assert tab.evaluate("document.activeElement.parentElement.open")


def test_a_page_waits_for_who_is_in_a_field_and_says_so(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        field = tab.get_by_label("Search for words")
        field.focus()
        define(folder, "Answer refunds")
        expect(tab.locator(".state")).to_have_text("1 new, shown when you stop typing")
        assert tab.locator(".card").count() == 1
        field.fill("refunds")
        field.blur()
        expect(tab.locator(".card")).to_have_count(2)
        expect(tab.locator(".state")).to_have_text("up to date")
        expect(field).to_have_value("refunds")


def test_who_went_back_in_time_meanwhile_stays_there(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        answers = holding(tab, f"{address}/")
        define(folder, "Answer refunds")
        answer = held(tab, answers)
        tab.get_by_role("slider").press("Home")
        expect(tab.locator(".then")).to_be_visible()
        with tab.expect_response(f"{address}/"):
            answer.continue_()
        note(folder, "then")
        expect(tab.locator(".state")).to_have_text("1 new")
        expect(tab.locator(".then")).to_be_visible()


def test_an_answer_that_is_late_does_not_stay(browser: Browser, folder: Path, address: str) -> None:
    """Of the time machine, which asked before something was recorded."""
    with tabs(browser, f"{address}/?position=7") as (tab,):
        answers = holding(tab, f"{address}/")
        tab.locator("#time-now").click()
        answer = held(tab, answers)
        old = answer.fetch()
        define(folder, "Answer refunds")
        expect(tab.locator(".news .line")).to_contain_text("1 new record since")
        answer.fulfill(response=old)
        expect(tab.locator(".card")).to_have_count(2)
        expect(tab.locator(".state")).to_have_text("up to date")


def holding(tab: Page, address: str) -> list[Route]:
    """Where the next question to an address is put, which is not answered."""
    found: list[Route] = []

    def hold(route: Route) -> None:
        found.append(route)

    tab.route(address, hold, times=1)
    return found


def held(tab: Page, answers: list[Route]) -> Route:
    """The question, once it was asked."""
    while not answers:
        tab.wait_for_timeout(20)
    return answers[0]


def test_who_is_led_to_sign_in_is_told_so(browser: Browser, folder: Path, address: str) -> None:
    with tabs(browser, address) as (tab,):
        tab.route(f"{address}/", lambda route: route.fulfill(status=303, headers={"Location": "/sign-in"}))
        note(folder, "one")
        expect(tab.locator(".state")).to_have_text("signed out: Sign in")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Board of SUP")


def test_what_takes_seconds_is_not_set_off_by_what_is_recorded(browser: Browser, folder: Path) -> None:
    with running(folder, starting=FIVE_ARE_MANY) as (_, address), context(browser) as made:
        asked: list[str] = []
        made.on("request", lambda each: asked.append(each.url.removeprefix(address)))
        audit = listening(made.new_page(), f"{address}/audit")
        expect(audit.get_by_role("heading", name="What this is not")).to_be_visible()
        verification = listening(made.new_page(), f"{address}/verification?run=1")
        asked.clear()
        note(folder, "one", "two")
        expect(audit.locator(".news .line")).to_have_text("2 new records since this page was made")
        expect(audit.locator(".state")).to_have_text("2 new")
        expect(verification.locator("#verdict")).to_contain_text("2 records since")
        assert [each for each in asked if each.startswith(("/audit", "/verification?"))] == []
        expect(audit.get_by_role("heading", name="What this is not")).to_be_visible()


def test_going_from_moment_to_moment_asks_for_no_audit_at_each(browser: Browser, folder: Path) -> None:
    with running(folder, starting=FIVE_ARE_MANY) as (_, address), context(browser) as made:
        audit = listening(made.new_page(), f"{address}/audit?wait=1")
        expect(audit.get_by_role("heading", name="What this is not")).to_be_visible()
        asked: list[str] = []
        made.on("request", lambda each: asked.append(each.url))
        audit.get_by_role("slider").press("ArrowLeft")
        expect(audit.get_by_role("link", name="Show what is found")).to_be_visible()
        assert [each for each in asked if "wait" in each] == []
        audit.get_by_role("link", name="Show what is found").click()
        expect(audit.get_by_role("heading", name="What this is not")).to_be_visible()
        assert any("wait" in each for each in asked)


def test_the_focus_stays_on_what_verifies(browser: Browser, address: str) -> None:
    with tabs(browser, f"{address}/verification") as (tab,):
        tab.get_by_role("link", name="Verify now").press("Enter")
        expect(tab.get_by_role("link", name="Verify again")).to_be_focused()
