"""The trail: who did what, when and why; all of it, or what is asked for, a hundred entries a page."""

from typing import Any, get_args

from roadlog.domain.events import CATALOGUE
from roadlog.domain.refusals import unknown
from roadlog.projections.catalogue import SUBJECTS
from roadlog.web.asked import Asked, time_in, whole
from roadlog.web.entries import entries

MANY = 100
"""Entries of a page."""
FILTERS = ("key", "type", "actor", "since")
TYPES = [(subject, [kind.__name__ for kind in get_args(union)]) for subject, union in SUBJECTS]


def trail(asked: Asked) -> dict[str, Any]:
    """The last entries, or those before or after a position; the newest above, or the oldest."""
    query = {name: asked.query[name] for name in FILTERS if asked.query.get(name)}
    oldest_first = asked.query.get("order") == "oldest"
    before, after = whole(asked.query, "before"), whole(asked.query, "after")
    upwards = after is not None or (oldest_first and before is None)
    found, more = _found(asked, query, before, after, upwards=upwards)
    positions = [each["position"] for each in found]
    older = more if not upwards else bool(after)
    newer = more if upwards else before is not None and before <= asked.moment.position
    return {
        "roadmap": asked.roadmap,
        "entries": found if oldest_first else found[::-1],
        "filters": query,
        "oldest_first": oldest_first,
        "older": asked.same(before=positions[0], after=None) if older and positions else None,
        "newer": asked.same(after=positions[-1], before=None) if newer and positions else None,
        "types": TYPES,
        "handles": sorted(asked.reading.roadmap(asked.moment).stakeholders),
        "ends": {"newest": asked.same(before=None, after=None), "oldest": asked.same(before=None, after=0)},
        "turned": asked.same(order=None if oldest_first else "oldest", before=None, after=None),
    }


def _found(
    asked: Asked, query: dict[str, str], before: int | None, after: int | None, *, upwards: bool
) -> tuple[list[dict[str, Any]], bool]:
    """The entries of one page, oldest first, and whether there are more beyond them."""
    kind, actor = query.get("type"), query.get("actor")
    if kind is not None and kind not in CATALOGUE:
        raise unknown("type", kind, tuple(CATALOGUE), try_=("roadlog catalogue",))
    some = asked.reading.trail(
        asked.moment,
        key=query["key"].upper() if "key" in query else None,
        kind=kind,
        actor=actor,
        since=time_in(query, "since", asked.zone),
        after=after or 0,
        before=before,
        **{"first" if upwards else "last": MANY + 1},
    )
    more = len(some.index) > MANY
    index = some.index[:MANY] if upwards else some.index[-MANY:]
    return entries(some.only({each.position for each in index}), asked.zone), more
