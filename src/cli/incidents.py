"""Incidents: what went wrong for users, to whom it was reported, and that it is over."""

from datetime import datetime

import click

from roadlog.cli.arguments import EDGE_CASE, INCIDENT, KEY, SCORE
from roadlog.cli.times import PAST
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import CloseIncident, OpenIncident, ReportIncident


@writing
@click.argument("key", type=KEY)
@click.argument("text")
@click.option(
    "--aware",
    type=PAST,
    required=True,
    metavar="TIME",
    help="When we became aware: reporting clocks run from it.",
)
@click.option("--severity", type=SCORE, required=True, metavar="1-5", help="From 1, slight, to 5, severe.")
@click.option("--case", type=EDGE_CASE, help="The edge case that showed it.")
def incident_open(key: str, text: str, aware: datetime, severity: int, case: str | None) -> Commands:
    """A reason is mandatory: why it is an incident.

    roadlog incident open SUP-1 "Quoted another customer's order" \\
      --aware 2026-05-04T10:20:00Z --severity 4 \\
      --because "Personal data was shown"
    """
    return OpenIncident(stream=key, description=text, aware_at=aware, severity=severity, case=case)


@writing
@click.argument("key", type=KEY)
@click.argument("incident", type=INCIDENT)
@click.option("--to", required=True, metavar="TEXT", help="To whom.")
def incident_report(key: str, incident: str, to: str) -> Commands:
    """When it was reported is --at, or now.

    roadlog incident report SUP-1 I1 --to "Data protection authority"
    """
    return ReportIncident(stream=key, incident=incident, to=to)


@writing
@click.argument("key", type=KEY)
@click.argument("incident", type=INCIDENT)
def incident_close(key: str, incident: str) -> Commands:
    """A reason is mandatory: why it is over.

    roadlog incident close SUP-1 I1 \\
      --because "Retrieval is limited to the customer's own orders"
    """
    return CloseIncident(stream=key, incident=incident)
