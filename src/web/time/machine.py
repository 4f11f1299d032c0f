"""What the time machine is asked: the marks of its line, one step along it, a moment by its day."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from roadlog import machine, words
from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Malformed
from roadlog.projections.trail import from_record
from roadlog.visible import plain
from roadlog.web.asked import MOMENT, Asked, moment_of, whole
from roadlog.web.site import Site
from roadlog.web.time.day import end_of
from roadlog.web.time.line import AS_OF, POSITION, Line, Mode
from roadlog.web.time.marks import MOST_PLACES, marks, ticks, time_of

KNOWN_AT = "known-at"
MODES: tuple[Mode, ...] = (AS_OF, POSITION)
BEFORE = -1
"""The stop of a moment before the line begins."""


class TimeMachine:
    """Of one site. Lines are kept until something is recorded."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lines: tuple[str, dict[tuple[str | None, Mode], Line]] = ("", {})

    def routes(self) -> list[Route]:
        """/time/marks and /time/step for the bar, /time/go for its form."""
        return [
            Route("/time/marks", partial(self._answer, self._marks)),
            Route("/time/step", partial(self._answer, self._step)),
            Route("/time/go", self._go),
        ]

    async def _answer(self, make: Callable[[Asked], dict[str, Any]], request: Request) -> Response:
        return await self._site.json(lambda asked: orjson.dumps(make(asked)).decode(), request)

    def _line(self, asked: Asked) -> Line:
        """The line that `mode` asks about, and `key` where it is of one initiative. Raises RoadlogError."""
        key, mode = asked.query.get("key") or None, _mode(asked)
        now = asked.reading.moment()
        head, kept = self._lines
        if head != now.head:
            kept = {}
            self._lines = now.head, kept
        if (key, mode) not in kept:
            kept[key, mode] = Line(mode, asked.reading.dated(now, key))
        return kept[key, mode]

    def _marks(self, asked: Asked) -> dict[str, Any]:
        """The marks, first to last; the dates or positions beneath; how many stops there are before now.

        `places` says for how many the bar has room.
        """
        line = self._line(asked)
        places = max(1, min(MOST_PLACES, whole(asked.query, "places") or MOST_PLACES))
        return {
            "stops": line.end,
            "marks": marks(line, asked.now, asked.zone, places),
            "ticks": ticks(line, asked.now, asked.zone),
        }

    def _step(self, asked: Asked) -> dict[str, Any]:
        """A stop of the line and what happened there.

        It is that of the moment in the address, or at the end of a `day`, or of `record`, or the nearest to
        `place` (0 to 1); then as many as `by` on or back, or by marks with `marked`.
        """
        line = self._line(asked)
        asked = _at_its_day(asked)
        stop = self._stop(line, asked)
        by = _signed(asked, "by")
        if by:
            stop = max(0, line.marked(stop, by) if "marked" in asked.query else stop + by)
        return _told(line, min(line.end, stop), asked)

    def _stop(self, line: Line, asked: Asked) -> int:
        if asked.query.get("place"):
            return line.nearest(_place(asked), asked.now)
        record = whole(asked.query, "record")
        if record is not None:
            return line.of_record(record)
        if not asked.is_past:
            return line.end
        return BEFORE if line.is_after(asked.moment) else line.at(asked.moment)

    async def _go(self, request: Request) -> Response:
        """To where somebody came from, at the end of the `day` they chose: as it was, or as we knew it.

        Raises Malformed for what is no day, or is still to come.
        """
        query = request.query_params
        path, others = _local(query.get("from", "/"))
        moment = _of_day(query.get("day", ""), query.get("mode"), self._site.zone, machine.clock())
        address = urlencode({**others, **moment})
        return RedirectResponse(quote(path) + (f"?{address}" if address else ""), 303)


def _of_day(day: str, mode: str | None, zone: tzinfo, now: datetime) -> dict[str, str]:
    """What an address says of the end of a day; nothing of today, which has not ended. Raises Malformed."""
    end = end_of(day, zone, now) if day else None
    return {KNOWN_AT if mode == POSITION else AS_OF: rfc3339(end)} if end else {}


def _at_its_day(asked: Asked) -> Asked:
    """The question at the end of the `day` that it names, if any."""
    if "day" not in asked.query:
        return asked
    query = {name: value for name, value in asked.query.items() if name not in (*MOMENT, "day")}
    query |= _of_day(asked.query["day"], asked.query.get("mode"), asked.zone, asked.now)
    return asked._replace(query=query, moment=moment_of(asked.reading, query, asked.zone))


def _told(line: Line, stop: int, asked: Asked) -> dict[str, Any]:
    """Where a stop is, its address, when it was, and the sentence of its record.

    address: the names and values that lead there, none of them now
    effective: when the record took effect, where that is not when it was
    """
    step = line.step(stop) if stop != BEFORE else None
    is_now = stop >= line.end
    found: dict[str, Any] = {
        "stop": max(0, stop),
        "stops": line.end,
        "place": round(line.place_of(max(0, stop), asked.now), 6),
        "now": is_now,
        "address": {},
        "position": step.position if step else 0,
        "key": step.stream if step else None,
        "when": _minute(asked.now, asked),
        "effective": "",
        "sentence": "",
    }
    if _is_itself(asked):
        found["address"] = {name: asked.query[name] for name in asked.then}
        found["when"] = _minute(asked.moment.as_of if line.mode == AS_OF else asked.moment.known_at, asked)
    if step is None:
        return {**found, "sentence": "before the first record" if stop == BEFORE else ""}
    record = asked.reading.record(step.position)
    sentence = f"#{step.position} {record.actor.id} {from_record(record)['sentence']}"
    effective, recorded = _minute(time_of(step), asked), _minute(record.recorded_at, asked)
    if line.mode == POSITION and effective != recorded and KNOWN_AT not in found["address"]:
        found["effective"] = effective
    if not is_now and not _is_itself(asked):
        found["address"] = (
            {AS_OF: rfc3339(time_of(step))} if line.mode == AS_OF else {POSITION: str(step.position)}
        )
        found["when"] = effective if line.mode == AS_OF else recorded
    return {**found, "sentence": plain(sentence)}


def _is_itself(asked: Asked) -> bool:
    """Whether the moment in the address is told, which may lie between two stops."""
    return asked.is_past and not {"place", "record", "by"} & asked.query.keys()


def _minute(time: datetime, asked: Asked) -> str:
    return words.minute(rfc3339(time), asked.zone)


def _mode(asked: Asked) -> Mode:
    given = asked.query.get("mode", AS_OF)
    for mode in MODES:
        if mode == given:
            return mode
    raise Malformed("mode", f"mode is neither as-of nor position: {given!r}.", missing=("mode",))


def _place(asked: Asked) -> float:
    text = asked.query["place"]
    try:
        place = float(text)
    except ValueError:
        place = -1.0
    if not 0 <= place <= 1:
        raise Malformed("place", f"place is no number from 0 to 1: {text!r}.", missing=("place",))
    return place


def _signed(asked: Asked, name: str) -> int:
    text = asked.query.get(name, "0")
    number = whole({name: text.removeprefix("-")}, name) or 0
    return -number if text.startswith("-") else number


def _local(address: str) -> tuple[str, dict[str, str]]:
    """The path of an address of this site, and its query without the moment; of any other, the board's."""
    path, _, query = address.partition("?")
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/", {}
    return path, {name: value for name, value in parse_qsl(query, True) if name not in MOMENT}
