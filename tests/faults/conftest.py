"""All campaigns of faults are marked as such."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults/" in item.nodeid and not item.get_closest_marker("fuzz"):
            item.add_marker("faults")
