"""Charts on a terminal: bars of blocks with their numbers beside them, which need no colour."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.charts.scales import Scale, from_zero, plain_number, ticks
from roadlog.charts.table import DAY
from roadlog.cli.views import board, screen, wording
from roadlog.cli.views.screen import columns, heading, indented, said
from roadlog.visible import plain
from roadlog.words import days

Row = dict[str, Any]
BLOCKS = "█▓▒"
"""First visits, second ones, later ones."""
OLDEST = 10
"""So many of each milestone are listed."""
MARKS = {"active": "", "blocked": "bold red", "paused": "yellow"}


def render(answer: dict[str, Any]) -> None:
    """Prints the chart, or where its picture is."""
    if "out" in answer:
        screen.show(said(f"✓ {answer['title']} ({answer['about']}) is in {answer['out']}.", "green"))
    else:
        screen.show(*_chart(answer))


def _chart(answer: dict[str, Any]) -> Iterator[RenderableType]:
    names = [each["name"] for each in answer["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in answer["rows"]]
    yield said(answer["title"], "bold")
    yield said(answer["about"], "dim")
    if answer["missing"]:
        yield Text()
        yield said(answer["missing"])
    else:
        lines = {each["label"]: each["value"] for each in answer["lines"]}
        match answer["chart"]:
            case "ageing":
                yield from _ageing(rows, lines.get("p85"))
            case "time-in-milestone":
                yield from _in_milestones(rows, answer["filter"]["key"])
            case _:
                yield from _outcome(rows, answer["filter"]["key"])
        yield Text()
        yield from (indented(said(each), 0) for each in answer["says"])
    yield Text()
    yield board.stamp(answer)


def _blocks(part: float, wide: int) -> int:
    """How many blocks; what is more than nothing has one."""
    return max(1, round(part * wide)) if part > 0 else 0


def _ageing(rows: list[Row], p85: float | None) -> Iterator[RenderableType]:
    """Under each milestone a bar for each cycle, the oldest first; beyond p85 it says so."""
    scale = from_zero([each["seconds"] / DAY for each in rows], 0.0, 1.0)
    key = max(len(each["key"]) for each in rows)
    number = max(len(days(each["seconds"])) for each in rows)
    wide = max(8, min(60, screen.width() - key - number - 27))
    yield Text()
    yield columns((Text(), key, "left"), (Text("days"), number, "right"), (_ruler(scale, wide), wide, "left"))
    for milestone, group in groupby(rows, key=lambda each: each["milestone"]):
        within = list(group)
        yield heading(f"{plain(milestone)} ({len(within)})")
        for each in within[:OLDEST]:
            full = "█" * _blocks(scale(each["seconds"] / DAY), wide)
            late = p85 is not None and each["seconds"] > p85
            status = "" if each["status"] == "active" else each["status"]
            yield columns(
                (said(each["key"], "bold cyan"), key, "left"),
                (Text(days(each["seconds"])), number, "right"),
                (Text(full, style="yellow" if late else "cyan"), wide, "left"),
                (Text("over p85" if late else ""), 8, "left"),
                (said(status, MARKS[each["status"]]), 7, "left"),
            )
        if len(within) > OLDEST:
            yield said(f"and {len(within) - OLDEST} that are younger", "dim")


def _ruler(scale: Scale, wide: int) -> Text:
    """The numbers of the scale, each where a bar as long as it ends; those for which there is room."""
    said = ""
    for value in reversed(ticks(scale)):
        number = plain_number(value)
        end = max(len(number), round(scale(value) * wide))
        if not said or end < wide - len(said):
            said = f"{number}{' ' * (wide - len(said) - end)}{said}"
    return Text(said.rjust(wide), "dim")


def _in_milestones(rows: list[Row], named: str | None) -> Iterator[RenderableType]:
    """A bar for each milestone, by visit; the days of each part after it. `named` is told already."""
    parts = ("first", "second", "later")
    most = max(sum(each[part] for part in parts) for each in rows)
    name = min(20, max(cell_len(plain(each["milestone"])) for each in rows))
    told = {id(each): _days_of(each, parts) for each in rows}
    number = max(map(len, told.values()))
    wide = max(8, min(60, screen.width() - name - number - 4))
    yield Text()
    yield Text(f"{BLOCKS[0]} first visit  {BLOCKS[1]} second visit  {BLOCKS[2]} later visits, in days", "dim")
    for key, group in groupby(rows, key=lambda each: (each["key"], each["title"])):
        yield Text() if key[0] == named else heading(plain(f"{key[0]} {key[1]}"))
        for each in group:
            bar = "".join(
                block * _blocks(each[part] / most if most else 0, wide)
                for block, part in zip(BLOCKS, parts, strict=True)
            )
            yield columns(
                (said(each["milestone"]), name, "left"),
                (Text(bar[:wide], style="cyan"), wide, "left"),
                (Text(told[id(each)]), number, "left"),
            )


def _days_of(row: Row, parts: tuple[str, ...]) -> str:
    """`9.0 + 18.0 d`: the parts that are there."""
    return (
        " + ".join(days(row[part]).removesuffix(" d") for part in parts if row[part] or part == "first")
        + " d"
    )


def _outcome(rows: list[Row], named: str | None) -> Iterator[RenderableType]:
    """Ten blocks are the way from the baseline to the target; one line for each iteration."""
    if "key" not in rows[0]:
        yield Text()
        yield Text("iteration, median, lowest to highest, n", "dim")
        for each in rows:
            low, high = words.percent(each["low"]), words.percent(each["high"])
            yield (
                Text(f"{each['iteration']:>4}  ")
                + wording.bar(each["middle"])
                + Text(f"  {low} to {high}, n {each['n']}")
            )
        return
    for (key, title), group in groupby(rows, key=lambda each: (each["key"], each["title"])):
        yield Text() if key == named else heading(plain(f"{key} {title}"))
        for each in group:
            gain = "" if each["gain"] is None else f"  {each['gain'] * 100:+.0f} points"
            shown = said("not measured", "dim") if each["value"] is None else wording.bar(each["value"])
            yield Text(f"{each['iteration']:>4}  ") + shown + Text(gain)
