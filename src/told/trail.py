"""An entry of the trail in words: what happened, why, and what a move relied on."""

from collections.abc import Iterator
from typing import Any

from roadlog.told.facts import Fact

BACKDATED = 86_400
"""Seconds from which on a record is told to be late, as in the data quality of metrics/1."""


def facts(entry: dict[str, Any]) -> Iterator[Fact]:
    """What happened, and what there is to know of its record."""
    voided = entry["voided_by"]
    yield Fact(entry["sentence"], "plain" if voided is None else "gone")
    if voided is not None:
        yield Fact(f"voided by #{voided}", "bad")
    if entry["import"]:
        yield Fact(f"imported from {entry['import']['format']}, {entry['import']['line']}", "dim")
    elif entry["late"] >= BACKDATED:
        yield Fact(f"{entry['late'] / 86_400:,.0f} d late", "odd")
    if entry["assurance"] != "asserted":
        yield Fact(entry["assurance"], "good")
    if entry["reason"]:
        yield Fact(f"because “{entry['reason']}”")


def gate(requirements: list[dict[str, Any]]) -> Iterator[Fact]:
    """`on baseline #4 · approval:compliance #18 carla · notice waived by #20`: what a move relied on."""
    for place, each in enumerate(requirements):
        lead = "on " if place == 0 else ""
        if each["waiver"] is not None:
            yield Fact(f"{lead}{each['requirement']} waived by #{each['waiver']}", "odd")
        elif not each["met"]:
            yield Fact(f"{lead}{each['requirement']} bypassed", "bad")
        else:
            records = " ".join([*(f"#{each_}" for each_ in each["by"]), *each["who"]])
            yield Fact(f"{lead}{each['requirement']} {records}".rstrip(), "dim")
