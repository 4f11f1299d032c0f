"""The audit as people see it: framework by framework, how each control stands and what was found."""

from collections.abc import Collection, Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import board, screen, wording
from roadlog.cli.views.screen import Facts, columns, command, heading, said
from roadlog.controls.mapping import OWN
from roadlog.domain.keys import number_of
from roadlog.told import audit as telling
from roadlog.told.audit import FINDINGS, KEYS, MEANINGS, SIGNS
from roadlog.told.facts import Fact

STATUS = max(map(len, SIGNS)) + 2
MOST = 12
"""Positions, or runs of them, that a finding has room for."""


def render(answer: dict[str, Any]) -> None:
    """Prints the audit."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """What was audited, the controls by framework, where to look, and what this is not.

    What roadlog's own controls found is told there, and named where others rest on it.
    """
    yield said(telling.title(answer, wording.zone()), "bold")
    for status, count in answer["summary"].items():
        lead = columns((_status(status), STATUS, "left"), (said(count), 3, "right"))
        yield Facts([said(MEANINGS[status], "dim")], lead.cell_len + 2, lead)
    own = {each["id"] for each in answer["controls"] if each["framework"] == OWN}
    for framework in answer["frameworks"]:
        mine = [each for each in answer["controls"] if each["framework"] == framework["id"]]
        yield heading(framework["name"])
        yield Facts([said(each, "dim") for each in telling.edition(framework)], 2)
        yield Text("  ", no_wrap=True, overflow="ignore") + said(framework["source"], "dim")
        yield from _controls(mine, own)
    yield from _commands(answer)
    yield heading("What this is not")
    for each in answer["is_not"]:
        yield Facts([said(each)], 2, said("·", "dim"))
    yield Text()
    yield board.stamp(answer)


def _controls(controls: list[dict[str, Any]], own: Collection[str]) -> Iterator[RenderableType]:
    """Line by line; those that are out of scope together, by why."""
    wide = max(len(each["id"]) for each in controls)
    for each in controls:
        if each["status"] == "out-of-scope":
            continue
        lead = columns((_status(each["status"]), STATUS, "left"), (said(each["id"], "cyan"), wide, "left"))
        yield Facts(_facts(each), lead.cell_len + 2, lead)
        yield from _findings(each, own)
    for why, ids in telling.outside(controls).items():
        lead = columns((_status("out-of-scope"), STATUS, "left"))
        yield Facts([*(said(each, "dim") for each in ids), said(why, "dim")], lead.cell_len + 2, lead)


def _findings(control: dict[str, Any], own: Collection[str]) -> Iterator[RenderableType]:
    """What was found; what another control on the screen tells is only named."""
    elsewhere = telling.elsewhere(control, own)
    if elsewhere:
        yield Facts([said(f"found by {words.several(elsewhere)}, above")], 6, said("    ·", "red"))
    told = [each for each in control["findings"] if each["check"] not in elsewhere]
    for each in told[:FINDINGS]:
        key = f"{each['key']}: " if each["key"] else ""
        positions = said(_positions(each["positions"]), "dim")
        yield Facts([said(f"{key}{each['text']}"), positions], 6, said("    ·", "red"))
    if len(told) > FINDINGS:
        yield Facts([said(f"and {len(told) - FINDINGS:,} more, which --json tells")], 6, said("    ·", "red"))


def _status(status: str) -> Text:
    sign, tone = SIGNS[status]
    return screen.toned(Fact(f"{sign} {status}", tone))


def _facts(control: dict[str, Any]) -> Iterator[Text]:
    yield said(control["title"])
    if control["evidence"]:
        yield said(_records(control["evidence"]), "dim")
    yield from (said(each, "yellow") for each in telling.not_shown(control))


def _records(positions: list[int]) -> str:
    """`1 record #12`, `23 records #12 … #130`."""
    count = words.counted(len(positions), "record")
    if len(positions) < 4:
        return f"{count} {words.several(f'#{each}' for each in positions)}"
    return f"{count} #{positions[0]} … #{positions[-1]}"


def _positions(positions: list[int]) -> str:
    """`#12, #15–#18`; of many the first."""
    runs = words.runs(positions)
    told = (f"#{first}" if first == last else f"#{first}–#{last}" for first, last in runs[:MOST])
    left = sum(last - first + 1 for first, last in runs[MOST:])
    return words.several(told) + (f" and {left:,} more" if left else "")


def _commands(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """The trail of each initiative in which something was found, or the whole of it."""
    keys = {each["key"] or "" for control in answer["controls"] for each in control["findings"]}
    if keys:
        yield heading("Where to look")
        for key in sorted(keys, key=number_of)[:KEYS]:
            yield command(f"roadlog log {key}".strip(), 2)
