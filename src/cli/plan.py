"""The plan: who answers for an initiative, where it stands, what it depends on, what it is for."""

import click

from roadlog.cli.arguments import HANDLE, KEY
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import (
    AddDependency,
    ChangeOwner,
    ClassifyPurpose,
    PlaceInitiative,
    RemoveDependency,
)
from roadlog.domain.events import Horizon, OurRole, RiskClass


@writing
@click.argument("key", type=KEY)
@click.argument("handle", type=HANDLE)
def owner(key: str, handle: str) -> Commands:
    """An owner never votes on their own initiative.

    roadlog owner SUP-1 paula
    """
    return ChangeOwner(stream=key, owner=handle)


@writing
@click.argument("key", type=KEY)
@click.argument("horizon", type=click.Choice(["now", "next", "later"]), metavar="now|next|later")
@click.option(
    "--rank", type=click.IntRange(min=1), metavar="N", help="Its order within the horizon, 1 first."
)
def place(key: str, horizon: Horizon, rank: int | None) -> Commands:
    """The board shows initiatives by horizon, then by rank.

    roadlog place SUP-1 now --rank 1
    """
    return PlaceInitiative(stream=key, horizon=horizon, rank=rank)


@writing
@click.argument("key", type=KEY)
@click.option("--on", type=KEY, required=True, help="The initiative that it depends on.")
@click.option("--remove", is_flag=True, help="It no longer does.")
def depend(key: str, on: str, remove: bool) -> Commands:
    """A dependency is shown, not enforced.

    roadlog depend SUP-2 --on SUP-1
    """
    return RemoveDependency(stream=key, on=on) if remove else AddDependency(stream=key, on=on)


@writing
@click.argument("key", type=KEY)
@click.option("--purpose", required=True, metavar="TEXT", help="What the feature is meant for.")
@click.option("--affected", required=True, metavar="TEXT", help="Whom it affects.")
@click.option(
    "--class",
    "risk_class",
    required=True,
    type=click.Choice(["minimal", "limited", "high", "prohibited"]),
    help="How risky that is, in the words of the EU AI Act.",
)
@click.option("--basis", required=True, metavar="TEXT", help="Why it was classified so.")
@click.option(
    "--our-role", type=click.Choice(["provider", "deployer"]), help="What we are in the sense of the Act."
)
def classify(
    key: str, purpose: str, affected: str, risk_class: RiskClass, basis: str, our_role: OurRole | None
) -> Commands:
    """Feasibility is not left before the purpose is classified.

    roadlog classify SUP-1 --purpose "Suggest answers to agents" \\
      --affected "Customers who write to us" --class limited \\
      --basis "An agent sends every answer"
    """
    return ClassifyPurpose(
        stream=key, purpose=purpose, affected=affected, risk_class=risk_class, basis=basis, our_role=our_role
    )
