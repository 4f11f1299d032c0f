"""The risk register: how likely and how bad each risk is, as a matrix and as a list."""

from typing import Any, NamedTuple

from roadlog.domain.keys import number_of
from roadlog.domain.refusals import Malformed, unknown
from roadlog.domain.workflow import RISK_CATEGORIES
from roadlog.projections.page import risks as risks_of
from roadlog.told.initiative import risk_score, risk_state
from roadlog.web.asked import Asked, whole

MANY = 50
"""Risks of a page of the list."""
NAMED = 3
"""Risks that a cell of the matrix names; of more it tells how many."""
SCALE = (1, 2, 3, 4, 5)
BANDS = (5, 10, 15, 20)
"""Scores from which on a cell is a shade darker."""
SCORES = ("inherent", "residual")
STATUSES = ("open", "all")
Entry = dict[str, Any]


class Cell(NamedTuple):
    """One place of the matrix. `shade` is 0 for the lowest scores, 4 for the highest."""

    likelihood: int
    impact: int
    score: int
    shade: int
    risks: list[Entry]
    address: str | None
    is_shown: bool


def risks(asked: Asked) -> dict[str, Any]:
    """The risks that the address asks for, those with the highest scores first.

    Raises Unknown for a category or an initiative that is not there, Malformed for other words than its own.
    """
    chosen = _chosen(asked)
    which = chosen["scores"]
    _, states = asked.reading.states(asked.moment)
    logged = [
        {"key": key, "title": state.title, **each}
        for key, state in states.items()
        for each in risks_of(state, asked.moment.as_of)
    ]
    if chosen["key"] and chosen["key"] not in states:
        raise unknown("initiative", chosen["key"], tuple(states), try_=("roadlog board",))
    found = [each for each in logged if _is_chosen(each, chosen)]
    cell = (whole(asked.query, "likelihood"), whole(asked.query, "impact"))
    listed = [each for each in found if _is_at(each, which, cell)]
    listed.sort(
        key=lambda each: (-_score(each, which), -each["score"], number_of(each["key"]), each["position"])
    )
    first = MANY * max(0, (whole(asked.query, "page") or 1) - 1)
    return {
        "roadmap": asked.roadmap,
        "chosen": chosen,
        "logged": len(logged),
        "found": len(found),
        "untreated": sum(_is_untreated(each) for each in found),
        "matrix": _matrix(asked, found, which, cell),
        "cell": cell if None not in cell else None,
        "listed": listed[first : first + MANY],
        "first": first,
        "total": len(listed),
        "categories": RISK_CATEGORIES,
        "owners": sorted({each["owner"] for each in logged if each["owner"]}),
        "state": lambda each: risk_state(each, asked.zone),
        "score": risk_score,
        "earlier": asked.same(page=first // MANY) if first else None,
        "later": asked.same(page=first // MANY + 2) if first + MANY < len(listed) else None,
        "scores": SCORES,
        "statuses": STATUSES,
        "named": NAMED,
    }


def _chosen(asked: Asked) -> dict[str, str]:
    """What the address chooses, by name; empty where it chooses nothing."""
    query = asked.query
    chosen = {name: query.get(name, "") for name in ("category", "key", "owner")}
    chosen["key"] = chosen["key"].strip().upper()
    if chosen["category"] and chosen["category"] not in RISK_CATEGORIES:
        raise unknown("category", chosen["category"], RISK_CATEGORIES, try_=("roadlog risk log --help",))
    for name, words in (("scores", SCORES), ("status", STATUSES)):
        chosen[name] = query.get(name) or words[0]
        if chosen[name] not in words:
            raise Malformed(name, f"{name} is {' or '.join(words)}, not {chosen[name]!r}.", missing=(name,))
    return chosen


def _is_chosen(risk: Entry, chosen: dict[str, str]) -> bool:
    return (
        (chosen["status"] == "all" or risk["open"])
        and chosen["category"] in ("", risk["category"])
        and chosen["key"] in ("", risk["key"])
        and chosen["owner"] in ("", risk["owner"])
    )


def _is_untreated(risk: Entry) -> bool:
    """Whether it is open, was not mitigated, and nobody accepts it, as the board counts."""
    accepted = risk["accepted"]
    return risk["open"] and not risk["treatment"] and (accepted is None or accepted["lapsed"])


def _place(risk: Entry, which: str) -> tuple[int, int]:
    """Likelihood and impact: those that remain where it was treated, or those that it has without."""
    remain = risk["residual_likelihood"], risk["residual_impact"]
    return remain if which == "residual" and None not in remain else (risk["likelihood"], risk["impact"])


def _score(risk: Entry, which: str) -> int:
    likelihood, impact = _place(risk, which)
    return likelihood * impact


def _is_at(risk: Entry, which: str, cell: tuple[int | None, int | None]) -> bool:
    return all(asked in (None, given) for asked, given in zip(cell, _place(risk, which), strict=True))


def _matrix(
    asked: Asked, found: list[Entry], which: str, shown: tuple[int | None, int | None]
) -> list[list[Cell]]:
    """A row for each likelihood, the highest first; in each a cell for every impact."""
    at: dict[tuple[int, int], list[Entry]] = {}
    for each in found:
        at.setdefault(_place(each, which), []).append(each)

    def cell(likelihood: int, impact: int) -> Cell:
        score, here = likelihood * impact, at.get((likelihood, impact), [])
        address = asked.same(likelihood=likelihood, impact=impact, page=None) if here else None
        shade = sum(score >= each for each in BANDS)
        return Cell(likelihood, impact, score, shade, here, address, shown == (likelihood, impact))

    return [[cell(likelihood, impact) for impact in SCALE] for likelihood in reversed(SCALE)]
