"""What an address asks of metrics and of forecasts, in the words of the command line's options."""

from datetime import date, tzinfo
from typing import Any

from roadlog.domain.limits import LARGEST_COUNT, LARGEST_SEED
from roadlog.domain.refusals import Malformed
from roadlog.forecasts import made
from roadlog.projections.forecast.question import Question
from roadlog.projections.metrics.chosen import Filter, Window
from roadlog.projections.zones import zone_of
from roadlog.web.asked import Asked, time_in, whole


def measured(asked: Asked, key: str | None) -> dict[str, Any]:
    """The answer of `roadlog metrics`.

    Raises Unknown for a key, a milestone, a role or a segment that is not there, Malformed for a time or a
    zone that is none.
    """
    query, reading, moment = asked.query, asked.reading, asked.moment
    milestone, role, segment = (query.get(name) or None for name in ("milestone", "role", "segment"))
    if milestone is not None:
        reading.check_milestone(milestone, moment)
    if role is not None:
        reading.check_role(role, moment)
    return reading.metrics(
        moment,
        zone=zone_asked(asked),
        key=key,
        milestone=milestone,
        role=role,
        segment=segment,
        window=_window(asked),
    )


def forecast(asked: Asked) -> dict[str, Any]:
    """The answer of `roadlog forecast`, with the `filter` that its picture tells. Raises as `measured`."""
    query = asked.query
    key = (query.get("key") or "").strip().upper() or None
    count, seed, by = whole(query, "count"), whole(query, "seed"), query.get("by") or None
    if sum(each is not None for each in (key, count, by)) > 1:
        message = "An initiative, a count and a day are questions of their own: give one of them."
        raise Malformed("question", message, missing=("key", "count", "by"))
    if count is not None and not 1 <= count <= LARGEST_COUNT:
        raise Malformed("count", f"{count} is not between 1 and {LARGEST_COUNT:,}.", missing=("count",))
    if seed is not None and seed > LARGEST_SEED:
        raise Malformed("seed", f"{seed} is larger than {LARGEST_SEED}.", missing=("seed",))
    question = Question(key=key, count=count, by=_day(by), seed=seed, window=_window(asked))
    answer = made(asked.reading, asked.moment, question, zone_asked(asked))
    return {**answer, "filter": Filter(window=question.window).answer()}


def zone_asked(asked: Asked) -> tzinfo:
    """The zone that an address names, or the page's. Raises Malformed."""
    name = asked.query.get("zone")
    return zone_of(name) if name else asked.zone


def _window(asked: Asked) -> Window:
    zone = zone_asked(asked)
    return time_in(asked.query, "from", zone), time_in(asked.query, "to", zone)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Malformed("day", f"{text!r} is no day, such as 2026-03-01.", missing=("by",)) from error
