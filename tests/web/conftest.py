"""The browser, and the demo's store, each made once for all tests of a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from roadlog import store
from roadlog.demo.player import run
from tests.web.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store, to read."""
    folder = tmp_path_factory.mktemp("demo") / "played"
    run(("demo", "--dir", str(folder)))
    return folder / store.FOLDER
