"""What differs between two moments, as people see it: what came, what went, what changed by initiative."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import Facts, heading, said
from roadlog.told import values

SIGNS = (("added", "+", "bold green", "came"), ("removed", "−", "bold red", "went"))


def render(answer: dict[str, Any], titles: Mapping[str, str]) -> None:
    """Prints it, with the initiatives' titles."""
    screen.show(*_told(answer, titles))


def _told(answer: dict[str, Any], titles: Mapping[str, str]) -> Iterator[RenderableType]:
    changed = [
        (key, list(each)) for key, each in groupby(answer["changed"], key=lambda each: str(each["key"]))
    ]
    yield Facts([said(f"From {_moment(answer['from'])}"), said(f"to {_moment(answer['to'])}")])
    yield Facts(_summary(answer, len(changed)))
    for name, sign, style, _ in SIGNS:
        if answer[name]:
            yield Text()
        for each in answer[name]:
            lead = said(f"{sign} {each['key']}", style)
            yield Facts(_standing(each), lead.cell_len + 2, lead)
    wide = max((len(values.field_name(each["field"])) for each in answer["changed"]), default=0)
    for key, changes in changed:
        title = titles.get(key)
        yield heading(key) if title is None else Text()
        if title is not None:
            yield screen.titled({"key": key, "title": title})
        for field, facts in values.lines(changes, wording.zone()):
            yield Facts([screen.toned(*facts)], wide + 4, said(f"  {field}", "cyan") if field else None)


def _moment(stamp: dict[str, Any]) -> str:
    if not stamp["position"]:
        return "the empty log"
    return f"{wording.minute(stamp['known_at'])} {wording.zone_name()} (#{stamp['position']})"


def _summary(answer: dict[str, Any], changed: int) -> Iterator[Text]:
    for name, _, style, word in SIGNS:
        if answer[name]:
            yield said(f"{words.counted(len(answer[name]), 'initiative')} {word}", style)
    if changed:
        yield said(f"{changed} changed", "bold")
    elif not answer["added"] and not answer["removed"]:
        yield Text("Nothing differs.")


def _standing(initiative: dict[str, Any]) -> Iterator[Text]:
    """What is called so, and where it stands."""
    yield said(initiative["title"], "bold")
    yield wording.where({**initiative, "status": initiative["status"] or "backlog"})
    if initiative["horizon"]:
        yield said(initiative["horizon"])
    yield (
        said(f"owner {initiative['owner']}")
        if initiative["owner"]
        else said("nobody answers for it", "yellow")
    )
