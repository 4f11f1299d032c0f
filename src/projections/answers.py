"""Answers about now, kept for whoever asks next: for how long each is good, and what goes on with time.

A kept answer is found by its question, a text such as `show SUP-1`, and needs nothing of the domain to be
given again.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from roadlog.domain.moments import instant, rfc3339, seconds

if TYPE_CHECKING:
    from roadlog.domain.initiative import InitiativeState
    from roadlog.domain.roadmap import RoadmapState

SHOW, GATE, NEXT, DIGEST = "show", "gate", "next", "digest"
ABOUT_ALL = frozenset({NEXT, DIGEST})
"""Questions about all initiatives, each as one stakeholder sees them."""
AGE_FROM = "age_from"
"""Kept with what `show` answers, so that its age can be told later."""


class Question(NamedTuple):
    """What is asked, and of what: an initiative's key, or a handle; everybody's is asked with None."""

    verb: str
    of: str | None

    def __str__(self) -> str:
        return self.verb if self.of is None else f"{self.verb} {self.of}"

    @classmethod
    def read(cls, text: str) -> "Question":
        """The question that `str` wrote."""
        verb, blank, of = text.partition(" ")
        return cls(verb, of if blank else None)


def answer(
    question: Question, roadmap: "RoadmapState", states: "Mapping[str, InitiativeState]", at: datetime
) -> Any:
    """The answer at a moment. `states` holds the initiative that is asked about, or all of them.

    Raises LookupError for a question that nobody asks.
    """
    verb, of = question
    if verb == NEXT:
        from roadlog.projections.owed import owed

        return owed(roadmap, states, of, at)
    if verb == DIGEST:
        from roadlog.projections.digest import standing

        return standing(roadmap, states, of or "", at)
    state = states[of or ""]
    if verb == GATE:
        from roadlog.projections.gates import gate_answer

        return gate_answer(state, roadmap, at)
    if verb == SHOW:
        from roadlog.projections.board import age_from
        from roadlog.projections.page import page

        since = age_from(state, roadmap)
        return {**page(state, roadmap, at), AGE_FROM: rfc3339(since) if since else None}
    raise LookupError(str(question))


def good_until(
    states: "Mapping[str, InitiativeState]", roadmap: "RoadmapState", at: datetime
) -> datetime | None:
    """The earliest later time at which time alone may change an answer about these; None: never."""
    turns = (each for state in states.values() for each in _turns(state, roadmap))
    return min((each for each in turns if each > at), default=None)


def _turns(state: "InitiativeState", roadmap: "RoadmapState") -> Iterator[datetime]:
    """When something falls due or lapses, and when that is near enough to be owed."""
    from roadlog.projections.board import expiries
    from roadlog.projections.duties import SOON

    yield from expiries(state, roadmap)
    for waiver in state.waivers:
        yield waiver.until - SOON
    for risk in state.risks.values():
        if risk.accepted is not None:
            yield risk.accepted.until - SOON


def as_of_now(kept: Any, now: datetime) -> Any:
    """A kept answer, with what goes on measured up to now: the cycle's age, the visit that is not over."""
    if not isinstance(kept, dict) or AGE_FROM not in kept:
        return kept
    since = kept.pop(AGE_FROM)
    kept["age"] = seconds(instant(since), now) if since else None
    last = kept["visits"][-1] if kept["visits"] else None
    if last and last["left_at"] is None:
        entered = instant(last["entered_at"])
        last["seconds"] = seconds(entered, max(now, entered))
    return kept
