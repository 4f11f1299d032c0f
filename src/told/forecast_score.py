"""Scores of forecasts in words: how often each line came true, then forecast by forecast."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.told.blocks import Block, Cell, Command, Facts, Heading, Rows, Said, record
from roadlog.told.facts import Fact
from roadlog.told.forecast import LINES
from roadlog.words import day

TITLES = (("scored", "Scored"), ("open", "Open"), ("not scored", "Not scored"))


def told(answer: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    """How many came true, and each of them."""
    found = answer["forecasts"]
    if not found:
        yield Said("No forecast was kept yet.")
        yield Command("roadlog forecast keep", 6)
    else:
        yield Said(f"{words.counted(len(found), 'forecast')} kept, {answer['n']} scored.")
    if found:
        yield from _calibration(answer)
    for state, title in TITLES:
        listed = [each for each in found if each["state"] == state]
        if listed:
            yield Heading(title)
            for each in listed:
                yield from _forecast(each, zone)


def _calibration(answer: dict[str, Any]) -> Iterator[Block]:
    rates = answer["calibration"]
    if all(rates[line]["rate"] is None for line in LINES):
        yield Said(Fact("Fewer than 5 are scored: no rate is told.", "dim"))
        return
    rows = [
        (f"{level} %", f"{rates[line]['held']} of {rates[line]['n']}", words.percent(rates[line]["rate"]))
        for line, level in LINES.items()
    ]
    yield Rows(("Said", "Held", "Came true"), rows, right=[0, 1, 2])


def _forecast(each: dict[str, Any], zone: tzinfo) -> Iterator[Block]:
    """What was asked and when, the lines with what became of each, and what happened."""
    lead = record(each["position"])
    indent = len(lead.text) + 2
    kept = f"kept by {each['by']} on {day(each['kept_at'], zone)}"
    yield Facts([_asked(each["question"]), Fact(kept, "dim")], lead, indent)
    yield Facts(list(_lines(each)), indent=indent)
    yield Said(Fact(_happened(each), "odd" if each["why"] else "plain"), indent)
    if each["again"]["result"] == "differs":
        yield Said(Fact(f"! computed again it is another: {each['again']['why']}", "bad"), indent)
    elif each["again"]["why"]:
        yield Said(Fact(f"not computed again: {each['again']['why']}", "dim"), indent)


def _asked(question: dict[str, Any]) -> str:
    if question["key"]:
        return f"when {question['key']} finishes"
    if question["count"] is not None:
        return f"when {question['count']:,} more have finished"
    return f"how many more finish by {question['by']}"


def _lines(each: dict[str, Any]) -> Iterator[Cell]:
    marks = {True: " ✓", False: " ✗", None: ""}
    for line, level in LINES.items():
        told = each["percentiles"][line]
        if told is not None:
            yield Fact(f"{level} %: {told}{marks[each['held'][line]]}")


def _happened(each: dict[str, Any]) -> str:
    if each["why"]:
        return str(each["why"])
    if each["state"] == "open":
        return "not settled yet"
    if each["happened"] is None:
        return "it has not happened, and its last day is over"
    if each["question"]["by"]:
        return f"{each['happened']} finished"
    return f"it happened on {each['happened']}"
