"""The verdict on a log on a screen."""

from typing import Any

from roadlog.cli.views import screen
from roadlog.told.verdict import told


def render(answer: dict[str, Any]) -> None:
    """Prints the verdict."""
    screen.show_blocks(told(answer))
