"""Opening a roadmap."""

import os
from pathlib import Path
from typing import Any

import click

from roadlog import store
from roadlog.application import Application, Done
from roadlog.cli import recorded
from roadlog.cli.program import program
from roadlog.cli.workflows import NAMED, as_typed, named
from roadlog.cli.writing import writing
from roadlog.domain.commands import OpenRoadmap
from roadlog.domain.roadmap import RoadmapState

FALLBACK_KEY = "MAP"


@writing
@click.option(
    "--key",
    metavar="KEY",
    help="Two to ten capitals that begin every initiative's key, such as SUP; unless given, three letters "
    f"from the beginning of the name, else {FALLBACK_KEY}.",
)
@click.option("--name", metavar="TEXT", help="What people call it; this folder's name, unless given.")
@click.option(
    "--workflow",
    type=NAMED,
    default="ai-product",
    metavar="NAME|FILE",
    help="ai-product (the default), lite, open, or a file.",
)
def init(key: str | None, name: str | None, workflow: str) -> None:
    """Makes the folder .roadlog/ here, or where --store says, and enrols you as product.

    roadlog init --key SUP --name "Support AI"
    """
    from roadlog.domain.workflow_file import definition

    run = program()
    folder = _folder(run.store)
    name = name or folder.absolute().parent.name or "Roadmap"
    key = key.upper() if key else derived_key(name)
    command = OpenRoadmap(stream=key, name=name, definition=as_typed(definition(named(workflow))))
    done = Application.create(folder, run.wish(), command)
    recorded.tell(done, said=_welcome(done, folder), next=_next(done), store=str(folder))


def derived_key(name: str) -> str:
    """A key from a name's first word, `SUP` for `Support AI`; `MAP` where its letters are not A to Z."""
    word = next(iter(name.split()), "")
    letters = "".join(each for each in word.upper() if "A" <= each <= "Z")[:3]
    return letters if len(letters) >= 2 else FALLBACK_KEY


def _folder(given: str | None) -> Path:
    """Where the store shall be: not an enclosing one, which is another roadmap's."""
    if given or os.environ.get("ROADLOG_STORE"):
        return Path(store.find(given, os.environ, Path.cwd()))
    return Path.cwd() / store.FOLDER


def _next(done: Done) -> list[dict[str, Any]]:
    """What `_welcome` says to do next, in the shape of everything owed; nothing after a dry run."""
    from roadlog.domain.moments import rfc3339

    people = [each.handle for each in done.roadmap.present()]
    return [
        {
            "key": done.roadmap.key,
            "what": what.capitalize(),
            "role": None,
            "since": rfc3339(done.now),
            "try": command,
            "kind": "beginning",
            "by": people,
        }
        for what, command in _beginnings(done.roadmap).items()
        if not done.dry_run
    ]


def _beginnings(roadmap: RoadmapState) -> dict[str, str]:
    """What can be done on a new roadmap, and the command for it, with a role that nobody has yet."""
    roles = roadmap.workflow.roles if roadmap.workflow else ()
    held = {role for each in roadmap.present() for role in each.roles}
    role = next((each for each in roles if each not in held), "ROLE")
    return {
        "put a problem on the roadmap": "roadlog define TITLE --problem TEXT",
        "enrol who works on it": f"roadlog stakeholder add HANDLE --role {role}",
    }


def _welcome(done: Done, folder: Path) -> tuple[str, ...]:
    roadmap, workflow = done.roadmap, done.roadmap.workflow
    if done.dry_run:
        return (f"{roadmap.key}, {roadmap.name}, would be in {folder}.",)
    people = ", ".join(f"{each.handle} ({', '.join(each.roles)})" for each in roadmap.present())
    begin = _beginnings(roadmap)
    follows = f"{workflow.name} {workflow.version}: {' → '.join(workflow.order)}" if workflow else ""
    return (
        f"{roadmap.key}, {roadmap.name}, is in {folder}.",
        f"It follows the workflow {follows}.",
        f"Enrolled: {people}.",
        f"Next: {', or '.join(begin)}.",
        *(f"      {each}" for each in begin.values()),
        "To start over, as long as nothing else is recorded: remove that folder and type init again.",
    )
