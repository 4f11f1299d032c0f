"""Forecasts as people see them: what is likely in plain words, a fan of it, and what it was drawn from."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import board, quality, screen
from roadlog.cli.views.screen import Facts, Rows, heading, said
from roadlog.domain.moments import instant
from roadlog.projections.forecast.question import day_of
from roadlog.projections.zones import zone_of
from roadlog.words import days

LINES = {"p50": "50", "p70": "70", "p85": "85", "p95": "95"}
FEW = 10
"""Peers that are listed; of more it is only said how many."""
POINTS = 12
"""Lines of a fan on a screen, about."""
BAR = 30
"""Columns of the fan's widest bar."""


def render(answer: dict[str, Any]) -> None:
    """Prints the forecast."""
    screen.show(*_told(answer))


def _told(answer: dict[str, Any]) -> Iterator[RenderableType]:
    asked, key = answer["question"], answer["question"]["key"]
    if answer["insufficient"]:
        yield said(answer["insufficient"], "yellow")
    elif key is not None:
        yield from _one(answer, key)
    elif asked["count"] is not None:
        yield from _when(asked["count"], answer)
    else:
        yield from _how_many(asked["by"], answer)
    if answer["peers"]:
        yield from _peers(answer["peers"], key)
    if answer["fan"] and len(answer["fan"]) > 1:
        yield heading("How many more cycles will have finished")
        yield from _fan(answer["fan"])
    if answer["in_progress"]:
        yield heading("When as many more cycles have finished as are under way now")
        yield from _when(answer["in_progress"]["count"], answer["in_progress"])
    yield from quality.told(answer["quality"])
    yield Text()
    yield Facts(_drawn(answer))
    yield board.stamp(answer)


def _how_many(by: str, answer: dict[str, Any]) -> Iterator[RenderableType]:
    """A line for each count; that at least none finish says nothing, so one line stands for all of these."""
    for line, level in LINES.items():
        count = answer["percentiles"][line]
        if not count:
            more = "" if level == "95" else " or more"
            yield said(f"No finish by {by} is sure with {level} % probability{more}.")
            return
        verb = "finishes" if count == 1 else "finish"
        yield (
            Text(f"With {level} % probability at least ")
            + said(f"{count:,} more", "bold cyan")
            + said(f" {verb} by {by}.")
        )


def _when(count: int, answer: dict[str, Any]) -> Iterator[RenderableType]:
    yield from _dated(answer, f"{count:,} more {'has' if count == 1 else 'have'} finished by ")


def _one(answer: dict[str, Any], key: str) -> Iterator[RenderableType]:
    stopped = answer["stopped"]
    if stopped:
        yield said(f"{key} ends stopped in {_share(stopped)} of the trials. Of the others:")
    yield from _dated(answer, f"{key} finishes by ")


def _dated(answer: dict[str, Any], what: str) -> Iterator[RenderableType]:
    """A line for each day that can be told; then why the others cannot."""
    for line, level in LINES.items():
        if answer["percentiles"][line] is not None:
            yield (
                said(f"With {level} % probability {what}")
                + said(answer["percentiles"][line], "bold cyan")
                + Text(".")
            )
    untold = [level for line, level in LINES.items() if answer["percentiles"][line] is None]
    if answer["beyond"] and untold:
        levels = " and ".join(filter(None, [", ".join(untold[:-1]), untold[-1]]))
        yield said(f"For {levels} % no day can be told.", "yellow")
    if answer["beyond"]:
        share = _share(answer["beyond"]["share"])
        yield said(
            f"{share} of the trials end beyond what was ever seen: {answer['beyond']['why']}.", "yellow"
        )
    elif untold:
        yield said("No trial finishes.", "yellow")


def _share(part: float) -> str:
    """`3 %`, `under 1 %`."""
    return "under 1 %" if 0 < part < 0.005 else words.percent(part)


def _peers(peers: dict[str, Any], key: str | None) -> Iterator[RenderableType]:
    """Age against those that finished and those that are under way."""
    finished, unfinished, age = peers["finished"], peers["unfinished"], peers["age"]
    if age is not None:
        longer = sum(each["seconds"] < age for each in finished)
        older = sum(each["seconds"] < age for each in unfinished)
        yield said(
            f"{key} has been under way for {days(age)}: longer than {longer} of the "
            f"{words.counted(len(finished), 'finished cycle')} took, and than {older} of "
            f"{len(unfinished)} others under way."
        )
    for title, found in (("Finished cycles took", finished), ("Under way for", unfinished)):
        if 0 < len(found) <= FEW:
            yield heading(title)
            yield Facts(said(f"{each['key']} ") + said(days(each["seconds"]), "cyan") for each in found)


def _fan(fan: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """A bar a day: what is 85 % sure is full, what is only as likely as not is hatched."""
    every = -(-(len(fan) - 1) // POINTS)
    told = [*fan[every:-1:every], fan[-1]]
    widest = max(1, *(each["p50"] for each in told))
    scale = min(1.0, BAR / widest)
    rows = []
    for each in told:
        sure, likely = (round(each[line] * scale) for line in ("p85", "p50"))
        bar = Text.assemble(("█" * sure, "cyan"), ("░" * (likely - sure), "cyan"))
        rows.append((each["at"], *(str(each[line]) for line in reversed(LINES)), bar))
    yield Rows(("", *(f"{level} %" for level in reversed(LINES.values())), ""), rows, right=[1, 2, 3, 4])


def _drawn(answer: dict[str, Any]) -> Iterator[Text]:
    """Definition, seed, trials and the history that was drawn from."""
    zone = zone_of(answer["zone"])
    start, end = (day_of(instant(each), zone) for each in answer["window"])
    yield said(answer["definition"], "bold")
    yield Text(f"seed {answer['seed']}")
    yield Text(f"{answer['trials']:,} trials")
    yield Text(f"drawn from {words.counted(answer['n'], 'finished cycle')}")
    yield said(f"history from {start} to {end}")
    yield said(f"days counted in {answer['zone']}")
