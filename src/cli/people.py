"""People: who is enrolled, in which roles, and who left."""

from pathlib import Path

import click

from roadlog.cli import recorded
from roadlog.cli.arguments import HANDLE, ROLE
from roadlog.cli.program import program
from roadlog.cli.writing import Commands, carry_out, writing
from roadlog.domain.commands import AddStakeholder, GrantRole, RemoveStakeholder, RevokeRole
from roadlog.domain.events import StakeholderKind


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
    rest.

    roadlog stakeholder add carla --role compliance --name "Carla Rossi" \\
      --email carla@example.com
    """
    command = AddStakeholder(stakeholder=handle, roles=roles, kind=kind)
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
    if wished["dry_run"] or rehearsed.replayed or not rehearsed.records:
        recorded.tell(carry_out(command))
        return
    with Directory.open(Path(run.folder())) as directory:
        row = directory.add(entry)
        kept = False
        try:
            done = carry_out(command)
            kept = bool(done.records) and not done.replayed
        finally:
            if not kept:
                directory.remove(row)
    recorded.tell(done)


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
