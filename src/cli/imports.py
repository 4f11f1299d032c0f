"""`import csv`: a history from elsewhere."""

import sys
from pathlib import Path
from typing import Any

import click

from roadlog.cli.asking import Verdict, answering
from roadlog.cli.output import say
from roadlog.cli.program import program
from roadlog.cli.terminal import plain


def _summed_up(answer: dict[str, Any]) -> None:
    say(
        f"Imported {answer['initiatives']} initiatives with {answer['moves']} moves, {answer['returns']} of them back; "
        f"enrolled {answer['people']} people."
    )
    if not any(answer[each] for each in ("initiatives", "moves", "people", "left_out", "skipped")):
        say("Everything in the file was here already.")
    for each in answer["left_out"]:
        where = (
            f"activity {each['activity']} ({each['lines']} lines)"
            if "activity" in each
            else (f"case {each['case']}, line {each['line']}")
        )
        say(f"Left out: {plain(where)}: {plain(each['why'])}.")
    for each in answer["skipped"]:
        say(plain(f"Skipped: {each['file']}, line {each['line']}, {each['field'] or 'line'}: {each['why']}."))


@answering(_summed_up)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--case", required=True, metavar="COLUMN", help="The column that names the case: an initiative each."
)
@click.option("--activity", required=True, metavar="COLUMN", help="The column that names what happened.")
@click.option("--time", required=True, metavar="COLUMN", help="The column that says when (ISO 8601).")
@click.option("--actor", metavar="COLUMN", help="The column that names who did it.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="TOML: [activity] to milestone, [person] to handle and roles.",
)
@click.option(
    "--infer-workflow", is_flag=True, help="Make a workflow without gates of the log's own activities."
)
@click.option("--start", metavar="ACTIVITY", help="Where cycles start; the first activity, unless given.")
@click.option("--finish", metavar="ACTIVITY", help="Where cycles finish; the last activity, unless given.")
@click.option("--skip-bad", is_flag=True, help="Leave out lines that cannot be read, and list them.")
def import_csv(
    file: Path,
    case: str,
    activity: str,
    time: str,
    actor: str | None,
    map_file: Path | None,
    infer_workflow: bool,
    start: str | None,
    finish: str | None,
    skip_bad: bool,
) -> Verdict:
    """Each case becomes an initiative, each change of activity a move, with the time and the actor that the file
    claims. Importing the same data again adds nothing. Without --map and --infer-workflow, activities are the
    milestones of the workflow in force. People whom --map does not name get a handle made of their name; a name is
    personal data, so name them in the map. Exit 1 when something was left out.

    roadlog import csv history.csv --case ticket --activity status --time changed --actor who --infer-workflow
    """
    from roadlog.application import Wish
    from roadlog.interop.csv_log import Columns
    from roadlog.interop.importing import Choices
    from roadlog.interop.importing import import_csv as run

    choices = Choices(
        columns=Columns(case=case, activity=activity, time=time, actor=actor),
        map_file=map_file,
        infer_workflow=infer_workflow,
        start=start,
        finish=finish,
        skip_bad=skip_bad,
    )
    here = program()
    with here.application() as application:
        summary = run(
            application,
            file,
            choices,
            Wish(actor=here.handle()),
            now=here.now,
            zone=here.zone(),
            progress=_progress,
        )
    answer = {name: getattr(summary, name) for name in summary.__struct_fields__}
    return Verdict(answer, 0 if summary.complete else 1)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\rRecording {done:,} of {total:,} events", nl=done >= total, err=True)
