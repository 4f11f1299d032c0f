"""People: who is enrolled, in which roles, who left, and whose name and address are erased."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roadlog.application import Done
from roadlog.cli import recorded
from roadlog.cli.arguments import FORMER, HANDLE, ROLE
from roadlog.cli.program import program
from roadlog.cli.writing import Commands, carry_out, writing
from roadlog.domain.commands import (
    AddStakeholder,
    ErasePersonalData,
    GrantRole,
    RemoveStakeholder,
    RevokeRole,
)
from roadlog.domain.events import StakeholderJoined, StakeholderKind

if TYPE_CHECKING:
    from roadlog.directory import Entry


@writing
@click.argument("handle")
@click.option(
    "--role", "roles", type=ROLE, multiple=True, help="What they may act as; may be given several times."
)
@click.option(
    "--kind", type=click.Choice(["human", "agent", "system"]), default="human", help="human, unless given."
)
@click.option(
    "--name", metavar="TEXT", help="Their name; kept in a directory beside the log, which can be erased."
)
@click.option("--email", metavar="TEXT", help="Their address; kept likewise.")
def stakeholder_add(
    handle: str, roles: tuple[str, ...], kind: StakeholderKind, name: str | None, email: str | None
) -> Commands | None:
    """The log only ever holds the handle, which should not be a person's full name, and salted hashes of the
    rest. `roadlog erase` erases a name and an address; from the log nothing goes.

    roadlog stakeholder add carla --role compliance --name "Carla Rossi" \\
      --email carla@example.com
    """
    command = AddStakeholder(stakeholder=handle, roles=roles, kind=kind)
    program().typed |= {each: True for each in ("name", "email") if each in program().typed}
    if name is None and email is None:
        return command
    _add_with_entry(command, name, email)
    return None


def _add_with_entry(command: AddStakeholder, name: str | None, email: str | None) -> None:
    """Rehearsed first, so that what is refused leaves no directory; then its entry, then the event.

    What a crash leaves is an entry that nothing refers to.
    """
    from msgspec.structs import replace

    from roadlog.directory import Directory, Entry

    run = program()
    entry = Entry.of(command.stakeholder, name, email)
    command = replace(
        command, name_commitment=entry.name_commitment, address_commitment=entry.address_commitment
    )
    wished = run.writing
    run.writing = {**wished, "dry_run": True}
    rehearsed = carry_out(command)
    run.writing = wished
    _check_same(rehearsed, entry)
    if wished["dry_run"] or rehearsed.replayed or not rehearsed.records:
        recorded.tell(carry_out(command))
        return
    with Directory.open(Path(run.folder())) as directory:
        directory.add(entry)
        kept = False
        try:
            done = carry_out(command)
            kept = bool(done.records) and not done.replayed
        finally:
            if not kept:
                directory.remove(entry)
    recorded.tell(done)


def _check_same(done: Done, entry: "Entry") -> None:
    """That a command id recorded this name and address before, where the directory can still tell.

    The command's digest does not say so: by that, who guesses a name could try it, long after it was erased.
    Raises Conflict.
    """
    from roadlog.directory import Directory
    from roadlog.failures import command_reused

    there = Directory.entries(Path(program().folder())).get(entry.handle) if done.replayed else None
    if there is None or (entry.name, entry.address) == (there.name, there.address):
        return
    kept = (there.name_commitment, there.address_commitment)
    for each in done.records:
        event = each.event
        if isinstance(event, StakeholderJoined) and (event.name_commitment, event.address_commitment) == kept:
            raise command_reused(each.body.command_id)


@writing
@click.argument("handle", type=HANDLE)
@click.option("--role", type=ROLE, required=True, help="The role.")
def stakeholder_grant(handle: str, role: str) -> Commands:
    """Authority is judged when something is recorded: votes already given stay as they are.

    roadlog stakeholder grant carla --role product
    """
    return GrantRole(stakeholder=handle, role=role)


@writing
@click.argument("handle", type=HANDLE)
@click.option("--role", type=ROLE, required=True, help="The role.")
def stakeholder_revoke(handle: str, role: str) -> Commands:
    """Somebody who may enrol and grant must remain.

    roadlog stakeholder revoke carla --role product
    """
    return RevokeRole(stakeholder=handle, role=role)


@writing
@click.argument("handle", type=HANDLE)
def stakeholder_leave(handle: str) -> Commands:
    """They hold no role any more; what they did stays in the trail.

    roadlog stakeholder leave carla
    """
    return RemoveStakeholder(stakeholder=handle)


@writing
@click.argument("handle", type=FORMER)
@click.option(
    "--basis", metavar="TEXT", help="Why it is erased, which the log keeps: name the person nowhere in it."
)
def erase(handle: str, basis: str | None) -> None:
    """Values and salts go from the directory when another stakeholder consents. The log never held them, so
    every hash stays valid, and the handle stays. docs/how-to/erase-a-person.md says what this does not
    reach.

    roadlog erase carla --basis "Left the company; asked on 4 May"
    """
    from roadlog.directory import Directory

    run = program()
    if basis is not None and run.writing["because"] is not None:
        raise click.UsageError("The basis is the reason: give --basis, and no --because.")
    run.writing["because"] = basis if basis is not None else run.writing["because"]
    entry = Directory.entries(Path(run.folder())).get(handle)
    if entry is not None:
        _check_basis(entry, run.writing["because"] or "")
    held = entry is not None
    recorded.tell(carry_out(ErasePersonalData(stakeholder=handle, held=held)))


def _check_basis(entry: "Entry", basis: str) -> None:
    """The log keeps the basis for ever. Raises Malformed where it holds what is to be erased."""
    from roadlog.domain.refusals import Malformed

    said = _compared(basis)
    for what, value in (("name", entry.name), ("address", entry.address)):
        if value and _compared(value) in said:
            raise Malformed(
                "basis",
                f"The basis holds the {what} that is to be erased, and the log would keep it for ever: say "
                f"{entry.handle} instead.",
                missing=("--basis",),
            )


def _compared(text: str) -> str:
    """Without what writing a name differently changes: blanks, and capitals."""
    return " ".join(text.casefold().split())
