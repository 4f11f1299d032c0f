"""Moves between milestones, their reviews, and waivers."""

from datetime import datetime

import click

from roadlog.cli.arguments import KEY, MILESTONE, POSITION, REQUIREMENT
from roadlog.cli.times import LATER
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import AdvanceMilestone, ReturnMilestone, ReviewBreakGlass, WaiveRequirement
from roadlog.domain.events import LoopKind


@writing
@click.argument("key", type=KEY)
@click.option("--to", type=MILESTONE, help="Further than the next, where every gate between holds.")
@click.option(
    "--break-glass", is_flag=True, help="Pass the gate for a reason; another stakeholder reviews it."
)
def advance(key: str, to: str | None, break_glass: bool) -> Commands:
    """Goes to the next milestone when all that the present gate asks for is there. `--dry-run` shows the gate
    beyond.

    roadlog advance SUP-1
    """
    return AdvanceMilestone(stream=key, to=to, break_glass=break_glass)


@writing
@click.argument("key", type=KEY)
@click.argument("position", type=POSITION)
@click.option(
    "--upheld/--not-upheld", required=True, default=None, help="Whether breaking the glass was right."
)
def review(key: str, position: int, upheld: bool) -> Commands:
    """POSITION is that of the move. Somebody else than who broke the glass reviews it, and says why.

    roadlog review SUP-1 57 --upheld --because "The outage could not wait"
    """
    return ReviewBreakGlass(stream=key, move=position, upheld=upheld)


@writing
@click.argument("key", type=KEY)
@click.argument("milestone", type=MILESTONE)
@click.option(
    "--loop",
    required=True,
    type=click.Choice(["learning", "rework", "drift", "rejection", "scope"]),
    help="Why: planned learning, a defect, a changed world, a stakeholder's no, a changed problem.",
)
@click.option("--learned", metavar="TEXT", help="What was learned.")
@click.option("--change", metavar="TEXT", help="What will be different.")
def return_(key: str, milestone: str, loop: LoopKind, learned: str | None, change: str | None) -> Commands:
    """To an earlier milestone, or to the same one again (retraining). A reason is mandatory.

    roadlog return SUP-1 training --loop learning \\
      --because "Recall too low for Spanish" --change "Add Spanish tickets"
    """
    return ReturnMilestone(stream=key, to=milestone, loop=loop, learned=learned, change=change)


@writing
@click.argument("key", type=KEY)
@click.argument("requirement", type=REQUIREMENT)
@click.option("--until", required=True, type=LATER, metavar="TIME", help="When the waiver lapses.")
@click.option("--milestone", type=MILESTONE, help="Whose gate; where the initiative stands, unless given.")
def waive(key: str, requirement: str, until: datetime, milestone: str | None) -> Commands:
    """REQUIREMENT is the id that `roadlog gate` shows after the text, such as approval:engineering. A reason
    is mandatory, and everybody sees the waiver.

    roadlog waive SUP-1 evidence:dataset --until 2026-04-01 \\
      --because "Legal clears the export on Friday"
    """
    return WaiveRequirement(stream=key, requirement=requirement, until=until, milestone=milestone)
