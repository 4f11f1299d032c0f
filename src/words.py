"""Values in words, the same on a terminal and on a page: durations, days, numbers, what something lacks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import Any

from roadlog.domain.moments import day_of, instant

MARKS = {
    "active": "●",
    "blocked": "!",
    "paused": "‖",
    "live": "★",
    "backlog": "○",
    "stopped": "×",
    "retired": "×",
}
"""By status: a mark, so that it can be told without colour. The word stands beside it."""
HORIZONS = (("now", "Now"), ("next", "Next"), ("later", "Later"), (None, "Not placed yet"))
ENDED = ("stopped", "retired")
HUGE = 1e12
"""From here on nobody counts the digits."""


def days(seconds: float | None) -> str:
    """`97.0 d`; nothing where there is no duration."""
    return "" if seconds is None else f"{seconds / 86_400:,.1f} d"


def day(moment: str | None, zone: tzinfo) -> str:
    """The day of an RFC 3339 time in a zone; nothing where there is none."""
    return "" if moment is None else day_of(instant(moment), zone).isoformat()


def minute(moment: str, zone: tzinfo) -> str:
    """`2026-03-01 09:00`, in a zone."""
    return f"{instant(moment).astimezone(zone):%Y-%m-%d %H:%M}"


def number(value: float | None) -> str:
    """`640`, `0.84`, `12,000`, `7.14286e+32`; `?` where there is none."""
    if value is None:
        return "?"
    return f"{value:,}" if isinstance(value, int) and abs(value) < HUGE else f"{value:,.6g}"


def percent(part: float | None, sign: str = "") -> str:
    """`96 %`, `7.1e+32 %`, with `+` as sign `+96 %`; nothing where there is no part."""
    if part is None:
        return ""
    return f"{part * 100:{sign}{'.0f' if abs(part * 100) < HUGE else '.2g'}} %"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 open risk`, `2 open risks`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def several(words: Iterable[str]) -> str:
    """`a, b, c`."""
    return ", ".join(words)


def first(words: Sequence[str], most: int) -> str:
    """`a, b and 3 more`."""
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return several(words[:most]) + more


def runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Positions in short: the first and the last of those that follow one another."""
    found: list[tuple[int, int]] = []
    for each in positions:
        if found and each == found[-1][1] + 1:
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
    return found


def outcome(answer: dict[str, Any]) -> str:
    """`tickets 900 → 640, to reach 630 per week`, of an outcome in an answer."""
    values = [number(answer[each]) for each in ("baseline", "latest") if answer[each] is not None]
    if answer["goal"] is not None:
        goal, unit = f"to reach {number(answer['goal'])}", answer["unit"] or ""
    elif answer["target"] is not None:
        goal, unit = f"to reach {answer['target']:+g} % of a baseline that is not known yet", ""
    else:
        goal, unit = "no target yet", ""
    told = f"{answer['metric']} {', '.join(filter(None, (' → '.join(values), goal)))}"
    return f"{told} {unit}".strip()


def iteration(row: dict[str, Any]) -> str:
    """`iteration 2 of an expected 3–5`; nothing before the first."""
    if not row["iteration"]:
        return ""
    expected = row["expected_iterations"]
    if expected is None:
        return f"iteration {row['iteration']}"
    low, high = expected
    return f"iteration {row['iteration']} of an expected {low if low == high else f'{low}–{high}'}"


def is_over(row: dict[str, Any]) -> bool:
    """Whether it took more iterations than everybody was told to expect."""
    return row["expected_iterations"] is not None and row["iteration"] > row["expected_iterations"][1]


def where(row: dict[str, Any]) -> str:
    """`training`, `training, blocked`: the milestone, and the status where it says more."""
    place, status = row["milestone"] or "backlog", row["status"]
    return place if status in ("active", "live", "backlog") else f"{place}, {status}"


def missing(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What holds an initiative of the board up, whom it waits for, who was not heard of, its open risks.

    Each with what kind of thing it is: bad, good, waiting, needed or quiet.
    """
    if row["blocked_by"]:
        yield f"! blocked by {row['blocked_by']}", "bad"
    if row["break_glass"] in ("unreviewed", "not-upheld"):
        yield f"! break-glass {row['break_glass'].replace('-', ' ')}", "bad"
    if row["open_incidents"]:
        yield f"! {counted(row['open_incidents'], 'incident')} open", "bad"
    if row["fallback_active"]:
        yield "! fallback active", "bad"
    if row["ready"]:
        yield f"✓ ready for {row['next']}", "good"
    unasked = [role for role in row["waiting_on"] if role not in row["requested"]]
    if row["requested"]:
        yield f"waiting on {several(row['requested'])}", "waiting"
    if unasked and row["status"] != "backlog":
        yield f"needs {several(unasked)}", "needed"
    if row["quiet"]:
        yield f"quiet: {several(row['quiet'])}", "quiet"
    if row["unmeasured"]:
        yield "outcome not measured lately", "quiet"
    if row["open_risks"]:
        untreated = row["untreated_risks"]
        told = f"{counted(row['open_risks'], 'open risk')}{f', {untreated} untreated' if untreated else ''}"
        yield told, "bad" if untreated else "needed"


def totals(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """`2 active`, `1 blocked`, … of a board, each with the status; then how many wait for an approval."""
    rows = list(rows)
    found = Counter(row["status"] for row in rows)
    for status in ("active", "blocked", "paused", "live", "backlog", "stopped", "retired"):
        if found[status]:
            yield f"{found[status]} {'in the backlog' if status == 'backlog' else status}", status
    waiting = sum(bool(row["requested"]) for row in rows)
    if waiting:
        yield f"{waiting} waiting for approval", "waiting"
