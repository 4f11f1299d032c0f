"""One initiative, whole, as people see it: what hurts first, then how it stands, then its parts."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import gate, parts, screen, wording
from roadlog.cli.views.screen import Facts, heading, indented, said
from roadlog.cli.views.wording import day
from roadlog.words import days

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
        yield _told(
            "Purpose",
            said(classified["purpose"]),
            said(f"{classified['risk_class']} risk"),
            said(f"affects {classified['affected']}"),
            said(f"basis: {classified['basis']}", "dim"),
        )


def _standing(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Where it is, for how long, what holds it, and where it stands in the plan."""
    yield _told("Milestone", *_where(answer))
    if answer["blocked_by"]:
        yield _told("Blocked by", said(answer["blocked_by"], "red"))
    for each in answer["spans"]:
        if each["to_at"] is None and each["kind"] in ("paused", "stopped"):
            because = [said(each["reason"])] if each["reason"] else []
            yield _told(each["kind"].capitalize(), Text(f"since {day(each['from_at'])}"), *because)
    if answer["gate"]["next"] and answer["status"] != "stopped":
        yield _told("Gate", gate.summary(answer["gate"]), *_waiting(answer))
    if answer["not_evidenced"]:
        yield _told("Gates", gate.not_evidenced(answer))
    if answer["quiet"]:
        yield _told("Quiet", said(words.several(answer["quiet"]), "magenta"))
    yield _told("Plan", *_plan(answer))
    for each in answer["waivers"]:
        state = f"until {day(each['until'])}" if each["in_force"] else f"lapsed {day(each['until'])}"
        gate_of = each["milestone"] or "backlog"
        yield _told(
            "Waiver", said(f"{each['requirement']} of {gate_of} {state} ({each['by']}: {each['reason']})")
        )
    for each in answer["broken_glass"]:
        reviewed = {None: "not reviewed yet", True: "upheld", False: "not upheld"}[each["upheld"]]
        yield _told(
            "Break-glass", said(f"#{each['move']} by {each['by']} at {each['milestone']}: {reviewed}", "red")
        )


def _where(answer: dict[str, Any]) -> Iterator[Text]:
    yield wording.where(answer)
    yield wording.iteration(answer)
    if answer["cycle"] > 1:
        yield Text(f"cycle {answer['cycle']}")
    if answer["since"]:
        yield Text(f"since {day(answer['since'])}")
    if answer["age"] is not None:
        yield Text(f"age {days(answer['age'])}")
    if answer["rollout"] is not None:
        yield Text(f"{words.number(answer['rollout'])} % of users have it")


def _waiting(answer: dict[str, Any]) -> Iterator[Text]:
    if answer["waiting_on"]:
        yield said(f"waiting on {words.several(answer['waiting_on'])}", "yellow")
    yield said(f"roadlog gate {answer['key']}", "green")


def _plan(answer: dict[str, Any]) -> Iterator[Text]:
    yield Text(answer["horizon"] or "not placed") + Text(f", rank {answer['rank']}" if answer["rank"] else "")
    yield (said(f"owner {answer['owner']}") if answer["owner"] else said("nobody answers for it", "yellow"))
    if answer["dependencies"]:
        yield said(f"depends on {words.several(answer['dependencies'])}")
    if answer["defined_at"]:
        yield Text(f"defined {day(answer['defined_at'])}")
    if answer["adopted_since"]:
        yield Text(f"adopted, under way since {day(answer['adopted_since'])}")
    if answer["origin"]:
        yield said(_origin(answer["origin"], answer["title"]))


def _origin(origin: dict[str, str], title: str) -> str:
    """`from jira DEMO-4`, and what it was called there where it is called otherwise here."""
    line, _, _ = origin["line"].partition("/")
    place = f"line {line}" if line.isdigit() else line
    called = f", “{origin['title']}”" if origin["title"] != title else ""
    return f"from {origin['format']} {place}{called}"


def _visits(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """One line an iteration, so that loops are seen: why it went back, then through which milestones."""
    if not answer["visits"]:
        return
    yield heading("Visits")
    indent = max(LABEL, *(len(_label(each)) + 1 for each in answer["visits"]))
    for label, stays in groupby(answer["visits"], key=_label):
        visits = list(stays)
        first = visits[0]
        back = f"↩ {first['loop'] or 'back'}: " if first["began"] == "backward" else ""
        way = said(" → ", "dim").join(_stay(each) for each in visits)
        yield Facts([said(back, "yellow") + way], indent, said(label, "dim"))
        for name, text in (("learned", first["learned"]), ("will change", first["change"])):
            if text:
                yield indented(said(f"{name}: ", "dim") + said(text), indent)


def _label(visit: dict[str, Any]) -> str:
    """`  2`, or `  3 (cycle 2)`: the iteration that a visit belongs to."""
    number, cycle = visit["iteration"], visit["cycle"]
    return f"  {number}" if cycle <= 1 else f"  {number} (cycle {cycle})"


def _stay(visit: dict[str, Any]) -> Text:
    so_far = "" if visit["left_at"] else " so far"
    return said(f"{visit['milestone']} ") + said(f"{days(visit['seconds'])}{so_far}", "cyan")


def _safeguards(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Fallback, notice and monitor; that one is missing is worth a line."""
    yield heading("Safeguards")
    fallback, notice, monitor = answer["fallback"], answer["notice"], answer["monitor"]
    none = said("none yet", "yellow")
    if fallback:
        yield _told("Fallback", *_fallback(fallback))
    else:
        yield _told("Fallback", none)
    yield _told("Notice", said(f"“{notice['text']}” in {notice['placement']}") if notice else none)
    watched = said(f"{monitor['signal']} in {monitor['where']}, by {monitor['owner']}") if monitor else none
    yield _told("Monitor", watched)


def _fallback(fallback: dict[str, Any]) -> Iterator[Text]:
    yield said(f"{fallback['description']} ({fallback['kind']})")
    yield said(f"when {fallback['trigger']}")
    tests = fallback["tests"]
    if tests:
        last = tests[-1]
        yield wording.mark(last["passed"]) + Text(f" test of {day(last['at'])}")
    else:
        yield said("not tested yet", "yellow")
    if fallback["active_since"]:
        yield said(f"! active since {day(fallback['active_since'])}", "bold red")


def _notes(answer: dict[str, Any]) -> Iterator[RenderableType]:
    if answer["edge_case_reviews"]:
        yield heading("Edge-case reviews")
        for each in answer["edge_case_reviews"]:
            yield _told(
                day(each["at"]), said(f"{each['found']} found in {each['sample']} of {each['source']}")
            )
    if answer["notes"]:
        yield heading("Notes")
        for each in answer["notes"]:
            yield _told(day(each["at"]), said(f"{each['by']}: {each['text']}"))
