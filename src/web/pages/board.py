"""The board: columns are milestones, cards are initiatives."""

from typing import Any, NamedTuple

from roadlog import words
from roadlog.domain.keys import number_of
from roadlog.web.asked import Asked

FEW = 12
"""Cards of a column that stand open; the others are folded in."""
PLACES = {horizon: place for place, (horizon, _) in enumerate(words.HORIZONS)}


class Column(NamedTuple):
    """One milestone's cards: those that stand open, and those that are folded in."""

    name: str
    cards: list[dict[str, Any]]
    more: list[dict[str, Any]]


def board(asked: Asked) -> dict[str, Any]:
    """Everything by milestone, or what is asked for; in each what is to be done now comes first."""
    answer = asked.reading.board(asked.moment)
    every = answer["initiatives"]
    chosen = {name: asked.query.get(name, "") for name in ("text", "owner", "horizon")}
    rows = [row for row in every if _fits(row, **chosen)]
    workflow = asked.reading.roadmap(asked.moment).workflow
    order = workflow.order if workflow else ()
    named: dict[str, list[dict[str, Any]]] = {milestone: [] for milestone in ("backlog", *order)}
    ended = [row for row in rows if row["status"] in words.ENDED]
    for row in rows:
        if row["status"] not in words.ENDED:
            named.setdefault(row["milestone"] or "backlog", []).append(row)
    columns = [_column(name, found) for name, found in named.items()]
    return {
        "answer": answer,
        "roadmap": asked.roadmap,
        "columns": [*columns, _column("ended", ended)] if ended else columns,
        "totals": list(words.totals(rows)),
        "chosen": chosen,
        "owners": sorted({row["owner"] for row in every if row["owner"]}),
        "count": len(rows),
    }


def _fits(row: dict[str, Any], *, text: str, owner: str, horizon: str) -> bool:
    """Whether a row is asked for: each word of the text is in its title or is its key."""
    title, key = row["title"].casefold(), row["key"].casefold()
    return (
        owner in ("", row["owner"])
        and horizon in ("", row["horizon"])
        and all(word in title or word == key for word in text.casefold().split())
    )


def _column(name: str, rows: list[dict[str, Any]]) -> Column:
    ordered = sorted(rows, key=_order)
    return Column(name, ordered[:FEW], ordered[FEW:])


def _order(row: dict[str, Any]) -> tuple[int, float, int]:
    rank = row["rank"] if row["rank"] is not None else float("inf")
    return PLACES[row["horizon"]], rank, number_of(row["key"])
