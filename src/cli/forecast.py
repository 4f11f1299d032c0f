"""Forecasts: how many by a day, when for so many, when this one; kept, and scored when their day has come."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from roadlog.cli import recorded
from roadlog.cli.arguments import KEY, ZONE
from roadlog.cli.asking import Answer, moment_of, moments, reading
from roadlog.cli.frame import completed_below
from roadlog.cli.program import program
from roadlog.cli.questions import view
from roadlog.cli.times import DAY, SINCE
from roadlog.cli.writing import Commands, carry_out, writing
from roadlog.domain.commands import KeepForecast
from roadlog.domain.events import Lines
from roadlog.domain.limits import LARGEST_COUNT, LARGEST_SEED
from roadlog.domain.refusals import Refused

if TYPE_CHECKING:
    from datetime import tzinfo

    from roadlog.projections.forecast.question import Question
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading


def _completed(ctx: click.Context, argument: click.Parameter, incomplete: str) -> list[Any]:
    """A verb below may stand where a key may."""
    return [*completed_below(ctx, incomplete), *KEY.shell_complete(ctx, argument, incomplete)]


QUESTION = (
    click.argument("key", type=KEY, required=False, shell_complete=_completed),
    click.option(
        "--count", type=click.IntRange(1, LARGEST_COUNT), metavar="N", help="When N more have finished."
    ),
    click.option("--by", type=DAY, metavar="DATE", help="How many more finish until that day is over."),
    click.option(
        "--seed",
        type=click.IntRange(0, LARGEST_SEED),
        metavar="N",
        help="Which random draws; those that follow from the log's head, unless given.",
    ),
    click.option("--from", "start", type=SINCE, metavar="TIME", help="Draw from the history since then."),
    click.option("--to", "end", type=SINCE, metavar="TIME", help="Draw from the history before then."),
    click.option(
        "--zone",
        type=ZONE,
        metavar="ZONE",
        help="The zone in which days are counted; the store's, unless given.",
    ),
)


def asked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a function the options of a question."""
    for option in reversed(QUESTION):
        function = option(function)
    return function


def _render(answer: Answer) -> None:
    view("charts" if "chart" in answer else "forecast")(answer)


@reading(_render, stamped=True)
@asked
@click.option("--out", metavar="FILE", help="Draw how many by which day into this new SVG file; - is stdout.")
def forecast(reading: "Reading", moment: "Moment", *, out: str | None, **given: Any) -> Answer | None:
    """Definition forecast/1: 10,000 trials that draw from history, days without a finish and loops included.
    Without KEY, --count and --by: how many finish within 30 days, and when as many as are under way now.
    With KEY: when that one finishes. Fewer than 10 finishes are no history. The same seed, log and moment
    give the same forecast. `roadlog forecast keep` records one, `roadlog forecast score` says what came true.

    roadlog forecast
    roadlog forecast --by 2027-01-01
    roadlog forecast --count 5 --from 2026-01-01
    roadlog forecast SUP-1
    roadlog forecast --by 2027-01-01 --out fan.svg
    """
    from roadlog.cli import charts
    from roadlog.forecasts import made
    from roadlog.projections.metrics.chosen import Filter

    question = _question(given)
    if out is not None and question.key is not None:
        raise charts.no_fan("--out")
    charts.check_out(out)
    answer = made(reading, moment, question, _zone(given))
    return answer if out is None else charts.fan(answer, out, Filter(window=question.window).answer())


@writing
@moments
@asked
def forecast_keep(as_of: Any, known_at: Any, position: int | None, **given: Any) -> Commands | None:
    """With what it was computed from: definition, question, seed, trials, position and head. So anybody can
    compute it again, and `roadlog forecast score` does. Without KEY, --count and --by it is how many finish
    within 30 days. Where there is nothing to say, nothing is kept; what was kept already is not kept again
    before something else is recorded, or it says something else.

    roadlog forecast keep --by 2027-01-01
    roadlog forecast keep SUP-1 --because "Promised to customer-ops"
    """
    from roadlog.forecasts import kept_already, made

    run = program()
    with run.reading() as reading:
        moment = moment_of(reading, as_of=as_of, known_at=known_at, position=position)
        question = _question(given)
        answer = made(reading, moment, question, _zone(given))
        _check_said(answer)
        before = kept_already(reading, moment, question, answer)
    if before is None:
        return _keeping(answer, question, moment)
    done = carry_out(KeepForecast(**asdict(before.said)))
    since = f"record {before.position} says the same, and only forecasts were recorded since"
    recorded.tell(done, said=[f"It is kept already: {since}."])
    return None


def _keeping(answer: dict[str, Any], question: "Question", moment: "Moment") -> KeepForecast:
    return KeepForecast(
        computed_as=answer["definition"],
        key=question.key,
        by=None if answer["question"]["by"] is None else date.fromisoformat(answer["question"]["by"]),
        count=question.count,
        window_from=question.window[0],
        window_to=question.window[1],
        zone=answer["zone"],
        seed=answer["seed"],
        trials=answer["trials"],
        as_of=moment.as_of,
        position=moment.position,
        head=moment.head,
        n=answer["n"],
        lines=Lines(**{line: _said(value) for line, value in answer["percentiles"].items()}),
    )


def _check_said(answer: dict[str, Any]) -> None:
    """Raises Refused where the forecast says nothing: there is nothing to score."""
    if not answer["percentiles"]["p50"]:
        why = answer["insufficient"] or "Not one of its lines says anything."
        raise Refused("forecast", f"{why} There is no forecast to keep.", try_=(_again(answer["question"]),))


def _again(asked: dict[str, Any]) -> str:
    return f"roadlog forecast {asked['key'] or ''}".strip()


def _said(value: Any) -> int | date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@reading(view("forecast_score"), stamped=True)
def forecast_score(reading: "Reading", moment: "Moment") -> Answer:
    """A line came true when at least so many cycles had finished, or it had finished, by the end of the day.
    Scored is what has happened, or whose last day is over; of fewer than 5 no rate is told. Each forecast
    is computed again at its position: one that comes out otherwise is named.

    roadlog forecast score
    """
    from roadlog.forecasts import scored

    return scored(reading, moment)


def _question(given: dict[str, Any]) -> "Question":
    """What the options ask. Raises UsageError for more than one question."""
    from roadlog.projections.forecast.question import Question

    names = {"KEY": given["key"], "--count": given["count"], "--by": given["by"]}
    several = [name for name, value in names.items() if value is not None]
    if len(several) > 1:
        raise click.UsageError(f"{' and '.join(several)} are questions of their own: give one of them.")
    return Question(
        key=given["key"],
        count=given["count"],
        by=given["by"],
        seed=given["seed"],
        window=(given["start"], given["end"]),
    )


def _zone(given: dict[str, Any]) -> "tzinfo":
    zone: tzinfo | None = given["zone"]
    return zone or program().zone()
