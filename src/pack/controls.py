"""What the audit found: each control with its status, also those of which nothing is on record."""

from itertools import groupby
from typing import Any

from roadlog.markup import Html, element, together
from roadlog.pack.parts import definitions, shown
from roadlog.pack.table import Column, Row, Table
from roadlog.pack.told import Told
from roadlog.told.audit import MEANINGS

OUT, STATUS = "out-of-scope", 4


def controls(told: Told) -> Table:
    """Every control, framework by framework."""
    columns = (
        *(
            Column("framework"),
            Column("control", "Id"),
            Column("title", "Control"),
            Column("asked_by", "Asked by"),
        ),
        *(Column("status", "Status"), Column("findings", "Findings"), Column("evidence", "Records")),
    )
    return Table(
        name="controls",
        title="Controls",
        note="Which records show a control is our mapping, and no legal advice.",
        empty="No control was looked at.",
        columns=columns,
        rows=[
            (
                *(each["framework"], each["id"], each["title"], each["framework_refs"], each["status"]),
                *([_finding(found) for found in each["findings"]], runs(each["evidence"])),
            )
            for each in told.audit["controls"]
        ],
    )


def controls_part(told: Told, table: Table) -> Html:
    """The controls as the report has them: what the statuses mean, then each framework with its source."""
    counts = told.audit["summary"]
    frameworks = {each["id"]: each for each in told.audit["frameworks"]}
    parts = []
    for framework, rows in groupby(table.rows, key=lambda row: row[0]):
        of = frameworks[framework]
        parts.append(element("h3", of["name"]))
        parts.append(element("p", f"{of['edition']}, {of['date']}. {of['source']}", class_="note"))
        parts.append(_framework(table, list(rows)))
    said = ((status, f"{counts.get(status, 0):,}: {meaning}") for status, meaning in MEANINGS.items())
    is_not = [element("p", each, class_="note") for each in told.audit["is_not"]]
    return together(definitions(said), parts, is_not)


def _framework(table: Table, rows: list[Row]) -> Html:
    """Its controls, findings first; of those out of scope the ids alone."""
    order = [*MEANINGS]
    asked = sorted((row for row in rows if row[STATUS] != OUT), key=lambda row: order.index(row[STATUS]))
    others = [row[1] for row in rows if row[STATUS] == OUT]
    return together(
        shown(table._replace(rows=asked)) if asked else None,
        element("p", f"Out of scope, {len(others):,}: {', '.join(others)}.") if others else None,
    )


def _finding(found: dict[str, Any]) -> str:
    return f"{found['text']} ({', '.join(runs(found['positions']))})" if found["positions"] else found["text"]


def runs(positions: list[int]) -> list[str]:
    """`#1–3`, `#7`: positions in short, those that follow one another together."""
    found: list[tuple[int, int]] = []
    for each in sorted(positions):
        if found and found[-1][1] == each - 1:
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
    return [f"#{first}" if first == last else f"#{first}–{last}" for first, last in found]
