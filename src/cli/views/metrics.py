"""Flow metrics on a screen."""

from typing import Any

from roadlog.cli.views import board, screen
from roadlog.told.metrics import told


def render(answer: dict[str, Any]) -> None:
    """Prints the report, and what it was made from."""
    screen.show_blocks(told(answer), board.stamp(answer))
