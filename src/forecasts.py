"""Forecasts of a store: made from its history at a moment, scored, and computed again."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from roadlog.domain.refusals import RoadlogError
from roadlog.projections.forecast.forecasting import DEFINITION, forecast
from roadlog.projections.forecast.question import Question
from roadlog.projections.forecast.score import score
from roadlog.projections.moment import Moment
from roadlog.projections.plain import plain
from roadlog.projections.zones import zone_of
from roadlog.reading import Reading

if TYPE_CHECKING:
    from roadlog.domain.events import ForecastKept
    from roadlog.domain.roadmap import Forecast

Answer = dict[str, Any]
SAME, DIFFERS, NEWER = "same", "differs", "another definition"


def made(reading: Reading, moment: Moment, question: Question, zone: tzinfo = UTC) -> Answer:
    """What the history at a moment says of what comes. Raises Malformed, and Unknown for a key."""
    return _made(reading, moment, question, lambda: reading.metrics(moment, zone=zone))


def _made(reading: Reading, moment: Moment, question: Question, metrics: Callable[[], Answer]) -> Answer:
    if question.key is not None:
        reading.state(question.key, moment)
    return forecast(metrics(), question)


def scored(reading: Reading, moment: Moment) -> Answer:
    """What was said by the forecasts kept, what happened, and whether each comes out the same again."""
    kept = reading.roadmap(moment).forecasts
    measured = Measured(reading, kept)
    answer = measured.at(moment)
    again = {each.position: _again(reading, each.said, measured) for each in kept}
    return score(kept, answer, again)


def kept_already(reading: Reading, moment: Moment, question: Question, answer: Answer) -> "Forecast | None":
    """The forecast that was kept before and says the same, where only forecasts were recorded since.

    It says the same when it does so by its own draws: those that follow from the head are others by now.
    """
    kept = reading.roadmap(reading.moment()).forecasts
    measured, zone, last = (
        Measured(reading, kept),
        zone_of(answer["zone"]),
        last_before(moment.position, kept),
    )
    asked = tuple(answer[name] for name in ("definition", "zone", "trials", "question"))
    for each in kept:
        said = each.said
        if (
            last_before(said.position, kept) == last
            and question.seed in (None, said.seed)
            and asked == (said.computed_as, said.zone, said.trials, _question(said).told())
        ):
            drawn = replace(question, seed=said.seed)
            if _differing(_made(reading, moment, drawn, lambda: measured.at(moment, zone)), said) is None:
                return each
    return None


class Measured:
    """Answers of `metrics/1`, as far as forecasts read them: one for all moments that see the same records.

    From one such moment to another only ages grow, which no forecast reads: it reads when visits began and
    ended, and cycles with them.
    """

    def __init__(self, reading: Reading, kept: Sequence["Forecast"]) -> None:
        self._reading = reading
        self._kept = kept
        self._found: dict[tuple[int, datetime | None], Answer] = {}

    def at(self, moment: Moment, zone: tzinfo = UTC) -> Answer:
        """The answer at a moment, its days counted in a zone."""
        last = last_before(moment.position, self._kept)
        whole = (
            moment.as_of >= self._reading.moment(position=last).as_of
        )  # nothing is dated after its recording
        seen = last, None if whole else moment.as_of
        if seen not in self._found:
            self._found[seen] = self._reading.metrics(moment)
        return {**self._found[seen], **moment.stamp(), "head": moment.head, "zone": str(zone)}


def last_before(position: int, kept: Sequence["Forecast"]) -> int:
    """The last record up to a position that is no kept forecast: keeping one changes no other."""
    positions = {each.position for each in kept}
    while position in positions:
        position -= 1
    return position


def _again(reading: Reading, said: "ForecastKept", measured: Measured) -> Answer:
    """Whether a forecast comes out the same when it is computed again at its position, and if not, why."""
    if said.computed_as != DEFINITION:
        return {"result": NEWER, "why": f"it was computed as {said.computed_as}, and this is {DEFINITION}"}
    try:
        moment = reading.moment(as_of=said.as_of, position=said.position)
        if moment.head != said.head:
            return {"result": DIFFERS, "why": f"record {said.position} of this log has another leaf hash"}
        zone = zone_of(said.zone)
        answer = _made(reading, moment, _question(said), lambda: measured.at(moment, zone))
    except RoadlogError as error:
        return {"result": DIFFERS, "why": error.message}
    differing = _differing(answer, said)
    if differing is None:
        return {"result": SAME, "why": None}
    return {"result": DIFFERS, "why": f"its {differing} come out as {answer[differing]}"}


def _question(said: "ForecastKept") -> Question:
    return Question(
        key=said.key,
        by=said.by,
        count=said.count,
        window=(said.window_from, said.window_to),
        seed=said.seed,
        trials=said.trials,
    )


def _differing(answer: Answer, said: "ForecastKept") -> str | None:
    """What an answer says otherwise than the forecast that was kept."""
    kept = {"n": said.n, "percentiles": plain(said.lines)}
    return next((name for name, value in kept.items() if answer[name] != value), None)
