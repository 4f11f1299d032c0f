"""Edge cases: inputs that the feature handled badly, one by one or from a file, and what becomes of them."""

from hashlib import sha256
from pathlib import Path

import click

from roadlog.cli import recorded
from roadlog.cli.arguments import COUNT, EDGE_CASE, KEY, RISK, SCORE
from roadlog.cli.program import program
from roadlog.cli.tables import Line, placed, read, read_bytes, whole_number
from roadlog.cli.writing import Commands, carry_out, writing
from roadlog.domain.commands import LogEdgeCase, ReviewEdgeCases, TriageEdgeCase
from roadlog.domain.events import TriageOutcome
from roadlog.domain.refusals import RoadlogError

COLUMNS = ("description", "severity", "source", "risk")


@writing
@click.argument("key", type=KEY)
@click.argument("text")
@click.option("--severity", type=SCORE, required=True, metavar="1-5", help="From 1, slight, to 5, severe.")
@click.option("--source", metavar="TEXT", help="Where it was seen.")
@click.option("--risk", type=RISK, help="The risk that it shows.")
def edge_case_log(key: str, text: str, severity: int, source: str | None, risk: str | None) -> Commands:
    """TEXT is what was asked and what came back, without anybody's personal data.

    roadlog edge-case log SUP-1 "Asked in Catalan, answered in Spanish" \\
      --severity 2 --source "agent feedback"
    """
    return LogEdgeCase(stream=key, description=text, severity=severity, source=source, risk=risk)


@writing
@click.argument("key", type=KEY)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def edge_case_import(key: str, file: Path) -> None:
    """The first line names the columns: description, severity, source, risk. All are logged, or none.

    roadlog edge-case import SUP-1 feedback.csv
    """
    data = read_bytes(file)
    lines = read(file, data, COLUMNS)
    program().typed["file digest"] = sha256(data).hexdigest()
    try:
        done = carry_out(*(_of_line(key, line) for line in lines))
    except RoadlogError as error:
        raise placed(error, lines) from error
    recorded.tell(done)


def _of_line(key: str, line: Line) -> LogEdgeCase:
    return LogEdgeCase(
        stream=key,
        description=line.need("description", str),
        severity=line.need("severity", whole_number),
        source=line.take("source", str),
        risk=line.take("risk", str),
    )


@writing
@click.argument("key", type=KEY)
@click.argument("case", type=EDGE_CASE, metavar="ID")
@click.option(
    "--outcome",
    type=click.Choice(["dataset", "risk", "fix", "wont-fix"]),
    required=True,
    help="Into the training data, a risk of its own, a fix, or accepted as it is.",
)
def edge_case_triage(key: str, case: str, outcome: TriageOutcome) -> Commands:
    """Going live needs every severe case triaged.

    roadlog edge-case triage SUP-1 E1 --outcome dataset
    """
    return TriageEdgeCase(stream=key, case=case, outcome=outcome)


@writing
@click.argument("key", type=KEY)
@click.option("--source", required=True, metavar="TEXT", help="Where they looked.")
@click.option("--sample", type=COUNT, required=True, metavar="N", help="How many they looked at.")
@click.option(
    "--found", type=click.IntRange(min=0), required=True, metavar="N", help="How many edge cases they found."
)
def edge_case_review(key: str, source: str, sample: int, found: int) -> Commands:
    """That nothing was found says something only when somebody looked.

    roadlog edge-case review SUP-1 --source "March chat logs" --sample 400 \\
      --found 6
    """
    return ReviewEdgeCases(stream=key, source=source, sample=sample, found=found)
