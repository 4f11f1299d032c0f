"""The digest that was asked for: its window of the log, and everything that it tells of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from roadlog.domain.keys import number_of
from roadlog.domain.moments import days, rfc3339
from roadlog.domain.refusals import Malformed, Unknown
from roadlog.projections.moment import Moment
from roadlog.reading import Reading

USUAL: timedelta = days(7)
"""How long a window is, unless somebody says since when."""


class Window(NamedTuple):
    """The records after one position up to another, which was the last at `since`, or is told instead."""

    since: datetime
    after: int
    upto: int


def digest(
    reading: Reading, handle: str, moment: Moment, *, since: datetime | None = None, after: int | None = None
) -> dict[str, Any]:
    """What a stakeholder owes and should know of at a moment, and every record of the window before it.

    The window holds the records after `after`, or after the last that was recorded at or before `since`, up
    to the moment; so windows that follow one another hold every record once. Raises Unknown for a handle that
    was never on the roadmap, Malformed for a window that begins after the moment.
    """
    standing = reading.standing(handle, moment)
    window = window_of(reading, moment, since=since, after=after)
    answer = {
        "for": handle,
        "since": rfc3339(window.since),
        **moment.stamp(),
        "head": moment.head,
        "after": window.after,
        "upto": window.upto,
        "try": _following(handle, window.upto),
        **standing,
        "stale": [_explained(each, reading, moment) for each in standing["stale"]],
    }
    return {**answer, **_recorded(reading, moment, window)}


def window_of(
    reading: Reading, moment: Moment, *, since: datetime | None = None, after: int | None = None
) -> Window:
    """The window that ends at a moment; a week of it, unless since when, or after which position, is said.

    What was recorded after an as-of belongs to later windows, though it may be known. Raises Malformed.
    """
    end = min(moment.as_of, moment.known_at)
    upto = moment.position
    if moment.as_of < moment.known_at:
        upto = min(upto, reading.moment(known_at=moment.as_of).position)
    if since is not None and after is not None:
        raise Malformed("window", "Give --since or --after, not both: each says where the window begins.")
    if after is not None:
        if after > upto:
            raise Malformed("window", f"--after {after} is after position {upto}, where the window ends.")
        begun = max(after, 1)
        return Window(reading.moment(position=begun).known_at if begun <= upto else end, after, upto)
    if since is None:
        since = end - USUAL
    if since > end:
        message = f"--since {rfc3339(since)} is after the moment that is asked about ({rfc3339(end)})."
        raise Malformed("window", message)
    return Window(since=since, after=min(upto, reading.moment(known_at=since).position), upto=upto)


def _following(handle: str, upto: int) -> str:
    """The command that tells what is recorded after this window, and nothing of it."""
    from roadlog.domain.wording import quoted

    return f"roadlog digest --for {quoted(handle)} --after {upto}"


def _explained(vote: dict[str, Any], reading: Reading, moment: Moment) -> dict[str, Any]:
    """A stale vote with the records that made it so, oldest first."""
    from roadlog.projections.digest import changed_since
    from roadlog.projections.standing import workflow_of

    def history(stream: str, upto: int) -> Any:
        return reading.history(stream, moment._replace(position=upto))

    workflow = workflow_of(reading.roadmap(moment))
    records = reading.history(vote["key"], moment)
    found = changed_since(records, history, vote, workflow)
    then = rfc3339(moment.as_of)
    return {**vote, "changed_by": [each for each in found if each["effective_at"] <= then]}


def _recorded(reading: Reading, moment: Moment, window: Window) -> dict[str, Any]:
    """What was recorded in the window. What voided some of it may have been recorded since."""
    if window.after == window.upto:
        return {"risks": [], "passed": [], "happened": []}
    from roadlog.projections import happened as told

    records = list(reading.records(after=window.after, upto=window.upto))
    entries = reading.trail(moment._replace(as_of=moment.known_at), after=window.after).index
    voids = {each.position: each.voided_by for each in entries if each.voided_by is not None}
    roadmap = reading.roadmap(moment)
    about = told.about(records, roadmap)
    valid = [each for each in records if each.position not in voids]
    keys = sorted({about.get(each.position, each.stream) for each in records}, key=number_of)
    states = _states(reading, moment, keys)
    names = {reading.roadmap_key(): roadmap.name, **{key: state.title for key, state in states.items()}}
    held = told.Known(since=window.since, voids=voids, about=about)
    return {
        "risks": list(told.risks(valid, states)),
        "passed": list(told.passed(valid, states)),
        "happened": told.happened(records, {key: names.get(key) for key in keys}, held),
    }


def _states(reading: Reading, moment: Moment, keys: Iterable[str]) -> dict[str, Any]:
    """The initiatives of these keys that are there at the moment: the records of some may all be voided."""
    found = {}
    for key in keys:
        if key != reading.roadmap_key():
            try:
                found[key] = reading.state(key, moment)
            except Unknown:
                continue
    return found
