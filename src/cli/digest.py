"""The digest of one stakeholder, for a screen, a program or a mail."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import HANDLE
from roadlog.cli.asking import reading
from roadlog.cli.program import program
from roadlog.cli.times import SINCE

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading


def _render(answer: dict[str, Any]) -> None:
    from roadlog.cli.views.digest import render

    render(answer)


@reading(_render, stamped=True)
@click.option("--for", "handle", type=HANDLE, help="Whose digest; yours, unless given.")
@click.option(
    "--since",
    type=SINCE,
    metavar="TIME",
    help="Records that were recorded after then; a week before, unless given.",
)
@click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="N",
    help="Records after record N, in place of --since: where the digest before this one ended.",
)
@click.option("--html", is_flag=True, help="As a page for a mail, which loads and runs nothing.")
def digest(
    reading: "Reading",
    moment: "Moment",
    *,
    handle: str | None,
    since: datetime | None,
    after: int | None,
    html: bool,
) -> dict[str, Any] | None:
    """Decisions they owe, oldest first, with the command to type; approvals of theirs that went stale, and
    by what; risks raised or accepted; gates passed by waiver or break-glass; quiet roles; outcomes by
    iteration; and every record since. Each ends with the command for the next, so that digests one after
    another hold every record once. What had happened before, and was recorded only now, is marked so.

    roadlog digest --for carla
    roadlog digest --for carla --since "2 weeks ago"
    roadlog digest --for carla --after 120 --html > digest.html
    """
    from roadlog.digest import digest

    with program().of_whom(handle, "digest") as whom:
        answer = digest(reading, whom, moment, since=since, after=after)
    if not html:
        return answer
    from roadlog.cli.output import print_html
    from roadlog.cli.views.digest_page import page

    if program().json:
        return {"html": page(answer)}
    print_html(page(answer))
    return None
