"""Tokens: made for somebody, listed, revoked."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import HANDLE
from roadlog.cli.asking import answering
from roadlog.cli.output import say
from roadlog.cli.program import program

if TYPE_CHECKING:
    from roadlog.domain.roadmap import Stakeholder
    from roadlog.tokens import Token

DAYS = 30


def _made(answer: Any) -> None:
    may = "read and write" if answer["scope"] == "write" else "read"
    say(f"Token {answer['id']} lets {answer['handle']} {may} until {answer['expires_at']}.")
    say("Each is shown this once; whoever has one acts as " + answer["handle"] + ".")
    if answer["code"]:
        say(f"Code to sign in to the page, once: {answer['code']}")
    say(f"Bearer token for the API:          {answer['bearer']}")
    say(f"roadlog token revoke {answer['id']} ends it.")


@answering(_made)
@click.argument("handle", type=HANDLE)
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=DAYS,
    show_default=True,
    metavar="N",
    help="How long it holds.",
)
@click.option("--read-only", is_flag=True, help="It may read, and record nothing.")
def token_new(handle: str, days: int, read_only: bool) -> dict[str, Any]:
    """A code that signs in to the page once, and a bearer token for the API. Whoever has one acts as HANDLE:
    hand it over as you would a password. What is recorded with it is asserted, as on the command line. Agents
    and systems get no code. The log holds no token; `tokens.db` holds their hashes.

    roadlog token new carla
    roadlog token new carla --days 7 --read-only
    """
    from roadlog.tokens import Tokens

    run = program()
    folder, now = run.folder(), run.now
    kind = _stakeholder(handle).kind
    tokens = Tokens(folder)
    secrets = tokens.new(
        handle, now + timedelta(days=days), "read" if read_only else "write", now, page=kind == "human"
    )
    made = tokens.holder(secrets.bearer, "api", now)
    assert made is not None  # noqa: S101
    return {**_entry(made), "code": secrets.code, "bearer": secrets.bearer}


def _stakeholder(handle: str) -> "Stakeholder":
    """Who gets a token. Raises Unknown, and Refused for those who left."""
    from roadlog.domain.refusals import Refused, unknown

    with program().reading() as reading:
        stakeholders = reading.roadmap(reading.moment()).stakeholders
    found = stakeholders.get(handle)
    if found is None:
        raise unknown("stakeholder", handle, tuple(stakeholders), try_=("roadlog stakeholder list",))
    if found.left_at is not None:
        raise Refused(
            "stakeholder", f"{handle} left the roadmap and gets no token.", try_=("roadlog stakeholder list",)
        )
    return found


def _entry(token: "Token") -> dict[str, Any]:
    from roadlog.domain.moments import rfc3339

    now = program().now
    return {
        "id": token.id,
        "handle": token.handle,
        "scope": token.scope,
        "made_at": rfc3339(token.made_at),
        "expires_at": rfc3339(token.expires_at),
        "revoked_at": rfc3339(token.revoked_at) if token.revoked_at else None,
        "code_waits": token.code_waits,
        "signed_in": token.signed_in,
        "holds": token.holds(now),
    }


def _revoked(answer: Any) -> None:
    say(f"Token {answer['id']} of {answer['handle']} is revoked since {answer['revoked_at']}.")


@answering(_revoked)
@click.argument("number", type=click.IntRange(1, 2**62), metavar="ID")
def token_revoke(number: int) -> dict[str, Any]:
    """At once: its code, its session on the page and its bearer token. ID is what `roadlog token list` shows.

    roadlog token revoke 1
    """
    from roadlog.tokens import Tokens

    run = program()
    return _entry(Tokens(run.folder()).revoke(number, run.now))


def _listed(answer: Any) -> None:
    from roadlog.cli.views import lists

    lists.tokens(answer)


@answering(_listed)
def token_list() -> list[dict[str, Any]]:
    """Also those that were revoked or have expired; no secret is shown.

    roadlog token list
    """
    from roadlog.tokens import Tokens

    return [_entry(each) for each in Tokens(program().folder()).all()]
