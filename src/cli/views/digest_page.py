"""The digest as a page for a mail: styles stand where they are used, nothing is loaded, nothing runs."""

from collections.abc import Iterator
from html import escape
from typing import Any

from roadlog.cli.views import wording
from roadlog.told.digest import Line, Section, records, sections, span
from roadlog.told.facts import Fact
from roadlog.visible import plain

FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
STYLES = {
    "plain": "",
    "strong": "font-weight:bold",
    "dim": "color:#59636e",
    "good": "color:#116329",
    "odd": "color:#7d4e00",
    "bad": "color:#b3261e",
    "gone": "color:#59636e;text-decoration:line-through",
}
"""By tone; each can be read on white (WCAG 2.2, contrast of 4.5 or more)."""
CELL = "padding:4px 12px 4px 0;vertical-align:top;text-align:left;border-bottom:1px solid #d1d9e0"
CODE = "font-family:Consolas,Menlo,monospace;font-size:13px;background-color:#f0f2f4;padding:2px 4px"
HEADING = "font-size:17px;margin:24px 0 4px"


def page(answer: dict[str, Any]) -> str:
    """A whole page of HTML 5, which a mail can hold as it is."""
    title = _text(f"Digest for {answer['for']}")
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        "</head>",
        f'<body style="margin:0;padding:16px;background-color:#ffffff;color:#1f2328;font-size:15px;{FONT}">',
        f'<h1 style="font-size:22px;margin:0">{title}</h1>',
        f'<p style="margin:4px 0;{STYLES["dim"]}">{_text(span(answer, wording.zone()))}</p>',
        *_body(answer),
        "</body>",
        "</html>",
    ]
    return "".join(f"{each}\n" for each in parts)


def _body(answer: dict[str, Any]) -> Iterator[str]:
    for section in sections(answer, wording.zone()):
        if section.lines:
            yield f'<h2 style="{HEADING}">{_text(section.title)}</h2>'
            yield from _table(section)
        if section.note:
            command = _command(section.command) if section.command else ""
            yield f'<p style="margin:12px 0">{_text(section.note)} {command}</p>'
    happened = list(records(answer, wording.zone()))
    if happened:
        yield f'<h2 style="{HEADING}">What happened</h2>'
    for section in happened:
        name = f"{section.of} {section.title}".strip()
        yield f'<h3 style="font-size:15px;margin:16px 0 4px">{_text(name)}</h3>'
        yield from _table(section)
    yield f'<p style="margin:24px 0 0;font-size:13px;{STYLES["dim"]}">{_text(_made_from(answer))}<br>'
    yield f"The next one, of what is recorded from here on: {_command(answer['try'])}</p>"


def _made_from(answer: dict[str, Any]) -> str:
    then = wording.minute(answer["as_of"])
    return f"As of {then} {wording.zone_name()}, position {answer['position']}, head {answer['head'][:8]}."


def _table(section: Section) -> Iterator[str]:
    yield '<table cellspacing="0" cellpadding="0" style="border-collapse:collapse;width:100%">'
    for line in section.lines:
        yield _row(line)
    yield "</table>"


def _row(line: Line) -> str:
    cells = [
        f'<td style="{CELL};white-space:nowrap">{_text(each)}</td>' for each in (line.key, line.when) if each
    ]
    span = "" if line.when else ' colspan="2"'
    command = f"<br>{_command(line.command)}" if line.command else ""
    first, *others = line.facts
    if line.progress is not None:
        first = first._replace(text=f"{first.text} {wording.bar(line.progress).plain}")
    facts = " &middot; ".join(map(_fact, (first, *others)))
    return f'<tr>{"".join(cells)}<td{span} style="{CELL};width:100%">{facts}{command}</td></tr>'


def _fact(fact: Fact) -> str:
    style = STYLES[fact.tone]
    return f'<span style="{style}">{_text(fact.text)}</span>' if style else _text(fact.text)


def _command(line: str) -> str:
    return f'<code style="{CODE}">{_text(line)}</code>'


def _text(text: str) -> str:
    """Somebody's words as HTML: shown, never obeyed, and nothing in them that is not seen."""
    return escape(plain(text), quote=True)
