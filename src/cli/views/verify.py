"""The verdict on a log, as people see it: what was found, what was checked, and what that does not prove."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import Facts, heading, indented, said, table

MEANINGS = {
    "intact-unanchored": "The log is whole. Nothing outside of it vouches for that yet.",
    "could-not-run": "There was nothing that could be verified.",
    "unreadable": "A record cannot be read.",
}
TAMPERED = "The log, or what was derived from it, is not what was recorded."


def render(answer: dict[str, Any]) -> None:
    """Prints the verdict."""
    screen.show(*_verdict(answer))


def _verdict(answer: dict[str, Any]) -> Iterator[RenderableType]:
    intact = answer["exit"] in (0, 1)
    sign, style = ("✓", "bold green") if intact else ("✗", "bold red")
    yield said(f"{sign} {answer['verdict']}", style)
    yield said(MEANINGS.get(answer["verdict"], TAMPERED))
    if answer["problems"]:
        yield heading("Problems")
        yield _problems(answer["problems"])
    if answer["size"]:
        yield heading("Checked")
        yield Facts(_checked(answer["checked"]), 2)
        yield indented(said(f"size {answer['size']}, not anchored {answer['unanchored_tail']}"), 2)
        yield indented(said(f"root {answer['root']}", "dim"), 2)
        yield indented(said(f"origin {answer['origin']}", "dim"), 2)
    yield heading("Not proved")
    for each in answer["not_proved"]:
        yield Facts([said(each)], 2, said("·", "dim"))


def _checked(checked: dict[str, int]) -> Iterator[Text]:
    names = {"nodes": "tree nodes", "projections": "rows of projections"}
    for name, count in checked.items():
        if count:
            yield Text(f"{wording.number(count)} {names.get(name, name)}")


def _problems(problems: list[dict[str, Any]]) -> RenderableType:
    return table(
        ("#", "Verdict", "Record", "What"),
        [
            (
                said("" if each["position"] is None else f"#{each['position']}", "bold red"),
                each["verdict"],
                said(f"{each['stream']} version {each['version']}" if each["stream"] else ""),
                said(f"expected {_shown(each['expected'])}; found {_shown(each['found'])}"),
            )
            for each in problems
        ],
        right=[0],
    )


def _shown(text: str | None) -> str:
    return " ".join(text.split()) if text else "nothing"
