"""Cycles in words: one row each, its time in milestones, and its iterations."""

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.projections.metrics.periods import ENDLESS
from roadlog.told.blocks import Block, Cell, Facts, Heading, Name, Rows, Said, key
from roadlog.told.facts import Fact
from roadlog.words import day, days

MOST = 40
"""So many initiatives are told one by one; of more, those that were at work last."""
UNFINISHED = {"open": "under way", "stopped": "stopped", "ended": "ended"}


def told(answer: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    """The cycles of the report's initiatives, their days in its zone; of a window, those that lay in it."""
    begun = [each for each in (_in_window(each, answer) for each in answer["initiatives"]) if each["cycles"]]
    shown = begun
    if len(begun) > MOST:
        latest = {each["key"] for each in sorted(begun, key=_last_at_work, reverse=True)[:MOST]}
        shown = [each for each in begun if each["key"] in latest]
    if not shown:
        return
    yield Heading("Cycles")
    yield _cycles(shown, zone)
    if len(shown) < len(begun):
        left = (
            f"and {len(begun) - len(shown):,} initiatives that were at work before: each is in --json, and in"
        )
        yield Said(Fact(f"{left} roadlog metrics KEY", "dim"))
    yield from _by_cycle("Time in milestones", shown, _milestones)
    yield from _by_cycle("Iterations", shown, _iterations)


def _in_window(initiative: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The initiative with the cycles that lay in the window, at least in part."""
    if answer["filter"]["from"] is None and answer["filter"]["to"] is None:
        return initiative
    start, end = answer["window"]
    kept = [
        each
        for each in initiative["cycles"]
        if each["started_at"] < end and (each["finished_at"] or each["ended_at"] or end) >= start
    ]
    return {**initiative, "cycles": kept}


def _last_at_work(initiative: dict[str, Any]) -> str:
    last = initiative["cycles"][-1]
    at: str = last["finished_at"] or last["ended_at"] or ENDLESS
    return at


def _cycles(initiatives: list[dict[str, Any]], zone: tzinfo) -> Block:
    """One row a cycle. `Days` is the inclusive count of calendar days."""
    rows: list[tuple[Cell, ...]] = []
    for each in initiatives:
        for cycle in each["cycles"]:
            finished = cycle["finished_at"]
            rows.append(
                (
                    key(each["key"]),
                    str(cycle["cycle"]),
                    day(cycle["started_at"], zone),
                    day(finished, zone) if finished else Fact(UNFINISHED[cycle["outcome"]], "odd"),
                    days(cycle["cycle_time"])
                    if finished
                    else Fact(days(cycle["waiting"] + cycle["active"]), "odd"),
                    str(cycle["inclusive_days"] or ""),
                    days(cycle["waiting"]),
                    days(cycle["rework"]),
                    days(each["lead_time"]) if cycle["cycle"] == 1 else "",
                )
            )
    titles = ("Key", "Cycle", "Started", "Finished", "Time", "Days", "Waiting", "Rework", "Lead time")
    return Rows(titles, rows, right=[1, 4, 5, 6, 7])


def _by_cycle(
    title: str, initiatives: list[dict[str, Any]], facts: Callable[[dict[str, Any]], Iterator[Cell]]
) -> Iterator[Block]:
    """A row for each cycle of which there is something to tell."""
    several = any(len(each["cycles"]) > 1 for each in initiatives)
    widest = max(len(each["key"]) for each in initiatives)
    rows = [
        (each["key"], cycle["cycle"], told)
        for each in initiatives
        for cycle in each["cycles"]
        if (told := list(facts(cycle)))
    ]
    if rows:
        yield Heading(title)
    for name, number, told in rows:
        lead = (Name(f"{name:<{widest}}", key=name), Fact(f" {number}" if several else ""))
        yield Facts(told, lead, widest + (5 if several else 2))


def _milestones(cycle: dict[str, Any]) -> Iterator[Cell]:
    visits: dict[str, int] = {}
    for visit in cycle["visits"]:
        visits[visit["milestone"]] = visits.get(visit["milestone"], 0) + 1
    for milestone, seconds in cycle["time_in_milestone"].items():
        again = f" in {visits[milestone]} visits" if visits[milestone] > 1 else ""
        yield Fact(f"{milestone} "), Fact(days(seconds), "strong"), Fact(again)


def _iterations(cycle: dict[str, Any]) -> Iterator[Cell]:
    for each in cycle["iterations"]:
        so_far = "" if each["to"] or cycle["outcome"] != "open" else " so far"
        progress = f", outcome at {words.percent(each['progress'])}" if each["progress"] is not None else ""
        yield Fact(f"{each['iteration']}: "), Fact(days(each["time"]), "strong"), Fact(f"{so_far}{progress}")
