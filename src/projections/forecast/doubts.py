"""What to know before a forecast is believed: of the history that it draws from, and of its records."""

from collections.abc import Iterator
from math import sqrt
from typing import Any

from roadlog.domain.moments import seconds
from roadlog.projections.forecast.history import History
from roadlog.projections.forecast.question import begins
from roadlog.projections.metrics.quality import OF_A_REPORT

FEW = 20
"""Of fewer finishes the 95 % line, by nearest rank, would be the most extreme one."""
SURE = 1.96
"""Standard deviations: two halves of one steady history are further apart in one of 20 cases."""
TIMES = 2
APART = 3
"""Work in progress is far from the usual at double or more, or half or less, and so many apart."""

Finding = dict[str, Any]


def doubts(answer: dict[str, Any], history: History, n: int) -> list[Finding]:
    """The findings on n finishes that are drawn from, then those of `metrics/1` on the records."""
    own = ({"finding": name, "text": text, "keys": []} for name, text in _of_history(history, n))
    left_out = [each["key"] for each in answer["left_out"]]
    unseen = {
        "finding": "left-out",
        "text": "first cycles that are not on this record are no part of the history",
        "keys": left_out,
    }
    of_records = [each for each in answer["quality"] if each["finding"] not in OF_A_REPORT]
    return [*own, *([unseen] if left_out else []), *of_records]


def _of_history(history: History, n: int) -> Iterator[tuple[str, str]]:
    if n < FEW:
        yield "few-finishes", f"fewer than {FEW} cycles finished in its history: a few others move every line"
    daily = history.daily()
    half = len(daily) // 2
    older, newer = sum(daily[:half]), sum(daily[len(daily) - half :])
    if _differ(older, newer):
        yield (
            "changed",
            f"its history changed: {older:,} finished in the older half of its days, {newer:,} in the newer",
        )
    now, usual = len(history.under_way()), _usual(history)
    if abs(now - usual) >= APART and (now >= TIMES * usual or usual >= TIMES * now):
        yield (
            "work-in-progress",
            f"{now:,} {'is' if now == 1 else 'are'} under way now, where {usual:,.1f} were on average",
        )


def _differ(older: int, newer: int) -> bool:
    """Whether two counts are further apart than chance explains, were each finish as likely in either half.

    The binomial test of one half, by the normal distribution with the correction for continuity.
    """
    return abs(older - newer) - 1 > SURE * sqrt(older + newer)


def _usual(history: History) -> float:
    """How many cycles were under way on average over the days that are drawn from."""
    start, end = (begins(day, history.zone) for day in history.days())
    if end <= start:
        return float(len(history.under_way()))
    there = sum(
        max(0.0, seconds(max(start, each.started), min(end, each.finished or each.ended or end)))
        for each in history.cycles
    )
    return there / seconds(start, end)
