"""What every test of imports and exports begins with."""

from pathlib import Path

import pytest

from tests.cli.line import Line
from tests.demo.conftest import Played
from tests.interop.exports import small_history
from tests.interop.logs import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo."""
    return Played(tmp_path_factory.mktemp("demo") / "roadlog-demo")


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """A store with the history that the samples are of, which nobody changes."""
    with small_history(tmp_path_factory.mktemp("history") / ".roadlog") as line:
        pass
    return line
