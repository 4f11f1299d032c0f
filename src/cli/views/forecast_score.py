"""Scores as people see them: how often each line came true, then forecast by forecast."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import board, screen
from roadlog.cli.views.forecast import LINES
from roadlog.cli.views.screen import Facts, Rows, heading, said
from roadlog.cli.views.wording import day

TITLES = (("scored", "Scored"), ("open", "Open"), ("not scored", "Not scored"))


def render(answer: dict[str, Any]) -> None:
    """Prints the score."""
    screen.show(*_told(answer))


def _told(answer: dict[str, Any]) -> Iterator[RenderableType]:
    found = answer["forecasts"]
    if not found:
        yield Text("No forecast was kept yet.")
        yield screen.command("roadlog forecast keep", 6)
    else:
        yield Text(f"{words.counted(len(found), 'forecast')} kept, {answer['n']} scored.")
    if found:
        yield from _calibration(answer)
    for state, title in TITLES:
        listed = [each for each in found if each["state"] == state]
        if listed:
            yield heading(title)
            for each in listed:
                yield from _forecast(each)
    yield Text()
    yield board.stamp(answer)


def _calibration(answer: dict[str, Any]) -> Iterator[RenderableType]:
    rates = answer["calibration"]
    if all(rates[line]["rate"] is None for line in LINES):
        yield said("Fewer than 5 are scored: no rate is told.", "dim")
        return
    rows = [
        (f"{level} %", f"{rates[line]['held']} of {rates[line]['n']}", words.percent(rates[line]["rate"]))
        for line, level in LINES.items()
    ]
    yield Rows(("Said", "Held", "Came true"), rows, right=[0, 1, 2])


def _forecast(each: dict[str, Any]) -> Iterator[RenderableType]:
    """What was asked and when, the lines with what became of each, and what happened."""
    lead = said(f"#{each['position']}", "bold cyan")
    indent = lead.cell_len + 2
    kept = f"kept by {each['by']} on {day(each['kept_at'])}"
    yield Facts([said(_asked(each["question"])), said(kept, "dim")], indent, lead)
    yield Facts(_lines(each), indent)
    yield Facts([said(_happened(each), "yellow" if each["why"] else "")], indent)
    if each["again"]["result"] == "differs":
        yield Facts([said(f"! computed again it is another: {each['again']['why']}", "bold red")], indent)
    elif each["again"]["why"]:
        yield Facts([said(f"not computed again: {each['again']['why']}", "dim")], indent)


def _asked(question: dict[str, Any]) -> str:
    if question["key"]:
        return f"when {question['key']} finishes"
    if question["count"] is not None:
        return f"when {question['count']:,} more have finished"
    return f"how many more finish by {question['by']}"


def _lines(each: dict[str, Any]) -> Iterator[Text]:
    marks = {True: " ✓", False: " ✗", None: ""}
    for line, level in LINES.items():
        told = each["percentiles"][line]
        if told is not None:
            yield said(f"{level} %: {told}{marks[each['held'][line]]}")


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
