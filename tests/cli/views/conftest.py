"""The played roadmap, made once and copied for each test, at one moment; and views drawn without a store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from freezegun import freeze_time

from roadlog.cli.program import Program
from tests.cli.line import Line
from tests.cli.views.played import TODAY, play

Draw = Callable[..., str]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("played"))


@pytest.fixture
def line(played: Path, tmp_path: Path) -> Iterator[Line]:
    """Lines typed at TODAY on the played roadmap."""
    folder = tmp_path / ".roadlog"
    shutil.copytree(played, folder)
    with freeze_time(TODAY):
        yield Line(folder)


@pytest.fixture
def draw(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Draw:
    """What a view prints of an answer: `draw(render, answer, columns=80)`."""

    def drawn(render: Callable[..., None], *answer: Any, columns: int = 100) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        with click.Context(click.Command("roadlog"), obj=Program()):
            render(*answer)
        return capsys.readouterr().out

    return drawn
