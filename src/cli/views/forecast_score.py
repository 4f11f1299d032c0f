"""Scores of forecasts on a screen."""

from typing import Any

from roadlog.cli.views import board, screen, wording
from roadlog.told.forecast_score import told


def render(answer: dict[str, Any]) -> None:
    """Prints the score, and what it was made from."""
    screen.show_blocks(told(answer, wording.zone()), board.stamp(answer))
