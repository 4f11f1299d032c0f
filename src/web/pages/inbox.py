"""The inbox: what one stakeholder owes and should know of, as `roadlog digest` and `roadlog next` tell it."""

from collections import Counter
from datetime import timedelta
from typing import Any, NamedTuple

from roadlog.digest import USUAL, digest, window_of
from roadlog.projections.digest import DECISIONS
from roadlog.projections.owed import unasked
from roadlog.projections.people import stakeholders
from roadlog.told.digest import Section, records, sections, span
from roadlog.web.asked import Asked, whole

VOTES = ("StakeholderApproved", "StakeholderRejected", "StakeholderAbstained")
MOST = 5_000
"""Records that an inbox looks back over; the trail has all."""
OPEN, FOLDED = 8, 40
"""Lines of a section that stand open, and that can be folded out; of more it is only told how many."""
GROUPS, ENTRIES = 30, 20
"""Initiatives of which records are told, and of each so many of the last records."""
FEW = 40
"""Records that stand open together."""


class Since(NamedTuple):
    """Where a window begins: what it is called, its address, and whether it is the one that is shown."""

    name: str
    address: str
    is_shown: bool


def inbox(asked: Asked) -> dict[str, Any]:
    """Of `for`, or of the viewer; where neither is named, or `for` is empty, how much everybody owes.

    Raises Unknown for a handle that was not on the roadmap.
    """
    handle = asked.query.get("for", asked.viewer)
    if not handle:
        return {"handle": None, "people": _people(asked), "roadmap": asked.roadmap}
    asked.reading.check_handle(handle, asked.moment)
    after, vote, name = _window(asked, handle)
    answer = digest(asked.reading, handle, asked.moment, after=after)
    owed = asked.reading.owed(handle, asked.moment)
    happened = list(records(answer, asked.zone))
    return {
        "handle": handle,
        "roadmap": asked.roadmap,
        "answer": answer,
        "span": span(answer, asked.zone),
        "sections": list(sections(answer, asked.zone)),
        "further": [each for each in owed if each["kind"] not in DECISIONS],
        "unasked": [each for each in _unasked(asked) if handle in each["by"]],
        "happened": [_latest(each) for each in happened[:GROUPS]],
        "beyond": happened[GROUPS:],
        "total": answer["upto"] - answer["after"],
        "few": FEW,
        "open": OPEN,
        "folded": FOLDED,
        "since": list(_choices(asked, vote, name)),
        "cut": after if after == answer["upto"] - MOST else None,
    }


def _latest(section: Section) -> tuple[Section, int]:
    """The last records of an initiative, newest first, and how many there are in all."""
    return Section(title=section.title, of=section.of, lines=section.lines[: -ENTRIES - 1 : -1]), len(
        section.lines
    )


def _unasked(asked: Asked) -> list[dict[str, Any]]:
    """The approvals that gates need and that nobody was asked for yet."""
    rows = asked.reading.board(asked.moment)["initiatives"]
    return list(unasked(asked.reading.roadmap(asked.moment), rows))


def _people(asked: Asked) -> list[dict[str, Any]]:
    """Everybody who is on the roadmap, with what they owe, what else is to do, and what they could decide."""
    owed = asked.reading.owed(None, asked.moment)
    decisions = Counter(by for each in owed if each["kind"] in DECISIONS for by in each["by"])
    other = Counter(by for each in owed if each["kind"] not in DECISIONS for by in each["by"])
    could = Counter(by for each in _unasked(asked) for by in each["by"])
    oldest: dict[str, str] = {}
    for each in owed:  # oldest first
        if each["kind"] in DECISIONS:
            for by in each["by"]:
                oldest.setdefault(by, each["since"])
    found = stakeholders(asked.reading.roadmap(asked.moment))
    here = [each for each in found if each["left_at"] is None]
    return [
        {
            **each,
            "decisions": decisions[each["handle"]],
            "further": other[each["handle"]],
            "unasked": could[each["handle"]],
            "oldest": oldest.get(each["handle"]),
        }
        for each in here
    ]


def _window(asked: Asked, handle: str) -> tuple[int, int | None, str]:
    """After which position records are told, where their last vote is, and what the window is called."""
    vote = _last_vote(asked, handle)
    end = window_of(asked.reading, asked.moment, after=0).upto
    named = asked.query.get("since") or ("vote" if vote is not None else "7")
    after = whole(asked.query, "after")
    if after is not None:
        named = ""
    elif named == "vote" and vote is not None:
        after = vote
    else:
        days = int(named) if named in ("7", "30", "90") else USUAL.days
        begin = min(asked.moment.as_of, asked.moment.known_at) - timedelta(days=days)
        after = window_of(asked.reading, asked.moment, since=begin).after
        named = str(days)
    return max(min(after, end), end - MOST, 0), vote, named


def _choices(asked: Asked, vote: int | None, shown: str) -> list[Since]:
    names = [("vote", f"their last vote, #{vote}")] if vote is not None else []
    names += [(days, f"{days} days ago") for days in ("7", "30", "90")]
    return [Since(told, asked.same(since=name, after=None), name == shown) for name, told in names]


def _last_vote(asked: Asked, handle: str) -> int | None:
    """The position of the last vote that somebody gave and that was not taken back, by recording."""
    found = [
        each.position
        for kind in VOTES
        for each in asked.reading.trail(asked.moment, kind=kind, actor=handle, last=1).index
        if each.voided_by is None
    ]
    return max(found, default=None)
