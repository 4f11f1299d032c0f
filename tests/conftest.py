"""What tests of every layer may ask for, and the figures that campaigns leave behind."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.faults.counts import Count
from tests.projections_file import caught_up
from tests.stores import Store, team_store

EVERY_TEST_RUNS = "EVERY_TEST_RUNS"
"""The variable under which a test that cannot run here fails: where nobody reads what was skipped."""

Times = Callable[[Count], int]
Figure = Callable[[str], None]


@pytest.fixture
def times(request: pytest.FixtureRequest) -> Times:
    """How often this run tries something."""
    full = bool(request.config.getoption("--full"))
    return lambda count: count.full if full else count.test


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Says what was counted, at the end of the run."""
    return lambda said: record_property("figure", said)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Store]:
    """A store with its team, under `ai-product`."""
    with team_store(tmp_path / ".roadlog") as store:
        yield store


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full", action="store_true", help="try every fault, and fuzz, the full number of times"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Makes a failure of what was skipped, where every test must run."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(EVERY_TEST_RUNS):
        why = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{why}; with {EVERY_TEST_RUNS} set it must run."
    return report


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


@pytest.fixture
def kept(team: Store) -> Store:
    """A store with an initiative, whose projections are at the head."""
    return caught_up(team)
