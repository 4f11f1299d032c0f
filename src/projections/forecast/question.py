"""What a forecast is asked: how many by a day, when for so many, or when this one; and by which draws."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from msgspec import Struct

from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Malformed
from roadlog.projections.metrics.chosen import Window

TRIALS = 10_000
HORIZON = 3_652
"""Days ahead, ten years: whatever lies beyond is not told."""
USUAL = 30
"""Days ahead, where nothing is asked for."""
SEED_DIGITS = 13
"""Of a leaf's hash: 52 bits, a whole number that every reader of JSON holds."""


class Question(Struct, frozen=True, kw_only=True):
    """`key`: when this one finishes; `count`: when so many more have; else how many will by the day `by`.

    window: whose history is drawn from, half-open; None on a side is without end there
    seed: None takes the one that follows from the head
    """

    key: str | None = None
    by: date | None = None
    count: int | None = None
    window: Window = (None, None)
    seed: int | None = None
    trials: int = TRIALS

    def told(self) -> dict[str, Any]:
        """The question as an answer tells it, with the window as it was given."""
        start, end = self.window
        return {
            "key": self.key,
            "by": self.by.isoformat() if self.by else None,
            "count": self.count,
            "from": rfc3339(start) if start else None,
            "to": rfc3339(end) if end else None,
        }


def seed_of(head: str) -> int:
    """The seed that follows from the leaf hash of the head; 0 for an empty log."""
    return int(head[:SEED_DIGITS], 16) if head.isalnum() else 0


def begins(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a zone, also where the clock is put forward at midnight."""
    return datetime.combine(day, time(), zone)


def check(question: Question, today: date) -> None:
    """Raises Malformed for a day that is past or too far away, or an empty window."""
    start, end = question.window
    if start and end and end <= start:
        raise Malformed("window", f"--to {rfc3339(end)} is not after --from {rfc3339(start)}.")
    if question.by is None:
        return
    if question.by < today:
        raise Malformed("by", f"--by {question.by} is past: it is {today}.")
    last = today + timedelta(days=HORIZON)
    if question.by > last:
        raise Malformed(
            "by", f"--by {question.by} is more than ten years ahead: {last} is the last day told."
        )
