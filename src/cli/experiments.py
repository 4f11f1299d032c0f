"""Experiments: what one expects, between which variants, and what was decided."""

from typing import Any

import click

from roadlog.cli.arguments import EXPERIMENT, KEY, METRIC, number
from roadlog.cli.tables import whole_number
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import ConcludeExperiment, StartExperiment
from roadlog.domain.events import ExperimentDecision, VariantResult


class VariantType(click.ParamType[VariantResult]):
    """What one variant showed: `V=VALUE:N` or `V=VALUE:N:LOW:HIGH`."""

    name = "v=value:n[:low:high]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VariantResult:
        if isinstance(value, VariantResult):
            return value
        name, equals, rest = value.rpartition("=")
        parts = rest.split(":")
        if not equals or not name.strip() or len(parts) not in (2, 4):
            self.fail(
                f"{value!r} is no result of a variant, such as B=0.31:1200 or B=0.31:1200:0.28:0.34.",
                param,
                ctx,
            )
        try:
            low, high = (number(parts[2]), number(parts[3])) if len(parts) == 4 else (None, None)
            return VariantResult(
                variant=name.strip(),
                value=number(parts[0]),
                sample=whole_number(parts[1]),
                low=low,
                high=high,
            )
        except ValueError as error:
            self.fail(f"{value!r}: {error}.", param, ctx)


@writing
@click.argument("key", type=KEY)
@click.argument("experiment", metavar="ID")
@click.option("--hypothesis", required=True, metavar="TEXT", help="What you expect.")
@click.option("--metric", type=METRIC, required=True, metavar="NAME", help="What decides.")
@click.option(
    "--variant", "variants", multiple=True, required=True, metavar="V", help="An arm; give two or more."
)
def experiment_start(
    key: str, experiment: str, hypothesis: str, metric: str, variants: tuple[str, ...]
) -> Commands:
    """ID is yours to choose.

    roadlog experiment start SUP-1 X1 \\
      --hypothesis "Suggestions save a minute a ticket" \\
      --metric "minutes per ticket" --variant control --variant suggestions
    """
    return StartExperiment(
        stream=key, experiment=experiment, hypothesis=hypothesis, metric=metric, variants=variants
    )


@writing
@click.argument("key", type=KEY)
@click.argument("experiment", type=EXPERIMENT, metavar="ID")
@click.option(
    "--decision", type=click.Choice(["ship", "iterate", "stop"]), required=True, help="What was decided."
)
@click.option("--summary", required=True, metavar="TEXT", help="What it showed.")
@click.option(
    "--variant",
    "variants",
    type=VariantType(),
    multiple=True,
    help="What one variant showed: value, sample size, and the ends of its interval.",
)
def experiment_conclude(
    key: str, experiment: str, decision: ExperimentDecision, summary: str, variants: tuple[VariantResult, ...]
) -> Commands:
    """Going live needs an experiment that was concluded with ship.

    roadlog experiment conclude SUP-1 X1 --decision ship \\
      --summary "A minute and a half a ticket" \\
      --variant control=6.1:1200:5.9:6.3 \\
      --variant suggestions=4.6:1180:4.4:4.8
    """
    return ConcludeExperiment(
        stream=key, experiment=experiment, decision=decision, summary=summary, variants=variants
    )
