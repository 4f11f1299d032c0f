"""`import csv`: a history from elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.asking import Verdict, answering
from roadlog.cli.output import say
from roadlog.cli.program import program
from roadlog.cli.progress import bar

if TYPE_CHECKING:
    from roadlog.interop.claims import Columns
    from roadlog.interop.preparation import Choices

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _summed_up(answer: dict[str, Any]) -> None:
    counts = [_counted(answer[name], name) for name in ("initiatives", "moves", "returns", "people")]
    added = any(answer[name] for name in ("initiatives", "moves", "people"))
    if added:
        verb = "Would import" if answer["dry_run"] else "Imported"
        say(f"{verb} {counts[0]} with {counts[1]}, {counts[2]} among them; {counts[3]} enrolled.")
    elif not answer["lines"]:
        say("The file holds no events; nothing was imported.")
    elif not answer["left_out"]:
        say("Everything in the file is here already; nothing was imported.")
    else:
        say("Nothing was imported.")
    if added and answer["unchanged"]:
        say(f"{answer['unchanged']:,} of {answer['lines']:,} lines say nothing new: it stood there already.")
    if answer["zone"] is not None:
        say(f"Times without an offset were read in {answer['zone']}, the store's zone.")
    for each in answer["left_out"]:
        where = (
            f"activity {each['activity']} ({_counted(each['lines'], 'lines')})"
            if "activity" in each
            else f"{each['file']}, line {each['line']}, case {each['case']}"
        )
        say(f"Left out: {where}: {each['why']}.")
    for each in answer["skipped"]:
        say(f"Skipped: {each['file']}, line {each['line']}, {each['field'] or 'the line'}: {each['why']}.")


def _counted(number: int, things: str) -> str:
    one = "person" if things == "people" else things.removesuffix("s")
    return f"{number:,} {one if number == 1 else things}"


@answering(_summed_up)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option(
    "--case", required=True, metavar="COLUMN", help="The column that names the case, an initiative each."
)
@click.option("--activity", required=True, metavar="COLUMN", help="The column that names what happened.")
@click.option("--time", required=True, metavar="COLUMN", help="The column that says when (ISO 8601).")
@click.option("--actor", metavar="COLUMN", help="The column that names who did it.")
@click.option(
    "--map",
    "map_file",
    type=FILE,
    metavar="FILE",
    help="TOML: [activity] to milestone, [person] to handle and roles.",
)
@click.option(
    "--infer-workflow", is_flag=True, help="Make a workflow without gates of the log's own activities."
)
@click.option("--start", metavar="ACTIVITY", help="Where cycles start; the first activity, unless given.")
@click.option("--finish", metavar="ACTIVITY", help="Where cycles finish; the last activity, unless given.")
@click.option("--skip-bad", is_flag=True, help="Leave out lines that cannot be read, and list them.")
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and record nothing.")
def import_csv(
    *,
    files: tuple[Path, ...],
    case: str,
    activity: str,
    time: str,
    actor: str | None,
    map_file: Path | None,
    infer_workflow: bool,
    start: str | None,
    finish: str | None,
    skip_bad: bool,
    dry_run: bool,
) -> Verdict:
    """Each case becomes an initiative, each change of activity a move, with the time and the actor that the
    file claims. A time without an offset is in the store's zone. Importing the same data again adds nothing,
    and a later export of the same log only what is new.

    Without --map and --infer-workflow, activities are the milestones of the workflow in force. With
    --infer-workflow, a map may still name people. Whoever is not in the map gets a handle made of their name,
    which is personal data; stakeholders who are there already stay as they are. Exit 1 when something was
    left out.

    roadlog import csv history.csv --case ticket --activity status --time changed --infer-workflow
    """
    from roadlog.interop.claims import Columns
    from roadlog.interop.preparation import Choices

    columns = Columns(case=case, activity=activity, time=time, actor=actor)
    choices = Choices(
        map_file=map_file, infer_workflow=infer_workflow, start=start, finish=finish, skip_bad=skip_bad
    )
    return _imported(files, columns, choices, dry_run)


def _imported(files: tuple[Path, ...], columns: "Columns", choices: "Choices", dry_run: bool) -> Verdict:
    from roadlog.application import Wish
    from roadlog.cli.writing import warn_of_old_readers
    from roadlog.interop.importing import import_csv as run

    here = program()
    wish = Wish(actor=here.handle(), dry_run=dry_run)
    with here.application() as application, bar("Recording") as progress:
        summary = run(
            application, files, columns, choices, wish, now=here.now, zone=here.zone(), progress=progress
        )
        warn_of_old_readers(application)
    answer = {name: getattr(summary, name) for name in summary.__struct_fields__} | {"dry_run": dry_run}
    return Verdict(answer, 0 if summary.complete else 1)
