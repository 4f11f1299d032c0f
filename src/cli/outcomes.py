"""Outcomes: what is aimed at, what was measured, what everybody was told to expect."""

from datetime import date

import click

from roadlog.cli.arguments import COUNT, EVIDENCE, KEY, METRIC, NUMBER, RANGE, ROLE, SPAN, TARGET, Number
from roadlog.cli.times import DAY
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import MeasureOutcome, SetExpectation, TargetOutcome


@writing
@click.argument("key", type=KEY)
@click.option("--iterations", type=RANGE, required=True, metavar="N-N", help="How many, such as 3-5.")
@click.option(
    "--outcome", type=SPAN, metavar="N-N", help="From the least to the best, in the first outcome's unit."
)
@click.option("--told", type=ROLE, multiple=True, help="A role that was told; may be given several times.")
def expect(
    key: str, iterations: tuple[int, int], outcome: tuple[Number, Number] | None, told: tuple[str, ...]
) -> Commands:
    """The board shows "iteration 2 of an expected 3–5".

    roadlog expect SUP-1 --iterations 3-5 --outcome 600-700 \\
      --told compliance --told customer-ops
    """
    low, high = outcome or (None, None)
    return SetExpectation(
        stream=key,
        iterations_from=iterations[0],
        iterations_to=iterations[1],
        outcome_from=low,
        outcome_to=high,
        told=told,
    )


@writing
@click.argument("key", type=KEY)
@click.argument("metric", type=METRIC)
@click.option("--unit", metavar="TEXT", help="The metric's unit.")
@click.option("--baseline", type=NUMBER, help="Where it stands.")
@click.option("--target", "aim", type=TARGET, help="A number, or percent of the baseline such as -30%.")
@click.option("--by", type=DAY, metavar="DATE", help="By which day.")
def target(
    key: str,
    metric: str,
    unit: str | None,
    baseline: Number | None,
    aim: tuple[Number, bool] | None,
    by: date | None,
) -> Commands:
    """What is not given stays as it was. To replace a target or its day needs a reason.

    roadlog target SUP-1 "tickets per week" --baseline 900 --target -30% \\
      --by 2026-12-31
    """
    number, relative = aim or (None, False)
    return TargetOutcome(
        stream=key, metric=metric, unit=unit, baseline=baseline, target=number, relative=relative, by=by
    )


@writing
@click.argument("key", type=KEY)
@click.argument("metric", type=METRIC)
@click.argument("value", type=NUMBER)
@click.option("--sample", type=COUNT, metavar="N", help="How many observations.")
@click.option("--evidence", type=EVIDENCE, help="The evidence that shows it.")
def measure(key: str, metric: str, value: Number, sample: int | None, evidence: str | None) -> Commands:
    """A measurement is of the outcome, in the world; a value of a criterion, in the lab, is a `result`.

    roadlog measure SUP-1 "tickets per week" 810 --sample 4
    """
    return MeasureOutcome(stream=key, metric=metric, value=value, sample=sample, evidence=evidence)
