"""Pages that are open in a real browser, and what is recorded meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from roadlog.application import Application, Wish
from roadlog.domain.commands import Command, DefineProblem
from tests.stores import PROBLEM
from tests.web.browser import WIDE, context

TOLD = """
    window.told = [];
    new MutationObserver(changes => {
        for (const change of changes)
            for (const each of change.addedNodes)
                if (each.dataset?.last) window.told.push([+each.dataset.first, +each.dataset.last]);
    }).observe(document, {childList: true, subtree: true});
"""
"""Keeps of which positions a tab told, from its beginning on."""
HIDES = """
    yes => {
        Object.defineProperty(document, "hidden", {value: yes, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }
"""


@contextmanager
def tabs(browser: Browser, *addresses: str, size: tuple[int, int] = WIDE) -> Iterator[list[Tab]]:
    """Tabs of one browser, each once it listens."""
    with context(browser, size) as made:
        made.add_init_script(TOLD)
        yield [listening(made.new_page(), each) for each in addresses]


def listening(tab: Tab, address: str) -> Tab:
    """The page of an address, once it listens."""
    tab.goto(address)
    expect(tab.locator(".state")).to_have_text("up to date")
    return tab


def define(folder: Path, title: str) -> None:
    """A new initiative, by paula, as are all that follow."""
    wished = {name: getattr(PROBLEM, name) for name in PROBLEM.__struct_fields__} | {"title": title}
    carry_out(folder, DefineProblem(**wished))


def carry_out(folder: Path, *commands: Command) -> None:
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), *commands)


def told(tab: Tab) -> list[int]:
    """Every position that a tab told of, in the order in which it did."""
    spans: list[list[int]] = tab.evaluate("window.told")
    return [position for first, last in spans for position in range(first, last + 1)]
