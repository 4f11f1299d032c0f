"""The progress bar: on stderr, and only where somebody watches."""

from __future__ import annotations

import io
import sys

import click
import pytest

from roadlog.cli.program import Program
from roadlog.cli.progress import bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_shows_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with click.Context(click.Command("roadlog"), obj=Program()), bar("Rebuilding") as progress:
        assert progress is not None
        progress(10_000, 40_000)
    assert "Rebuilding" in terminal.getvalue()
    assert "10000/40000" in terminal.getvalue()


def test_elsewhere_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with bar("Rebuilding") as progress:
        assert progress is None
    assert stream.getvalue() == ""
