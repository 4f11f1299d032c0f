"""What `roadlog` says when nothing is asked: the board, and what I owe next."""

import click

from roadlog.cli import story
from roadlog.cli.frame import load
from roadlog.cli.output import print_json, with_asides
from roadlog.cli.program import program


def overview(context: click.Context) -> None:
    """Prints the board and, for somebody who is on the roadmap, what they can do or owe now."""
    run = program()
    with run.reading() as store:
        moment = store.moment()
        present = run.handle() in store.roadmap(moment).stakeholders
        if run.json:
            owed = store.owed(run.handle(), moment) if present else []
            print_json(with_asides({**store.board(moment), "next": owed}, run))
            return
    for name in ("board", "next") if present else ("board",):
        row = story.row(name)
        if row is not None:
            context.invoke(load(row))
