"""The time machine in a browser: dragged, stepped by keys, played, shared, compared; without scripts, too."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import Page as Tab

from tests.stores import team_store
from tests.web.browser import SMALL, context, hindrances, overflow
from tests.web.serving import STARTING, served

WAIT = 10_000
"""Milliseconds, for a machine that has other work."""


@pytest.fixture
def tab(browser: Browser, demo_address: str) -> Iterator[Tab]:
    """The board, as it is now."""
    with context(browser) as made:
        yield opened(made.new_page(), demo_address)


def opened(tab: Tab, demo_address: str) -> Tab:
    """The page of an demo_address, once the line is there."""
    tab.set_default_timeout(WAIT)
    tab.goto(demo_address)
    expect(slider(tab)).to_have_attribute("aria-valuetext", re.compile("#"))
    expect(tab.locator("#time-marks use.return").first).to_be_attached()
    return tab


def slider(tab: Tab) -> Locator:
    return tab.get_by_role("slider", name="Moment")


def dragged(tab: Tab, *places: float) -> None:
    """Takes hold of the slider where it is, and moves it to places from 0 to 1, without letting go."""
    box = slider(tab).bounding_box()
    assert box is not None
    at, middle = float(slider(tab).input_value()), box["y"] + box["height"] / 2
    left, width = box["x"] + 8, box["width"] - 16
    tab.mouse.move(left + at * width, middle)
    tab.mouse.down()
    for place in places:
        tab.mouse.move(left + place * width, middle)


def press(tab: Tab, *keys: str) -> None:
    """Presses keys on the slider, and waits each time until the page is that of the demo_address."""
    for key in keys:
        before = slider(tab).get_attribute("aria-valuetext")
        slider(tab).press(key)
        expect(slider(tab)).not_to_have_attribute("aria-valuetext", before or "")
    settled(tab)


def settled(tab: Tab) -> None:
    """Waits until the page is that of the moment that the bar tells."""
    expect(tab.locator("#page")).not_to_have_attribute("aria-busy", "true")


def statuses(tab: Tab) -> dict[str, str]:
    """Of each card, what stands in its place on the board."""
    found: dict[str, str] = tab.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".card[data-key]:not(.came)")].map(
            (each) => [each.dataset.key, each.classList[1]]))"""
    )
    return found


def board(folder: Path, *options: str) -> dict[str, str]:
    """The same as `roadlog board` has it."""
    line = [sys.executable, "-c", STARTING, "--store", str(folder), "board", "--json", *options]
    answer: dict[str, Any] = json.loads(subprocess.check_output(line))
    return {each["key"]: each["status"] for each in answer["initiatives"]}


def test_dragging_shows_the_board_as_it_was_and_back_leads_to_where_it_began(tab: Tab, demo: Path) -> None:
    dragged(tab, 0.9, 0.7, 0.5, 0.3, 0.2)
    expect(tab.locator("#time-now")).to_be_visible()
    tab.mouse.up()
    expect(tab).to_have_url(re.compile(r"/\?as-of=2026-0[3-5]-"))
    settled(tab)
    as_of = tab.evaluate("new URLSearchParams(location.search).get('as-of')")
    assert statuses(tab) == board(demo, "--as-of", as_of) == {"SUP-1": "active", "SUP-2": "backlog"}
    expect(tab.locator("#time-what")).to_contain_text(re.compile(r"^#\d+ [a-z]+ "))
    tab.go_back()
    expect(tab.locator(".then")).to_have_count(0)
    settled(tab)
    assert statuses(tab) == board(demo)
    expect(tab.locator("#time-when")).to_have_text("Now")
    tab.go_forward()
    expect(tab.locator(".then")).to_have_count(1)
    assert statuses(tab) == {"SUP-1": "active", "SUP-2": "backlog"}


def test_keys_step_through_what_was_known_and_the_board_is_that_of_the_position(tab: Tab, demo: Path) -> None:
    tab.get_by_label("as we knew it").check()
    press(tab, "ArrowLeft", "ArrowLeft", "PageDown", "ArrowRight")
    position = tab.evaluate("new URLSearchParams(location.search).get('position')")
    assert statuses(tab) == board(demo, "--position", position)
    text = slider(tab).get_attribute("aria-valuetext") or ""
    time = r"2026-\d\d-\d\d \d\d:\d\d"
    assert re.match(rf"Recorded {time}, took effect {time}: #{position} [a-z]+ ", text)
    press(tab, "Home")
    expect(tab).to_have_url(re.compile(r"\?position=1$"))
    assert statuses(tab) == board(demo, "--position", "1") == {}
    press(tab, "Shift+ArrowRight")
    expect(tab.locator("#time-what")).to_contain_text("advanced from the backlog to feasibility")
    assert tab.evaluate("document.activeElement.id") == "time-slider"
    press(tab, "End")
    assert statuses(tab) == board(demo)
    expect(tab.locator("#time-now")).to_be_hidden()


def test_it_plays_until_now_and_stops_where_somebody_stops_it(tab: Tab) -> None:
    press(tab, "PageDown", "PageDown")
    tab.get_by_label("Speed").select_option("120")
    slider(tab).press(" ")
    expect(tab.get_by_role("button", name="Pause")).to_be_visible()
    before = slider(tab).get_attribute("aria-valuetext") or ""
    expect(slider(tab)).not_to_have_attribute("aria-valuetext", before)
    slider(tab).press(" ")
    expect(tab.get_by_role("button", name="Play")).to_be_visible()
    press(tab, "End", "ArrowLeft")
    tab.get_by_label("Speed").select_option("")
    tab.get_by_role("button", name="Play").click()
    expect(tab.locator("#time-when")).to_have_text("Now")
    expect(tab.get_by_role("button", name="Play")).to_be_visible()
    assert "?" not in tab.url


def test_what_is_recorded_meanwhile_is_on_the_line(browser: Browser, tmp_path: Path) -> None:
    with team_store(tmp_path / "store") as store:
        key = store.define()
    line = [sys.executable, "-c", STARTING, "--store", str(tmp_path / "store"), "--as", "paula"]
    with served(tmp_path / "store") as demo_address, context(browser) as made:
        tab = made.new_page()
        tab.goto(demo_address)
        expect(tab.locator("#time-what")).to_have_text("#8 paula defined the problem “Reduce support load”")
        expect(tab.locator("#time-marks use")).to_have_count(0)
        subprocess.check_output([*line, "advance", key])
        expect(tab.locator("#time-what")).to_contain_text("#9 paula advanced")
        expect(slider(tab)).to_have_attribute("aria-valuetext", re.compile("^Now: #9 paula advanced"))
        expect(tab.locator("#time-marks use.milestone")).to_have_count(1)


def test_who_is_sent_the_link_sees_the_same(tab: Tab, browser: Browser) -> None:
    tab.get_by_label("as we knew it").check()
    press(tab, "PageDown", "PageDown", "PageDown")
    with context(browser) as theirs:
        other = opened(theirs.new_page(), tab.url)
        assert other.locator("#page").inner_text() == tab.locator("#page").inner_text()
        assert slider(other).get_attribute("aria-valuetext") == slider(tab).get_attribute("aria-valuetext")
        assert other.get_by_label("as we knew it").is_checked()
        assert slider(other).input_value() == slider(tab).input_value()


def test_links_keep_the_moment_and_what_is_unfolded_stays_so(tab: Tab, demo_address: str) -> None:
    opened(tab, f"{demo_address}/?position=20&compare=now")
    first = tab.locator(".compared details details").first
    first.locator("summary").click()
    press(tab, "ArrowRight")
    expect(tab).to_have_url(f"{demo_address}/?compare=now&position=21")
    expect(first).to_have_attribute("open", "")
    assert tab.locator(".compared details details[open]").count() == 1
    expect(tab.get_by_role("link", name="Board", exact=True)).to_have_attribute("href", "/?position=21")


def test_a_moment_is_compared_with_now_on_its_cards_and_in_a_list(
    tab: Tab, demo: Path, demo_address: str
) -> None:
    opened(tab, f"{demo_address}/?position=45")
    tab.get_by_role("link", name="Compare with now").click()
    card = tab.locator('.card[data-key="SUP-1"]')
    expect(card).to_contain_text("≠ milestone feasibility → live")
    expect(card).to_contain_text("≠ status active → live")
    line = [sys.executable, "-c", STARTING, "--store", str(demo), "diff", "45", "now", "--json"]
    told = json.loads(subprocess.check_output(line))
    fields = {(each["key"], each["field"].replace("_", " ")) for each in told["changed"]}
    found = tab.evaluate(
        """() => [...document.querySelectorAll(".compared details details")].flatMap((each) =>
            [...each.querySelectorAll("dt")].map((name) =>
                [each.querySelector(".key").textContent, name.textContent]))"""
    )
    assert {(key, field.replace("-", " ")) for key, field in found} == fields
    opened(tab, f"{demo_address}/?as-of=2026-03-24&compare=now")
    assert tab.locator(".compared .came .key").all_inner_texts() == ["SUP-1", "SUP-2"]
    expect(tab.locator(".card.came")).to_have_count(2)
    assert hindrances(tab) == []
    tab.get_by_role("link", name="Compare no more").click()
    expect(tab.locator(".compared")).to_have_count(0)


@pytest.mark.parametrize("place", ["/", "/?position=80", "/?as-of=2026-05-01&compare=now"])
def test_nobody_is_hindered_and_it_fits_a_phone(browser: Browser, demo_address: str, place: str) -> None:
    for scheme in ("light", "dark"):
        with context(browser, SMALL, color_scheme=scheme) as made:
            tab = opened(made.new_page(), f"{demo_address}{place}")
            assert hindrances(tab) == []
            assert overflow(tab) <= 0
            bar = tab.locator("#time").bounding_box()
            assert bar is not None
            assert bar["height"] < 200


def test_nothing_glides_where_somebody_wants_no_motion(browser: Browser, demo_address: str) -> None:
    watch = """() => { window.glides = 0; const animate = Element.prototype.animate;
        Element.prototype.animate = function (...given) {
            window.glides += 1; return animate.apply(this, given); }; }"""
    glides = []
    for motion in ("no-preference", "reduce"):
        with context(browser, reduced_motion=motion) as made:
            tab = opened(made.new_page(), demo_address)
            tab.evaluate(watch)
            press(tab, "Home", "End")
            glides.append(tab.evaluate("window.glides"))
    assert glides[0] > 0
    assert glides[1] == 0


@pytest.mark.parametrize(("mode", "name"), [("as it was", "as-of"), ("as we knew it", "known-at")])
def test_a_day_is_gone_to_at_its_end_and_stays_chosen(tab: Tab, mode: str, name: str) -> None:
    tab.get_by_label(mode).check()
    tab.get_by_label("on", exact=True).fill("2026-05-01")
    tab.get_by_role("button", name="Go").click()
    expect(tab).to_have_url(re.compile(rf"/\?{name}=2026-05-01T23%3A59%3A59.999999Z$"))
    settled(tab)
    expect(tab.get_by_label("on", exact=True)).to_have_value("2026-05-01")
    expect(tab.locator("#time-when")).to_contain_text("2026-05-01 23:59")
    expect(tab.locator(".then")).to_contain_text("2026-05-01 23:59")
    if name == "known-at":  # the log began after that day
        expect(tab.locator("#time-what")).to_have_text("before the first record")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Board of SUP")


def test_without_scripts_a_day_is_gone_to(browser: Browser, demo_address: str, demo: Path) -> None:
    with context(browser, java_script_enabled=False) as made:
        tab = made.new_page()
        tab.goto(demo_address)
        expect(tab.locator("#time-slider")).to_be_hidden()
        tab.get_by_label("on", exact=True).fill("2026-05-01")
        tab.get_by_role("button", name="Go").click()
        expect(tab).to_have_url(f"{demo_address}/?as-of=2026-05-01T23%3A59%3A59.999999Z")
        expect(tab.get_by_label("on", exact=True)).to_have_value("2026-05-01")
        keys = tab.locator(".card .key").all_inner_texts()
        assert sorted(keys) == sorted(board(demo, "--as-of", "2026-05-01T23:59:59.999999Z"))
        tab.locator("#time").get_by_role("link", name="Back to now").click()
        expect(tab).to_have_url(f"{demo_address}/")


def test_the_handle_follows_the_hand_alone_and_then_rests_at_its_stop(tab: Tab) -> None:
    dragged(tab, 0.8, 0.53)
    expect(tab).to_have_url(re.compile("as-of="))
    settled(tab)
    stop = "parseFloat(document.getElementById('time-slider').style.getPropertyValue('--place')) / 100"
    assert abs(float(slider(tab).input_value()) - 0.53) < 0.005
    assert float(slider(tab).input_value()) != pytest.approx(tab.evaluate(stop), abs=1e-6)
    tab.mouse.up()
    assert float(slider(tab).input_value()) == pytest.approx(tab.evaluate(stop), abs=1e-6)


def test_a_rest_or_a_click_between_two_steps_makes_them_two_pages_to_go_back_to(
    browser: Browser, demo_address: str
) -> None:
    with context(browser) as made:
        made.clock.install()
        tab = opened(made.new_page(), demo_address)
        dragged(tab)
        tab.mouse.up()
        press(tab, "ArrowLeft", "PageDown")
        assert slider(tab).input_value() != "1"
        first = tab.url
        tab.clock.fast_forward(1600)
        press(tab, "ArrowLeft")
        assert tab.url != first
        tab.go_back()
        expect(tab).to_have_url(first)
        tab.go_back()
        expect(tab).to_have_url(f"{demo_address}/")


def test_a_mark_is_gone_to(tab: Tab) -> None:
    tab.locator("#time-marks use.return").first.click()
    expect(tab.locator("#time-what")).to_contain_text(" went back from ")
    expect(tab.locator(".then")).to_be_visible()


def test_a_day_that_somebody_types_stays(tab: Tab) -> None:
    day = tab.get_by_label("on", exact=True)
    day.fill("2026-05-01")
    with tab.expect_response(re.compile("/time/step")):
        tab.evaluate("document.dispatchEvent(new CustomEvent('roadlog:recorded'))")
    expect(tab.locator("#time-when")).to_have_text("Now")
    expect(day).to_have_value("2026-05-01")


def test_on_a_phone_that_is_turned_the_controls_are_there(browser: Browser, demo_address: str) -> None:
    with context(browser, SMALL) as made:
        tab = opened(made.new_page(), demo_address)
        day = tab.get_by_label("on", exact=True)
        expect(day).to_be_hidden()
        tab.set_viewport_size({"width": 800, "height": 360})
        expect(day).to_be_visible()
        tab.set_viewport_size({"width": 360, "height": 800})
        expect(day).to_be_hidden()


def test_what_keeps_the_line_from_moving_is_said_to_everybody(browser: Browser, demo_address: str) -> None:
    made = browser.new_context()  # the browser itself complains of what is not answered
    tab = opened(made.new_page(), demo_address)
    tab.route("**/time/step*", lambda route: route.fulfill(status=303, headers={"Location": "/sign-in"}))
    slider(tab).press("Home")
    expect(tab.locator("#time-what")).to_have_text("You are signed out.")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "Now: You are signed out.")
    tab.route("**/time/step*", lambda route: route.abort())
    slider(tab).press("Home")
    expect(tab.locator("#time-what")).to_have_text("The server does not answer.")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "Now: The server does not answer.")
    made.close()


def test_what_is_scrolled_focused_and_unfolded_stays_so_at_another_moment(
    browser: Browser, demo_address: str
) -> None:
    with context(browser, SMALL) as made:
        tab = opened(made.new_page(), f"{demo_address}/initiatives/SUP-1")
        entry = tab.locator(".entry:has(summary)").nth(4)
        entry = tab.locator(f"#{entry.get_attribute('id')}")
        entry.scroll_into_view_if_needed()
        top = entry.evaluate("each => each.getBoundingClientRect().top")
        press(tab, "ArrowLeft")
        expect(tab.locator(".then")).to_have_count(1)
        assert entry.evaluate("each => each.getBoundingClientRect().top") == pytest.approx(top, abs=1)
        entry.locator("a.record").focus()
        tab.go_back()
        expect(tab.locator(".then")).to_have_count(0)
        expect(entry.locator("a.record")).to_be_focused()
        entry.locator("summary").click()
        tab.go_forward()
        expect(tab.locator(".then")).to_have_count(1)
        expect(entry.locator("summary")).to_be_focused()
        expect(entry.locator("details")).to_have_attribute("open", "")


def test_what_is_scrolled_sideways_stays_so_at_another_moment(browser: Browser, demo_address: str) -> None:
    with context(browser, (1280, 900)) as made:
        tab = opened(made.new_page(), f"{demo_address}/metrics")
        table = tab.locator(".chart .scroll").first
        tab.get_by_text("As a table").first.click()
        table.evaluate("each => { each.scrollLeft = 20; }")
        press(tab, "ArrowLeft")
        expect(tab.locator(".then")).to_have_count(1)
        assert table.evaluate("each => each.scrollLeft") == 20


def test_the_focus_jumps_to_nothing_else_where_its_link_is_not_there_then(
    tab: Tab, demo_address: str
) -> None:
    opened(tab, f"{demo_address}/initiatives/SUP-1")
    press(tab, "PageDown")
    tab.go_back()
    expect(tab.locator(".then")).to_have_count(0)
    settled(tab)
    newest = tab.locator(".entry").first.get_attribute("id")
    tab.locator(f"#{newest} a.record").first.focus()
    tab.go_forward()
    expect(tab.locator(".then")).to_have_count(1)
    expect(tab.locator(f"#{newest}")).to_have_count(0)
    assert tab.evaluate("document.activeElement.localName") == "body"
