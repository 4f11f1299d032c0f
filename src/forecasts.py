"""Forecasts of a store: made from its history at a moment, scored, and computed again."""

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

from roadlog.domain.refusals import RoadlogError
from roadlog.projections.forecast.forecasting import DEFINITION, forecast
from roadlog.projections.forecast.question import Question, zone_of
from roadlog.projections.forecast.score import score
from roadlog.projections.moment import Moment
from roadlog.projections.plain import plain
from roadlog.reading import Reading

if TYPE_CHECKING:
    from roadlog.domain.events import ForecastKept

SAME, DIFFERS, NEWER = "same", "differs", "another definition"


def made(reading: Reading, moment: Moment, question: Question, zone: tzinfo = UTC) -> dict[str, Any]:
    """What the history at a moment says of what comes. Raises Malformed, and Unknown for a key."""
    if question.key is not None:
        reading.state(question.key, moment)
    return forecast(reading.metrics(moment, zone=zone), question)


def scored(reading: Reading, moment: Moment) -> dict[str, Any]:
    """What was said by the forecasts kept, what happened, and whether each comes out the same again."""
    kept = reading.roadmap(moment).forecasts
    again = {each.position: _again(reading, each.said) for each in kept}
    return score(kept, reading.metrics(moment), again)


def _again(reading: Reading, said: "ForecastKept") -> dict[str, Any]:
    """Whether a forecast comes out the same when it is computed again at its position, and if not, why."""
    if said.computed_as != DEFINITION:
        return {"result": NEWER, "why": f"it was computed as {said.computed_as}, and this is {DEFINITION}"}
    question = Question(
        key=said.key,
        by=said.by,
        count=said.count,
        window=(said.window_from, said.window_to),
        seed=said.seed,
        trials=said.trials,
    )
    try:
        moment = reading.moment(as_of=said.as_of, position=said.position)
        if moment.head != said.head:
            return {"result": DIFFERS, "why": f"record {said.position} of this log has another leaf hash"}
        answer = made(reading, moment, question, zone_of(said.zone))
    except RoadlogError as error:
        return {"result": DIFFERS, "why": error.message}
    for name, value in (("n", said.n), ("percentiles", plain(said.lines))):
        if answer[name] != value:
            return {"result": DIFFERS, "why": f"its {name} come out as {answer[name]}"}
    return {"result": SAME, "why": None}
