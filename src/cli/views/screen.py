"""The screen: draws what a view made, as wide as the terminal, in colour only where colour is wanted."""

import io
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, assert_never

import click
from rich.cells import cell_len, set_cell_size, split_graphemes
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from roadlog.cli.program import program
from roadlog.told import blocks
from roadlog.told.blocks import Block, Cell, Name
from roadlog.told.facts import Fact, Tone
from roadlog.visible import plain

PIPED = 100
"""Columns where nobody says how many there are."""
NARROWEST, WIDEST = 40, 140
ROOM = 20
"""Columns in which words can be read."""

TONES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "dim": "dim",
    "good": "green",
    "odd": "yellow",
    "bad": "red",
    "gone": "strike dim",
}
ASCII = str.maketrans("✓✗●○★‖×·…→↩–─█▓▒░“”‘’≥≤«»", "+x*o*=x-~><--#%=.\"\"''><[]")
"""For output that is no Unicode: one column for one column, so that nothing moves."""


def width() -> int:
    """Columns to fill: the terminal's, else what COLUMNS says, else 100."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((PIPED, 40)).columns))


def show(*parts: RenderableType) -> None:
    """Prints the parts, one under the other."""
    click.echo(encodable(drawn(parts, width(), colour=_in_colour())), nl=False)


def show_blocks(told: Iterable[Block], *after: RenderableType) -> None:
    """Prints blocks; after a line that is empty, the parts."""
    show(*map(block, told), *((Text(), *after) if after else ()))


def lines_of(*parts: RenderableType) -> list[str]:
    """The lines that `show` would print."""
    return drawn(parts, width(), colour=_in_colour()).splitlines()


def show_lines(lines: Iterable[str]) -> None:
    """Prints lines that were drawn."""
    click.echo(encodable("".join(f"{each}\n" for each in lines)), nl=False)


def drawn(parts: Iterable[RenderableType], columns: int, *, colour: bool) -> str:
    """The parts as text; without colour, no line ends in spaces."""
    console = Console(
        file=io.StringIO(),
        width=columns,
        force_terminal=colour,
        color_system="auto" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
    )
    with console.capture() as captured:
        console.print(Group(*parts), crop=False)  # a command may be longer than the screen is wide
    text = captured.get()
    return text if colour else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def encodable(text: str) -> str:
    """The text with what stdout cannot write replaced, column for column."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if _can_write(text, encoding):
        return text
    spans, _ = split_graphemes(text)
    return "".join(_written(text[start:end], encoding, cells) for start, end, cells in spans)


def _written(shown: str, encoding: str, cells: int) -> str:
    if _can_write(shown, encoding):
        return shown
    fallback = shown.translate(ASCII)
    return fallback if fallback.isascii() else "?" * cells


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_colour() -> bool:
    return sys.stdout.isatty() and program().color is not False


# What views are made of


def said(text: object, style: str = "") -> Text:
    """Somebody's words, with nothing in them that a terminal would obey."""
    return Text.assemble((plain(str(text)), style))  # a span: what is appended to it keeps its own style


def toned(*facts: Fact) -> Text:
    """Facts one after the other, each in the style of its tone."""
    return Text.assemble(*((plain(each.text), TONES[each.tone]) for each in facts))


def heading(text: str) -> Text:
    """The title of a section, with a line before it."""
    return Text.assemble((f"\n{text}", "bold"))


def shortened(text: str, wide: int) -> str:
    """The text; where it is too wide, cut in its middle, as names often differ at their ends."""
    if cell_len(text) <= wide:
        return text
    end = wide // 2
    return f"{set_cell_size(text, wide - end - 1)}…{text[-end:]}"


def columns(*cells: tuple[Text, int, str]) -> Text:
    """One line of cells, each (text, columns, `left` or `right`); too long ones end in …."""
    line = Text(no_wrap=True, overflow="ellipsis")
    for place, (text, wide, side) in enumerate(cells):
        cell = text.copy()
        cell.truncate(wide, overflow="ellipsis")
        before, after = (
            (" " * (wide - cell.cell_len), "") if side == "right" else ("", " " * (wide - cell.cell_len))
        )
        line.append("  " * bool(place) + before).append_text(cell).append(after)
    return line


class Rows:
    """Rows under dim titles. The last column takes what is left, and wraps; `right` holds numbers.

    Where that is less than ROOM and the last column needs more, each row is told as facts, the first cell
    before them: no key, date or number is ever cut.
    """

    def __init__(
        self, titles: Sequence[str], rows: Iterable[Sequence[Text | str]], right: Iterable[int] = ()
    ) -> None:
        self._titles = titles
        self._rows = [[Text(each) if isinstance(each, str) else each for each in row] for row in rows]
        self._right = set(right)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        columns = zip(*([Text(each) for each in self._titles], *self._rows), strict=True)
        first, *between, last = (max(each.cell_len for each in column) for column in columns)
        if first + sum(between) + 2 * len(between) + 2 + min(last, ROOM) <= options.max_width:
            yield self._table()
        else:
            yield from (Facts(self._facts(row), first + 2, row[0]) for row in self._rows)

    def _table(self) -> Table:
        titles, last = self._titles, len(self._titles) - 1
        made = Table(
            box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=any(titles)
        )
        for place, title in enumerate(titles):
            made.add_column(
                title,
                justify="right" if place in self._right else "left",
                no_wrap=place != last,
                overflow="fold",
                ratio=1 if place == last else None,
            )
        for row in self._rows:
            made.add_row(*row)
        return made

    def _facts(self, row: Sequence[Text]) -> Iterator[Text]:
        for title, cell in zip(self._titles[1:], row[1:], strict=True):
            if cell:
                yield said(title and f"{title} ", "dim") + cell


BETWEEN = Text.assemble((" · ", "dim"))


class Facts:
    """Facts one after the other, ` · ` between them; lines break between facts where they can.

    Every line is indented; the first begins with `lead`, which stands in the indent, or, where that leaves
    less than ROOM, on a line of its own.
    """

    def __init__(self, facts: Iterable[Text], indent: int = 0, lead: Text | None = None) -> None:
        self._facts = [each for each in facts if each]
        self._indent = indent
        self._lead = lead or Text()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        indent, wide = self._indent, self._lead.cell_len
        yield from self._lead.render(console)
        if options.max_width - indent < ROOM or (self._lead and not self._facts):
            indent = min(indent, 2)
            if self._lead:
                yield Segment.line()
                wide = 0
        room = max(ROOM, options.max_width - indent)
        for line in self._packed(room):
            for each in line.wrap(console, room, overflow="fold") if line.cell_len > room else [line]:
                each.rstrip()
                yield Segment(" " * (indent - wide))
                yield from each.render(console, end="\n")  # Text would be wrapped once more
                wide = 0

    def _packed(self, room: int) -> Iterator[Text]:
        """As many facts as there is room for, line by line."""
        line: list[Text] = []
        wide = 0
        for fact in self._facts:
            if line and wide + 3 + fact.cell_len > room:
                yield BETWEEN.join(line)
                line, wide = [], 0
            wide += fact.cell_len + (3 if line else 0)
            line.append(fact)
        if line:
            yield BETWEEN.join(line)


def indented(text: Text, indent: int) -> Facts:
    """One text, wrapped, every line indented."""
    return Facts([text], indent)


def titled(answer: dict[str, Any]) -> Facts:
    """The line that begins what is told of one initiative."""
    key = said(answer["key"], "bold cyan")
    return Facts([said(answer["title"], "bold")], key.cell_len + 2, key)


def command(line: str, indent: int = 0) -> Text:
    """A command to type. It is never broken, so that it can be copied whole."""
    return Text(" " * indent, no_wrap=True, overflow="ignore") + said(line, "green")


# What the words that a page shares are told in


def block(told: Block) -> RenderableType:
    """What a block looks like."""
    match told:
        case blocks.Heading(text):
            return heading(plain(text))
        case blocks.Facts(facts, lead, indent):
            before = _cell(lead)
            return Facts(map(_cell, facts), before.cell_len + 2 if indent is None else indent, before)
        case blocks.Items(texts):
            return Group(*(Facts([_cell(each)], 2, said("·", "dim")) for each in texts))
        case blocks.Said(""):
            return Text()
        case blocks.Said(text, indent):
            return indented(_cell(text), indent)
        case blocks.Rows(titles, rows, right):
            return Rows(titles, [list(map(_cell, row)) for row in rows], right)
        case blocks.Command(line, indent):
            return command(line, indent)
        case _:
            assert_never(told)


def _cell(cell: Cell) -> Text:
    match cell:
        case str():
            return said(cell)
        case Fact():
            return toned(cell)
        case Name(text):
            return said(text, "bold cyan")
        case _:
            return Text.assemble(*map(_cell, cell))
