"""Flow metrics as people see them: what was measured on how many, then cycle by cycle."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog.cli.views import board, screen, wording
from roadlog.cli.views.screen import Facts, Rows, heading, said
from roadlog.cli.views.wording import day, days

SUMMED = (("cycle time", "cycle_time"), ("lead time", "lead_time"))


def render(answer: dict[str, Any]) -> None:
    """Prints the report."""
    screen.show(*_report(answer))


def _report(answer: dict[str, Any]) -> Iterator[RenderableType]:
    yield Facts(_scope(answer))
    yield Facts(_counts(answer))
    yield heading("Finished cycles")
    yield _summaries(answer)
    yield from _ratios(answer)
    under_way = [each for each in answer["initiatives"] if each["cycles"]]
    if under_way:
        yield heading("Cycles")
        yield _cycles(under_way)
        yield from _by_cycle("Time in milestones", under_way, _milestones)
        yield from _by_cycle("Iterations", under_way, _iterations)
    yield Text()
    yield board.stamp(answer)


def _scope(answer: dict[str, Any]) -> Iterator[Text]:
    """The definition, what was looked at, the window and the zone of its days."""
    chosen = answer["filter"]
    yield said(answer["definition"], "bold")
    for name in ("key", "milestone", "role", "segment"):
        if chosen[name] is not None:
            yield said(f"{name} {chosen[name]}")
    start, end = chosen["from"], chosen["to"]
    if start or end:
        yield Text(
            f"finished from {day(start) if start else 'the beginning'} to {day(end) if end else 'now'}"
        )
    else:
        yield Text("the whole log")
    yield said(f"days counted in {answer['zone']}")


def _counts(answer: dict[str, Any]) -> Iterator[Text]:
    yield Text(wording.counted(answer["n"], "finished cycle"))
    yield Text(f"{answer['unfinished']} unfinished")
    yield Text(f"{len(answer['left_out'])} left out")
    for each in answer["left_out"]:
        yield said(f"{each['key']}: {each['why']}", "dim")


def _summaries(answer: dict[str, Any]) -> RenderableType:
    """Percentiles; where there are fewer than five, the items themselves."""
    rows: list[tuple[Text | str, ...]] = []
    for name, field in SUMMED:
        found = answer[field]
        few = said("too few for percentiles", "dim") if found["n"] == 0 else Text()
        for each in found.get("items", []):
            few += said(f"{'; ' if few else ''}{each['key']} {days(each['seconds'])}")
        rows.append((name, str(found["n"]), *(days(found[p]) or "–" for p in ("p50", "p85", "p95")), few))
    return Rows(("", "n", "p50", "p85", "p95", "Items"), rows, right=[1, 2, 3, 4])


def _ratios(answer: dict[str, Any]) -> Iterator[RenderableType]:
    moves = {kind: count for kind, count in answer["backward_moves"].items() if count}
    back = wording.several(f"{count} for {kind}" for kind, count in moves.items()) or "none"
    rework = answer["rework_ratio"]
    yield Facts(
        [Text(f"backward moves: {back}"), Text("" if rework is None else f"rework {wording.percent(rework)}")]
    )


def _cycles(initiatives: list[dict[str, Any]]) -> RenderableType:
    """One row a cycle. `Days` is the inclusive count of calendar days."""
    rows = []
    for each in initiatives:
        for cycle in each["cycles"]:
            finished = cycle["finished_at"]
            runs = each["age"] is not None and cycle is each["cycles"][-1]
            rows.append(
                (
                    said(each["key"], "bold cyan"),
                    str(cycle["cycle"]),
                    day(cycle["started_at"]),
                    day(finished) if finished else said("under way" if runs else "ended", "yellow"),
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
        so_far = "" if each["to"] or cycle["finished_at"] else " so far"
        progress = f", outcome at {wording.percent(each['progress'])}" if each["progress"] is not None else ""
        yield (
            Text(f"{each['iteration']}: ") + said(days(each["time"]), "cyan") + Text(f"{so_far}{progress}")
        )
