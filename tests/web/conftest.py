"""What tests of the page share: the browser, started once for all tests of a process, and stores to see."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from roadlog import store
from roadlog.demo.player import run
from tests.cli.hostile import hostile_store
from tests.stores import team_store
from tests.web.asking import client
from tests.web.browser import chromium
from tests.web.serving import served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the demo, which tests only read."""
    folder = tmp_path_factory.mktemp("demo")
    code, _, said = run(("demo", "--dir", str(folder)))
    assert code == 0, said
    return folder / store.FOLDER


@pytest.fixture(scope="session")
def demo_address(demo: Path) -> Iterator[str]:
    """Where the demo's own server is, for tests that only look."""
    with served(demo) as found:
        yield found


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which every field that takes text holds the hostile one; tests only read it."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return hostile_store(folder).folder


@pytest.fixture
def site(demo: Path) -> Iterator[TestClient]:
    """The site of the demo, for tests that only look."""
    with client(demo) as asked:
        yield asked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with an initiative: 8 records, long ago."""
    with team_store(tmp_path / ".roadlog") as store:
        store.define()
    return store.folder


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """Where the store's own server is."""
    with served(folder) as found:
        yield found
