"""The gate as people see it: each requirement, what meets it, what does not count, what to type."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import Facts, command, indented, said, toned
from roadlog.told import gate as telling


def render(answer: dict[str, Any]) -> None:
    """Prints the gate."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """The milestone with its question, then line by line."""
    yield screen.titled(answer)
    if answer["next"] is None:
        yield said(f"{answer['milestone']}: nothing follows, so nothing is asked for.")
        yield from _unasked(answer)
        return
    yield Facts([said(telling.way(answer)), *map(toned, telling.state(answer))])
    if answer["question"]:
        yield said(answer["question"], "italic")
    if answer["not_evidenced"]:
        yield toned(telling.not_evidenced(answer))
    yield Text()
    for line in answer["requirements"]:
        yield from _line(line, answer)
    yield from _unasked(answer)
    if answer["open"] and answer["status"] in ("active", "backlog"):
        yield Text("Nothing keeps it here.")
        yield command(f"roadlog advance {answer['key']}")


def _unasked(answer: dict[str, Any]) -> Iterator[RenderableType]:
    for each in answer["unasked"]:
        yield Facts(map(toned, telling.unasked(each)), 2, said("·", "dim"))


def summary(answer: dict[str, Any]) -> Text:
    """`training → integration: closed, 3 of 5 met`."""
    if answer["next"] is None:
        return Text("nothing follows")
    return said(f"{telling.way(answer)}: ") + Text(", ").join(map(toned, telling.state(answer)))


def _line(line: dict[str, Any], answer: dict[str, Any]) -> Iterator[RenderableType]:
    positions = [said(f"#{each}", "dim") for each in telling.named_stale(line)]
    name = said(line["id"], "dim")  # what `waive` takes
    yield Facts([said(line["text"]), name, *_by(line), *positions], 2, wording.mark(line["met"]))
    for each in telling.notes(line, answer, wording.zone()):
        yield indented(toned(each), 4)
    if line["try"] and not line["met"]:
        yield command(line["try"], 4)


def _by(line: dict[str, Any]) -> Iterator[Text]:
    if line["waiver"] is not None:
        yield said(f"waived by #{line['waiver']}", "yellow")
    if line["by"]:
        records = (f"#{each} {name}".strip() for each, name in telling.met_by(line))
        yield said(words.several(records), "dim")
