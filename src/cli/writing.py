"""Writing commands: `@writing` gives each the options of all writes, carries it out and says what came of it.

To add one: a row in story.py, and in its module

    @writing
    @click.argument("key", type=KEY)
    @click.argument("horizon", type=click.Choice(["now", "next", "later"]))
    def place(key: str, horizon: Horizon) -> Commands:
        '''What the help says beyond the row's sentence.

        roadlog place SUP-1 now
        '''
        return PlaceInitiative(stream=key, horizon=horizon)

The function returns the command it wishes for, or several, which are recorded together or not at all. One
that has to look at what came of it calls `carry_out` and `recorded.tell` itself, and returns nothing.
"""

from collections.abc import Callable
from typing import Any

import click

from roadlog.application import Application, Done
from roadlog.cli import recorded
from roadlog.cli.asking import parameters
from roadlog.cli.frame import Verb
from roadlog.cli.program import program
from roadlog.cli.times import PAST
from roadlog.domain.commands import Command
from roadlog.domain.events import KeyEnrolled, PersonalDataErased
from roadlog.domain.refusals import StoreFailure

Commands = Command | tuple[Command, ...]

SHARED = [
    click.Option(
        ["--at"],
        type=PAST,
        metavar="TIME",
        help="When it happened; now, unless given. Older than `max_backdate_days` of the workflow's policy, "
        "it waits for the consent of a second person: roadlog consent.",
    ),
    click.Option(["--because"], metavar="TEXT", help="Why, in your words."),
    click.Option(["--dry-run"], is_flag=True, help="Show what would be recorded; store nothing."),
    click.Option(["--command-id"], metavar="ID", help="Typed again with the same id, it is recorded once."),
    click.Option(
        ["--expect-version"],
        type=click.IntRange(min=0),
        metavar="N",
        help="Record only on this version of the initiative or roadmap.",
    ),
]
NAMES = ("at", "because", "dry_run", "command_id", "expect_version")


def writing(function: Callable[..., Commands | None]) -> Verb:
    """A command that records something."""

    def record_it(**values: Any) -> None:
        program().writing = {name: values.pop(name) for name in NAMES}
        commands = function(**values)
        if commands is not None:
            several = commands if isinstance(commands, tuple) else (commands,)
            recorded.tell(carry_out(*several))

    record_it.__doc__ = function.__doc__
    return Verb(name=function.__name__, callback=record_it, params=[*parameters(function), *SHARED])


def carry_out(*commands: Command) -> Done:
    """Records the commands, all or none. Raises RoadlogError."""
    run = program()
    with run.application() as application:
        done = application.execute(run.wish(), *commands)
        _check_erased(application, done)
        warn_of(application)
    _warn_of_one_person(done)
    return done


def _check_erased(application: Application, done: Done) -> None:
    """Raises StoreFailure where this command was to erase what is still there."""
    erasures = [each.position for each in done.records if isinstance(each.event, PersonalDataErased)]
    if erasures and application.unerased:
        raise StoreFailure(
            "erasure",
            f"The erasure is recorded at position {erasures[0]}. {application.unerased}",
            try_=("roadlog stakeholder list",),
        )


def _warn_of_one_person(done: Done) -> None:
    """Says where a key makes two handles one person: no undoing and no retiring makes them two again."""
    for each in done.records:
        if isinstance(each.event, KeyEnrolled):
            handle = each.event.stakeholder
            others = done.roadmap.sharing(handle, each.event.public_key)
            if others:
                made = "would make" if done.dry_run else "makes"
                whose = " and ".join(others)
                program().warn(
                    f"This is {whose}'s key. That {made} {handle} and {whose} one "
                    "person for ever: neither counts as a second person beside the other, and nothing takes "
                    f"that back. Give a key that {handle} alone has, if they are two."
                )


def warn_of(application: Application) -> None:
    """Says what did not go as it should, beside what was recorded: no checkpoint; names that are to be erased
    and are not; a log that grows on disk because some process does not end its reading.
    """
    if application.unsigned:
        program().warn(f"No checkpoint was made. {application.unsigned}")
    if application.unerased:
        program().warn(application.unerased)
    if held := application.held_back():
        program().warn(
            f"{held // 1_000_000:,} MB of the log cannot be folded into events.db, because some process "
            "still reads an older state. events.db-wal grows until that process ends; nothing is lost."
        )
