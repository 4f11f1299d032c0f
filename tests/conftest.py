"""What tests of every layer may ask for, and the figures that campaigns leave behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores import Store, team_store


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Store]:
    """A store with its team, under `ai-product`."""
    with team_store(tmp_path / ".roadlog") as store:
        yield store


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full", action="store_true", help="try every fault, and fuzz, the full number of times"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints each campaign's figures, wherever it ran."""
    reports = [each for outcome in ("passed", "failed") for each in terminalreporter.getreports(outcome)]
    figures = [
        (report.nodeid.rpartition("::")[2], figure)
        for report in reports
        if report.when == "call"
        for name, figure in report.user_properties
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for test, figure in sorted(figures):
            terminalreporter.line(f"{test}: {figure}")
