"""Flow metrics in words: what was measured on how many, then cycle by cycle."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.projections.metrics.gathered import EXPECTED
from roadlog.projections.metrics.summary import FEWEST
from roadlog.projections.zones import zone_of
from roadlog.told import cycles, durations, quality, unmeasured
from roadlog.told.blocks import Block, Cell, Facts, Heading, Name, Rows, Said
from roadlog.told.facts import Fact
from roadlog.words import day


def told(answer: dict[str, Any]) -> Iterator[Block]:
    """The whole report."""
    yield from figures(answer)
    yield from cycles.told(answer, zone_of(answer["zone"]))
    yield from doubts(answer)


def figures(answer: dict[str, Any]) -> Iterator[Block]:
    """The key figures, of all that was measured together."""
    zone = zone_of(answer["zone"])
    yield Facts(list(_scope(answer, zone)))
    yield Facts(list(_counts(answer)))
    yield from list(unmeasured.told(answer, zone)) or _of_cycles(answer, zone)
    yield from durations.approvals(answer["gate_latency"])
    yield from durations.buy_in(answer)
    yield from _learning(answer)
    yield from durations.in_milestones(answer)


def doubts(answer: dict[str, Any]) -> Iterator[Block]:
    """What to know before the figures are believed, where there are any."""
    if not any(unmeasured.told(answer, zone_of(answer["zone"]))):
        yield from quality.told(answer["quality"])


def _of_cycles(answer: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    yield Heading("Finished cycles")
    yield durations.finished(answer)
    yield from _ratios(answer)
    yield from _periods(answer, zone)


def _scope(answer: dict[str, Any], zone: tzinfo) -> Iterator[Fact]:
    """The definition, what was looked at, the window and the zone of its days."""
    chosen = answer["filter"]
    yield Fact(answer["definition"], "strong")
    for name in ("key", "milestone", "role", "segment"):
        if chosen[name] is not None:
            yield Fact(f"{name} {chosen[name]}")
    start, end = chosen["from"], chosen["to"]
    if start or end:
        yield Fact(f"finished from {day(start, zone) or 'the beginning'} to {day(end, zone) or 'now'}")
    else:
        yield Fact("the whole log")
    yield Fact(f"days counted in {answer['zone']}")


def _counts(answer: dict[str, Any]) -> Iterator[Fact]:
    yield Fact(words.counted(answer["n"], "finished cycle"))
    yield Fact(f"{answer['unfinished']} unfinished")
    if answer["not_started"]:
        yield Fact(f"{answer['not_started']} not started")
    yield Fact(f"{len(answer['left_out'])} left out")
    for each in answer["left_out"]:
        yield Fact(f"{each['key']}: {each['why']}", "dim")


def _ratios(answer: dict[str, Any]) -> Iterator[Block]:
    moves = {kind: count for kind, count in answer["backward_moves"].items() if count}
    back = words.several(f"{count} for {kind}" for kind, count in moves.items()) or "none"
    facts: list[Cell] = [Fact(f"backward moves: {back}")]
    efficiency = answer["flow_efficiency"]
    if efficiency["including_pauses"] is not None:
        without = words.percent(efficiency["excluding_pauses"])
        told = f"flow efficiency {words.percent(efficiency['including_pauses'])}"
        paused = efficiency["excluding_pauses"] != efficiency["including_pauses"]
        facts.append(Fact(f"{told} ({without} without pauses)" if paused else told))
    for name, field in (("rework", "rework_ratio"), ("catching up", "catch_up_ratio")):
        if answer[field] is not None:
            facts.append(Fact(f"{name} {words.percent(answer[field])}"))
    for milestone, each in answer["stops"].items():
        if each["stopped"]:
            facts.append(Fact(f"stopped in {milestone}: {each['stopped']} of {each['entered']}"))
    if answer["time_to_stop"]["n"]:
        facts.append(durations.to_stop(answer["time_to_stop"]))
    yield Facts(facts)


def _periods(answer: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    """Finishes and work in progress of the last periods in which there were any."""
    both = zip(answer["throughput"], answer["wip"], strict=True)
    busy = [(each, wip) for each, wip in both if each["cycles"] or wip["active"] or wip["paused"]]
    if not busy:
        return
    shown = busy[-PERIODS:]
    quiet = len(answer["throughput"]) - len(busy)
    yield Heading(f"Throughput, and work in progress at its end, by {answer['period']}")
    rows = [
        (
            day(each["from"], zone),
            str(each["initiatives"]),
            str(each["cycles"]),
            str(wip["active"]),
            str(wip["paused"]),
            (Fact("█" * min(each["cycles"], BLOCKS), "good"), Fact("░" * min(wip["active"], BLOCKS), "dim")),
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
    yield Rows(titles, rows, right=range(1, 5), drawn=5)
    more = len(busy) - len(shown)
    left = [f"{more} earlier ones"] * bool(more) + [f"{quiet} in which there was nothing"] * bool(quiet)
    if left:
        yield Said(Fact(f"not shown: {' and '.join(left)}", "dim"))


PERIODS = 8
"""Periods that are told; all are in --json and on the chart."""
BLOCKS = 24


def _learning(answer: dict[str, Any]) -> Iterator[Block]:
    """What each iteration made of the outcome and of the risks, and how many were expected."""
    progress = {each["iteration"]: each for each in answer["outcome_progress"]}
    risks = {each["iteration"]: each for each in answer["risk_exposure"]}
    rows = [
        (
            str(number),
            str(risks[number]["n"]),
            *_progress(progress.get(number)),
            f"{risks[number]['value']:,.1f}",
            _each_progress(number, answer) if number in progress and _is_few(progress[number]) else "",
        )
        for number in sorted(risks)[:ITERATIONS]
    ]
    if progress or any(each["value"] for each in risks.values()):
        yield Heading(f"What each iteration made of it{durations.whole(answer)}")
        titles = (
            "Iteration",
            "Initiatives",
            "n measured",
            "Progress p50",
            "Gain p50",
            "Risk exposure",
            "Items (gain)",
        )
        yield Rows(titles, rows, right=range(6))
        if len(risks) > ITERATIONS:
            more = len(risks) - ITERATIONS
            yield Said(Fact(f"and {more} more iterations: they are in --json", "dim"))
    yield from _expectations(answer["expectations"])


ITERATIONS = 12


def _progress(found: dict[str, Any] | None) -> tuple[str, str, str]:
    """Of how many the outcome was measured, and their medians; none of too few."""
    if found is None:
        return "0", "", ""
    if _is_few(found):
        return str(found["n"]), "–", "–"
    return str(found["n"]), words.percent(found["p50"]), _gain(found["gain"])


def _is_few(found: dict[str, Any]) -> bool:
    return bool(found["n"] < FEWEST)


def _each_progress(number: int, answer: dict[str, Any]) -> str:
    """`SUP-1 92 % (+92 %); SUP-2 21 % (+0 %)`: those that are too few for a median."""
    return "; ".join(
        f"{entry['key']} {words.percent(each['progress'])} ({_gain(each['gain'])})"
        for entry in answer["initiatives"]
        for cycle in entry["cycles"]
        for each in cycle["iterations"]
        if each["iteration"] == number and each["progress"] is not None
    )


def _gain(gain: float) -> str:
    return words.percent(gain, "+")


def _expectations(found: dict[str, Any]) -> Iterator[Block]:
    if found["items"]:
        facts = [Fact(f"{found[state]} {state}") for state in EXPECTED if found[state]]
        yield Facts(facts, "iterations as expected: ")
        for each in found["items"]:
            if each["state"] == "over":
                told = f": {each['actual']} where {each['from']} to {each['to']} were expected"
                yield Said((Name(each["key"], key=each["key"]), Fact(told, "odd")))
