"""Values as people read them: durations, times, numbers, progress, where an initiative stands."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from rich.text import Text

from roadlog.cli.program import program
from roadlog.cli.views.screen import said
from roadlog.domain.moments import instant

MARKS = {
    "active": ("●", "green"),
    "blocked": ("!", "bold red"),
    "paused": ("‖", "yellow"),
    "live": ("★", "bold green"),
    "backlog": ("○", "dim"),
    "stopped": ("×", "dim"),
    "retired": ("×", "dim"),
}
"""By status: a mark and its style. The word stands beside it."""
BAR = 10


def days(seconds: float | None) -> str:
    """`97.0 d`; nothing where there is no duration."""
    return "" if seconds is None else f"{seconds / 86_400:,.1f} d"


def day(moment: str | None, zone: tzinfo | None = None) -> str:
    """The day of an RFC 3339 time in a zone; the store's, unless given."""
    return "" if moment is None else f"{instant(moment).astimezone(zone or _zone()):%Y-%m-%d}"


def minute(moment: str) -> str:
    """`2026-03-01 09:00`, in the store's zone."""
    return f"{instant(moment).astimezone(_zone()):%Y-%m-%d %H:%M}"


def zone_name() -> str:
    """The zone in which days and times are told."""
    return str(_zone())


def number(value: float | None) -> str:
    """`640`, `0.84`, `12,000`; `?` where there is none."""
    if value is None:
        return "?"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def percent(part: float | None) -> str:
    """`96 %`; nothing where there is no part."""
    return "" if part is None else f"{part * 100:.0f} %"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 open risk`, `2 open risks`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def several(words: Iterable[str]) -> str:
    """`a, b, c`."""
    return ", ".join(words)


def mark(met: bool) -> Text:
    """Whether something holds."""
    return said("✓", "green") if met else said("✗", "bold red")


def bar(part: float | None) -> Text:
    """How far something has come, as ten blocks and percent; nothing where that is not defined."""
    if part is None:
        return Text()
    full = max(0, min(BAR, int(part * BAR + 1e-9)))
    style = "green" if part >= 1 else "cyan" if part >= 0 else "red"
    return Text.assemble(("█" * full, style), ("░" * (BAR - full), "dim"), (f" {percent(part)}", style))


def outcome(answer: dict[str, Any]) -> Text:
    """`tickets 900 → 640, to reach 630 per week ██████████ 96 %`."""
    values = [number(answer[each]) for each in ("baseline", "latest") if answer[each] is not None]
    if answer["goal"] is not None:
        goal, unit = f"to reach {number(answer['goal'])}", answer["unit"] or ""
    elif answer["target"] is not None:
        goal, unit = f"to reach {answer['target']:+g} % of a baseline that is not known yet", ""
    else:
        goal, unit = "no target yet", ""
    told = f"{answer['metric']} {', '.join(filter(None, (' → '.join(values), goal)))}"
    text = said(f"{told} {unit}".strip())
    return text if answer["latest"] is None else text + said(" ") + bar(answer["progress"])


def iteration(row: dict[str, Any]) -> Text:
    """`iteration 2 of an expected 3–5`; nothing before the first."""
    if not row["iteration"]:
        return Text()
    expected = row["expected_iterations"]
    if expected is None:
        return Text(f"iteration {row['iteration']}")
    low, high = expected
    text = f"iteration {row['iteration']} of an expected {low if low == high else f'{low}–{high}'}"
    return said(text, "yellow" if row["iteration"] > high else "")


def where(row: dict[str, Any]) -> Text:
    """`● training`, `! training, blocked`: the milestone, and the status where it says more."""
    status, milestone = row["status"], row["milestone"]
    sign, style = MARKS[status]
    place = milestone or "backlog"
    word = place if status in ("active", "live", "backlog") else f"{place}, {status}"
    return Text.assemble((f"{sign} ", style), said(word, style))


def _zone() -> tzinfo:
    return program().zone()
