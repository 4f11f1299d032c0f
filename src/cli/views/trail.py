"""The trail as people see it: when, who, on what, what happened, why, and what it changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import Facts, columns, said, shortened
from roadlog.told import trail as telling
from roadlog.told.values import told

if TYPE_CHECKING:
    from roadlog.projections.kept_trail import Entry
    from roadlog.trail import Trail

Told = Callable[[list[dict[str, Any]]], Iterable[Text]]
"""What an entry's changes are told as."""
NARROW = 90
HANDLE, SENTENCE = 18, 30
"""Columns that a handle has in any case, and those that are kept for the sentence before it has more."""
SHORT = 32
SHOWN = 4
"""Changes of one record that are shown; `--json` has them all."""
EMPTY: tuple[Any, ...] = (None, "", 0, [], {})
UNTOLD = frozenset(
    {"visits", "spans", "requests", "approvals", "heard", "cycle", "visit", "position", "effective", "digest"}
)
"""Fields whose change the sentence tells already."""


def render(answer: "Trail") -> None:
    """Prints the trail, oldest first, part by part as it is told."""
    if not answer.index:
        screen.show(Text("Nothing was recorded."))
        return
    form = Form(answer.index, answer.of)
    for part in answer.parts():
        screen.show(*chain.from_iterable(map(form.entry, part)))


class Form:
    """How wide the columns of all entries are, and whether there are several accounts to tell apart.

    `of` is the stream that they are of, if one alone was asked for; `told`: which facts tell what an entry
    changed, and how many of them are shown.
    """

    def __init__(
        self, index: "Sequence[Entry]", of: str | None, told: "Told | None" = None, most: int = SHOWN
    ) -> None:
        self._told = told or _changes
        self._most = most
        self.several = len({each.typed_by for each in index}) > 1
        narrow = screen.width() < NARROW
        self.moment = wording.day if narrow else wording.minute
        when = len("2026-03-01" if narrow else "2026-03-01 09:00")
        keys = {each.stream for each in index}
        self.position = len(str(index[-1].position)) + 1
        self.key = max(map(len, keys)) if of is None or len(keys) > 1 else 0
        room = screen.width() - self.position - when - self.key - 2 * 4 - SENTENCE
        self._fit({each.actor for each in index}, {(each.actor, each.typed_by) for each in index}, room)

    def _fit(self, handles: set[str], pairs: set[tuple[str, str | None]], room: int) -> None:
        """Whole handles where there is room, and the account in brackets; else cut, but never alike."""
        self.bracketed = True
        self.who = max(self._who(*pair).cell_len for pair in pairs)
        if self.who <= max(HANDLE, room):
            return
        self.bracketed = False
        self.who = min(max(HANDLE, room), max(map(len, handles)))
        while len({shortened(each, self.who) for each in handles}) < len(handles):
            self.who += 1

    def entry(self, each: dict[str, Any]) -> Iterator[RenderableType]:
        """The sentence and what belongs to it, then what a gate rested on, then what changed."""
        when = self.moment(each["effective_at"])
        cells = [
            (said(f"#{each['position']}", "dim"), self.position, "right"),
            (said(when, "dim"), len(when), "left"),
            (self._who(each["actor"], each["typed_by"]), self.who, "left"),
        ]
        if self.key:
            cells.append((said(each["key"], "bold cyan"), self.key, "left"))
        lead = columns(*cells)
        indent = lead.cell_len + 2
        typist = "" if self.bracketed else self._typist(each["actor"], each["typed_by"])
        yield Facts(
            [*map(screen.toned, telling.facts(each)), said(typist and f"typed by {typist}", "dim")],
            indent,
            lead,
        )
        if each["gate"]:
            yield Facts(map(screen.toned, telling.gate(each["gate"])), indent)
        changes = list(self._told(each["changes"]))
        if changes:
            rest = len(changes) - self._most
            more = [said(f"{rest} more", "dim")] if rest > 0 else []
            yield Facts([*changes[: self._most], *more], indent)

    def _who(self, actor: str, typed_by: str | None) -> Text:
        """Who acted; in brackets the account that typed it, where there are several to tell apart."""
        if not self.bracketed:
            return said(shortened(actor, self.who), "bold")
        typist = self._typist(actor, typed_by)
        return said(actor, "bold") + said(typist and f" ({typist})", "dim")

    def _typist(self, actor: str, typed_by: str | None) -> str:
        return typed_by if typed_by is not None and self.several and typed_by != actor else ""


def _changes(changes: list[dict[str, Any]]) -> Iterator[Text]:
    """`title Old → New`, where something was there before: what is new is told by the sentence."""
    for each in changes:
        field, before, after = each["field"], each["before"], each["after"]
        if field in UNTOLD or before in EMPTY:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            name = after.get("id") or after.get("metric") or field
            for part in after:
                if _is_told(part, after[part]) and before.get(part) not in (*EMPTY, after[part]):
                    yield _change(f"{name} {part.replace('_', ' ')}", before.get(part), after[part])
        elif isinstance(before, dict):
            name = said(f"{field.replace('_', ' ')} ", "dim")
            yield name + screen.toned(*told(field, before, after, wording.zone()))
        else:
            yield _change(field.replace("_", " "), before, after)


def _is_told(part: str, value: Any) -> bool:
    """Whether a part of something says anything in a few words; a list of records does not."""
    return part not in UNTOLD and not (
        isinstance(value, list) and any(isinstance(each, dict) for each in value)
    )


def _change(name: str, before: Any, after: Any) -> Text:
    if isinstance(before, str) and isinstance(after, str):
        old, new = _apart(" ".join(before.split()), " ".join(after.split()))
        return said(f"{name} {old} → {new}", "dim")
    return said(f"{name} {_short(before)} → {_short(after)}", "dim")


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two texts in short, from a little before the place where they part."""
    same = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), None)
    at = min(len(before), len(after)) if same is None else same
    longest = max(len(before), len(after))
    start = 0 if longest <= SHORT or at < SHORT // 2 else before.rfind(" ", 0, max(0, at - 4)) + 1
    cut = "…" if start else ""
    return _short(cut + before[start:]), _short(cut + after[start:])


def _short(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, int | float):
        return words.number(value)
    if isinstance(value, dict):
        return _short(value.get("id") or value.get("name") or value.get("text") or "set")
    if isinstance(value, list):
        return ", ".join(map(_short, value))[:SHORT]
    text = " ".join(str(value).split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
