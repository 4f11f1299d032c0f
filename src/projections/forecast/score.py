"""How often what was forecast came true: forecasts that were kept, held against what happened since.

A line came true when at least so many cycles finished by the end of the day that was asked for; when so many
had finished by the end of the day that it named; or when the cycle that was under way had. A forecast is
scored when what it was about has happened, or when the last day that it names is over. That an initiative is
stopped before that day is over was in no line: then it is not scored. Stopped later, it had not finished
in time. Nor is one scored that was recorded when its answer could be seen.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from roadlog.domain.events import ForecastKept
from roadlog.domain.moments import day_of, rfc3339
from roadlog.domain.refusals import Unknown
from roadlog.domain.roadmap import Forecast
from roadlog.projections.forecast.history import Cycle, History, history_of
from roadlog.projections.forecast.lines import LEVELS
from roadlog.projections.forecast.question import Question, begins
from roadlog.projections.metrics.summary import FEWEST
from roadlog.projections.plain import plain
from roadlog.projections.zones import zone_of

DAY = timedelta(days=1)


class Found(Struct, frozen=True, kw_only=True):
    """What has become of a forecast. `settled` is when its answer was there for all to see; None: not yet.

    void: why it is not scored
    happened: how many finished, or on which day; None where that had not happened when its last day was over
    """

    settled: datetime | None = None
    happened: int | date | None = None
    void: str | None = None


def score(
    kept: Sequence[Forecast], answer: dict[str, Any], again: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    """Each forecast with what happened by the moment of the answer of `metrics/1`; how often lines held."""
    history = history_of(answer, (None, None), UTC)
    items = [_item(each, history) | {"again": again[each.position]} for each in kept]
    scored = [each for each in items if each["state"] == "scored"]
    return {
        **{name: answer[name] for name in ("as_of", "known_at", "position", "head")},
        "n": len(scored),
        "calibration": {line: _rate(line, scored) for line in LEVELS},
        "forecasts": items,
    }


def _rate(line: str, scored: list[dict[str, Any]]) -> dict[str, Any]:
    """How often a line came true that was told."""
    told = [each["held"][line] for each in scored if each["held"][line] is not None]
    rate = sum(told) / len(told) if told and len(scored) >= FEWEST else None
    return {"n": len(told), "held": sum(told), "rate": rate}


def _item(forecast: Forecast, history: History) -> dict[str, Any]:
    said = forecast.said
    found = _found(forecast, history)
    state = "not scored" if found.void else "open" if found.settled is None else "scored"
    asked = Question(
        key=said.key, by=said.by, count=said.count, window=(said.window_from, said.window_to)
    ).told()
    return {
        "position": forecast.position,
        "by": forecast.by,
        "kept_at": rfc3339(forecast.kept_at),
        "definition": said.computed_as,
        "question": asked,
        "as_of": rfc3339(said.as_of),
        "seed": said.seed,
        "n": said.n,
        "percentiles": plain(said.lines),
        "state": state,
        "why": found.void,
        "happened": plain(found.happened),
        "held": _held(said, found.happened) if state == "scored" else dict.fromkeys(LEVELS),
    }


def _held(said: ForecastKept, happened: int | date | None) -> dict[str, bool | None]:
    """By line, whether it came true; None where it says nothing: it was not told, or at least 0."""
    lines: dict[str, Any] = asdict(said.lines)
    if isinstance(happened, int):
        return {line: happened >= told if told else None for line, told in lines.items()}
    return {
        line: None if told is None else happened is not None and happened <= told
        for line, told in lines.items()
    }


def _found(forecast: Forecast, history: History) -> Found:
    said, now = forecast.said, history.as_of
    try:
        zone = zone_of(said.zone)
    except Unknown:
        return Found(void=f"its zone {said.zone!r} is not known on this machine")
    named = [said.by] if said.by else [each for each in asdict(said.lines).values() if isinstance(each, date)]
    if not named:
        return Found(void="it names no day")
    later = [each for each in history.finishes() if each > said.as_of]
    if said.by is not None:
        over = begins(said.by + DAY, zone)
        found = Found(settled=over, happened=sum(each < over for each in later)) if over <= now else Found()
    elif said.count is not None:
        reached = later[said.count - 1] if len(later) >= said.count else None
        found = _dated(reached, named[-1], zone, now)
    else:
        found = _one(said, [each for each in history.cycles if each.key == said.key], named[-1], now)
    seen = min(found.settled or now, begins(named[0] + DAY, zone))
    if found.settled is not None and forecast.recorded_at >= seen:
        return Found(void="it was recorded when its answer could be seen already")
    return found


def _one(said: ForecastKept, cycles: list[Cycle], last: date, now: datetime) -> Found:
    ended = [each.finished or each.ended for each in cycles]
    under_way = [
        each
        for each, end in zip(cycles, ended, strict=True)
        if each.started <= said.as_of and (end is None or end > said.as_of)
    ]
    if not under_way:
        return Found(void=f"no cycle of {said.key} is known any more that was under way then")
    zone, stopped = zone_of(said.zone), under_way[0].ended
    if stopped is not None and stopped < begins(last + DAY, zone):
        return Found(void=f"{said.key} was stopped or retired: of that its lines said nothing")
    return _dated(under_way[0].finished, last, zone, now)


def _dated(finished: datetime | None, last: date, zone: tzinfo, now: datetime) -> Found:
    """It has happened, or the last day that was named is over without it."""
    if finished is not None:
        return Found(settled=finished, happened=day_of(finished, zone))
    over = begins(last + DAY, zone)
    return Found(settled=over) if over <= now else Found()
