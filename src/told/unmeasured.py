"""What metrics say where there is no cycle to measure: nothing fits the filter, or it has not started."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from roadlog.domain.moments import instant, seconds
from roadlog.told.blocks import Block, Cell, Command, Facts, Said
from roadlog.told.blocks import key as named
from roadlog.told.facts import Fact
from roadlog.words import day, days

MEANT = {
    "milestone": "that stood in {}",
    "role": "on which {} voted or was heard",
    "segment": "whose problem names the segment {}",
}
"""What each filter keeps."""
PLAIN = ("backlog", "active")
"""Any other status is told beside where it stands."""


def told(answer: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    """Nothing where there is something to measure, or the whole roadmap was asked for."""
    key, found = answer["filter"]["key"], answer["initiatives"]
    wanted = [text.format(answer["filter"][name]) for name, text in MEANT.items() if answer["filter"][name]]
    if wanted and not found:
        which = "there is no initiative" if key is None else f"{key} is no initiative"
        yield Said("")
        yield Said(f"Nothing is in it: {which} {' and '.join(wanted)}.")
    elif key is not None and answer["not_started"]:
        yield Said("")
        yield from _not_started(found[0], answer, zone)


def _not_started(one: dict[str, Any], answer: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    """Where it stands, since when it is known, how old that is, and what would start its first cycle."""
    begun, stopped = one["begun_at"], one["stopped_at"]
    place = f"in {one['milestone']}" if one["milestone"] else "in the backlog"
    facts: list[Cell] = [Fact(place if one["status"] in PLAIN else f"{place}, {one['status']}")]
    if begun is None:
        facts.append(Fact("its problem is not defined yet"))
    else:
        age = days(seconds(instant(begun), instant(stopped or answer["as_of"])))
        since = f"stopped {day(stopped, zone)}, {age} later" if stopped else f"{age} ago"
        facts.append(Fact(f"{'known since' if one['milestone'] else 'defined'} {day(begun, zone)}, {since}"))
    facts.append(Fact("no cycle has started"))
    yield Facts(facts, named(one["key"]), len(one["key"]) + 2)
    if one["status"] != "retired":
        reopened = "once it is reopened, " if stopped else ""
        start = answer["workflow"]["start"]
        text = (
            f"{reopened}the first cycle starts when it enters {start} or a later milestone; what that needs:"
        )
        yield Said(text, len(one["key"]) + 2)
        yield Command(f"roadlog gate {one['key']}", len(one["key"]) + 2)
