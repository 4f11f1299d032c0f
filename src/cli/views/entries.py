"""Entries of an initiative or of the roadmap, such as a risk or a vote, each in a few words."""

from collections.abc import Callable
from typing import Any

from roadlog import words
from roadlog.cli.views.short import short
from roadlog.cli.views.wording import day
from roadlog.domain.log_keys import key_id
from roadlog.words import number

Value = dict[str, Any]


def place(one: Value) -> str:
    """The milestone that it is about."""
    return one["milestone"] or "backlog"


def _outcome(one: Value) -> str:
    """The outcome, or one measurement of it."""
    if "value" in one:
        return f"{short(one['metric'])} {number(one['value'])} on {day(one['at'])}"
    target = one["target"]
    goal = f"{target:+g} %" if one["relative"] and target is not None else number(target)
    by = f" by {one['by']}" if one["by"] else ""
    latest = f", latest {number(one['latest'])}" if one["latest"] is not None else ""
    return (
        f"{short(one['metric'])} {number(one['baseline'])}, to reach {goal} {one['unit'] or ''}".rstrip()
        + by
        + latest
    )


def _visit(one: Value) -> str:
    back = f", back for {one['loop']}" if one["loop"] else ""
    left = f" to {day(one['left_at'])}" if one["left_at"] else ""
    return f"{one['milestone']} in iteration {one['iteration']}, from {day(one['entered_at'])}{left}{back}"


def _span(one: Value) -> str:
    why = one["by"] or one["reason"]
    end = f" to {day(one['to_at'])}" if one["to_at"] else ""
    return f"{one['kind']} from {day(one['from_at'])}{end}" + (f": {short(why)}" if why else "")


def _vote(one: Value) -> str:
    conditions = "".join(f", on {each['id']}: {short(each['text'])}" for each in one["conditions"])
    return f"{one['stakeholder']} {one['decision']} {place(one)} as {one['role']}{conditions}"


def _expectation(one: Value) -> str:
    low, high = one["iterations_from"], one["iterations_to"]
    many = f"{low}–{high} iterations" if low != high else words.counted(low, "iteration")
    if one["outcome_from"] is None:
        return many
    return f"{many}, outcome {number(one['outcome_from'])}–{number(one['outcome_to'])}"


def _result(one: Value) -> str:
    sample = f", n = {number(one['sample'])}" if one["sample"] is not None else ""
    return f"{one['criterion']} {number(one['value'])}{sample}, {one['verdict']}"


def _criterion(one: Value) -> str:
    segment = f" for {short(one['segment'])}" if one["segment"] else ""
    threshold = f"{one['metric']} {one['operator']} {number(one['threshold'])}"
    return f"{one['id']}, {threshold}{segment} in {one['milestone']}"


def _severe(one: Value) -> str:
    return f"{one['id']}, {short(one['description'])} (severity {one['severity']})"


ENTRIES: dict[str, Callable[[Value], str]] = {
    "outcomes": _outcome,
    "visits": _visit,
    "spans": _span,
    "requests": lambda one: f"{', '.join(one['roles'])} asked about {place(one)} by {one['by']}",
    "approvals": _vote,
    "waivers": lambda one: f"{one['requirement']} of {place(one)} until {day(one['until'])} by {one['by']}",
    "break_glass": lambda one: f"{one['milestone']} left by {one['by']}, #{one['move']}",
    "risks": lambda one: f"{one['id']}, {short(one['description'])} ({one['likelihood']} × {one['impact']})",
    "evidence": lambda one: f"{one['id']}, {one['kind']}: {short(one['title'])}",
    "criteria": _criterion,
    "results": _result,
    "experiments": lambda one: f"{one['id']}, {short(one['hypothesis'])}",
    "fallback": lambda one: f"{one['kind']}: {short(one['description'])}",
    "notice": lambda one: f"“{short(one['text'])}”, {short(one['placement'])}",
    "monitor": lambda one: f"{short(one['signal'])}, {short(one['where'])}, watched by {one['owner']}",
    "edge_cases": _severe,
    "edge_case_reviews": lambda one: (
        f"{one['found']} found in {number(one['sample'])} of {short(one['source'])}"
    ),
    "incidents": _severe,
    "heard": lambda one: f"{one['role']}, last on {day(one['last'])}",
    "notes": lambda one: f"{one['by']}: “{short(one['text'])}”",
    "expectation": _expectation,
    "classification": lambda one: f"{one['risk_class']} risk, {short(one['purpose'])}",
    "origin": lambda one: f"{one['format']} {short(one['line'])}",
    "stakeholders": lambda one: f"{one['handle']} ({', '.join(one['roles']) or 'no role'})",
    "consents": lambda one: (
        f"#{one['request']}, asked by {one['by']} for {short(one['stream'])}: {one['answer']}"
    ),
    "log_keys": lambda one: f"{key_id(one['key'])}, by #{one['position']}",
    "forecasts": lambda one: f"{one['said']['computed_as']}, #{one['position']}, kept by {one['by']}",
    "erasures": lambda one: f"{one['handle']}, by #{one['position']}",
    "workflow": lambda one: f"{short(one['name'])} {one['version']}",
}
"""By field, an entry in a few words."""


def _variant(one: Value) -> str:
    return f"{short(one['variant'])} {number(one['value'])} (n = {number(one['sample'])})"


ELEMENTS: dict[str, Callable[[Any], str]] = {
    "conditions": lambda one: f"{one['id']}, {short(one['text'])}" + (", met" if one["met_by"] else ""),
    "tests": lambda one: f"{'passed' if one['passed'] else 'failed'} {day(one['at'])}",
    "results": _variant,
    "reported": lambda one: f"{short(one[0])} {day(one[1])}",
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
