"""Problems: what hurts, for whom, and the outcome one aims at. `define` asks when it is given nothing."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from roadlog.cli.arguments import HANDLE, KEY, MILESTONE, NUMBER, TARGET, Number
from roadlog.cli.program import program
from roadlog.cli.times import DAY, PAST
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import AdoptInitiative, DefineProblem, ReframeProblem

PERSONAL = "Free text stays in the log: name no private persons in it."


@writing
@click.argument("title", required=False)
@click.option("--problem", metavar="TEXT", help=f"What hurts, and for whom, naming no technology. {PERSONAL}")
@click.option("--metric", metavar="NAME", help="What is measured in the world; due before the first advance.")
@click.option("--unit", metavar="TEXT", help="The metric's unit, such as tickets/week.")
@click.option("--baseline", type=NUMBER, help="Where the metric stands; due before feasibility is left.")
@click.option("--target", type=TARGET, help="A number, or percent of the baseline such as -30%.")
@click.option("--by", type=DAY, metavar="DATE", help="By which day.")
@click.option(
    "--segment",
    "segments",
    multiple=True,
    metavar="TEXT",
    help="Whom it concerns; criteria are due for each.",
)
@click.option("--approach", metavar="TEXT", help="How you think to solve it: the place for technology.")
@click.option("--owner", type=HANDLE, help="Who answers for it.")
@click.option("--for", "key", type=KEY, help="Give an adopted initiative its problem.")
@click.option("--allow-solution", is_flag=True, help="Let a technology stand in the problem, for a reason.")
def define(
    *,
    title: str | None,
    problem: str | None,
    metric: str | None,
    unit: str | None,
    baseline: Number | None,
    target: tuple[Number, bool] | None,
    by: date | None,
    segments: tuple[str, ...],
    approach: str | None,
    owner: str | None,
    key: str | None,
    allow_solution: bool,
) -> Commands:
    """A problem names no technology: that belongs to --approach. Without options, on a terminal, it asks.

    roadlog define "Reduce support load" \\
      --problem "Customers wait 9 hours for a first answer" \\
      --metric "tickets per week" --baseline 900 --target -30% \\
      --by 2026-12-31
    """
    given: dict[str, Any] = {
        "problem": problem,
        "metric": metric,
        "unit": unit,
        "baseline": baseline,
        "target": target,
        "by": by,
        "segments": segments,
        "approach": approach,
        "owner": owner,
    }
    if problem is None and not any(given.values()) and _can_ask():
        title, given = _asked(title)
        program().typed["asked"] = [title, *(str(each) for each in given.values())]
    if title is None or given["problem"] is None:
        what, kind = ("TITLE", "argument") if title is None else ("--problem", "option")
        raise click.MissingParameter(ctx=click.get_current_context(), param_hint=what, param_type=kind)
    _hint(title, str(given["problem"]))
    number, relative = given.pop("target", None) or (None, False)
    return DefineProblem(
        stream=key or "",
        title=title,
        target=number,
        relative=relative,
        allow_solution=allow_solution,
        **given,
    )


def _hint(*texts: str | None) -> None:
    """Says where technology belongs when a text mentions one; one that proposes it is refused by its rule."""
    from roadlog.domain.problem_first import check

    found = [check(each) for each in texts if each]
    mentioned = dict.fromkeys(word for reading in found for word in reading.mentions)
    if mentioned and not any(reading.proposes for reading in found):
        words = ", ".join(f'"{each}"' for each in mentioned)
        program().warn(
            f"It mentions {words}: part of the problem, or a solution, which belongs to --approach?"
        )


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and not program().json


def _asked(title: str | None) -> tuple[str, dict[str, Any]]:
    """The answers of whoever sits at the terminal; an empty one leaves a field open."""
    click.echo(PERSONAL)
    title = title or click.prompt("Title, one line")
    click.echo("What hurts, and for whom? Name no technology here.")
    given: dict[str, Any] = {"problem": click.prompt("Problem")}
    click.echo("What follows can be left empty and said later.")
    given["metric"] = _optional("Metric, such as tickets per week", str)
    if given["metric"]:
        given["unit"] = _optional("Unit", str)
        given["baseline"] = _optional("Baseline, where it stands today", NUMBER)
        given["target"] = _optional("Target, a number or such as -30%", TARGET)
        given["by"] = _optional("By which day, such as 2026-12-31", DAY)
    segments = _optional("Segments of users, with commas between", str) or ""
    given["segments"] = tuple(each.strip() for each in segments.split(",") if each.strip())
    given["approach"] = _optional("Approach, the place for technology", str)
    given["owner"] = _optional("Owner's handle", str)
    return title, given


def _optional(question: str, kind: click.ParamType[Any] | type[str]) -> Any:
    convert: Callable[[str], Any] = str if kind is str else _converter(kind)

    def value(text: str) -> Any:
        return convert(text) if text.strip() else None

    return click.prompt(question, default="", show_default=False, value_proc=value)


def _converter(kind: Any) -> Callable[[str], Any]:
    return lambda text: kind.convert(text, None, click.get_current_context())


@writing
@click.argument("title")
@click.option("--in", "milestone", type=MILESTONE, required=True, help="Where it stands.")
@click.option("--since", type=PAST, required=True, metavar="DATE", help="Since when it stands there.")
@click.option("--owner", type=HANDLE, help="Who answers for it.")
def adopt(title: str, milestone: str, since: datetime, owner: str | None) -> Commands:
    """Its earlier gates show "not evidenced here". `roadlog define TITLE --for KEY` gives it its problem.

    roadlog adopt "Answer suggestions for agents" --in training \\
      --since 2026-02-01
    """
    return AdoptInitiative(title=title, milestone=milestone, since=since, owner=owner)


@writing
@click.argument("key", type=KEY)
@click.option("--title", metavar="TEXT", help="The new title.")
@click.option("--problem", metavar="TEXT", help=f"The new problem. {PERSONAL}")
@click.option("--segment", "segments", multiple=True, metavar="TEXT", help="The new segments, all of them.")
@click.option("--approach", metavar="TEXT", help="The new approach.")
@click.option("--allow-solution", is_flag=True, help="Let a technology stand in the problem, for a reason.")
def reframe(
    key: str,
    title: str | None,
    problem: str | None,
    segments: tuple[str, ...],
    approach: str | None,
    allow_solution: bool,
) -> Commands:
    """What is not given stays as it was. A reason is mandatory; approvals of what changed go stale.

    roadlog reframe SUP-1 --problem "Agents copy answers by hand" \\
      --because "Interviews with 12 agents"
    """
    _hint(title, problem)
    return ReframeProblem(
        stream=key,
        title=title,
        problem=problem,
        segments=segments or None,
        approach=approach,
        allow_solution=allow_solution,
    )
