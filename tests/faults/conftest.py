"""What every campaign asks for: how often to try, and where to leave its figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.counts import Count

Times = Callable[[Count], int]
Figure = Callable[[str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults/" in item.nodeid and not item.get_closest_marker("fuzz"):
            item.add_marker("faults")


@pytest.fixture
def times(request: pytest.FixtureRequest) -> Times:
    """How often this run tries something."""
    full = bool(request.config.getoption("--full"))
    return lambda count: count.full if full else count.test


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Says what was counted, at the end of the run."""
    return lambda said: record_property("figure", said)
