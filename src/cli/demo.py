"""The demo: a roadmap with a history of eight months, typed with real commands into a new folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.asking import answering
from roadlog.cli.program import program
from roadlog.domain.refusals import Refused, StoreFailure
from roadlog.visible import plain

if TYPE_CHECKING:
    from roadlog.demo.calendar import Calendar
    from roadlog.demo.steps import Step

FOLDER = "roadlog-demo"
WORKFLOW_FILE = "demo.toml"
FINISHED = "README.md"
"""Written when the history is whole."""
README = """\
# A demo of roadlog

A roadmap with a history of eight months that nobody lived: `roadlog demo` typed it in a few seconds. Its
store is in `.roadlog/`, the files that it refers to in `evidence/`. Its workflow, `demo.toml`, is the
built-in `ai-product`, but that it lets commands be dated back 400 days, which a team should not: all of this
was recorded in one go, as each record shows. Delete the folder when you have seen enough.
"""
INTRODUCTION = """\
A roadmap of eight months, typed now into {folder}: every line after a $ is one that you could type.
Each says with --at when it happened. The workflow, demo.toml, is ai-product but for its name and one rule:
it lets commands be dated back 400 days instead of 7. Answers are cut to what was recorded.
"""
LOOKS = (
    ("Where everything is:", ("board",)),
    ("One initiative, whole:", ("show", "SUP-1")),
    ("What the other needs to leave its milestone, what is there, and who owes what:", ("gate", "SUP-2")),
    (
        "Its trail since compliance was asked; you typed it, some time later:",
        ("log", "SUP-2", "--since", "{26 fri}T00:00:00Z"),
    ),
    ("How long it took:", ("metrics",)),
    ("Whether the log is whole (it is; nobody outside has witnessed it yet):", ("verify",)),
)
NEXT = (
    ("what Devi owes now", "next --for devi"),
    ("why compliance said no", "log SUP-2 --type StakeholderRejected"),
    ("the board as it was when SUP-1 went live", "board --as-of {26 fri}"),
    ("the board by the first 60 records alone", "board --position 60"),
    ("what an advance would do, storing nothing", "advance SUP-2 --as jonas --dry-run"),
    ("known risks of AI features", "risk catalogue bias"),
    ("a decision of yours", "approve SUP-2 --as tomas"),
    ("all of it on a page, in a browser, until Ctrl-C", "serve"),
)


@answering(lambda _: None)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    metavar="D",
    show_default=True,
    help="The folder to make.",
)
def demo(folder: Path) -> dict[str, Any] | None:
    """It makes a folder with a store of its own; yours is not touched. You could type every line it shows.

    roadlog demo --dir try-it
    """
    from roadlog.demo.calendar import calendar_before
    from roadlog.demo.player import play

    run = program()
    if run.store:
        raise click.UsageError("The demo makes a store of its own: say where with --dir, not --store.")
    calendar = calendar_before(run.now.date())
    _prepare(folder)
    if not run.json:
        _introduce(folder)
    play(folder, calendar, _say_nothing if run.json else _show)
    _write(folder / FINISHED, README)
    if run.json:
        return _summary(folder)
    _look_around(folder, calendar)
    return None


def _prepare(folder: Path) -> None:
    """Makes the folder with evidence and workflow. Raises Refused where something is there already."""
    from roadlog.cli.workflows import built_in
    from roadlog.demo import files, workflow

    try:
        if folder.exists() and any(folder.iterdir()):
            raise _there_already(folder)
        files.write(folder)
    except OSError as error:
        raise StoreFailure("demo", f"{folder} cannot be made: {error.strerror}.") from error
    _write(folder / WORKFLOW_FILE, workflow.as_file(built_in("ai-product")))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreFailure("demo", f"{path} cannot be written: {error.strerror}.") from error


def _there_already(folder: Path) -> Refused:
    """A finished demo is looked at, one cut short is played anew; anything else is left alone."""
    from shlex import quote

    another, where = "roadlog demo --dir ANOTHER-FOLDER", quote(str(folder))
    if (folder / WORKFLOW_FILE).exists() and not (folder / FINISHED).exists():
        return Refused(
            "demo-unfinished",
            f"{folder} holds a demo that was cut short. Remove it (rm -r {where}) and play it anew, or play "
            "one elsewhere.",
            try_=(f"roadlog demo --dir {where}", another),
        )
    if (folder / WORKFLOW_FILE).exists():
        return Refused(
            "demo-exists",
            f"{folder} holds a demo already, played to its end. Look at it, or play another elsewhere.",
            try_=(f"roadlog --store {where} board", f"roadlog --store {where} log SUP-1", another),
        )
    return Refused(
        "folder-exists",
        f"{folder} is there already and not empty; nothing in it was changed. The demo wants a new folder.",
        try_=(another,),
    )


def _introduce(folder: Path) -> None:
    from shlex import quote

    click.echo(INTRODUCTION.format(folder=plain(str(folder))))
    click.secho(f"$ cd {plain(quote(str(folder)))}", bold=True)


def _say_nothing(step: "Step", command: str, said: str) -> None:
    """With --json only the summary is printed."""


def _show(step: "Step", command: str, said: str) -> None:
    """One command with what it said."""
    click.echo("")
    if step.tell:
        click.secho(f"# {step.tell}", fg="yellow")
    click.secho(f"$ {command}", bold=True)
    click.secho(said.rstrip(), fg="red" if step.refused else None, dim=not step.refused)


def _look_around(folder: Path, calendar: "Calendar") -> None:
    """Asks the store what a reader would ask, then names what to try next."""
    from roadlog.demo.player import answer, at_home
    from roadlog.demo.steps import shown

    plainly = ("--no-color",) if program().color is False else ()
    click.echo("\nThat was the history. Now what a reader asks of it.")
    with at_home(folder):
        for what, words in LOOKS:
            typed = tuple(map(calendar.dated, words))
            click.secho(f"\n# {what}", fg="yellow")
            click.secho(f"$ {shown(typed)}", bold=True)
            answer((*typed, *plainly))
    _tell_next(folder, calendar)


def _tell_next(folder: Path, calendar: "Calendar") -> None:
    from shlex import quote

    where = plain(quote(str(folder)))
    click.echo("\nTry next:")
    for what, words in NEXT:
        click.secho(f"  # {what}", fg="yellow")
        click.echo(f"  roadlog --store {where} {calendar.dated(words)}")
    click.echo("\nYour own roadmap: roadlog init, in a folder of yours.")
    click.echo(f"When you have seen enough: rm -r {where}")


def _summary(folder: Path) -> dict[str, Any]:
    """Where the store is, how many records it has, and how each initiative stands (as on the board)."""
    from roadlog import machine, store
    from roadlog.reading import Reading

    home = folder / store.FOLDER
    with Reading(home, now=machine.clock()) as reading:
        board = reading.board(reading.moment())
    return {"store": str(home), "records": board["position"], "initiatives": board["initiatives"]}
