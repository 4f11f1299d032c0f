"""Criteria and their results: thresholds first, values after."""

from hashlib import sha256
from pathlib import Path

import click

from roadlog.cli import recorded
from roadlog.cli.arguments import (
    COUNT,
    CRITERION,
    EVIDENCE,
    KEY,
    METRIC,
    MILESTONE,
    NUMBER,
    SEGMENT,
    Number,
    number,
)
from roadlog.cli.evidence import attachment
from roadlog.cli.program import program
from roadlog.cli.tables import Line, placed, read, read_bytes, whole_number
from roadlog.cli.writing import Commands, carry_out, writing
from roadlog.domain.commands import RecordResult, RetireCriterion, SetCriterion
from roadlog.domain.events import Operator
from roadlog.domain.refusals import RoadlogError

COLUMNS = ("criterion", "value", "sample", "low", "high")


@writing
@click.argument("key", type=KEY)
@click.argument("criterion", type=CRITERION, metavar="ID")
@click.option("--milestone", type=MILESTONE, required=True, help="Whose gate asks for it.")
@click.option("--metric", type=METRIC, required=True, metavar="NAME", help="What is measured in the lab.")
@click.option(
    "--operator", type=click.Choice([">=", "<=", ">", "<", "=="]), required=True, help="Quote it: '>='."
)
@click.option("--threshold", type=NUMBER, required=True, help="What it is held against.")
@click.option("--segment", type=SEGMENT, help="For which segment of users; for all, unless given.")
@click.option("--dataset", type=EVIDENCE, help="The dataset it is measured on: it holds for those bytes.")
def criterion_set(
    key: str,
    criterion: str,
    milestone: str,
    metric: str,
    operator: Operator,
    threshold: Number,
    segment: str | None,
    dataset: str | None,
) -> Commands:
    """A result counts only for a criterion that was set before it. To replace one needs a reason.

    roadlog criterion set SUP-1 F1 --milestone training \\
      --metric "answer accuracy" --operator '>=' --threshold 0.85
    """
    return SetCriterion(
        stream=key,
        criterion=criterion,
        milestone=milestone,
        metric=metric,
        operator=operator,
        threshold=threshold,
        segment=segment,
        dataset=dataset,
    )


@writing
@click.argument("key", type=KEY)
@click.argument("criterion", type=CRITERION, metavar="ID")
def criterion_retire(key: str, criterion: str) -> Commands:
    """A reason is mandatory.

    roadlog criterion retire SUP-1 F1 \\
      --because "Replaced by the per-segment criteria"
    """
    return RetireCriterion(stream=key, criterion=criterion)


@writing
@click.argument("key", type=KEY)
@click.argument("criterion", type=CRITERION, required=False)
@click.argument("value", type=NUMBER, required=False)
@click.option("--sample", type=COUNT, metavar="N", help="How many observations.")
@click.option("--low", type=NUMBER, help="Lower end of the interval.")
@click.option("--high", type=NUMBER, help="Upper end of the interval.")
@click.option("--evidence", type=EVIDENCE, help="The evidence that shows it.")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"CSV or JSON with {', '.join(COLUMNS)}: attached as evidence, and all of it recorded, or nothing.",
)
def result(
    key: str,
    criterion: str | None,
    value: Number | None,
    sample: int | None,
    low: Number | None,
    high: Number | None,
    evidence: str | None,
    file: Path | None,
) -> Commands | None:
    """Where the interval holds the threshold, the result is inconclusive.

    roadlog result SUP-1 F1 0.87 --sample 500 --low 0.84 --high 0.90
    roadlog result SUP-1 --from evaluation.csv
    """
    if file is not None:
        if any(each is not None for each in (criterion, value, sample, low, high, evidence)):
            raise click.UsageError(
                "With --from, everything stands in the file.", ctx=click.get_current_context()
            )
        _record_file(key, file)
        return None
    if criterion is None or value is None:
        missing = "CRITERION" if criterion is None else "VALUE"
        raise click.MissingParameter(
            ctx=click.get_current_context(), param_hint=f"{missing} (or --from)", param_type="argument"
        )
    return RecordResult(
        stream=key, criterion=criterion, value=value, sample=sample, low=low, high=high, evidence=evidence
    )


def _record_file(key: str, path: Path) -> None:
    data = read_bytes(path)
    digest = sha256(data).hexdigest()
    lines = read(path, data, COLUMNS)
    program().typed["file digest"] = digest
    wished = [_of_line(key, line, digest) for line in lines]
    try:
        done = carry_out(attachment(key, path, "evaluation", None, digest, len(data)), *wished)
    except RoadlogError as error:
        raise placed(error, lines, first=1) from error
    recorded.tell(done)


def _of_line(key: str, line: Line, digest: str) -> RecordResult:
    return RecordResult(
        stream=key,
        criterion=line.need("criterion", str),
        value=line.need("value", number),
        sample=line.take("sample", whole_number),
        low=line.take("low", number),
        high=line.take("high", number),
        evidence=digest,
    )
