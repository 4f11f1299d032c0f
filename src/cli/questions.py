"""The questions that the store answers: board, show, gate, next, log and metrics."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli import charts
from roadlog.cli.arguments import HANDLE, KEY, MILESTONE, ROLE, ZONE, KeyType, NameType
from roadlog.cli.asking import reading, tell_moment
from roadlog.cli.output import print_json_parts
from roadlog.cli.program import program
from roadlog.cli.times import SINCE

if TYPE_CHECKING:
    from datetime import tzinfo

    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading

Answer = dict[str, Any]


def view(name: str) -> Callable[[Any], None]:
    """Prints an answer through `render` of `cli/views/NAME.py`, which is imported only then."""

    def render(answer: Any) -> None:
        from importlib import import_module

        import_module(f"roadlog.cli.views.{name}").render(answer)

    return render


class StreamType(KeyType):
    """An initiative's key, or the roadmap's own."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value).strip().upper()


def _types() -> tuple[str, ...]:
    from roadlog.domain.events import CATALOGUE

    return tuple(CATALOGUE)


STREAM = StreamType()
EVENT_TYPE = NameType("type", lambda _, __: _types())


@reading(view("board"), stamped=True)
def board(reading: "Reading", moment: "Moment") -> Answer:
    """By horizon, those closest to the users first; who is waited for, which roles were not heard lately.

    roadlog board
    roadlog board --as-of 2026-03-01
    """
    answer, run = reading.board(moment), program()
    if run.json or run.then is None or answer["initiatives"]:
        return answer
    return {**answer, "log_begins": reading.log_begins(), "first_begins": reading.first_begins(moment)}


@reading(view("page"))
@click.argument("key", type=KEY)
def show_(reading: "Reading", moment: "Moment", key: str) -> Answer:
    """Its problem and outcome first, then where it stands and everything that was recorded of it.

    roadlog show SUP-1
    """
    return reading.show(key, moment)


@reading(view("gate"))
@click.argument("key", type=KEY)
def gate(reading: "Reading", moment: "Moment", key: str) -> Answer:
    """Each requirement, the records that meet it, votes that do not count and why, and the command to type.

    roadlog gate SUP-1
    """
    return reading.gate(key, moment)


@reading(view("owed"))
@click.option("--for", "handle", type=HANDLE, help="Of this stakeholder; of you, unless given.")
def next_(reading: "Reading", moment: "Moment", handle: str | None) -> Answer | list[Any] | None:
    """Votes asked of you, what your initiatives lack, who wants to be heard: each with the command to type.

    roadlog next --for carla
    """
    with program().of_whom(handle, "next") as whom:
        owed = reading.owed(whom, moment)
    if program().json:
        return owed
    from roadlog.cli.views.owed import render

    render(owed, whom, moment.as_of)
    tell_moment()
    return None


@reading(view("trail"))
@click.argument("key", type=STREAM, required=False)
@click.option(
    "--type", "kind", type=EVENT_TYPE, help="Only events of this type; `roadlog catalogue` names them."
)
@click.option("--actor", type=HANDLE, help="Only what this stakeholder did.")
@click.option("--since", type=SINCE, metavar="TIME", help="Only what happened then or later.")
@click.option(
    "--last", type=click.IntRange(min=1), metavar="N", help="Only the last N entries of what is asked for."
)
def log(
    reading: "Reading",
    moment: "Moment",
    key: str | None,
    kind: str | None,
    actor: str | None,
    since: datetime | None,
    last: int | None,
) -> None:
    """KEY is an initiative's key, or the roadmap's; everything, unless given. In the order of recording.

    roadlog log SUP-1 --since "2 weeks ago"
    roadlog log --last 20
    roadlog log --actor carla
    """
    if kind is not None:
        from roadlog.trail import event_type

        kind = event_type(kind)
    trail = reading.trail(moment, key=key, kind=kind, actor=actor, since=since, last=last)
    run = program()
    if run.json:
        run.tell_asides()
        print_json_parts(trail.parts())
    else:
        view("trail")(trail)
        tell_moment()


def _render_metrics(answer: Answer) -> None:
    view("charts" if "chart" in answer else "metrics")(answer)


@reading(_render_metrics, stamped=True)
@click.argument("key", type=KEY, required=False)
@click.option("--from", "start", type=SINCE, metavar="TIME", help="Cycles that finished then or later.")
@click.option("--to", "end", type=SINCE, metavar="TIME", help="Cycles that finished before then.")
@click.option("--milestone", type=MILESTONE, help="Only initiatives that stood there.")
@click.option("--role", type=ROLE, help="Only initiatives on which this role voted or was heard.")
@click.option("--segment", metavar="TEXT", help="Only initiatives whose problem names this segment.")
@click.option(
    "--zone", type=ZONE, metavar="ZONE", help="The zone in which days are counted; the store's, unless given."
)
@click.option("--chart", type=charts.CHART, metavar="NAME", help=f"As a picture: {charts.TOLD}.")
@click.option("--out", metavar="FILE", help="With --chart: the new SVG file to write; - is stdout.")
def metrics(
    reading: "Reading",
    moment: "Moment",
    *,
    key: str | None,
    start: datetime | None,
    end: datetime | None,
    milestone: str | None,
    role: str | None,
    segment: str | None,
    zone: "tzinfo | None",
    chart: str | None,
    out: str | None,
) -> Answer | None:
    """Definition metrics/1: elapsed time, pauses and blocks included. A cycle counts when it finished.

    What each figure means, with a worked example: docs/metrics.md. Of the charts, ageing, time-in-milestone
    and outcome are printed where no --out is given; with --json each is its data as a table.

    roadlog metrics --from 2026-01-01 --to 2026-04-01
    roadlog metrics SUP-1
    roadlog metrics --chart cycle-time --out cycle-time.svg
    """
    from roadlog.cli.progress import bar

    charts.check(chart, out, key)
    if milestone is not None:
        reading.check_milestone(milestone, moment)
    if role is not None:
        reading.check_role(role, moment)
    run = program()
    with bar("Measuring") as progress:
        answer = reading.metrics(
            moment,
            progress=progress,
            key=key,
            milestone=milestone,
            role=role,
            segment=segment,
            window=(start, end),
            zone=zone or run.zone(),
        )
    return answer if chart is None else charts.answered(answer, chart, out)
