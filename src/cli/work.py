"""Work that waits, stops, goes on or ends, and how many users have it."""

import click

from roadlog.cli.arguments import KEY, NUMBER, Number
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import (
    BlockWork,
    PauseWork,
    ReopenInitiative,
    ResumeWork,
    RetireInitiative,
    SetRollout,
    StopInitiative,
    UnblockWork,
)


@writing
@click.argument("key", type=KEY)
@click.option("--by", required=True, metavar="TEXT", help="What blocks it.")
def block(key: str, by: str) -> Commands:
    """Blocked work may go back or be stopped, not advance. The time counts as waiting.

    roadlog block SUP-1 --by "No access to last year's tickets"
    """
    return BlockWork(stream=key, by=by)


@writing
@click.argument("key", type=KEY)
def unblock(key: str) -> Commands:
    """It may advance again.

    roadlog unblock SUP-1
    """
    return UnblockWork(stream=key)


@writing
@click.argument("key", type=KEY)
def pause(key: str) -> Commands:
    """Paused work takes no moves; what is learned can still be recorded.

    roadlog pause SUP-1 --because "Release freeze until January"
    """
    return PauseWork(stream=key)


@writing
@click.argument("key", type=KEY)
def resume(key: str) -> Commands:
    """It takes moves again.

    roadlog resume SUP-1
    """
    return ResumeWork(stream=key)


@writing
@click.argument("key", type=KEY)
def stop(key: str) -> Commands:
    """A reason is mandatory. `reopen` goes on where it was.

    roadlog stop SUP-2 --because "Half of the tickets have no answer on record"
    """
    return StopInitiative(stream=key)


@writing
@click.argument("key", type=KEY)
def reopen(key: str) -> Commands:
    """A reason is mandatory. The time stopped counts as waiting.

    roadlog reopen SUP-2 \\
      --because "The missing answers were found in the archive"
    """
    return ReopenInitiative(stream=key)


@writing
@click.argument("key", type=KEY)
def retire(key: str) -> Commands:
    """Only what was live can be retired, for a reason. What comes next is a new initiative.

    roadlog retire SUP-1 --because "The old help desk was switched off"
    """
    return RetireInitiative(stream=key)


@writing
@click.argument("key", type=KEY)
@click.argument("percent", type=NUMBER)
def rollout(key: str, percent: Number) -> Commands:
    """PERCENT of all users, 0 to 100.

    roadlog rollout SUP-1 25
    """
    return SetRollout(stream=key, percent=percent)
