"""The days of a product manager and of an auditor, in a browser, on the demo's roadmap."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, expect

from benchmarks.long_history import open_side_by_side
from tests.web.browser import SMALL, context, hindrances, overflow
from tests.web.serving import served
from tests.web.signed_in import code_for


def test_a_product_manager_looks_and_records_what_was_measured(
    browser: Browser, demo: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(demo, tmp_path / ".roadlog"))
    code = code_for(folder, "jonas")
    with served(folder) as address, context(browser) as tabs:
        tab = tabs.new_page()
        tab.goto(address)
        training = tab.get_by_role("region").filter(has=tab.get_by_role("heading", name="training"))
        card = training.get_by_role("article").filter(has_text="SUP-2")
        expect(card).to_contain_text("iteration 3 of an expected 2–4")
        expect(card).to_contain_text("needs data-science")
        card.get_by_role("link").click()
        gate = tab.locator("section", has=tab.get_by_role("heading", name="Gate", exact=True))
        expect(gate).to_contain_text("closed")
        expect(gate).to_contain_text("3 of 5 met")
        tab.get_by_role("link", name="Metrics of SUP-2").click()
        expect(tab.get_by_role("img", name=re.compile("Outcome"))).to_be_visible()
        assert (hindrances(tab), overflow(tab)) == ([], 0)

        tab.get_by_role("link", name="Sign in").click()
        tab.get_by_label("Code").fill(code)
        tab.get_by_role("button", name="Sign in").click()
        tab.goto(f"{address}/initiatives/SUP-2/do/measure")
        tab.get_by_label("Value").fill("47")
        tab.get_by_role("button", name="Record it").last.click()
        told = tab.get_by_role("status", name="What you recorded")
        expect(told).to_contain_text("jonas measured trials that send a first invoice: 47")
        tab.get_by_role("link", name="Board", exact=True).click()
        expect(tab.get_by_role("article").filter(has_text="SUP-2")).to_contain_text("41 → 47, to reach 55")


def test_an_auditor_goes_from_a_finding_to_the_record_and_back_in_time(browser: Browser, demo: Path) -> None:
    with served(demo) as address, context(browser, SMALL, color_scheme="dark") as tabs:
        tab = tabs.new_page()
        tab.goto(f"{address}/audit")
        finding = tab.get_by_text("rests on a waiver of approval:engineering that lapsed")
        expect(finding).to_be_visible()
        tab.get_by_role("link", name="#45", exact=True).first.click()
        expect(tab.locator("#p45")).to_contain_text("erik")
        expect(tab.locator("#p45")).to_contain_text("waived")

        tab.get_by_role("link", name="Verification", exact=True).click()
        tab.get_by_role("link", name="Verify now").click()
        expect(tab.locator("main")).to_contain_text(re.compile("165 records"), timeout=60_000)
        assert (hindrances(tab), overflow(tab)) == ([], 0)

        tab.goto(f"{address}/initiatives/SUP-1?position=80")
        expect(tab.get_by_role("region", name="Which moment")).to_contain_text("position 80")
        tab.get_by_role("link", name=re.compile("Compare with now")).click()
        expect(tab.get_by_role("heading", name="From then to now")).to_be_visible()
        expect(tab.locator("main")).to_contain_text("experimentation → live")


def test_the_first_page_of_500_initiatives_weighs_little(browser: Browser, tmp_path: Path) -> None:
    open_side_by_side(tmp_path / ".roadlog", 500, 12)
    with served(tmp_path / ".roadlog") as address, context(browser) as tabs:
        tab = tabs.new_page()
        sizes: list[int] = []
        tab.on("requestfinished", lambda each: sizes.append(each.sizes()["responseBodySize"]))
        tab.goto(address)
        tab.wait_for_load_state("load")
        tab.wait_for_timeout(500)
        assert tab.locator(".card").count() == 500
        assert len(sizes) > 3
        assert sum(sizes) < 150_000
