"""Durations in words: n and percentiles; where there are fewer than five, the items themselves."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from roadlog.told.blocks import Block, Cell, Heading, Name, Rows
from roadlog.told.facts import Fact
from roadlog.words import days, percent

SUMMED = (("cycle time", "cycle_time"), ("lead time", "lead_time"), ("iteration time", "iteration_time"))
"""Durations that are told of finished cycles, and their keys."""
P = ("p50", "p85", "p95")
SURVIVAL = ("survival_p50", "survival_p85", "survival_beyond")
"""Of cycle and lead time, the estimate that counts unfinished and stopped work."""
Cells = tuple[Cell, ...]


def finished(answer: dict[str, Any]) -> Block:
    """Cycle, lead and iteration time; beside them, where it can be told, what unfinished work says."""
    censored = any(answer[field].get(each) for _, field in SUMMED for each in SURVIVAL)
    rows: list[Cells] = []
    for name, field in SUMMED:
        found = answer[field]
        survival = _survival(found) if censored else ()
        rows.append((name, str(found["n"]), *map(_percentile(found), P), *survival, _items(found)))
    beside = ("with unfinished p50", "p85") if censored else ()
    return Rows(("", "n", *P, *beside, "Items"), rows, right=range(1, 5 + len(beside)))


def to_stop(found: dict[str, Any]) -> Cell:
    """`time to stop p50 30.0 d, p85 41.0 d, p95 60.0 d (n 6)`; of few the items."""
    if found["p50"] is None:
        return Fact("time to stop "), _items(found)
    told = ", ".join(f"{p} {days(found[p])}" for p in P)
    return Fact(f"time to stop {told} (n {found['n']:,})")


def in_milestones(answer: dict[str, Any]) -> Iterator[Block]:
    """The roadmap's time in each milestone, first, second and later visits apart: loops are seen."""
    found = answer["time_in_milestone"]
    if answer["filter"]["key"] is not None or not found:
        return
    yield Heading("Time in milestones, by visit")
    rows: list[Cells] = []
    for milestone, visits in found.items():
        later = [each for each in visits if each["visit"] > 2]
        parts = ([each for each in visits if each["visit"] == number] for number in (1, 2))
        total = sum(each["seconds"] for each in visits)
        again = sum(each["seconds"] for each in visits if each["visit"] > 1)
        share = percent(again / total) if again else ""
        rows.append((Fact(milestone), *map(_stays, (*parts, later)), share))
    yield Rows(
        ("Milestone", "First visits", "Second visits", "Later visits", "Again"), rows, right=range(1, 5)
    )


def _stays(visits: Iterable[dict[str, Any]]) -> str:
    """`67.9 d in 2`: the days of so many visits."""
    stays = list(visits)
    n = sum(each["n"] for each in stays)
    return f"{days(sum(each['seconds'] for each in stays))} in {n:,}" if n else ""


def approvals(latency: dict[str, Any]) -> Iterator[Block]:
    """How long each role takes from the request to its approval."""
    if not latency:
        return
    yield Heading("Approvals, from the request")
    rows: list[Cells] = [
        (
            Fact(role, "strong"),
            str(found["n"]),
            *map(_percentile(found), P[:2]),
            str(found["open"] or ""),
            str(found["rejected"]["n"] or ""),
            _items(found) if found["n"] else "",
        )
        for role, found in latency.items()
    ]
    yield Rows(("Role", "n", "p50", "p85", "Waiting", "Rejected", "Items"), rows, right=range(1, 6))


def buy_in(answer: dict[str, Any]) -> Iterator[Block]:
    """How often each role was heard while work was in progress."""
    if not answer["buy_in"]:
        return
    yield Heading(f"Days between words of a role, while work is in progress{whole(answer)}")
    rows: list[Cells] = [
        (
            Fact(role, "strong"),
            str(found["n"]),
            *map(_percentile(found), P[:2]),
            _silence(found["longest"]),
        )
        for role, found in answer["buy_in"].items()
    ]
    yield Rows(("Role", "n", "p50", "p85", "Longest silence"), rows, right=range(1, 4))


def _silence(longest: dict[str, Any]) -> Cell:
    named = (Fact(f"{days(longest['seconds'])} on "), Name(longest["key"], key=longest["key"]))
    return (*named, Fact(", and goes on", "odd")) if longest["open"] else named


def whole(answer: dict[str, Any]) -> str:
    """What a heading adds where a window was asked for that does not apply."""
    asked = answer["filter"]["from"] or answer["filter"]["to"]
    return " (of the whole log)" if asked else ""


def _percentile(found: dict[str, Any]) -> Callable[[str], str]:
    return lambda p: days(found[p]) or "–"


def _survival(found: dict[str, Any]) -> Iterator[Cell]:
    """Days, or beyond how many they lie; nothing where no such estimate is made."""
    for p in SURVIVAL[:2]:
        if p not in found:
            yield ""
        elif found[p] is not None:
            yield Fact(days(found[p]))
        else:
            beyond = found["survival_beyond"]
            yield Fact("–" if beyond is None else f"beyond {days(beyond)}", "dim")


def _items(found: dict[str, Any]) -> Fact:
    """Those that are too few for percentiles."""
    if found["n"] == 0:
        return Fact("too few for percentiles", "dim")
    return Fact("; ".join(f"{each['key']} {days(each['seconds'])}" for each in found.get("items", [])))
