"""One initiative, whole: its problem and outcome first, then what it waits for, its parts, its trail."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from roadlog import words
from roadlog.told import gate as gates
from roadlog.told import initiative as telling
from roadlog.told.parts import place
from roadlog.web.asked import Asked
from roadlog.web.entries import entries

LAST = 20
"""Entries of its trail that are shown."""
LONG = 12
"""Of a part with more entries than these, the first ones are folded in."""
WEB = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)
"""Addresses that a page may lead to."""
PARTS = (
    ("approvals", "Approvals"),
    ("risks", "Risks"),
    ("criteria", "Criteria"),
    ("experiments", "Experiments"),
    ("evidence", "Evidence"),
    ("edge_cases", "Edge cases"),
    ("incidents", "Incidents"),
    ("waivers", "Waivers"),
    ("broken_glass", "Break-glass"),
    ("edge_case_reviews", "Edge-case reviews"),
    ("notes", "Notes"),
)
"""Keys of the answer that are parts with a title, where they hold anything."""
FIRST = ("approvals", "risks")
"""Those that stand before the safeguards."""


class Step(NamedTuple):
    """A milestone of the workflow, and what it has been to the initiative.

    visits, cycles: how many times it stood there, in how many cycles
    loops: how many backward moves of each kind led there
    """

    milestone: str
    state: str
    visits: int
    cycles: int
    seconds: float
    loops: dict[str, int]


def initiative(asked: Asked) -> dict[str, Any]:
    """The answers of `roadlog show`, `gate` and `log`, with the words in which they are told."""
    key = asked.parts["key"]
    answer = asked.reading.page(key, asked.moment)
    trail = asked.reading.trail(asked.moment, key=key, last=LAST)
    here = [each for each in answer["approvals"] if _is_here(each, answer)]
    return {
        "answer": answer,
        "gate": asked.reading.gate(key, asked.moment),
        "steps": list(_steps(asked, answer)),
        "iterations": [list(stays) for _, stays in groupby(answer["visits"], key=_iteration)],
        "progress": _progress(asked, key) if answer["outcomes"] else [],
        "votes": {
            "here": here[::-1],
            "before": [each for each in answer["approvals"] if each not in here][::-1],
        },
        "earlier": [each["position"] for each in answer["approvals"] if _is_earlier(each, answer)],
        "entries": entries(trail, asked.zone)[::-1],
        "roadmap": asked.roadmap,
        "contents": _contents(answer),
        "missing": _missing(answer),
        "told": telling,
        "gates": gates,
        "place": place,
        "is_web": lambda uri: WEB.fullmatch(uri) is not None,
        "long": LONG,
    }


def _is_here(vote: dict[str, Any], answer: dict[str, Any]) -> bool:
    return (vote["milestone"], vote["cycle"]) == (answer["milestone"], answer["cycle"])


def _is_earlier(vote: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether their voter voted anew since, or it was of a cycle before."""
    return vote["superseded_by"] is not None or vote["cycle"] != answer["cycle"]


def _iteration(visit: dict[str, Any]) -> tuple[int, int]:
    return visit["cycle"], visit["iteration"]


def _steps(asked: Asked, answer: dict[str, Any]) -> Iterator[Step]:
    """Each milestone of the workflow in order, then those it stood in that the workflow has no more."""
    workflow = asked.reading.roadmap(asked.moment).workflow
    visits: dict[str, list[dict[str, Any]]] = {name: [] for name in (workflow.order if workflow else ())}
    for each in answer["visits"]:
        visits.setdefault(each["milestone"], []).append(each)
    names = list(visits)
    reached = names.index(answer["milestone"]) if answer["milestone"] in visits else -1
    for at, (name, found) in enumerate(visits.items()):
        state = "here" if at == reached else "passed" if at < reached else "ahead"
        loops = Counter(each["loop"] or "back" for each in found if each["began"] == "backward")
        cycles = len({each["cycle"] for each in found})
        yield Step(name, state, len(found), cycles, sum(each["seconds"] for each in found), dict(loops))


def _progress(asked: Asked, key: str) -> list[dict[str, Any]]:
    """How far the outcome had come at the end of each iteration, where anything was measured."""
    (measured,) = asked.reading.metrics(asked.moment, key=key, zone=asked.zone)["initiatives"]
    found = [each for cycle in measured["cycles"] for each in cycle["iterations"]]
    return found if any(each["progress"] is not None for each in found) else []


def _contents(answer: dict[str, Any]) -> list[tuple[str, str, int | None]]:
    """What stands on the page, in its order: its name, its title, and how much of it there is."""
    parts: list[tuple[str, str, int | None]] = [
        (name, title, len(answer[name])) for name, title in PARTS if answer[name]
    ]
    place = sum(name in FIRST for name, _, _ in parts)
    safeguards = ("safeguards", "Safeguards", None)
    return [("gate", "Gate", None), *parts[:place], safeguards, *parts[place:], ("trail", "Trail", None)]


def _missing(answer: dict[str, Any]) -> str:
    """The parts that hold nothing, in one line."""
    return words.several(title.lower() for name, title in PARTS if not answer[name])
