"""What every test of imports begins with."""

from pathlib import Path

import pytest

from tests.interop.logs import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)
