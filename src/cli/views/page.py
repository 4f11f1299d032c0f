"""One initiative, whole, as people see it: what hurts first, then how it stands, then its parts."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import gate, parts, screen, wording
from roadlog.cli.views.screen import Facts, heading, indented, said, toned
from roadlog.cli.views.wording import day
from roadlog.told import gate as gate_in_words
from roadlog.told import initiative as telling

LABEL = 12


def render(answer: dict[str, Any]) -> None:
    """Prints the page."""
    screen.show(*_page(answer))


def _page(answer: dict[str, Any]) -> Iterator[RenderableType]:
    yield screen.titled(answer)
    yield from _purpose(answer)
    yield Text()
    yield from _standing(answer)
    yield from _visits(answer)
    if answer["approvals"]:
        yield heading("Approvals")
        yield parts.votes(answer["approvals"], answer["milestone"])
    if answer["risks"]:
        yield heading("Risks")
        yield parts.risks(answer["risks"])
    if answer["status"] not in ("stopped", "backlog"):
        yield from _safeguards(answer)
    for title, entries, table in (
        ("Experiments", answer["experiments"], parts.experiments),
        ("Criteria", answer["criteria"], parts.criteria),
        ("Evidence", answer["evidence"], parts.evidence),
        ("Edge cases", answer["edge_cases"], parts.edge_cases),
        ("Incidents", answer["incidents"], parts.incidents),
    ):
        if entries:
            yield heading(title)
            yield table(entries)
    yield from _notes(answer)


def _told(label: str, *facts: Text) -> Facts:
    return Facts(facts, LABEL, said(label, "dim"))


def _purpose(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """The problem, for whom, the outcomes, and how one thinks to solve it."""
    yield _told("Problem", said(answer["problem"]) if answer["problem"] else said("not defined", "yellow"))
    if answer["segments"]:
        yield _told("For", said(words.several(answer["segments"])))
    for each in answer["outcomes"]:
        due = [Text(f"by {each['by']}")] if each["by"] else []
        yield _told("Outcome", wording.outcome(each), *due)
    if answer["approach"]:
        yield _told("Approach", said(answer["approach"]))
    classified = answer["classification"]
    if classified:
        yield _told("Purpose", *map(toned, telling.purpose(classified)))


def _standing(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Where it is, for how long, what holds it, and where it stands in the plan."""
    yield _told("Milestone", *_where(answer))
    for label, facts in telling.held_up(answer, wording.zone()):
        yield _told(label, *map(toned, facts))
    if answer["gate"]["next"] and answer["status"] != "stopped":
        yield _told("Gate", gate.summary(answer["gate"]), *_waiting(answer))
    if answer["not_evidenced"]:
        yield _told("Gates", toned(gate_in_words.not_evidenced(answer)))
    if answer["quiet"]:
        yield _told("Quiet", said(words.several(answer["quiet"]), "magenta"))
    yield _told("Plan", *map(toned, telling.plan(answer, wording.zone())))
    for each in answer["waivers"]:
        yield _told("Waiver", said(telling.waiver(each, wording.zone())))
    for each in answer["broken_glass"]:
        yield _told("Break-glass", toned(telling.broken_glass(each)))


def _where(answer: dict[str, Any]) -> Iterator[Text]:
    yield wording.where(answer)
    yield wording.iteration(answer)
    yield from map(toned, telling.since(answer, wording.zone()))


def _waiting(answer: dict[str, Any]) -> Iterator[Text]:
    if answer["waiting_on"]:
        yield said(f"waiting on {words.several(answer['waiting_on'])}", "yellow")
    yield said(f"roadlog gate {answer['key']}", "green")


def _visits(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """One line an iteration, so that loops are seen: why it went back, then through which milestones."""
    if not answer["visits"]:
        return
    yield heading("Visits")
    indent = max(LABEL, *(len(_label(each)) + 1 for each in answer["visits"]))
    for label, stays in groupby(answer["visits"], key=_label):
        visits = list(stays)
        first = visits[0]
        began = telling.iteration_began(first)
        back = f"{began}: " if began else ""
        way = said(" → ", "dim").join(_stay(each) for each in visits)
        yield Facts([said(back, "yellow") + way], indent, said(label, "dim"))
        for name, text in telling.lessons(first):
            yield indented(said(f"{name}: ", "dim") + said(text), indent)


def _label(visit: dict[str, Any]) -> str:
    """`  2`, or `  3 (cycle 2)`: the iteration that a visit belongs to."""
    number, cycle = visit["iteration"], visit["cycle"]
    return f"  {number}" if cycle <= 1 else f"  {number} (cycle {cycle})"


def _stay(visit: dict[str, Any]) -> Text:
    return said(f"{visit['milestone']} ") + said(telling.stay(visit), "cyan")


def _safeguards(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Fallback, notice and monitor; that one is missing is worth a line."""
    yield heading("Safeguards")
    fallback, notice, monitor = answer["fallback"], answer["notice"], answer["monitor"]
    none = said("none yet", "yellow")
    if fallback:
        yield _told("Fallback", *map(toned, telling.fallback(fallback, wording.zone())))
    else:
        yield _told("Fallback", none)
    yield _told("Notice", said(telling.notice(notice)) if notice else none)
    yield _told("Monitor", said(telling.monitor(monitor)) if monitor else none)


def _notes(answer: dict[str, Any]) -> Iterator[RenderableType]:
    if answer["edge_case_reviews"]:
        yield heading("Edge-case reviews")
        for each in answer["edge_case_reviews"]:
            yield _told(day(each["at"]), said(telling.review(each)))
    if answer["notes"]:
        yield heading("Notes")
        for each in answer["notes"]:
            yield _told(day(each["at"]), said(f"{each['by']}: {each['text']}"))
