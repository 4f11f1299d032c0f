"""Values as a terminal shows them: `roadlog.words` in the store's zone, with marks, bars and colours."""

from datetime import tzinfo
from typing import Any

from rich.text import Text

from roadlog import words
from roadlog.cli.program import program
from roadlog.cli.views.screen import said

STYLES = {
    "active": "green",
    "blocked": "bold red",
    "paused": "yellow",
    "live": "bold green",
    "backlog": "dim",
    "stopped": "dim",
    "retired": "dim",
    "waiting": "yellow",
}
"""By status, and of what waits for approval."""
BAR = 10


def day(moment: str | None, within: tzinfo | None = None) -> str:
    """The day of an RFC 3339 time in a zone; the store's, unless given."""
    return words.day(moment, within or zone())


def minute(moment: str) -> str:
    """`2026-03-01 09:00`, in the store's zone."""
    return words.minute(moment, zone())


def zone() -> tzinfo:
    """The store's zone."""
    return program().zone()


def zone_name() -> str:
    """The zone in which days and times are told."""
    return str(zone())


def mark(met: bool) -> Text:
    """Whether something holds."""
    return said("✓", "green") if met else said("✗", "bold red")


def bar(part: float | None) -> Text:
    """How far something has come, as ten blocks and percent; nothing where that is not defined."""
    if part is None:
        return Text()
    full = max(0, min(BAR, int(part * BAR + 1e-9)))
    style = "green" if part >= 1 else "cyan" if part >= 0 else "red"
    return Text.assemble(("█" * full, style), ("░" * (BAR - full), "dim"), (f" {words.percent(part)}", style))


def outcome(answer: dict[str, Any]) -> Text:
    """`tickets 900 → 640, to reach 630 per week ██████████ 96 %`."""
    text = said(words.outcome(answer))
    return text if answer["latest"] is None else text + said(" ") + bar(answer["progress"])


def iteration(row: dict[str, Any]) -> Text:
    """`iteration 2 of an expected 3–5`; nothing before the first."""
    return said(words.iteration(row), "yellow" if words.is_over(row) else "")


def where(row: dict[str, Any]) -> Text:
    """`● training`, `! training, blocked`: the milestone, and the status where it says more."""
    style = STYLES[row["status"]]
    return Text.assemble((f"{words.MARKS[row['status']]} ", style), said(words.where(row), style))
