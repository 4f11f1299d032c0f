"""Cycles as people see them: one row each, its time in milestones, and its iterations."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views.screen import Facts, Rows, heading, said
from roadlog.cli.views.wording import day
from roadlog.projections.metrics.periods import ENDLESS
from roadlog.words import days

MOST = 40
"""So many initiatives are told one by one; of more, those that were at work last."""
UNFINISHED = {"open": "under way", "stopped": "stopped", "ended": "ended"}


def told(answer: dict[str, Any], zone: tzinfo) -> Iterator[RenderableType]:
    """The cycles of the report's initiatives, their days in its zone; of a window, those that lay in it."""
    begun = [each for each in (_in_window(each, answer) for each in answer["initiatives"]) if each["cycles"]]
    shown = begun
    if len(begun) > MOST:
        latest = {each["key"] for each in sorted(begun, key=_last_at_work, reverse=True)[:MOST]}
        shown = [each for each in begun if each["key"] in latest]
    if not shown:
        return
    yield heading("Cycles")
    yield _cycles(shown, zone)
    if len(shown) < len(begun):
        left = (
            f"and {len(begun) - len(shown):,} initiatives that were at work before: each is in --json, and in"
        )
        yield said(f"{left} roadlog metrics KEY", "dim")
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


def _cycles(initiatives: list[dict[str, Any]], zone: tzinfo) -> RenderableType:
    """One row a cycle. `Days` is the inclusive count of calendar days."""
    rows = []
    for each in initiatives:
        for cycle in each["cycles"]:
            finished = cycle["finished_at"]
            rows.append(
                (
                    said(each["key"], "bold cyan"),
                    str(cycle["cycle"]),
                    day(cycle["started_at"], zone),
                    day(finished, zone) if finished else said(UNFINISHED[cycle["outcome"]], "yellow"),
                    days(cycle["cycle_time"])
                    if finished
                    else said(days(cycle["waiting"] + cycle["active"]), "yellow"),
                    str(cycle["inclusive_days"] or ""),
                    days(cycle["waiting"]),
                    days(cycle["rework"]),
                    days(each["lead_time"]) if cycle["cycle"] == 1 else "",
                )
            )
    titles = ("Key", "Cycle", "Started", "Finished", "Time", "Days", "Waiting", "Rework", "Lead time")
    return Rows(titles, rows, right=[1, 4, 5, 6, 7])


def _by_cycle(title: str, initiatives: list[dict[str, Any]], facts: Any) -> Iterator[RenderableType]:
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
        yield heading(title)
    for key, number, told in rows:
        lead = said(f"{key:<{widest}}", "bold cyan") + Text(f" {number}" if several else "")
        yield Facts(told, widest + (5 if several else 2), lead)


def _milestones(cycle: dict[str, Any]) -> Iterator[Text]:
    visits: dict[str, int] = {}
    for visit in cycle["visits"]:
        visits[visit["milestone"]] = visits.get(visit["milestone"], 0) + 1
    for milestone, seconds in cycle["time_in_milestone"].items():
        again = f" in {visits[milestone]} visits" if visits[milestone] > 1 else ""
        yield said(f"{milestone} ") + said(days(seconds), "cyan") + Text(again)


def _iterations(cycle: dict[str, Any]) -> Iterator[Text]:
    for each in cycle["iterations"]:
        so_far = "" if each["to"] or cycle["outcome"] != "open" else " so far"
        progress = f", outcome at {words.percent(each['progress'])}" if each["progress"] is not None else ""
        yield (
            Text(f"{each['iteration']}: ") + said(days(each["time"]), "cyan") + Text(f"{so_far}{progress}")
        )
