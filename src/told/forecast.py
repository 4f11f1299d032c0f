"""Forecasts in words: what is likely, a fan of it, and what it was drawn from."""

from collections.abc import Iterator
from typing import Any

from roadlog import words
from roadlog.domain.moments import day_of, instant
from roadlog.projections.zones import zone_of
from roadlog.told import quality
from roadlog.told.blocks import Block, Cell, Facts, Heading, Rows, Said
from roadlog.told.facts import Fact
from roadlog.words import days

LINES = {"p50": "50", "p70": "70", "p85": "85", "p95": "95"}
FEW = 10
"""Peers that are listed; of more it is only said how many."""
POINTS = 12
"""Lines of a fan on a screen, about."""
BAR = 30
"""Columns of the fan's widest bar."""


def told(answer: dict[str, Any]) -> Iterator[Block]:
    """What was asked, then what there is beside it."""
    yield from asked(answer)
    if answer["fan"] and len(answer["fan"]) > 1:
        yield Heading("How many more cycles will have finished")
        yield from _fan(answer["fan"])
    yield from in_progress(answer)
    yield from quality.told(answer["quality"])


def asked(answer: dict[str, Any]) -> Iterator[Block]:
    """The answer to the question, and whom an initiative is compared with."""
    question, key = answer["question"], answer["question"]["key"]
    if answer["insufficient"]:
        yield Said(Fact(answer["insufficient"], "odd"))
    elif key is not None:
        yield from _one(answer, key)
    elif question["count"] is not None:
        yield from _when(question["count"], answer)
    else:
        yield from _how_many(question["by"], answer)
    if answer["peers"]:
        yield from _peers(answer["peers"], key)


def in_progress(answer: dict[str, Any]) -> Iterator[Block]:
    """When what is under way now has finished, where nothing was asked."""
    if answer["in_progress"]:
        yield Heading("When as many more cycles have finished as are under way now")
        yield from _when(answer["in_progress"]["count"], answer["in_progress"])


def _how_many(by: str, answer: dict[str, Any]) -> Iterator[Block]:
    """A line for each count; that at least none finish says nothing, so one line stands for all of these."""
    for line, level in LINES.items():
        count = answer["percentiles"][line]
        if not count:
            more = "" if level == "95" else " or more"
            yield Said(f"No finish by {by} is sure with {level} % probability{more}.")
            return
        verb = "finishes" if count == 1 else "finish"
        yield _sentence(f"With {level} % probability at least ", f"{count:,} more", f" {verb} by {by}.")


def _sentence(before: str, sure: str, after: str) -> Said:
    return Said((Fact(before), Fact(sure, "strong"), Fact(after)))


def _when(count: int, answer: dict[str, Any]) -> Iterator[Block]:
    yield from _dated(answer, f"{count:,} more {'has' if count == 1 else 'have'} finished by ")


def _one(answer: dict[str, Any], key: str) -> Iterator[Block]:
    stopped = answer["stopped"]
    if stopped:
        yield Said(f"{key} ends stopped in {_share(stopped)} of the trials. Of the others:")
    yield from _dated(answer, f"{key} finishes by ")


def _dated(answer: dict[str, Any], what: str) -> Iterator[Block]:
    """A line for each day that can be told; then why the others cannot."""
    for line, level in LINES.items():
        if answer["percentiles"][line] is not None:
            yield _sentence(f"With {level} % probability {what}", answer["percentiles"][line], ".")
    untold = [level for line, level in LINES.items() if answer["percentiles"][line] is None]
    if answer["beyond"] and untold:
        levels = " and ".join(filter(None, [", ".join(untold[:-1]), untold[-1]]))
        yield Said(Fact(f"For {levels} % no day can be told.", "odd"))
    if answer["beyond"]:
        share = _share(answer["beyond"]["share"])
        why = answer["beyond"]["why"]
        yield Said(Fact(f"{share} of the trials end beyond what was ever seen: {why}.", "odd"))
    elif untold:
        yield Said(Fact("No trial finishes.", "odd"))


def _share(part: float) -> str:
    """`3 %`, `under 1 %`."""
    return "under 1 %" if 0 < part < 0.005 else words.percent(part)


def _peers(peers: dict[str, Any], key: str | None) -> Iterator[Block]:
    """Age against those that finished and those that are under way."""
    finished, unfinished, age = peers["finished"], peers["unfinished"], peers["age"]
    if age is not None:
        longer = sum(each["seconds"] < age for each in finished)
        older = sum(each["seconds"] < age for each in unfinished)
        yield Said(
            f"{key} has been under way for {days(age)}: longer than {longer} of the "
            f"{words.counted(len(finished), 'finished cycle')} took, and than {older} of "
            f"{len(unfinished)} others under way."
        )
    for title, found in (("Finished cycles took", finished), ("Under way for", unfinished)):
        if 0 < len(found) <= FEW:
            yield Heading(title)
            yield Facts([(Fact(f"{each['key']} "), Fact(days(each["seconds"]), "strong")) for each in found])


def _fan(fan: list[dict[str, Any]]) -> Iterator[Block]:
    """A bar a day: what is 85 % sure is full, what is only as likely as not is hatched."""
    every = -(-(len(fan) - 1) // POINTS)
    told = [*fan[every:-1:every], fan[-1]]
    widest = max(1, *(each["p50"] for each in told))
    scale = min(1.0, BAR / widest)
    rows: list[tuple[Cell, ...]] = []
    for each in told:
        sure, likely = (round(each[line] * scale) for line in ("p85", "p50"))
        bar = Fact("█" * sure + "░" * (likely - sure), "strong")
        rows.append((each["at"], *(str(each[line]) for line in reversed(LINES)), bar))
    yield Rows(
        ("", *(f"{level} %" for level in reversed(LINES.values())), ""), rows, right=[1, 2, 3, 4], drawn=5
    )


def drawn_from(answer: dict[str, Any]) -> Iterator[Cell]:
    """Definition, seed, trials and the history that was drawn from."""
    zone = zone_of(answer["zone"])
    yield Fact(answer["definition"], "strong")
    yield Fact(f"seed {answer['seed']}")
    yield Fact(f"{answer['trials']:,} trials")
    yield Fact(f"drawn from {words.counted(answer['n'], 'finished cycle')}")
    if answer["window"][0] < answer["window"][1]:
        start, end = (day_of(instant(each), zone) for each in answer["window"])
        yield Fact(f"history from {start} to {end}")
    else:
        yield Fact("no history yet")
    yield Fact(f"days counted in {answer['zone']}")
