"""Approvals: asking for them, voting, taking votes back, conditions, check-ins, a second person's consent."""

from datetime import date
from typing import Any

import click

from roadlog.cli import votes
from roadlog.cli.arguments import CONDITION, COUNT, KEY, POSITION, ROLE
from roadlog.cli.program import program, program_of
from roadlog.cli.times import day_of
from roadlog.cli.writing import Commands, carry_out, writing
from roadlog.domain.commands import (
    Abstain,
    AnswerConsent,
    Approve,
    ConsultStakeholder,
    MeetCondition,
    Reject,
    RequestApproval,
    WithdrawApproval,
)

VOTING_ROLE = click.option(
    "--role", type=ROLE, help="As what; the only role owed that you hold, unless given."
)


class ConditionType(click.ParamType[tuple[str, date | None]]):
    """What is still asked for, with the day it is due after the last `@`."""

    name = "text[@date]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, date | None]:
        if isinstance(value, tuple):
            return value
        text, at, due = value.rpartition("@")
        if not at or not due.strip():
            return value, None
        context = ctx or click.get_current_context()
        day = day_of(due.strip(), context)
        if day is None:
            program_of(context).warn(f"“@{due}” names no day: it stays a part of the condition's text.")
            return value, None
        return text.rstrip(), day


@writing
@click.argument("key", type=KEY)
@click.option(
    "--role", "roles", type=ROLE, multiple=True, help="Whom to ask; those the gate is owed, unless given."
)
@click.option("--valid", type=COUNT, metavar="DAYS", help="For how many days an answer shall hold.")
def request(key: str, roles: tuple[str, ...], valid: int | None) -> Commands:
    """What is shown to them is fixed by its digest: when it changes, their approval is stale. It warns where
    nobody could answer.

    roadlog request SUP-1
    """
    return RequestApproval(stream=key, roles=roles, valid_days=valid)


@writing
@click.argument("keys", type=KEY, nargs=-1, required=True, metavar="KEY...")
@VOTING_ROLE
@click.option(
    "--condition",
    "conditions",
    type=ConditionType(),
    multiple=True,
    help="What you still ask for, due on that day.",
)
@click.option("--statement", metavar="TEXT", help="In your own words.")
@click.option("--valid", type=COUNT, metavar="DAYS", help="For how many days it shall hold.")
@click.option(
    "--sign",
    "key_file",
    metavar="KEYFILE",
    help="Sign it with this SSH key, or the .pub file of one in ssh-agent. With --dry-run, shows the text.",
)
def approve(
    keys: tuple[str, ...],
    role: str | None,
    conditions: tuple[tuple[str, date | None], ...],
    statement: str | None,
    valid: int | None,
    key_file: str | None,
) -> None:
    """Several keys are approved together or not at all. It shows what changed since your last vote; with
    --dry-run, before.

    roadlog approve SUP-1 --role compliance \\
      --condition "Publish the notice in Spanish@2026-05-01"
    roadlog approve SUP-1 --sign ~/.ssh/id_ed25519
    """
    wished = [
        Approve(stream=key, role=role, statement=statement, conditions=conditions, valid_days=valid)
        for key in dict.fromkeys(keys)
    ]
    if key_file is not None:
        _sign_with(key_file)
    votes.tell(carry_out(*wished))


def _sign_with(key_file: str) -> None:
    """What is approved is signed with the key; where it has to be touched, that is said here."""
    from roadlog.trust.signing import KeyFile

    run = program()
    run.key = key = KeyFile(key_file)
    if key.in_hardware and not run.json and not run.writing["dry_run"]:
        click.echo("Touch the device that holds the key.", err=True)


@writing
@click.argument("key", type=KEY)
@VOTING_ROLE
def reject(key: str, role: str | None) -> None:
    """A reason is mandatory. A gate that asks your role stays closed until you vote again or withdraw it. One
    that does not is not held up: `roadlog gate` names your no, and so does the trail.

    roadlog reject SUP-1 \\
      --because "The notice does not say that answers may be wrong"
    """
    votes.tell(carry_out(Reject(stream=key, role=role)))


@writing
@click.argument("key", type=KEY)
@VOTING_ROLE
def abstain(key: str, role: str | None) -> None:
    """Somebody else of the same role has to decide.

    roadlog abstain SUP-1 --because "I wrote the evaluation"
    """
    votes.tell(carry_out(Abstain(stream=key, role=role)))


@writing
@click.argument("key", type=KEY)
@click.option("--role", type=ROLE, help="In which role; the only standing vote, unless given.")
def withdraw(key: str, role: str | None) -> Commands:
    """A reason is mandatory; the vote stays in the trail.

    roadlog withdraw SUP-1 --because "The dataset was replaced"
    """
    return WithdrawApproval(stream=key, role=role)


@writing
@click.argument("key", type=KEY)
@click.argument("condition", type=CONDITION)
def condition_met(key: str, condition: str) -> Commands:
    """CONDITION is the id that `roadlog gate` shows.

    roadlog condition met SUP-1 C1
    """
    return MeetCondition(stream=key, condition=condition)


@writing
@click.argument("key", type=KEY)
@click.option("--role", type=ROLE, required=True, help="Which of your roles speaks.")
@click.argument("text")
def checkin(key: str, role: str, text: str) -> Commands:
    """Roles not heard from for long stand in `next` and on the board.

    roadlog checkin SUP-1 \\
      --role compliance "Fine so far; wants to see the Spanish notice"
    """
    return ConsultStakeholder(stream=key, role=role, said=text)


@writing
@click.argument("position", type=POSITION)
@click.option("--refuse", is_flag=True, help="Say no: the command never takes effect.")
def consent(position: int, refuse: bool) -> Commands:
    """POSITION is that of the request. The command takes effect in the same step, as its author's.

    roadlog consent 41
    """
    return AnswerConsent(request=position, give=not refuse)
