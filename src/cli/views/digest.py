"""The digest on a screen: what is owed first, what happened last; nothing of what is empty."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog.cli.views import board, screen, wording
from roadlog.cli.views.screen import Facts, columns, command, heading, said
from roadlog.told.digest import Line, Section, records, sections, span

DAY = len("2026-03-01")


def render(answer: dict[str, Any]) -> None:
    """Prints the digest."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Whose digest of which time, its sections, what happened, and the command for the next."""
    zone = wording.zone()
    yield said(f"Digest for {answer['for']}", "bold")
    yield Facts([said(span(answer, zone), "dim")])
    for section in sections(answer, zone):
        if section.lines:
            yield heading(section.title)
            yield from _lines(section)
        if section.note:
            yield Text()
            yield said(section.note)
        if section.command:
            yield command(section.command, 2)
    happened = list(records(answer, zone))
    if happened:
        yield heading("What happened")
    for section in happened:
        yield Facts([said(section.title, "bold")], len(section.of or "") + 2, said(section.of, "bold cyan"))
        yield from _lines(section)
    yield Text()
    yield board.stamp(answer)
    yield said("The next one, of what is recorded from here on:", "dim")
    yield command(answer["try"], 2)


def _lines(section: Section) -> Iterator[RenderableType]:
    """Each under the other, in columns as wide as the widest; the command under what it is for."""
    key = max(len(line.key) for line in section.lines)
    day = DAY if any(line.when for line in section.lines) else 0
    for line in section.lines:
        cells = [(_key(line, section), key, "right" if section.of else "left")]
        if day:
            cells.append((said(line.when, "dim"), day, "left"))
        lead = columns(*cells)
        yield Facts(_facts(line), lead.cell_len + 2, lead)
        if line.command:
            yield command(line.command, lead.cell_len + 2)


def _facts(line: Line) -> Iterator[Text]:
    first, *others = line.facts
    yield screen.toned(first) + (
        said(" ") + wording.bar(line.progress) if line.progress is not None else Text()
    )
    yield from map(screen.toned, others)


def _key(line: Line, section: Section) -> Text:
    return said(line.key, "dim" if section.of else "bold cyan")
