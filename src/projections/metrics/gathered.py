"""What measured initiatives come to together: milestones, gates, buy-in, stops, iterations, expectations."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import fsum
from operator import itemgetter
from typing import Any

from roadlog.domain.moments import instant, seconds
from roadlog.projections.metrics.periods import ALL_TIME, Span
from roadlog.projections.metrics.summary import median, ratio, summary

Measured = Mapping[str, Any]
EXPECTED = ("within", "over", "under", "open", "stopped")
"""What may have become of the iterations that were expected."""


def time_in_milestone(
    entries: Iterable[Measured], order: Sequence[str], window: Span, as_of: str
) -> dict[str, Any]:
    """By milestone and number of the visit in its cycle: how many visits, and their seconds in the window."""
    start, end = window
    times: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    for entry in entries:
        for cycle in entry["cycles"]:
            over = cycle["finished_at"] or cycle["ended_at"] or as_of
            whole = cycle["started_at"] >= start and over <= end
            for visit in cycle["visits"] if whole else _clipped(cycle["visits"], over, window):
                times[visit["milestone"], visit["visit"]].append(visit["seconds"])
    told: dict[str, Any] = {milestone: [] for milestone in order}
    for (milestone, number), found in sorted(times.items()):
        if n := sum(map(bool, found)):
            stay = {"visit": number, "n": n, "seconds": round(fsum(found), 6)}
            told.setdefault(milestone, []).append(stay)
    return {milestone: stays for milestone, stays in told.items() if stays}


def _clipped(visits: Iterable[Measured], over: str, window: Span) -> Iterator[Measured]:
    """The visits of a cycle that lasted until `over`, and how long each was in the window."""
    for visit in visits:
        begun, left = max(visit["entered_at"], window[0]), min(visit["left_at"] or over, over, window[1])
        if begun < left:
            yield {**visit, "seconds": seconds(instant(begun), instant(left))}


def gate_latency(entries: Iterable[Measured], within: Span, role: str | None) -> dict[str, Any]:
    """By role: from the request to its approval, the rounds in which it said no apart, and those still open.

    A round belongs to the window that holds its answer.
    """
    rounds: dict[str, dict[str, list[tuple[str, list[float]]]]] = {}
    waiting: Counter[str] = Counter()
    for entry in entries:
        key = entry["key"]
        for name, found in entry["gates"].items():
            if role not in (None, name):
                continue
            if name not in rounds:
                rounds[name] = {"approved": [], "rejected": []}
            for decision, told in rounds[name].items():
                answered = found[decision]
                if answered["seconds"]:
                    told.append((key, _answered(answered, within)))
            waiting[name] += found["open"]
    return {
        name: {
            **summary(answers["approved"], 50, 85),
            "open": waiting[name],
            "rejected": summary(answers["rejected"], 50, 85),
        }
        for name, answers in rounds.items()
    }


def _answered(rounds: Measured, within: Span) -> list[float]:
    """How long those rounds took that were answered in the window."""
    start, end = within
    times: list[float] = rounds["seconds"]
    if within == ALL_TIME:
        return times
    return [time for at, time in zip(rounds["at"], times, strict=True) if start <= at < end]


def buy_in(entries: Iterable[Measured], role: str | None) -> dict[str, Any]:
    """By role: times between its words while work was in progress, and its longest silence so far."""
    gaps: dict[str, list[tuple[str, list[float]]]] = {}
    longest: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, found in entry["buy_in"].items():
            if role not in (None, name):
                continue
            gaps.setdefault(name, []).append((entry["key"], found["gaps"]))
            goes_on = found["open"] is not None and found["open"] >= found["longest"]
            silence = found["open"] if goes_on else found["longest"]
            if name not in longest or silence > longest[name]["seconds"]:
                longest[name] = {"key": entry["key"], "seconds": silence, "open": goes_on}
    return {name: {**summary(found, 50, 85), "longest": longest[name]} for name, found in gaps.items()}


def stops(entries: Sequence[Measured], order: Sequence[str], within: Span) -> dict[str, Any]:
    """Stops in the window, and from the start of the cycle to each of them.

    stops: by milestone the visits that began in the window, those stopped in it, and the second over the
    first, None where none began
    """
    start, end = within
    entered = Counter(map(itemgetter("milestone"), _begun(entries, within)))
    stopped: dict[str, set[tuple[str, str]]] = {}
    times: list[tuple[str, list[float]]] = []
    for entry in entries:
        for at in [each["from"] for each in entry["spans"] if each["kind"] == "stopped"]:
            found = _visit_at(entry["cycles"], at) if start <= at < end else None
            if found:
                cycle, visit = found
                stopped.setdefault(visit["milestone"], set()).add((entry["key"], visit["entered_at"]))
                times.append((entry["key"], [seconds(instant(cycle["started_at"]), instant(at))]))
    counts = {name: (entered[name], len(stopped.get(name, ()))) for name in (*order, *entered, *stopped)}
    return {
        "stops": {
            name: {"entered": came, "stopped": ended, "rate": ratio(ended, came)}
            for name, (came, ended) in counts.items()
            if came or ended
        },
        "time_to_stop": summary(times),
    }


def _begun(entries: Iterable[Measured], within: Span) -> Iterable[Measured]:
    """The visits that began in the window."""
    start, end = within
    visits = chain.from_iterable(cycle["visits"] for entry in entries for cycle in entry["cycles"])
    return visits if within == ALL_TIME else (each for each in visits if start <= each["entered_at"] < end)


def _visit_at(cycles: Iterable[Measured], at: str) -> tuple[Measured, Measured] | None:
    """The last visit that had begun by then and was not left before, and its cycle."""
    here = [
        (cycle, visit)
        for cycle in cycles
        for visit in cycle["visits"]
        if visit["entered_at"] <= at <= (visit["left_at"] or at)
    ]
    return here[-1] if here else None


def by_iteration(entries: Iterable[Measured]) -> dict[str, Any]:
    """What each iteration made of the outcome and of the risks, over the initiatives that had it.

    outcome_progress: of those that were measured by its end the median progress, and the median gain
    risk_exposure: the mean of what remained of open risks at its end
    """
    progress: defaultdict[int, list[float]] = defaultdict(list)
    gains: defaultdict[int, list[float]] = defaultdict(list)
    risks: defaultdict[int, list[int]] = defaultdict(list)
    for entry in entries:
        for cycle in entry["cycles"]:
            for each in cycle["iterations"]:
                number = each["iteration"]
                risks[number].append(each["risk_exposure"])
                if each["progress"] is not None:
                    progress[number].append(each["progress"])
                    gains[number].append(each["gain"])
    return {
        "outcome_progress": [
            {"iteration": number, "n": len(found), "p50": median(found), "gain": median(gains[number])}
            for number, found in sorted(progress.items())
        ],
        "risk_exposure": [
            {"iteration": number, "value": sum(found) / len(found), "n": len(found)}
            for number, found in sorted(risks.items())
        ],
    }


def expectations(entries: Iterable[Measured]) -> dict[str, Any]:
    """Iterations that everybody was told to expect against those it took, or has taken so far.

    A finished initiative is `within`, `over` or `under` what was expected; any other is over, `stopped` (or
    retired) or `open`.
    """
    items = [_expectation(entry) for entry in entries if entry["expected_iterations"]]
    counted = {state: sum(each["state"] == state for each in items) for state in EXPECTED}
    unset = sum(not entry["expected_iterations"] for entry in entries)
    return {**counted, "unset": unset, "items": items}


def _expectation(entry: Measured) -> dict[str, Any]:
    least, most = entry["expected_iterations"]
    actual = entry["iteration"]
    outcome = entry["cycles"][-1]["outcome"] if entry["cycles"] else "open"
    if actual > most:
        state = "over"
    elif outcome == "finished":
        state = "under" if actual < least else "within"
    else:
        state = "open" if outcome == "open" and entry["stopped_at"] is None else "stopped"
    return {"key": entry["key"], "from": least, "to": most, "actual": actual, "state": state}
