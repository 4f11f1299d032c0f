"""The timeline: each initiative's visits and loops over months, forty a page, as a picture and as a table."""

from typing import Any, NamedTuple

from roadlog import words
from roadlog.charts.timeline import Lane, Sheet, draw
from roadlog.domain.moments import rfc3339
from roadlog.web.asked import Asked, whole

MANY = 40
"""Initiatives of a page."""
FILTERS = ("status", "owner", "horizon")
WIDE, NARROW = 1_240.0, 340.0
"""Units of the picture on a wide screen, and on a narrow one."""
NONE = "none"
"""What an address says of no owner and no horizon."""


class Chosen(NamedTuple):
    """The board's rows that are asked for, and those of one page."""

    every: list[dict[str, Any]]
    fitting: list[dict[str, Any]]
    page: int

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.fitting[(self.page - 1) * MANY : self.page * MANY]

    @property
    def pages(self) -> int:
        return -(-len(self.fitting) // MANY)


def timeline(asked: Asked) -> dict[str, Any]:
    """The page around the picture, with the same as a table."""
    chosen = _chosen(asked)
    filters = {name: asked.query[name] for name in FILTERS if asked.query.get(name)}
    same: dict[str, str | int | None] = {**filters, "page": chosen.page}
    return {
        "roadmap": asked.roadmap,
        "chosen": chosen,
        "lanes": [(row, _of(asked, row["key"])) for row in chosen.rows],
        "filters": filters,
        "options": {name: _options(chosen.every, name) for name in FILTERS},
        "picture": asked.link("/timeline.svg", **same),
        "narrow": asked.link("/timeline.svg", **same, narrow=1),
        "previous": asked.same(page=chosen.page - 1) if chosen.page > 1 else None,
        "next": asked.same(page=chosen.page + 1) if chosen.page < chosen.pages else None,
        "first": (chosen.page - 1) * MANY + 1,
        "last": min(chosen.page * MANY, len(chosen.fitting)),
    }


def timeline_picture(asked: Asked) -> str:
    """The picture of one page."""
    rows = _chosen(asked).rows
    workflow = asked.reading.roadmap(asked.moment).workflow
    until = rfc3339(asked.moment.as_of)
    sheet = Sheet(
        lanes=[_lane(asked, row) for row in rows],
        milestones=workflow.order if workflow else (),
        until=until,
        today=words.day(until, asked.zone) if asked.is_past else "today",
        zone=asked.zone,
        wide=NARROW if asked.query.get("narrow") else WIDE,
    )
    return draw(sheet)


def _lane(asked: Asked, row: dict[str, Any]) -> Lane:
    return Lane(key=row["key"], title=row["title"], status=row["status"], **_of(asked, row["key"]))


def _of(asked: Asked, key: str) -> dict[str, Any]:
    """An initiative's visits and spans, as `roadlog show --json` has them."""
    answer = asked.reading.page(key, asked.moment)
    return {name: answer[name] for name in ("visits", "spans")}


def _chosen(asked: Asked) -> Chosen:
    """In the order of keys."""
    every = asked.reading.board(asked.moment)["initiatives"]
    fitting = [row for row in every if all(_fits(row, name, asked.query.get(name)) for name in FILTERS)]
    pages = max(1, -(-len(fitting) // MANY))
    return Chosen(every, fitting, min(max(1, whole(asked.query, "page") or 1), pages))


def _fits(row: dict[str, Any], name: str, wanted: str | None) -> bool:
    return not wanted or (row[name] or NONE) == wanted


def _options(rows: list[dict[str, Any]], name: str) -> list[str]:
    """The values that there are, what has none last."""
    found = {row[name] or NONE for row in rows}
    return sorted(found, key=lambda each: (each == NONE, each))
