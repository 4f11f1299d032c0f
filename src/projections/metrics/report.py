"""The report: what measured initiatives come to, at a moment, for those and that time that are asked for."""

from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo
from typing import Any

from roadlog.domain.moments import instant, rfc3339, seconds
from roadlog.domain.workflow import Workflow
from roadlog.projections.metrics.chosen import ALL, Filter
from roadlog.projections.metrics.gathered import (
    buy_in,
    by_iteration,
    expectations,
    gate_latency,
    stops,
    time_in_milestone,
)
from roadlog.projections.metrics.grown import in_zone
from roadlog.projections.metrics.measured import counted
from roadlog.projections.metrics.periods import ALL_TIME, Span, in_progress, length_of, periods, throughput
from roadlog.projections.metrics.quality import findings
from roadlog.projections.metrics.summary import ratio, summary, with_survival
from roadlog.projections.moment import Moment

DEFINITION = "metrics/1"
Entry = dict[str, Any]


def report(
    entries: Iterable[Entry], workflow: Workflow, moment: Moment, chosen: Filter = ALL, zone: tzinfo = UTC
) -> Entry:
    """The report at a moment on initiatives that were measured then, its days counted in `zone`."""
    kept = [in_zone(entry, zone) for entry in entries if chosen.keeps(entry)]
    within, as_of = _within(chosen), rfc3339(moment.as_of)
    window = _window(kept, within, as_of)
    spans, finished = periods(*window, zone), _finished(kept, within)
    return {
        "definition": DEFINITION,
        **moment.stamp(),
        "head": moment.head,
        "filter": chosen.answer(),
        "window": list(window),
        "zone": str(zone),
        "workflow": {
            "milestones": list(workflow.order),
            "start": workflow.start,
            "finish": list(workflow.finishing),
        },
        **_of_cycles(kept, finished, within, window),
        "unfinished": sum(_runs_at_end(cycle, within, window) for entry in kept for cycle in entry["cycles"]),
        "not_started": sum(not entry["cycles"] and not entry["unseen"] for entry in kept),
        "left_out": [
            {
                "key": entry["key"],
                "why": "adopted when it had finished: its first cycle is not on this record",
            }
            for entry in kept
            if entry["unseen"]
        ],
        "period": length_of(*window, zone),
        "throughput": throughput(spans, within[1], kept),
        "wip": in_progress(spans, kept),
        "backward_moves": _backward_moves(kept, within),
        "time_in_milestone": time_in_milestone(kept, workflow.order, window, as_of),
        "gate_latency": gate_latency(kept, within, chosen.role),
        "buy_in": buy_in(kept, chosen.role),
        **stops(kept, workflow.order, within),
        **by_iteration(kept),
        "expectations": expectations(kept),
        "quality": findings(kept, finished),
        "initiatives": kept,
    }


def _within(chosen: Filter) -> Span:
    start, end = chosen.window
    return rfc3339(start) if start else ALL_TIME[0], rfc3339(end) if end else ALL_TIME[1]


def _window(entries: Sequence[Entry], within: Span, as_of: str) -> Span:
    """From the first start, or first definition, unless asked for otherwise, and no longer than up to now."""
    begins = [entry["cycles"][0]["started_at"] for entry in entries if entry["cycles"]]
    begins = begins or [entry["begun_at"] for entry in entries if entry["begun_at"]]
    end = min(within[1], as_of)
    return within[0] or min(begins, default=end), end


def _finished(entries: Iterable[Entry], within: Span) -> list[tuple[str, Entry]]:
    """The cycles that finished in the window, and whose they are."""
    start, end = within
    return [
        (entry["key"], cycle)
        for entry in entries
        for cycle in entry["cycles"]
        if cycle["finished_at"] and start <= cycle["finished_at"] < end
    ]


def _of_cycles(
    entries: Sequence[Entry], finished: Sequence[tuple[str, Entry]], within: Span, window: Span
) -> dict[str, Any]:
    """What is measured on the cycles that finished in the window; lead times, where the first one did."""
    leads = [
        (entry["key"], [entry["lead_time"]])
        for entry in entries
        if entry["lead_time"] is not None and within[0] <= entry["cycles"][0]["finished_at"] < within[1]
    ]
    whole, active, paused, rework, catch_up = (
        sum(cycle[name] for _, cycle in finished)
        for name in ("cycle_time", "active", "paused", "rework", "catch_up")
    )
    return {
        "n": len(finished),
        "cycle_time": with_survival(
            [(key, [cycle["cycle_time"]]) for key, cycle in finished], _unfinished(entries, within, window)
        ),
        "lead_time": with_survival(leads, _not_delivered(entries, within, window)),
        "iteration_time": summary(
            [(key, [each["time"] for each in cycle["iterations"]]) for key, cycle in finished]
        ),
        "flow_efficiency": {
            "including_pauses": ratio(active, whole),
            "excluding_pauses": ratio(active, whole - paused),
        },
        "rework_ratio": ratio(rework, whole),
        "catch_up_ratio": ratio(catch_up, whole),
    }


def _runs_at_end(cycle: Entry, within: Span, window: Span) -> bool:
    """Whether it was under way when the window ended: neither finished nor stopped nor retired by then."""
    return (
        cycle["started_at"] <= window[1]
        and not (cycle["finished_at"] and cycle["finished_at"] < within[1])
        and not (cycle["ended_at"] and cycle["ended_at"] < within[1])
    )


def _unfinished(entries: Iterable[Entry], within: Span, window: Span) -> Iterable[float]:
    """How long each cycle had run that had not finished by the window's end, or until it was stopped."""
    for entry in entries:
        for cycle in entry["cycles"]:
            if not cycle["finished_at"] or cycle["finished_at"] >= within[1]:
                yield from _ran(cycle["started_at"], cycle["ended_at"], window)


def _not_delivered(entries: Iterable[Entry], within: Span, window: Span) -> Iterable[float]:
    """The same from the problem's definition on, of initiatives that had not finished for the first time."""
    for entry in entries:
        first = entry["cycles"][0] if entry["cycles"] else None
        delivered = first and first["finished_at"] and first["finished_at"] < within[1]
        if entry["begun_at"] and not entry["unseen"] and not delivered:
            yield from _ran(entry["begun_at"], first["ended_at"] if first else entry["stopped_at"], window)


def _ran(started: str, ended: str | None, window: Span) -> Iterable[float]:
    """Up to the window's end, unless it ended before; nothing where it is not in the window."""
    start, end = window
    over = min(ended or end, end)
    if started <= over and over >= start:
        yield seconds(instant(started), instant(over))


def _backward_moves(entries: Iterable[Entry], within: Span) -> dict[str, int]:
    """Counted by loop kind, in the window."""
    start, end = within
    return counted(
        [each["loop"] for entry in entries for each in entry["returns"] if start <= each["at"] < end]
    )
