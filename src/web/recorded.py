"""What somebody recorded just now, told on the page that they come to: positions, leaves, what is next."""

import re
from typing import Any

from roadlog import recorded as writes
from roadlog.domain.events import ConsentRequested
from roadlog.domain.records import Record
from roadlog.domain.refusals import Unknown
from roadlog.web.asked import Asked

RECORDED = "recorded"
"""The name in an address: `41`, `41-43`, or nothing where all was so already."""
MOST = 10
"""Records that are told, at most."""
SHORT = 8
"""Digits of a leaf's hash that people are shown."""


def address(path: str, records: tuple[Record, ...]) -> str:
    """Where somebody goes after recording, to be told of it."""
    first, last = (records[0].position, records[-1].position) if records else ("", "")
    return f"{path}?{RECORDED}={first if first == last else f'{first}-{last}'}"


def recorded(asked: Asked) -> dict[str, Any] | None:
    """What an address says that its reader recorded; None where it says nothing, or others recorded it."""
    found = re.fullmatch(r"(?:(\d{1,18})(?:-(\d{1,18}))?)?", asked.query.get(RECORDED, "-"), re.ASCII)
    if found is None or asked.viewer is None or asked.is_past:
        return None
    first, last = found[1], found[2] or found[1]
    if first is None:
        return {"records": [], "next": None, "consent": ()}
    upto = min(int(last), int(first) + MOST - 1)
    records = list(asked.reading.records(after=int(first) - 1, upto=upto)) if int(first) else []
    if (
        not records
        or records[0].actor.id != asked.viewer
        or len({each.body.command_id for each in records}) > 1
    ):
        return None
    return {
        "records": list(map(_told, records)),
        "next": _next(asked, records),
        "consent": _able(asked, records),
    }


def _told(record: Record) -> dict[str, Any]:
    from roadlog.projections.sentences import sentence

    return {
        "position": record.position,
        "leaf": record.leaf[:SHORT],
        "sentence": f"{record.actor.id} {sentence(record.event)}",
    }


def _next(asked: Asked, records: list[Record]) -> dict[str, Any] | None:
    """What is owed next on what was recorded of."""
    from roadlog.projections.owed import next_for

    try:
        state = asked.reading.state(records[-1].stream, asked.moment)
    except Unknown:  # it is the roadmap's
        return None
    return next(iter(next_for(state, asked.reading.roadmap(asked.moment), asked.now)), None)


def _able(asked: Asked, records: list[Record]) -> tuple[str, ...]:
    """Who may consent to what only asks for consent."""
    request = next((each for each in records if isinstance(each.event, ConsentRequested)), None)
    return writes.consenting(asked.reading.roadmap(asked.moment), request) if request else ()
