"""Waiting: the times in which work could not go on, and the rounds in which a role was asked to approve."""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice, takewhile
from operator import attrgetter
from typing import Any, Literal

from msgspec import Struct

from roadlog.domain.initiative import InitiativeState, Request, Visit, Vote
from roadlog.domain.moments import rfc3339, seconds
from roadlog.projections.intervals import Interval

LAST = sys.maxsize
"""After every position."""


class Wait(Struct, frozen=True):
    """A time in which work could not go on; `to` is None while it lasts."""

    kind: Literal["blocked", "paused", "stopped", "awaiting"]
    start: datetime
    to: datetime | None


def waits(state: InitiativeState) -> tuple[Wait, ...]:
    """Blocked, paused, stopped and awaiting approval, as they were recorded."""
    answers = _Answers(state)
    return (
        *(Wait(each.kind, each.from_at, each.to_at) for each in state.spans),
        *(Wait("awaiting", each.at, answers.awaited_until(each)) for each in state.requests),
    )


def waiting(found: Iterable[Wait], at: datetime) -> dict[str, list[Interval]]:
    """When work could not go on, by kind. Open ones end at `at`."""
    kinds: dict[str, list[Interval]] = {"blocked": [], "paused": [], "stopped": [], "awaiting": []}
    for wait in found:
        kinds[wait.kind].append((wait.start, wait.to or at))
    return kinds


def rounds(state: InitiativeState) -> dict[str, dict[str, Any]]:
    """By role, from each request that names it to its approval; to a rejection before that, apart.

    approved, rejected: of each round when it was answered, and seconds since the request, in two lists
    open: rounds that wait for an answer; a round is over when its milestone is left, or the role is asked
    again. Until then an approval that follows a rejection is of the same request, which it counts from.
    """
    answers = _Answers(state)
    found: dict[str, dict[str, Any]] = {}
    for request in state.requests:
        left = answers.left_by(request)
        for role in request.roles:
            told = found.setdefault(role, {"approved": _none(), "rejected": _none(), "open": 0})
            again = answers.asked_again(request, role)
            votes = answers.of_round(request, role, min(again or LAST, left or LAST))
            for vote in votes:
                told[vote.decision]["at"].append(rfc3339(vote.at))
                told[vote.decision]["seconds"].append(seconds(request.at, max(request.at, vote.at)))
            if not (votes or left or again or state.retired or state.stopped):
                told["open"] += 1
    return found


def _none() -> dict[str, list[Any]]:
    return {"at": [], "seconds": []}


class _Answers:
    """What followed each request, looked up by position: a history may have a thousand loops."""

    def __init__(self, state: InitiativeState) -> None:
        self._visits = state.visits
        self._votes: dict[tuple[str, str | None], list[Vote]] = {}
        for vote in state.approvals:
            if vote.decision != "abstained":
                self._votes.setdefault((vote.role, vote.milestone), []).append(vote)
        self._asked: dict[str | None, list[Request]] = {}
        for request in state.requests:
            self._asked.setdefault(request.milestone, []).append(request)
        self._left: dict[str, list[Visit]] = {}
        for visit in state.visits:
            if visit.left_by is not None:
                self._left.setdefault(visit.milestone, []).append(visit)

    def awaited_until(self, request: Request) -> datetime | None:
        """When all its roles had approved, it was superseded, or its milestone was left; None: not yet."""
        ends = [each.at for each in self._later(request) if set(each.roles) >= set(request.roles)]
        left = self.left_at(request)
        if left is not None:
            ends.append(left)
        approvals = [self._approved_at(request, role) for role in request.roles]
        if all(approvals):
            ends.append(max((each for each in approvals if each), default=request.at))
        ended = min(ends, default=None)  # what was typed later may be dated before the request
        return ended and max(ended, request.at)

    def left_at(self, request: Request) -> datetime | None:
        """When the milestone that the request is about was left, or the backlog."""
        if request.milestone is None:
            return self._visits[0].entered_at if self._visits else None
        visit = self._left_visit(request)
        return visit.left_at if visit else None

    def left_by(self, request: Request) -> int | None:
        """The position of the move by which it was left."""
        if request.milestone is None:
            return self._visits[0].entered_by if self._visits else None
        visit = self._left_visit(request)
        return visit.left_by if visit else None

    def _left_visit(self, request: Request) -> Visit | None:
        visits = self._left.get(request.milestone or "", [])
        after = bisect_right(visits, request.position, key=lambda each: each.left_by or 0)
        return visits[after] if after < len(visits) else None

    def asked_again(self, request: Request, role: str) -> int | None:
        """The position of the next request for the same gate that names the role."""
        return next((each.position for each in self._later(request) if role in each.roles), None)

    def of_round(self, request: Request, role: str, before: int) -> list[Vote]:
        """The role's first yes after the request and before a position; its first no, if that came before."""
        found: list[Vote] = []
        for vote in takewhile(lambda each: each.position < before, self._after(request, role)):
            if vote.decision == "approved":
                return [*found, vote]
            found = found or [vote]
        return found

    def _approved_at(self, request: Request, role: str) -> datetime | None:
        return next((each.at for each in self._after(request, role) if each.decision == "approved"), None)

    def _after(self, request: Request, role: str) -> Iterator[Vote]:
        votes = self._votes.get((role, request.milestone), [])
        return islice(votes, bisect_right(votes, request.position, key=_position), None)

    def _later(self, request: Request) -> Iterator[Request]:
        asked = self._asked[request.milestone]
        return islice(asked, bisect_right(asked, request.position, key=_position), None)


_position = attrgetter("position")
