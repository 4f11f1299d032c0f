"""What differs between the moment of a page and now: `compare=now` in its address."""

from itertools import groupby
from typing import Any, NamedTuple

from roadlog import history
from roadlog.told import values
from roadlog.told.facts import Fact
from roadlog.web.asked import Asked

COMPARE = "compare"
"""The name in an address."""
MANY = 50
"""Initiatives whose changes are told; `roadlog diff` tells those of all."""
STANDING = ("title", "milestone", "status", "owner", "horizon", "iteration")
"""Fields that a card of the board shows, as far as one line tells them."""


class Changed(NamedTuple):
    """What is otherwise now of one initiative, or of the roadmap itself.

    title: what it is called now, None of the roadmap
    told: each change: its field as answers name it, and what came of it
    """

    key: str
    title: str | None
    told: list[tuple[str, list[Fact]]]

    @property
    def fields(self) -> list[str]:
        """The names of the fields that differ, in order."""
        return list(dict.fromkeys(values.field_name(field) for field, _ in self.told))

    @property
    def standing(self) -> list[tuple[str, list[Fact]]]:
        """Each change that a card tells, with its field's name."""
        return self.among(*STANDING)

    def among(self, *fields: str) -> list[tuple[str, list[Fact]]]:
        """Each change of these fields, or of any, with the field's name."""
        return [(values.field_name(each), facts) for each, facts in self.told if not fields or each in fields]


class Compared(NamedTuple):
    """What came since and what changed; `command` tells the same on a terminal, where it can."""

    added: list[dict[str, Any]]
    changed: dict[str, Changed]
    command: str | None

    @property
    def told(self) -> list[Changed]:
        """What is told in full."""
        return list(self.changed.values())[:MANY]


def compared(asked: Asked) -> Compared | None:
    """What differs from now, on an initiative's page of it alone; None where nobody asked.

    Raises RoadlogError.
    """
    if asked.query.get(COMPARE) != "now" or not asked.is_past:
        return None
    now = asked.reading.moment()
    found = history.difference(asked.reading, asked.moment, now, asked.parts.get("key"))
    titles = asked.reading.titles()
    changed = {
        key: _changed(key, titles.get(key), list(changes), asked)
        for key, changes in groupby(found["changed"], key=lambda each: str(each["key"]))
    }
    return Compared(found["added"], changed, _command(asked))


def _changed(key: str, title: str | None, changes: list[dict[str, Any]], asked: Asked) -> Changed:
    told = [
        (each["field"], values.told(each["field"], each["before"], each["after"], asked.zone))
        for each in changes
    ]
    return Changed(key, title, told)


def _command(asked: Asked) -> str | None:
    """Of what this log said then: the command line knows no other difference."""
    if asked.moment.as_of < asked.moment.known_at:
        return None
    of = f" {key}" if (key := asked.parts.get("key")) else ""
    return f"roadlog diff {asked.moment.position} now{of}"
