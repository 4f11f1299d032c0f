"""Forecast: a question, its answer in words and as a fan, and what became of the forecasts that were kept."""

from typing import Any

from roadlog.domain.wording import quoted
from roadlog.forecasts import scored
from roadlog.told import quality
from roadlog.told.blocks import Facts
from roadlog.told.forecast import asked as answered
from roadlog.told.forecast import drawn_from, in_progress
from roadlog.told.forecast_score import told as told_score
from roadlog.web.asked import Asked
from roadlog.web.blocks import parts
from roadlog.web.figures import FORECAST, figure
from roadlog.web.measuring import forecast as made

QUESTION = ("by", "count", "key")
BESIDE = ("from", "to", "zone", "seed")
AT_ONCE = 5
"""Kept forecasts that are computed again unasked."""


def forecast(asked: Asked) -> dict[str, Any]:
    """The answer to what the address asks. Raises as `measuring.forecast` does."""
    roadmap = asked.reading.roadmap(asked.moment)
    if roadmap.workflow is None:
        return {"roadmap": asked.roadmap, "answer": None}
    answer = made(asked)
    given = {name: asked.query[name] for name in (*QUESTION, *BESIDE) if asked.query.get(name)}
    is_scored = len(roadmap.forecasts) <= AT_ONCE or "scored" in asked.query
    score = scored(asked.reading, asked.moment) if is_scored and roadmap.forecasts else None
    return {
        "roadmap": asked.roadmap,
        "answer": answer,
        "question": answer["question"],
        "given": given,
        "beside": {name: given[name] for name in BESIDE if name in given},
        "keys": _under_way(asked),
        "told": parts(answered(answer)),
        "in_progress": parts(in_progress(answer)),
        "drawn": parts([Facts(list(drawn_from(answer)))]),
        "doubts": parts(quality.told(answer["quality"])),
        "chart": None if answer["question"]["key"] else figure(asked, FORECAST, answer, given),
        "keep": None if answer["insufficient"] or asked.is_past else _keep(given),
        "kept": len(roadmap.forecasts),
        "score": parts(told_score(score, asked.zone)) if score else [],
    }


def _under_way(asked: Asked) -> list[tuple[str, str]]:
    """Initiatives of which it can be asked when they finish, with their titles."""
    rows = asked.reading.board(asked.moment)["initiatives"]
    return [(row["key"], row["title"]) for row in rows if row["status"] in ("active", "blocked", "paused")]


def _keep(given: dict[str, str]) -> str:
    """The command that keeps the forecast."""
    options = "".join(f" --{name} {quoted(value)}" for name, value in given.items() if name != "key")
    return f"roadlog forecast keep {quoted(given['key']) if 'key' in given else ''}".rstrip() + options
