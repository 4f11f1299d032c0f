"""What reaches stdout: an answer as JSON, a page as HTML, or lines for people."""

from collections.abc import Iterable
from typing import Any, TextIO

import click

from roadlog.cli.program import Program
from roadlog.visible import plain, safe_json


def print_json(answer: Any) -> None:
    """One JSON value: indented on a terminal, on one line elsewhere."""
    import sys

    sys.stdout.write(f"{_json(answer)}\n")  # click.echo would import what only colours need


def print_json_line(answer: Any) -> None:
    """One JSON value on one line, also on a terminal."""
    import sys

    sys.stdout.write(f"{_json(answer, indented=False)}\n")


def print_json_parts(parts: Iterable[list[Any]]) -> None:
    """One JSON array, part by part in memory; nothing is printed before the last part is there."""
    import sys

    texts = [_json(part)[1:-1].rstrip("\n").encode() for part in parts]  # half as long as a str
    sys.stdout.write("[")
    for place, text in enumerate(texts):
        sys.stdout.write(("," if place else "") + text.decode())
    sys.stdout.write("\n]\n" if texts and sys.stdout.isatty() else "]\n")


def print_html(page: str) -> None:
    """A page; what stdout cannot write is written as `&#8594;` and the like, which says the same."""
    import sys

    text = page if _writes_unicode(sys.stdout) else page.encode("ascii", "xmlcharrefreplace").decode()
    sys.stdout.write(text)


def _json(answer: Any, *, indented: bool = True) -> str:
    import sys

    import orjson

    option = orjson.OPT_INDENT_2 if indented and sys.stdout.isatty() else None
    return safe_json(orjson.dumps(answer, option=option).decode(), ascii_only=not _writes_unicode(sys.stdout))


def _writes_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def with_asides(answer: dict[str, Any], run: Program) -> dict[str, Any]:
    """The answer with what would have been said beside it: how times were read, and warnings."""
    asides: dict[str, Any] = {"read_as": run.read_as} if run.read_as else {}
    return {**answer, **asides, **({"warnings": run.warnings} if run.warnings else {})}


def say(text: str, *, lines: bool = False) -> None:
    """One line for people, with nothing in it that a terminal would obey; `lines` keeps line breaks."""
    click.echo(plain(text, lines=lines))
