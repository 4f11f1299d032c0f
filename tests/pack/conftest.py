"""One play of the demo and its packs, which the tests of this folder copy."""

import shutil
from pathlib import Path

import pytest
from freezegun import freeze_time

from roadlog import store
from tests.cli.conftest import line, opened
from tests.demo.conftest import TODAY, Played
from tests.pack.packs import packed

__all__ = ["line", "opened"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store."""
    return Played(tmp_path_factory.mktemp("demo") / "roadlog-demo").folder / store.FOLDER


@pytest.fixture(scope="session")
def whole(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of all of it. Not to be changed."""
    with freeze_time(TODAY):
        return packed(demo, tmp_path_factory.mktemp("whole") / "pack")


@pytest.fixture(scope="session")
def of_one(demo: Path, whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of SUP-1, of the same checkpoint. Not to be changed."""
    with freeze_time(TODAY):
        return packed(demo, tmp_path_factory.mktemp("one") / "pack", "SUP-1")


@pytest.fixture
def pack(of_one: Path, tmp_path: Path) -> Path:
    """A pack of SUP-1 to do anything to."""
    return Path(shutil.copytree(of_one, tmp_path / "pack"))
