"""The projections' standing, as people see it."""

from typing import Any

from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen
from roadlog.cli.views.screen import Facts, command, said

NAMES = {"rows": "board rows", "trail": "trail entries", "texts": "texts to search"}
ONE = {
    "states": "state",
    "rows": "board row",
    "trail": "trail from",
    "lines": "trail line",
    "answers": "answer",
    "texts": "index of record",
    "indexed": "index",
}
STATES = {
    "current": ("✓ current", "green"),
    "behind": ("● behind; the next read catches up", "yellow"),
    "ahead": ("● ahead; the next read looks again", "yellow"),
    "stale": ("● of another version or another history; the next read builds them anew", "yellow"),
    "absent": ("○ not there yet; the next read builds them", "yellow"),
    "unreadable": ("✗ unreadable; the next read builds them anew", "bold red"),
}


def status(answer: dict[str, Any]) -> None:
    """Prints where they stand."""
    text, style = STATES.get(answer["state"], (answer["state"], ""))
    counts = [
        Text(f"{words.number(count)} {NAMES.get(name, name)}") for name, count in answer["counts"].items()
    ]
    screen.show(
        said(text, style),
        Facts([Text(f"position {answer['position']} of {answer['head']}"), *counts]),
        said(answer["file"], "dim"),
    )


def check(answer: dict[str, Any]) -> None:
    """Prints whether they are what the records make them."""
    if answer["same"]:
        screen.show(said(f"✓ They are what the {answer['position']} records make them.", "green"))
        return
    differs = answer["differs"]
    what = f"{ONE.get(differs['table'], differs['table'])} {differs['row']}"
    screen.show(
        said(f"✗ {what} is not what the records make it.", "bold red"),
        Text("Make them anew:"),
        command("roadlog projections rebuild", 2),
    )
