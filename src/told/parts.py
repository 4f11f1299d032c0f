"""Parts of an initiative or of the roadmap, such as a risk or a vote, each in a few words."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.domain.log_keys import key_id
from roadlog.told.short import Value, short
from roadlog.words import day, number

Teller = Callable[[Value, tzinfo], str]


def place(one: Value) -> str:
    """The milestone that it is about."""
    return one["milestone"] or "backlog"


def _outcome(one: Value, zone: tzinfo) -> str:
    """The outcome, or one measurement of it."""
    if "value" in one:
        return f"{short(one['metric'], zone)} {number(one['value'])} on {day(one['at'], zone)}"
    target = one["target"]
    goal = f"{target:+g} %" if one["relative"] and target is not None else number(target)
    by = f" by {one['by']}" if one["by"] else ""
    latest = f", latest {number(one['latest'])}" if one["latest"] is not None else ""
    metric = short(one["metric"], zone)
    told = f"{metric} {number(one['baseline'])}, to reach {goal} {one['unit'] or ''}".rstrip()
    return told + by + latest


def _visit(one: Value, zone: tzinfo) -> str:
    back = f", back for {one['loop']}" if one["loop"] else ""
    left = f" to {day(one['left_at'], zone)}" if one["left_at"] else ""
    return (
        f"{one['milestone']} in iteration {one['iteration']}, from {day(one['entered_at'], zone)}{left}{back}"
    )


def _span(one: Value, zone: tzinfo) -> str:
    why = one["by"] or one["reason"]
    end = f" to {day(one['to_at'], zone)}" if one["to_at"] else ""
    return f"{one['kind']} from {day(one['from_at'], zone)}{end}" + (f": {short(why, zone)}" if why else "")


def _vote(one: Value, zone: tzinfo) -> str:
    conditions = "".join(f", on {each['id']}: {short(each['text'], zone)}" for each in one["conditions"])
    return f"{one['stakeholder']} {one['decision']} {place(one)} as {one['role']}{conditions}"


def _expectation(one: Value, zone: tzinfo) -> str:
    low, high = one["iterations_from"], one["iterations_to"]
    many = f"{low}–{high} iterations" if low != high else words.counted(low, "iteration")
    if one["outcome_from"] is None:
        return many
    return f"{many}, outcome {number(one['outcome_from'])}–{number(one['outcome_to'])}"


def _result(one: Value, zone: tzinfo) -> str:
    sample = f", n = {number(one['sample'])}" if one["sample"] is not None else ""
    return f"{one['criterion']} {number(one['value'])}{sample}, {one['verdict']}"


def _criterion(one: Value, zone: tzinfo) -> str:
    segment = f" for {short(one['segment'], zone)}" if one["segment"] else ""
    threshold = f"{one['metric']} {one['operator']} {number(one['threshold'])}"
    return f"{one['id']}, {threshold}{segment} in {one['milestone']}"


def _severe(one: Value, zone: tzinfo) -> str:
    return f"{one['id']}, {short(one['description'], zone)} (severity {one['severity']})"


ENTRIES: dict[str, Teller] = {
    "outcomes": _outcome,
    "visits": _visit,
    "spans": _span,
    "requests": lambda one, zone: f"{', '.join(one['roles'])} asked about {place(one)} by {one['by']}",
    "approvals": _vote,
    "waivers": lambda one, zone: (
        f"{one['requirement']} of {place(one)} until {day(one['until'], zone)} by {one['by']}"
    ),
    "break_glass": lambda one, zone: f"{one['milestone']} left by {one['by']}, #{one['move']}",
    "risks": lambda one, zone: (
        f"{one['id']}, {short(one['description'], zone)} ({one['likelihood']} × {one['impact']})"
    ),
    "evidence": lambda one, zone: f"{one['id']}, {one['kind']}: {short(one['title'], zone)}",
    "criteria": _criterion,
    "results": _result,
    "experiments": lambda one, zone: f"{one['id']}, {short(one['hypothesis'], zone)}",
    "fallback": lambda one, zone: f"{one['kind']}: {short(one['description'], zone)}",
    "notice": lambda one, zone: f"“{short(one['text'], zone)}”, {short(one['placement'], zone)}",
    "monitor": lambda one, zone: (
        f"{short(one['signal'], zone)}, {short(one['where'], zone)}, watched by {one['owner']}"
    ),
    "edge_cases": _severe,
    "edge_case_reviews": lambda one, zone: (
        f"{one['found']} found in {number(one['sample'])} of {short(one['source'], zone)}"
    ),
    "incidents": _severe,
    "heard": lambda one, zone: f"{one['role']}, last on {day(one['last'], zone)}",
    "notes": lambda one, zone: f"{one['by']}: “{short(one['text'], zone)}”",
    "expectation": _expectation,
    "classification": lambda one, zone: f"{one['risk_class']} risk, {short(one['purpose'], zone)}",
    "origin": lambda one, zone: f"{one['format']} {short(one['line'], zone)}",
    "stakeholders": lambda one, zone: f"{one['handle']} ({', '.join(one['roles']) or 'no role'})",
    "consents": lambda one, zone: (
        f"#{one['request']}, asked by {one['by']} for {short(one['stream'], zone)}: {one['answer']}"
    ),
    "log_keys": lambda one, zone: f"{key_id(one['key'])}, by #{one['position']}",
    "forecasts": lambda one, zone: f"{one['said']['computed_as']}, #{one['position']}, kept by {one['by']}",
    "erasures": lambda one, zone: f"{one['handle']}, by #{one['position']}",
    "workflow": lambda one, zone: f"{short(one['name'], zone)} {one['version']}",
}
"""By field, an entry in a few words."""


def _variant(one: Value, zone: tzinfo) -> str:
    return f"{short(one['variant'], zone)} {number(one['value'])} (n = {number(one['sample'])})"


ELEMENTS: dict[str, Callable[[Any, tzinfo], str]] = {
    "conditions": lambda one, zone: (
        f"{one['id']}, {short(one['text'], zone)}" + (", met" if one["met_by"] else "")
    ),
    "tests": lambda one, zone: f"{'passed' if one['passed'] else 'failed'} {day(one['at'], zone)}",
    "results": _variant,
    "reported": lambda one, zone: f"{short(one[0], zone)} {day(one[1], zone)}",
}
"""By the part of an entry that holds a list, one of that list in a few words."""
NAMES = {
    **dict.fromkeys(("risks", "evidence", "criteria", "experiments", "edge_cases", "incidents"), ("id",)),
    "outcomes": ("metric",),
    "visits": ("milestone",),
    "spans": ("kind",),
    "waivers": ("requirement",),
    "heard": ("role",),
    "stakeholders": ("handle",),
}
"""By field, the part that an entry is known by."""
ALONE = frozenset({"fallback", "notice", "monitor", "expectation", "classification", "origin", "workflow"})
"""Fields with one value, which needs no name."""
