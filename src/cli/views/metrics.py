"""Flow metrics as people see them: what was measured on how many, then cycle by cycle."""

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.program import named_zone
from roadlog.cli.views import board, cycles, screen
from roadlog.cli.views.screen import Facts, Rows, heading, indented, said
from roadlog.cli.views.wording import day
from roadlog.projections.metrics.gathered import EXPECTED
from roadlog.words import days

SUMMED = (("cycle time", "cycle_time"), ("lead time", "lead_time"))
"""Durations that are told, and their keys."""
Cells = tuple[Text | str, ...]


def render(answer: dict[str, Any]) -> None:
    """Prints the report."""
    screen.show(*_report(answer))


def _report(answer: dict[str, Any]) -> Iterator[RenderableType]:
    zone = named_zone(answer["zone"], "the report")
    yield Facts(_scope(answer, zone))
    yield Facts(_counts(answer))
    yield heading("Finished cycles")
    yield _summaries(answer)
    yield from _ratios(answer)
    yield from _periods(answer, zone)
    yield from _gates(answer["gate_latency"])
    yield from _buy_in(answer)
    yield from _learning(answer)
    yield from cycles.told(answer, zone)
    yield from _quality(answer["quality"])
    yield Text()
    yield board.stamp(answer)


def _scope(answer: dict[str, Any], zone: tzinfo) -> Iterator[Text]:
    """The definition, what was looked at, the window and the zone of its days."""
    chosen = answer["filter"]
    yield said(answer["definition"], "bold")
    for name in ("key", "milestone", "role", "segment"):
        if chosen[name] is not None:
            yield said(f"{name} {chosen[name]}")
    start, end = chosen["from"], chosen["to"]
    if start or end:
        yield Text(f"finished from {day(start, zone) or 'the beginning'} to {day(end, zone) or 'now'}")
    else:
        yield Text("the whole log")
    yield said(f"days counted in {answer['zone']}")


def _counts(answer: dict[str, Any]) -> Iterator[Text]:
    yield Text(words.counted(answer["n"], "finished cycle"))
    yield Text(f"{answer['unfinished']} unfinished")
    if answer["not_started"]:
        yield Text(f"{answer['not_started']} not started")
    yield Text(f"{len(answer['left_out'])} left out")
    for each in answer["left_out"]:
        yield said(f"{each['key']}: {each['why']}", "dim")


def _summaries(answer: dict[str, Any]) -> RenderableType:
    """Percentiles; where there are fewer than five, the items themselves.

    Beside them, where it can be told, the estimate that counts unfinished and stopped work.
    """
    censored = any(answer[field][each] for _, field in SUMMED for each in SURVIVAL)
    rows: list[Cells] = []
    for name, field in SUMMED:
        found = answer[field]
        survival = _survival(found) if censored else ()
        rows.append((name, str(found["n"]), *map(_percentile(found), P), *survival, _items(found)))
    beside = ("with unfinished p50", "p85") if censored else ()
    return Rows(("", "n", *P, *beside, "Items"), rows, right=range(1, 5 + len(beside)))


P = ("p50", "p85", "p95")
SURVIVAL = ("survival_p50", "survival_p85", "survival_beyond")


def _percentile(found: dict[str, Any]) -> Callable[[str], str]:
    return lambda p: days(found[p]) or "–"


def _survival(found: dict[str, Any]) -> Iterator[Text]:
    """Days, or beyond how many they lie."""
    for p in SURVIVAL[:2]:
        beyond = found["survival_beyond"]
        if found[p] is not None:
            yield Text(days(found[p]))
        else:
            yield said("–" if beyond is None else f"beyond {days(beyond)}", "dim")


def _items(found: dict[str, Any]) -> Text:
    """Those that are too few for percentiles."""
    if found["n"] == 0:
        return said("too few for percentiles", "dim")
    return said("; ".join(f"{each['key']} {days(each['seconds'])}" for each in found.get("items", [])))


def _ratios(answer: dict[str, Any]) -> Iterator[RenderableType]:
    moves = {kind: count for kind, count in answer["backward_moves"].items() if count}
    back = words.several(f"{count} for {kind}" for kind, count in moves.items()) or "none"
    facts = [Text(f"backward moves: {back}")]
    efficiency = answer["flow_efficiency"]
    if efficiency["including_pauses"] is not None:
        without = words.percent(efficiency["excluding_pauses"])
        told = f"flow efficiency {words.percent(efficiency['including_pauses'])}"
        paused = efficiency["excluding_pauses"] != efficiency["including_pauses"]
        facts.append(Text(f"{told} ({without} without pauses)" if paused else told))
    for name, field in (("rework", "rework_ratio"), ("catching up", "catch_up_ratio")):
        if answer[field] is not None:
            facts.append(Text(f"{name} {words.percent(answer[field])}"))
    for milestone, each in answer["stops"].items():
        if each["stopped"]:
            facts.append(said(f"stopped in {milestone}: {each['stopped']} of {each['entered']}"))
    yield Facts(facts)


def _periods(answer: dict[str, Any], zone: tzinfo) -> Iterator[RenderableType]:
    """Finishes and work in progress of the last periods in which there were any."""
    both = zip(answer["throughput"], answer["wip"], strict=True)
    busy = [(each, wip) for each, wip in both if each["cycles"] or wip["active"] or wip["paused"]]
    if not busy:
        return
    shown = busy[-PERIODS:]
    quiet = len(answer["throughput"]) - len(busy)
    yield heading(f"Throughput and work in progress, by {answer['period']}")
    rows = [
        (
            day(each["from"], zone),
            str(each["initiatives"]),
            str(each["cycles"]),
            str(wip["active"]),
            str(wip["paused"]),
            Text("█" * min(each["cycles"], BLOCKS), "green") + Text("░" * min(wip["active"], BLOCKS), "dim"),
        )
        for each, wip in shown
    ]
    titles = (
        "From",
        "First finishes",
        "Cycles",
        "In progress at its end",
        "Paused",
        "█ finished ░ in progress",
    )
    yield Rows(titles, rows, right=range(1, 5))
    more = len(busy) - len(shown)
    left = [f"{more} earlier ones"] * bool(more) + [f"{quiet} in which there was nothing"] * bool(quiet)
    if left:
        yield said(f"not shown: {' and '.join(left)}", "dim")


PERIODS = 8
"""Periods that are told; all are in --json and on the chart."""
BLOCKS = 24


def _gates(latency: dict[str, Any]) -> Iterator[RenderableType]:
    """How long each role takes from the request to its approval."""
    if not latency:
        return
    yield heading("Approvals, from the request")
    rows: list[Cells] = [
        (
            said(role, "cyan"),
            str(found["n"]),
            *map(_percentile(found), P[:2]),
            str(found["open"] or ""),
            str(found["rejected"]["n"] or ""),
            _items(found) if found["n"] else Text(),
        )
        for role, found in latency.items()
    ]
    yield Rows(("Role", "n", "p50", "p85", "Waiting", "Rejected", "Items"), rows, right=range(1, 6))


def _buy_in(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """How often each role was heard while work was in progress."""
    buy_in = answer["buy_in"]
    if not buy_in:
        return
    yield heading(f"Days between words of a role, while work is in progress{_whole(answer)}")
    rows: list[Cells] = [
        (
            said(role, "cyan"),
            str(found["n"]),
            *map(_percentile(found), P[:2]),
            said(f"{days(found['longest']['seconds'])} on {found['longest']['key']}")
            + said(", and goes on" if found["longest"]["open"] else "", "yellow"),
        )
        for role, found in buy_in.items()
    ]
    yield Rows(("Role", "n", "p50", "p85", "Longest silence"), rows, right=range(1, 4))


def _learning(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """What each iteration made of the outcome and of the risks, and how many were expected."""
    progress = {each["iteration"]: each for each in answer["outcome_progress"]}
    risks = {each["iteration"]: each for each in answer["risk_exposure"]}
    rows = [
        (
            str(number),
            str(risks[number]["n"]),
            str(progress[number]["n"] if number in progress else 0),
            words.percent(progress[number]["p50"]) if number in progress else "",
            _gain(progress[number]["gain"]) if number in progress else "",
            f"{risks[number]['value']:,.1f}",
        )
        for number in sorted(risks)[:ITERATIONS]
    ]
    if progress or any(each["value"] for each in risks.values()):
        yield heading(f"What each iteration made of it{_whole(answer)}")
        titles = ("Iteration", "Initiatives", "Measured", "Way to the target", "Gain", "Risk exposure")
        yield Rows(titles, rows, right=range(6))
        if len(risks) > ITERATIONS:
            yield said(f"and {len(risks) - ITERATIONS} more iterations: they are in --json", "dim")
    yield from _expectations(answer["expectations"])


ITERATIONS = 12


def _whole(answer: dict[str, Any]) -> str:
    """What a heading adds where a window was asked for that does not apply."""
    asked = answer["filter"]["from"] or answer["filter"]["to"]
    return " (of the whole log)" if asked else ""


def _gain(gain: float) -> str:
    return f"{gain * 100:+.0f} %"


def _expectations(found: dict[str, Any]) -> Iterator[RenderableType]:
    if found["items"]:
        facts = [Text(f"{found[state]} {state}") for state in EXPECTED if found[state]]
        yield Facts(facts, 0, Text("iterations as expected: "))
        for each in found["items"]:
            if each["state"] == "over":
                yield said(
                    f"{each['key']}: {each['actual']} where {each['from']} to {each['to']} were expected",
                    "yellow",
                )


def _quality(findings: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """What to know before the figures are believed."""
    if not findings:
        return
    yield heading("Before you believe it")
    for each in findings:
        keys = each["keys"]
        more = f" and {len(keys) - KEYS} more" if len(keys) > KEYS else ""
        named = f": {words.several(keys[:KEYS])}{more}" if keys else ""
        yield indented(said(f"{each['text']}{named}"), 2)


KEYS = 8
"""Initiatives that are named for each finding."""
