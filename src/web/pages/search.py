"""Search: the texts in which all words occur, best first, each where it stands in the trail."""

import re
from collections.abc import Iterator
from typing import Any

from roadlog.domain.refusals import Malformed
from roadlog.web.asked import Asked

BEST = 50
"""Texts that are shown."""
FOUND = re.compile("«([^«»]*)»")
"""What was found stands between marks that no text of others has."""


def search(asked: Asked) -> dict[str, Any]:
    """What was found for `q`; nothing before anything is asked for, and why where it cannot be sought."""
    text = asked.query.get("q", "").strip()
    found, wrong = [], None
    if text:
        try:
            found = asked.reading.search(text, asked.moment, best=BEST)
        except Malformed as error:
            wrong = error.message
    return {
        "roadmap": asked.roadmap,
        "text": text,
        "wrong": wrong,
        "found": [{**each, "pieces": list(_pieces(each["snippet"]))} for each in found],
        "most": BEST,
    }


def _pieces(snippet: str) -> Iterator[tuple[str, bool]]:
    """The snippet in pieces, each with whether it is what was found."""
    return ((each, place % 2 == 1) for place, each in enumerate(FOUND.split(snippet)) if each)
