"""Data quality: what makes the figures doubtful, told beside every report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.moments import MICROSECOND
from roadlog.projections.metrics.summary import FEWEST

LATE = timedelta(days=1) // MICROSECOND
BULK = 5
"""So many moves of one initiative, recorded within `WITHIN`, were entered in bulk."""
WITHIN = timedelta(seconds=60) // MICROSECOND

FINDINGS = {
    "backdated": "what is measured was recorded over a day after it happened",
    "imported": "moves were imported",
    "bulk-entry": "5 or more moves of one initiative were recorded within 60 s",
    "zero-length": "visits took no time",
    "threshold-moved": "a threshold was moved after a result was known",
    "excused": "a gate was passed by break-glass or a waiver",
    "all-active": "a finished cycle never waited, as far as the log knows: its flow efficiency means little",
    "few-finishes": "fewer than 5 cycles finished: no percentile is given",
}
"""What each finding says."""
OF_A_REPORT = ("all-active", "few-finishes")
"""Those on figures of the report itself; the others are on records, whatever is computed from them."""


def doubts(state: InitiativeState) -> list[str]:
    """What makes one initiative's figures doubtful, whatever is asked of them."""
    typed = [each for each in state.moves if not each.imported]
    found = {
        "backdated": state.late > LATE,
        "imported": len(typed) < len(state.moves),
        "bulk-entry": _in_bulk(sorted(each.recorded for each in typed)),
        "zero-length": any(each.left_at == each.entered_at for each in state.visits),
        "threshold-moved": any(each.moved for each in state.criteria.values()),
        "excused": any(each.excused for each in state.moves),
    }
    return [name for name, holds in found.items() if holds]


def _in_bulk(times: list[int]) -> bool:
    return any(last - first <= WITHIN for first, last in zip(times, times[BULK - 1 :], strict=False))


def findings(
    entries: Iterable[Mapping[str, Any]], finished: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """What to know before the figures are believed: the finding, in words, and the initiatives."""
    keys: dict[str, list[str]] = {name: [] for name in FINDINGS}
    for each in entries:
        for name in each["doubts"]:
            keys[name].append(each["key"])
    for key, cycle in finished:
        if not cycle["waiting"] and cycle["cycle_time"] and key not in keys["all-active"]:
            keys["all-active"].append(key)
    found = [name for name in FINDINGS if keys[name]]
    if len(finished) < FEWEST:
        found.append("few-finishes")
    return [{"finding": name, "text": FINDINGS[name], "keys": keys[name]} for name in found]
