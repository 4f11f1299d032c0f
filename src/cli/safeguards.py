"""Safeguards: the fallback, the notice and the monitor."""

import click

from roadlog.cli.arguments import EVIDENCE, HANDLE, KEY
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import (
    ActivateFallback,
    DeactivateFallback,
    DefineFallback,
    DefineMonitor,
    DefineNotice,
    TestFallback,
)
from roadlog.domain.events import FallbackKind


@writing
@click.argument("key", type=KEY)
@click.argument("text")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["human-handoff", "rule-based", "disable"]),
    help="A person takes over, fixed rules do, or the feature is off.",
)
@click.option("--trigger", required=True, metavar="TEXT", help="When it happens.")
@click.option("--owner", type=HANDLE, help="Who keeps it working.")
def fallback_define(key: str, text: str, kind: FallbackKind, trigger: str, owner: str | None) -> Commands:
    """A new definition has to be tested again.

    roadlog fallback define SUP-1 "Talk to a human" --kind human-handoff \\
      --trigger "Confidence below 0.6" --owner otto
    """
    return DefineFallback(stream=key, kind=kind, description=text, trigger=trigger, owner=owner)


@writing
@click.argument("key", type=KEY)
@click.option("--passed/--failed", default=None, help="Whether it worked. One of them must be said.")
@click.option("--evidence", type=EVIDENCE, help="The evidence that shows it.")
def fallback_test(key: str, passed: bool | None, evidence: str | None) -> Commands:
    """A test counts for the definition it tried, and for models before it.

    roadlog fallback test SUP-1 --passed
    """
    if passed is None:
        raise click.UsageError("--passed or --failed is missing: say whether it worked.")
    return TestFallback(stream=key, passed=passed, evidence=evidence)


@writing
@click.argument("key", type=KEY)
def fallback_activate(key: str) -> Commands:
    """A reason is mandatory.

    roadlog fallback activate SUP-1 \\
      --because "Answers cite pages that were deleted"
    """
    return ActivateFallback(stream=key)


@writing
@click.argument("key", type=KEY)
def fallback_deactivate(key: str) -> Commands:
    """The feature is back.

    roadlog fallback deactivate SUP-1
    """
    return DeactivateFallback(stream=key)


@writing
@click.argument("key", type=KEY)
@click.argument("text")
@click.option("--where", "placement", required=True, metavar="TEXT", help="Where the words stand.")
@click.option("--locale", metavar="L", help="Their language, such as en or es-MX.")
def notice_define(key: str, text: str, placement: str, locale: str | None) -> Commands:
    """TEXT is what users read.

    roadlog notice define SUP-1 "Written by AI and checked by an agent. It may be wrong." \\
      --where "Under every answer" --locale en
    """
    return DefineNotice(stream=key, text=text, placement=placement, locale=locale)


@writing
@click.argument("key", type=KEY)
@click.argument("signal")
@click.option("--where", required=True, metavar="TEXT", help="On which system.")
@click.option("--owner", type=HANDLE, required=True, help="Who watches it.")
def monitor_define(key: str, signal: str, where: str, owner: str) -> Commands:
    """SIGNAL is what is watched.

    roadlog monitor define SUP-1 "Share of answers that agents rewrite" \\
      --where "Support dashboard" --owner dan
    """
    return DefineMonitor(stream=key, signal=signal, where=where, owner=owner)
