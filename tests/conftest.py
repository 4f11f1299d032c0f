"""What tests of every layer may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores import Store, team_store


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Store]:
    """A store with its team, under `ai-product`."""
    with team_store(tmp_path / ".roadlog") as store:
        yield store
