"""Forecasts on a screen."""

from typing import Any

from roadlog.cli.views import board, screen
from roadlog.told.blocks import Facts
from roadlog.told.forecast import drawn_from, told


def render(answer: dict[str, Any]) -> None:
    """Prints the forecast, and what it was made from."""
    made_from = screen.block(Facts(list(drawn_from(answer))))
    screen.show_blocks(told(answer), made_from, board.stamp(answer))
