"""Answers a question from the answer of `metrics/1`: of one answer and one seed comes one forecast."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from msgspec.structs import replace

from roadlog.domain.moments import day_of, instant, rfc3339, seconds, told
from roadlog.domain.refusals import unknown
from roadlog.projections.forecast.doubts import doubts
from roadlog.projections.forecast.history import Cycle, History, history_of
from roadlog.projections.forecast.lines import NONE
from roadlog.projections.forecast.question import USUAL, Question, begins, check, seed_of
from roadlog.projections.forecast.throughput import Fan, how_many, when
from roadlog.projections.forecast.when_this_one import AWAY, Remaining, remaining
from roadlog.projections.zones import zone_of

DEFINITION = "forecast/1"
FEWEST = 10
"""Fewer finishes than this are no history to draw from."""
POINTS = 60
"""Points of a fan, about: of a longer one every second, third, … week is told, and the last."""

DAY = timedelta(days=1)

Answer = dict[str, Any]


def forecast(answer: Answer, question: Question) -> Answer:
    """The forecast `forecast/1`. Raises Malformed for a day or a window that cannot be, Unknown for a key."""
    history = history_of(answer, question.window, zone_of(answer["zone"]))
    today = day_of(history.as_of, history.zone)
    check(question, today)
    seed = seed_of(answer["head"]) if question.seed is None else question.seed
    nothing_asked = question.key is None and question.count is None and question.by is None
    asked = replace(question, seed=seed, by=today + USUAL * DAY if nothing_asked else question.by)
    start, end = _window(history, asked)
    found = {
        "definition": DEFINITION,
        "question": asked.told(),
        **{name: answer[name] for name in ("as_of", "known_at", "position", "head", "zone")},
        "seed": seed,
        "trials": asked.trials,
        "window": [rfc3339(start), rfc3339(end)],
        "n": len(history.finishes()) if question.key is not None else sum(history.daily()),
        "percentiles": dict(NONE),
        **dict.fromkeys(("fan", "beyond", "stopped", "insufficient", "peers")),
        **_answered(answer, history, asked),
    }
    return {
        **found,
        "in_progress": _in_progress(history, asked) if nothing_asked else None,
        "quality": [] if found["insufficient"] else doubts(answer, history, found["n"]),
    }


def _window(history: History, question: Question) -> tuple[datetime, datetime]:
    """The history that is drawn from: whole days, or, for one initiative, the visits that began in it."""
    if question.key is None:
        first, end = (begins(day, history.zone) for day in history.days())
        return first, max(first, end)
    since, until = question.window
    starts = [each.started for each in history.cycles]
    return since or min(starts, default=history.as_of), min(until or history.as_of, history.as_of)


def _answered(answer: Answer, history: History, question: Question) -> Answer:
    if question.key is not None:
        return _one(answer, history, question, question.key)
    counts = history.daily()
    if sum(counts) < FEWEST:
        all_of_it = sum(_whole(history).daily())
        return {
            "insufficient": _insufficient(history, sum(counts), all_of_it),
            "peers": _peers(history, None),
        }
    if question.count is not None:
        return _count(history, question, question.count)
    eve = _eve(history)
    days = max(0, ((question.by or eve) - eve).days)
    fan = how_many(counts, days, question.trials, Random(question.seed))
    return {"percentiles": fan[-1][1], "fan": _fan(fan, eve)}


def _whole(history: History) -> History:
    """The same history with a window that begins with the day of the first start."""
    first = min((each.started for each in history.cycles), default=history.as_of)
    start = begins(day_of(first, history.zone), history.zone)
    return replace(history, window=(start, history.window[1]))


def _insufficient(history: History, n: int, all_of_it: int) -> str:
    """Why there is no forecast; where finishes before the window are enough for one, what takes them in."""
    have = "no cycle has finished" if not n else f"{n} cycle{'s have' if n > 1 else ' has'} finished"
    why = f"Insufficient history: {have} in its window, and a forecast needs {FEWEST}."
    if all_of_it < FEWEST:
        return why
    since = f"{_whole(history).window[0]:%Y-%m-%d}"
    return f"{why} {all_of_it} have finished since {since}: --from {since} draws from them all."


def _eve(history: History) -> date:
    """The day before the first that is drawn: today is drawn while half of it or more is still to come."""
    today = day_of(history.as_of, history.zone)
    begun, over = begins(today, history.zone), begins(today + DAY, history.zone)
    return today - DAY if over - history.as_of >= history.as_of - begun else today


def _count(history: History, question: Question, count: int) -> Answer:
    eve = _eve(history)
    reached = when(history.daily(), count, question.trials, Random(question.seed))
    lines = {
        line: None if days is None else (eve + days * DAY).isoformat() for line, days in reached.lines.items()
    }
    away = {"share": reached.beyond, "why": "not within ten years"} if reached.beyond else None
    return {"percentiles": lines, "fan": _fan(reached.fan, eve), "beyond": away}


def _in_progress(history: History, question: Question) -> Answer | None:
    """When as many more will have finished as are under way now; None where none is, or no history."""
    count = len(history.under_way())
    if not count or sum(history.daily()) < FEWEST:
        return None
    found = _count(history, question, count)
    return {"count": count, "percentiles": found["percentiles"], "beyond": found["beyond"]}


def _fan(fan: Fan, eve: date) -> list[Answer]:
    every = -(-len(fan) // POINTS)
    some = fan[::every] if (len(fan) - 1) % every == 0 else [*fan[::every], fan[-1]]
    return [{"at": (eve + days * DAY).isoformat(), **lines} for days, lines in some]


def _one(answer: Answer, history: History, question: Question, key: str) -> Answer:
    keys = tuple(each["key"] for each in answer["initiatives"])
    if key not in keys:
        raise unknown("initiative", key, keys, try_=("roadlog board",))
    own = [each for each in history.cycles if each.key == key]
    resting = _resting(own, key)
    if resting is not None:
        return {"insufficient": resting}
    cycle, visit = own[-1], own[-1].visits[-1]
    n = len(history.finishes())
    if n < FEWEST:
        all_of_it = len(_whole(history).finishes())
        return {"insufficient": _insufficient(history, n, all_of_it), "peers": _peers(history, cycle)}
    age = seconds(instant(visit["entered_at"]), history.as_of)
    chance = Random(question.seed)
    found = remaining(history.stays(), visit["milestone"], max(0.0, age), question.trials, chance)
    lines = {
        line: None
        if time is None
        else day_of(history.as_of + timedelta(seconds=time), history.zone).isoformat()
        for line, time in found.lines.items()
    }
    beyond = _beyond(found)
    return {
        "percentiles": lines,
        "stopped": found.stopped,
        "beyond": beyond,
        "peers": _peers(history, cycle) if beyond else None,
    }


def _resting(cycles: list[Cycle], key: str) -> str | None:
    """Why nothing of it is under way that could finish, as a sentence; None where something is."""
    if not cycles:
        return f"{key} is not under way: nothing in its history says when it will start."
    last = cycles[-1]
    if last.finished:
        return f"{key} is not under way: it finished at {told(last.finished)}."
    if last.ended:
        return f"{key} is not under way: it was stopped or retired at {told(last.ended)}."
    return None


def _beyond(found: Remaining) -> Answer | None:
    """Which share of the trials leaves what was ever seen, and where."""
    if not found.beyond:
        return None
    places = [each for each in found.beyond if each != AWAY]
    why = [f"longer in {' or '.join(places)} than any stay that has ended in this history"] if places else []
    why += ["not within ten years or a thousand visits"] if AWAY in found.beyond else []
    return {"share": sum(found.beyond.values()), "why": "; ".join(why)}


def _peers(history: History, of: Cycle | None) -> Answer:
    """Its age in seconds beside the times of the finished cycles and the ages of the others under way."""
    finished = sorted(
        (seconds(each.started, each.finished), each.key) for each in history.cycles if each.finished
    )
    ages = sorted(
        (seconds(each.started, history.as_of), each.key) for each in history.under_way() if each is not of
    )
    return {
        "age": None if of is None else seconds(of.started, history.as_of),
        "finished": [{"key": key, "seconds": time} for time, key in finished],
        "unfinished": [{"key": key, "seconds": time} for time, key in ages],
    }
