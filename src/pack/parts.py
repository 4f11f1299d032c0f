"""What the report's sections are made of: tables, definitions, and values as people read them."""

import re
from collections.abc import Iterable
from typing import Any

from roadlog.markup import Content, Html, break_at, element
from roadlog.pack.table import Column, Kind, Row, Table

SHORT = 16
"""Hex digits of a hash that the report shows; the tables have all."""
HASH = re.compile(r"[0-9a-f]{64}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
EMPTY: tuple[Any, ...] = (None, "", [], ())


def heading(title: str, name: str) -> Html:
    """A section's heading, which the contents lead to."""
    return element("h2", title, id=name)


def shown(table: Table, *, without: str | None = None) -> Html:
    """A table for a reader; without a column that says the same in every row, and those that say nothing."""
    if not table.rows:
        return element("p", table.empty, class_="absent")
    places = [
        (place, each)
        for place, each in enumerate(table.columns)
        if each.heading and each.name != without and any(row[place] not in EMPTY for row in table.rows)
    ]
    columns = [(place, each) for place, each in places if each.kind != "more"]
    more = [(place, each) for place, each in places if each.kind == "more"]
    head = [element("th", each.heading, scope="col", class_=_class(each)) for _, each in columns]
    body = [
        [
            *(element("td", value(row[place], each.kind), class_=_class(each)) for place, each in columns),
            *([element("td", _more(row, more), class_="more")] if more else []),
        ]
        for row in table.rows
    ]
    caption = f"{table.note} As a file: tables/{table.name}.csv."
    return element(
        "table",
        element("caption", caption),
        element(
            "thead", element("tr", head, element("th", "More", scope="col", class_="more") if more else None)
        ),
        element("tbody", [element("tr", cells) for cells in body]),
    )


def _more(row: Row, columns: list[tuple[int, Column]]) -> str:
    """What a row says in further columns, a line each."""
    said = [(each.heading, row[place]) for place, each in columns if row[place] not in EMPTY]
    return "\n".join(f"{heading}: {in_short(value(given))}" for heading, given in said)


def _class(column: Column) -> str | None:
    return column.kind if column.kind in ("number", "position", "time", "hash") else None


def value(given: Any, kind: Kind = "text") -> str:
    """A value as people read it; nothing where there is none."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    match kind:
        case "time":
            return time(str(given))
        case "hash":
            return str(given)[:SHORT]
        case "position":
            return f"#{given}"
        case "number":
            return f"{given:,}"
        case "yes" | "text" | "more":
            return ", ".join(map(str, given)) if isinstance(given, list | tuple) else str(given)


def time(moment: str) -> str:
    """`2026-03-01 09:00`, in UTC, of an RFC 3339 text."""
    return f"{moment[:10]} {moment[11:16]}"


def in_short(text: str) -> str:
    """A time as `time` tells it, a hash by its first digits; any other text as it is."""
    return text[:SHORT] if HASH.fullmatch(text) else in_minutes(text)


def in_minutes(text: str) -> str:
    """A time as `time` tells it; any other text as it is."""
    return time(text) if TIME.fullmatch(text) else text


def definitions(pairs: Iterable[tuple[str, Content]]) -> Html:
    """Terms with what they stand for; what is empty is said to be absent."""
    return element(
        "dl",
        [
            (element("dt", term), element("dd", "not recorded" if said in EMPTY else said))
            for term, said in pairs
        ],
    )


def items(texts: Iterable[Content]) -> Html:
    """A list."""
    return element("ul", [element("li", each) for each in texts])


def whole_hash(text: str) -> Html:
    """A hash with all its digits."""
    return element("span", break_at(text), class_="hash")
