"""One step of a replay: what happened, and the board after it, as much of it as the terminal is high."""

import shutil
from typing import Any

import click
from rich.text import Text

from roadlog.cli.views import board, screen, wording
from roadlog.cli.views.screen import Facts, said
from roadlog.told import trail as telling
from roadlog.told import values

HIGH = 40
"""Lines where nobody says how many there are."""
MORE = "…"
"""Stands where lines of the board have no room."""
LEAST = 6
"""Lines of the board that are shown in any case."""


def frame(entry: dict[str, Any], shown: dict[str, Any]) -> None:
    """Prints the entry of the trail, what it changed, and the board around its initiative."""
    when = f"#{entry['position']}  {wording.minute(entry['effective_at'])}  "
    lead = said(when, "dim") + said(entry["key"], "bold cyan") + said(f"  {entry['actor']}", "bold")
    changes = [
        said(f"{values.field_name(each['field'])} ", "dim")
        + screen.toned(*values.told(each["field"], each["before"], each["after"], wording.zone()))
        for each in entry["changes"]
    ]
    above = screen.lines_of(
        Facts(map(screen.toned, telling.facts(entry)), lead.cell_len + 2, lead), Facts(changes, 2), Text()
    )
    room = shutil.get_terminal_size((screen.PIPED, HIGH)).lines - len(above) - 2  # one is for what keys do
    *cards, summary, stamp = screen.lines_of(*board.parts(shown))
    screen.show_lines([*above, *_around(cards, entry["key"], max(LEAST, room - 2)), summary, stamp])


def _around(cards: list[str], key: str, room: int) -> list[str]:
    """So many lines, with that on which the key stands among them; where others are left out, a mark."""
    if len(cards) <= room:
        return cards
    place = next((at for at, each in enumerate(cards) if click.unstyle(each).split()[:1] == [key]), 0)
    first = max(0, min(place - room // 3, len(cards) - room))
    shown = cards[first : first + room]
    if first:
        shown[0] = MORE
    if first + room < len(cards):
        shown[-1] = MORE
    return shown
