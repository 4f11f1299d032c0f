"""The report: what a reviewer holds and what it cannot prove, then all that the pack tells, part by part."""

from roadlog.markup import Html, element, page, together
from roadlog.pack import changes, course, gates
from roadlog.pack.controls import controls, controls_part
from roadlog.pack.flow import flow, flow_tables
from roadlog.pack.front import front
from roadlog.pack.initiatives import initiatives
from roadlog.pack.integrity import integrity, scope_part
from roadlog.pack.log import Written
from roadlog.pack.parts import heading, shown
from roadlog.pack.sample import drawn
from roadlog.pack.style import STYLE
from roadlog.pack.table import Table
from roadlog.pack.told import Told

Tables = dict[str, Table]


def tables(told: Told) -> Tables:
    """Every table of the pack, by its name."""
    made = (
        *(course.milestones(told), changes.changes(told), gates.approvals(told), gates.gates(told)),
        *(gates.criteria(told), course.risks(told), changes.safeguards(told), course.edge_cases(told)),
        *(course.incidents(told), course.iterations(told), course.outcomes(told), changes.exceptions(told)),
        *(changes.people(told), gates.evidence(told), controls(told)),
        *flow_tables(told),
    )
    return {each.name: each for each in made}


def report(told: Told, log: Written, made: Tables, files: dict[str, str]) -> str:
    """The page, whole. `files` says of each file of the pack what it holds."""
    parts = {
        "scope": ("Scope, and how to reproduce it", scope_part(told, log, files)),
        "integrity": ("Integrity and its limits", integrity(told, log)),
        "initiative": ("Problem and intended purpose", initiatives(told)),
        "timeline": ("Timeline", _tables(told, made, "milestones")),
        "sample": ("Sample", drawn(told)),
        "changes": ("Every change", _tables(told, made, "changes")),
        "approvals": ("Approvals", _tables(told, made, "approvals")),
        "gates": ("Gates, criteria and results", _tables(told, made, "gates", "criteria")),
        "risks": ("Risks", _tables(told, made, "risks")),
        "safeguards": ("Safeguards", _tables(told, made, "safeguards", "edge-cases", "incidents")),
        "outcome": ("Iterations and outcome", _tables(told, made, "iterations", "outcomes")),
        "flow": ("Flow", flow(told, made)),
        "exceptions": ("Exceptions", _tables(told, made, "exceptions")),
        "roles": ("Roles", _tables(told, made, "roles")),
        "evidence": ("Evidence", _tables(told, made, "evidence")),
        "controls": ("Controls", controls_part(told, made["controls"])),
    }
    contents = {name: title for name, (title, _) in parts.items()}
    sections = [
        element("section", heading(f"{number}. {title}", name), body, aria_labelledby=name)
        for number, (name, (title, body)) in enumerate(parts.items(), 1)
    ]
    return page(f"Evidence pack of {told.scope.name}", STYLE, front(told, log, contents), *sections)


def _tables(told: Told, made: Tables, *names: str) -> Html:
    """Some tables, each under a heading of its own where there are several."""
    only = "initiative" if told.scope.asked.key else None
    return together(
        [
            (element("h3", made[name].title) if len(names) > 1 else None, shown(made[name], without=only))
            for name in names
        ]
    )
