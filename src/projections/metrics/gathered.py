"""What measured initiatives come to together: milestones, gates, buy-in, stops, iterations, expectations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from roadlog.domain.moments import instant, seconds
from roadlog.projections.metrics.periods import Span
from roadlog.projections.metrics.summary import median, summary

Measured = Mapping[str, Any]


def time_in_milestone(entries: Iterable[Measured], order: Sequence[str], window: Span) -> dict[str, Any]:
    """By milestone and number of the visit in its cycle: how many visits, and seconds of them in the window.

    Of an initiative that stands stopped the time since then is left out.
    """
    start, end = window
    times: dict[str, dict[int, list[float]]] = {milestone: {} for milestone in order}
    for entry in entries:
        stop = entry["stopped_at"]
        last = min(end, stop) if stop else end
        for cycle in entry["cycles"]:
            for visit in cycle["visits"]:
                entered, left = visit["entered_at"], visit["left_at"]
                if entered >= start and left and left <= last:
                    time = visit["seconds"]
                else:
                    begun, over = max(entered, start), min(left or last, last)
                    if begun >= over:
                        continue
                    time = seconds(instant(begun), instant(over))
                numbers = times.setdefault(visit["milestone"], {})
                found = numbers.get(visit["visit"])
                if found is None:
                    found = numbers[visit["visit"]] = [0, 0.0]
                found[0] += 1
                found[1] += time
    return {
        milestone: [
            {"visit": number, "n": int(n), "seconds": round(time, 6)}
            for number, (n, time) in sorted(found.items())
        ]
        for milestone, found in times.items()
        if found
    }


def gate_latency(entries: Iterable[Measured], within: Span, role: str | None) -> dict[str, Any]:
    """By role: from the request to its approval, the rounds in which it said no apart, and those still open.

    A round belongs to the window that holds its answer.
    """
    start, end = within
    rounds: dict[str, dict[str, list[tuple[str, float]]]] = {}
    waiting: dict[str, int] = {}
    for entry in entries:
        for each in entry["gates"]:
            if role not in (None, each["role"]):
                continue
            answers = rounds.setdefault(each["role"], {"approved": [], "rejected": []})
            if each["decision"] and start <= each["answered_at"] < end:
                answers[each["decision"]].append((entry["key"], each["seconds"]))
            if each["open"]:
                waiting[each["role"]] = waiting.get(each["role"], 0) + 1
    return {
        name: {
            **summary(answers["approved"], 50, 85),
            "open": waiting.get(name, 0),
            "rejected": summary(answers["rejected"], 50, 85),
        }
        for name, answers in rounds.items()
    }


def buy_in(entries: Iterable[Measured], role: str | None) -> dict[str, Any]:
    """By role: times between its words while work was in progress, and its longest silence so far."""
    gaps: dict[str, list[tuple[str, float]]] = {}
    longest: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, found in entry["buy_in"].items():
            if role not in (None, name):
                continue
            gaps.setdefault(name, []).extend((entry["key"], gap) for gap in found["gaps"])
            goes_on = (found["open"] or 0.0) >= found["longest"] and found["open"] is not None
            silence = found["open"] if goes_on else found["longest"]
            if name not in longest or silence > longest[name]["seconds"]:
                longest[name] = {"key": entry["key"], "seconds": silence, "open": goes_on}
    return {name: {**summary(found, 50, 85), "longest": longest[name]} for name, found in gaps.items()}


def stops(entries: Iterable[Measured], order: Sequence[str], within: Span) -> dict[str, Any]:
    """By milestone: visits that began in the window, stops that did, and the second over the first."""
    start, end = within
    entered, stopped = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for entry in entries:
        for visit in _visits(entry):
            name = visit["milestone"]
            entered[name] = entered.get(name, 0) + (start <= visit["entered_at"] < end)
        for _, visit in _stops(entry, within):
            stopped[visit["milestone"]] = stopped.get(visit["milestone"], 0) + 1
    return {
        name: {
            "entered": entered[name],
            "stopped": stopped.get(name, 0),
            "rate": stopped.get(name, 0) / entered[name],
        }
        for name in entered
        if entered[name]
    }


def times_to_stop(entries: Iterable[Measured], within: Span) -> list[tuple[str, float]]:
    """Of each stop in the window: from the start of its cycle."""
    return [
        (entry["key"], seconds(instant(cycle["started_at"]), instant(at)))
        for entry in entries
        for at, visit in _stops(entry, within)
        for cycle in entry["cycles"]
        if cycle["cycle"] == visit["cycle"]
    ]


def _stops(entry: Measured, within: Span) -> Iterator[tuple[str, Measured]]:
    """When it was stopped, and in which visit of a cycle."""
    start, end = within
    for span in entry["spans"]:
        at = span["from"]
        if span["kind"] == "stopped" and start <= at < end:
            here = [each for each in _visits(entry) if each["entered_at"] <= at <= (each["left_at"] or at)]
            if here:
                yield at, here[-1]


def _visits(entry: Measured) -> Iterator[Measured]:
    for cycle in entry["cycles"]:
        yield from cycle["visits"]


def outcome_progress(entries: Iterable[Measured]) -> list[dict[str, Any]]:
    """By iteration, of the initiatives that were measured by its end: median progress, and median gain."""
    found = _by_iteration(entries, "progress", "gain")
    return [
        {
            "iteration": number,
            "n": len(values),
            "p50": median(progress for progress, _ in values),
            "gain": median(gain for _, gain in values),
        }
        for number, values in found
    ]


def risk_exposure(entries: Iterable[Measured]) -> list[dict[str, Any]]:
    """By iteration: what remained of open risks at its end, as a mean over the initiatives that had it."""
    return [
        {"iteration": number, "value": sum(value for (value,) in values) / len(values), "n": len(values)}
        for number, values in _by_iteration(entries, "risk_exposure")
    ]


def _by_iteration(entries: Iterable[Measured], *names: str) -> list[tuple[int, list[tuple[Any, ...]]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for entry in entries:
        for cycle in entry["cycles"]:
            for each in cycle["iterations"]:
                if each[names[0]] is not None:
                    found.setdefault(each["iteration"], []).append(tuple(each[name] for name in names))
    return sorted(found.items())


def expectations(entries: Iterable[Measured]) -> dict[str, Any]:
    """Iterations that everybody was told to expect against those it took, or has taken so far.

    A finished initiative is `within`, `over` or `under` what was expected; one that is under way is over, or
    `open`.
    """
    items = [_expectation(entry) for entry in entries if entry["expected_iterations"]]
    counted = {
        state: sum(each["state"] == state for each in items) for state in ("within", "over", "under", "open")
    }
    unset = sum(not entry["expected_iterations"] for entry in entries)
    return {**counted, "unset": unset, "items": items}


def _expectation(entry: Measured) -> dict[str, Any]:
    least, most = entry["expected_iterations"]
    actual = entry["iteration"]
    finished = bool(entry["cycles"]) and entry["cycles"][-1]["outcome"] == "finished"
    state = "over" if actual > most else "open" if not finished else "under" if actual < least else "within"
    return {"key": entry["key"], "from": least, "to": most, "actual": actual, "state": state}
