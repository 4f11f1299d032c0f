"""`import csv`, `import jira`: a history from elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from roadlog.cli.asking import Verdict, answering
from roadlog.cli.output import say
from roadlog.cli.program import program
from roadlog.cli.progress import bar

if TYPE_CHECKING:
    from roadlog.interop.claims import Log

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FILES = click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)


class Words(NamedTuple):
    """What a format calls an activity, a line of the log and what is read as a whole; and its map's help."""

    activity: str
    activities: str
    line: str
    unit: str
    map: str

    def choices(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Gives an import the options that all of them have."""
        options = (
            click.option("--map", "map_file", type=FILE, metavar="FILE", help=self.map),
            click.option(
                "--infer-workflow",
                is_flag=True,
                help=f"Make a workflow without gates of the log's own {self.activities}.",
            ),
            self._end("--start", "start", "first"),
            self._end("--finish", "finish", "last"),
            click.option(
                "--skip-bad",
                is_flag=True,
                help=f"Leave out {self.unit}s that cannot be read, and list them.",
            ),
            click.option("--dry-run", is_flag=True, help="Say what would be imported, and record nothing."),
        )
        for option in reversed(options):
            function = option(function)
        return function

    def _end(self, name: str, verb: str, default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        text = f"Where cycles {verb}; the {default} {self.activity}, unless given."
        return click.option(name, metavar=self.activity.upper(), help=text)

    def told(self, answer: dict[str, Any]) -> None:
        """Prints what came of an import."""
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
            of = f"{answer['unchanged']:,} of {answer['lines']:,} {self.line}s"
            say(f"{of} are no new move: {self._unchanged(answer)}.")
        if (workflow := answer["workflow"]) and workflow["adopted"]:
            verb = "Would adopt" if answer["dry_run"] else "Adopted"
            order = " → ".join(workflow["milestones"])
            say(
                f"{verb} the workflow {workflow['name']}, version {workflow['version']}: {order}. "
                f"Cycles run from {workflow['start']} to {workflow['finish']}."
            )
        if answer["zone"] is not None:
            say(f"Times without an offset were read in {answer['zone']}, the store's zone.")
        for each in answer["left_out"]:
            say(f"Left out: {self._where(each)}: {each['why']}.")
        for each in answer["skipped"]:
            say(
                f"Skipped: {each['file']}, line {each['line']}, {each['field'] or 'the line'}: {each['why']}."
            )
        for each in answer["truncated"]:
            say(f"Truncated: {each['case'] or 'the files'}: {each['why']}.")
        if not added and self._nothing_means_anything(answer):
            makes = f"makes a workflow of these {self.activities}"
            say(f"Try: --infer-workflow, which {makes}, or --map FILE, which gives each a milestone.")

    def _nothing_means_anything(self, answer: dict[str, Any]) -> bool:
        """Whether no activity means a milestone, and no map said what they mean."""
        unmeant = sum(each["lines"] for each in answer["left_out"] if "activity" in each)
        return 0 < unmeant == answer["lines"] and not click.get_current_context().params["map_file"]

    def _unchanged(self, answer: dict[str, Any]) -> str:
        """How many are recorded already, and how many change no milestone."""
        recorded, staying = answer["recorded"], answer["unchanged"] - answer["recorded"]
        parts = ((recorded, "recorded already"), (staying, "without a change of milestone"))
        return ", ".join(f"{number:,} {what}" for number, what in parts if number)

    def _where(self, left_out: dict[str, Any]) -> str:
        if "activity" in left_out:
            return f"{self.activity} {left_out['activity']} ({_counted(left_out['lines'], f'{self.line}s')})"
        line = f", {self.line} {left_out['line']}" if left_out["line"] else ""
        return f"{left_out['file']}{line}, case {left_out['case']}"


def _counted(number: int, things: str) -> str:
    one = "person" if things == "people" else things.removesuffix("s")
    return f"{number:,} {one if number == 1 else things}"


CSV = Words(
    "activity", "activities", "line", "line", "TOML: [activity] to milestone, [person] to handle and roles."
)
JIRA = Words(
    "status",
    "statuses",
    "change",
    "issue",
    "TOML: [activity] from status to milestone, [person] to handle and roles.",
)


@answering(CSV.told)
@FILES
@click.option(
    "--case", required=True, metavar="COLUMN", help="The column that names the case, an initiative each."
)
@click.option("--activity", required=True, metavar="COLUMN", help="The column that names what happened.")
@click.option("--time", required=True, metavar="COLUMN", help="The column that says when (ISO 8601).")
@click.option("--actor", metavar="COLUMN", help="The column that names who did it.")
@CSV.choices
def import_csv(
    *, files: tuple[Path, ...], case: str, activity: str, time: str, actor: str | None, **choices: Any
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
    from roadlog.interop.csv_log import Columns, log
    from roadlog.interop.files import kept

    columns = Columns(case=case, activity=activity, time=time, actor=actor)
    with kept(files) as paths:
        return _imported(log(paths, columns, now=program().now, zone=program().zone()), **choices)


@answering(JIRA.told)
@FILES
@JIRA.choices
def import_jira(*, files: tuple[Path, ...], **choices: Any) -> Verdict:
    """The files hold what Jira answers to a search with expand=changelog, a page each or several: every issue
    becomes an initiative, every change of its status a move. Give all pages of a search at once. A page of
    one issue's changelog adds what a search left out. Importing the same data again adds nothing, and a later
    export of the same board only what is new.

    Without --map and --infer-workflow, statuses are the milestones of the workflow in force. With
    --infer-workflow, a map may still name people. Whoever is not in the map gets a handle made of their name,
    which is personal data; stakeholders who are there already stay as they are. Exit 1 when something was
    left out, or a changelog or a search is truncated.

    roadlog import jira page-1.json page-2.json --map map.toml
    """
    from roadlog.interop.files import kept
    from roadlog.interop.jira_log import log

    with kept(files) as paths:
        return _imported(log(paths, now=program().now, zone=program().zone()), **choices)


def _imported(log: "Log", *, dry_run: bool, **chosen: Any) -> Verdict:
    from roadlog.application import Wish
    from roadlog.cli.writing import warn_of
    from roadlog.interop.importing import import_log
    from roadlog.interop.preparation import Choices

    here = program()
    wish = Wish(actor=here.handle(), dry_run=dry_run)
    with here.application() as application:
        summary = import_log(application, log, Choices(**chosen), wish, bars=bar)
        warn_of(application)
    answer = {name: getattr(summary, name) for name in summary.__struct_fields__} | {"dry_run": dry_run}
    for warning in answer.pop("warnings"):
        here.warn(warning)
    return Verdict(answer, 0 if summary.complete else 1)
