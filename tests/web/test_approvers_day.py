"""The day of an approver, in a browser: signs in, approves on a condition, finds it in the trail."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from roadlog.tokens import Tokens
from tests.domain.spec import with_policy
from tests.openssh import needs_openssh
from tests.stores import Store, team_store
from tests.web.browser import SMALL, context, hindrances, overflow
from tests.web.serving import served
from tests.web.signed_in import code_for
from tests.web.test_signing import enrol, signature_of

LONG = timedelta(days=100_000)
"""Tokens that still hold today: the store's clock stands still, and the server's and the browser's do not."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Where compliance has to sign."""
    with team_store(tmp_path / ".roadlog", with_policy(signed_roles=("compliance",))) as store:
        store.define()
        yield store


def sign_in(tab: Tab, address: str, code: str) -> None:
    tab.goto(address)
    tab.get_by_role("link", name="Sign in").click()
    assert (hindrances(tab), overflow(tab)) == ([], 0)
    tab.get_by_label("Code").fill(code)
    tab.get_by_role("button", name="Sign in").click()


def test_an_approver_signs_in_approves_on_a_condition_and_sees_it(browser: Browser, store: Store) -> None:
    code = code_for(store.folder, "dan", span=LONG)
    with served(store.folder) as address, context(browser) as tabs:
        tab = tabs.new_page()
        sign_in(tab, address, code)
        expect(tab.locator(".viewer")).to_have_text(re.compile("dan"))
        tab.get_by_role("link", name="Reduce support load").click()
        tab.get_by_role("link", name="Approve", exact=True).click()
        assert (hindrances(tab), overflow(tab)) == ([], 0)
        tab.get_by_label("Condition 1", exact=True).fill("Show it to two more agents")
        tab.get_by_label("Condition 1: Due on").fill("2999-05-01")
        tab.get_by_label("Statement").fill("Fine for a pilot")
        tab.get_by_role("button", name="Approve", exact=True).last.click()
        told = tab.get_by_role("status", name="What you recorded")
        expect(told).to_contain_text("dan approved the backlog as data-science")
        assert (hindrances(tab), overflow(tab)) == ([], 0)
        tab.get_by_role("link", name="Trail", exact=True).first.click()
        expect(tab.locator("main")).to_contain_text("Show it to two more agents")
        tab.get_by_role("link", name="Sign out").click()
        tab.get_by_role("button", name="Sign out").click()
        expect(tab.get_by_role("link", name="Sign in")).to_be_visible()


def led_to(tab: Tab, says: str) -> None:
    """Approves in vain: what is said has the focus."""
    tab.get_by_role("button", name="Approve", exact=True).last.click()
    expect(tab.get_by_role("alert")).to_contain_text(says)
    expect(tab.get_by_role("alert")).to_be_focused()
    assert (hindrances(tab), overflow(tab)) == ([], 0)


def test_who_is_refused_is_led_to_why_and_loses_nothing(browser: Browser, store: Store) -> None:
    code = code_for(store.folder, "dan", span=LONG)
    with (
        served(store.folder) as address,
        closing(browser.new_context(viewport={"width": 360, "height": 700})) as tabs,
    ):
        tab = tabs.new_page()
        sign_in(tab, address, code.upper())
        tab.goto(f"{address}/initiatives/SUP-1/do/approve")
        tab.get_by_label("Condition 1: Due on").fill("2999-05-01")
        led_to(tab, "Say which condition is due on 2999-05-01")
        tab.get_by_label("Condition 1", exact=True).fill("Show it to two more agents")
        Tokens(store.folder).revoke(1, store.now)
        led_to(tab, "You are not signed in, or not any more")
        expect(tab.get_by_label("Conditions")).to_have_value("Show it to two more agents (due on 2999-05-01)")
        expect(tab.get_by_role("link", name="sign in")).to_be_visible()
    assert [each.type for each in store.records()].count("StakeholderApproved") == 0


@needs_openssh
def test_an_approver_signs_where_the_key_is(browser: Browser, store: Store, tmp_path: Path) -> None:
    enrol(store, tmp_path, "carla")
    code = code_for(store.folder, "carla", span=LONG)
    with served(store.folder) as address, context(browser, SMALL) as tabs:
        tab = tabs.new_page()
        sign_in(tab, address, code)
        tab.goto(f"{address}/initiatives/SUP-1/do/approve")
        tab.get_by_label("Statement").fill("Signed\nby me")
        tab.get_by_label("Statement").press("Tab")
        tab.get_by_role("button", name="Approve", exact=True).last.click()
        assert (hindrances(tab), overflow(tab)) == ([], 0)
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Download approval.txt").click()
        assert download.value.suggested_filename == "approval.txt"
        download.value.save_as(tmp_path / "approval.txt")
        assert (tmp_path / "approval.txt").read_text() == tab.locator(".signed-text").text_content()
        command = tab.get_by_text("ssh-keygen -Y sign").inner_text()
        signature_of(tmp_path, command, "carla")
        tab.get_by_label("The file approval.txt.sig").set_input_files(tmp_path / "approval.txt.sig")
        tab.get_by_role("button", name="Record it signed").last.click()
        told = tab.get_by_role("status", name="What you recorded")
        expect(told).to_contain_text("carla approved the backlog as compliance")
    assert store.records()[-1].actor.assurance == "signed"
