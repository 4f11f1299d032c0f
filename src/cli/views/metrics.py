"""Flow metrics as people see them: what was measured on how many, then cycle by cycle."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import board, cycles, durations, quality, screen, unmeasured
from roadlog.cli.views.screen import Facts, Rows, heading, said
from roadlog.cli.views.wording import day
from roadlog.projections.metrics.gathered import EXPECTED
from roadlog.projections.zones import zone_of


def render(answer: dict[str, Any]) -> None:
    """Prints the report."""
    screen.show(*_report(answer))


def _report(answer: dict[str, Any]) -> Iterator[RenderableType]:
    zone = zone_of(answer["zone"])
    yield Facts(_scope(answer, zone))
    yield Facts(_counts(answer))
    nothing = list(unmeasured.told(answer, zone))
    yield from nothing or _of_cycles(answer, zone)
    yield from durations.approvals(answer["gate_latency"])
    yield from durations.buy_in(answer)
    yield from _learning(answer)
    yield from durations.in_milestones(answer)
    yield from cycles.told(answer, zone)
    if not nothing:
        yield from quality.told(answer["quality"])
    yield Text()
    yield board.stamp(answer)


def _of_cycles(answer: dict[str, Any], zone: tzinfo) -> Iterator[RenderableType]:
    yield heading("Finished cycles")
    yield durations.finished(answer)
    yield from _ratios(answer)
    yield from _periods(answer, zone)


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
    facts.append(durations.to_stop(answer["time_to_stop"]))
    yield Facts(facts)


def _periods(answer: dict[str, Any], zone: tzinfo) -> Iterator[RenderableType]:
    """Finishes and work in progress of the last periods in which there were any."""
    both = zip(answer["throughput"], answer["wip"], strict=True)
    busy = [(each, wip) for each, wip in both if each["cycles"] or wip["active"] or wip["paused"]]
    if not busy:
        return
    shown = busy[-PERIODS:]
    quiet = len(answer["throughput"]) - len(busy)
    yield heading(f"Throughput, and work in progress at its end, by {answer['period']}")
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
        "In progress",
        "Paused",
        "█ finished ░ at work",
    )
    yield Rows(titles, rows, right=range(1, 5))
    more = len(busy) - len(shown)
    left = [f"{more} earlier ones"] * bool(more) + [f"{quiet} in which there was nothing"] * bool(quiet)
    if left:
        yield said(f"not shown: {' and '.join(left)}", "dim")


PERIODS = 8
"""Periods that are told; all are in --json and on the chart."""
BLOCKS = 24


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
        yield heading(f"What each iteration made of it{durations.whole(answer)}")
        titles = ("Iteration", "Initiatives", "Measured", "Way to the target", "Gain", "Risk exposure")
        yield Rows(titles, rows, right=range(6))
        if len(risks) > ITERATIONS:
            yield said(f"and {len(risks) - ITERATIONS} more iterations: they are in --json", "dim")
    yield from _expectations(answer["expectations"])


ITERATIONS = 12


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
