"""One roadmap with its team, made once and copied for each test."""

import shutil
from pathlib import Path

import pytest
from freezegun import freeze_time

import roadlog.application  # noqa: F401 (before a clock is frozen: msgspec keeps the `datetime` it meets first)
from tests.cli.line import Line

TEAM = {"dan": "data-science", "erin": "engineering", "carla": "compliance", "otto": "customer-ops"}
PROBLEM = "Customers wait 9 hours for a first answer"


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with five stakeholders and one problem, SUP-1, with position 8."""
    folder = tmp_path_factory.mktemp("opened") / ".roadlog"
    line = Line(folder)
    with freeze_time("2026-03-02T09:00:00Z"):
        line("init", "--key", "SUP", "--name", "Support AI")
        for handle, role in TEAM.items():
            line("stakeholder", "add", handle, "--role", role)
        outcome = ("--metric", "tickets", "--target", "-30%", "--segment", "EU", "--owner", "paula")
        line("define", "Reduce support load", "--problem", PROBLEM, *outcome)
    return folder


@pytest.fixture
def line(opened: Path, tmp_path: Path) -> Line:
    folder = tmp_path / ".roadlog"
    shutil.copytree(opened, folder)
    return Line(folder)
