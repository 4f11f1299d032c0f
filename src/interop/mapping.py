"""What a log's names mean here: activities are milestones, people are handles with roles."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from roadlog.domain.refusals import Malformed
from roadlog.domain.workflow import Milestone, Policy, Workflow

MOST_MILESTONES = 50


class Person(Struct, frozen=True, kw_only=True):
    """Who somebody in the log is here."""

    handle: str
    roles: tuple[str, ...] = ()


class Mapping(Struct, frozen=True, kw_only=True):
    """Activities to milestones (None: every activity is the milestone of its own name), people to handles."""

    milestones: dict[str, str] | None = None
    people: dict[str, Person] = {}

    def milestone(self, activity: str, workflow: Workflow) -> str | None:
        """The milestone that an activity means; None for one that means none."""
        name = activity if self.milestones is None else self.milestones.get(activity)
        return name if name in workflow.order else None

    def person(self, name: str) -> Person:
        """Who somebody is: as the map says, else a handle made of the name."""
        return self.people.get(name) or Person(handle=handle_of(name))


def handle_of(name: str) -> str:
    """A handle made of a name: `Ana María (QA)` becomes `ana-mar-a-qa`."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._")[:60] or "unnamed"


def read_map(path: Path, workflow: Workflow) -> Mapping:
    """A map file: `[activity]` with `"Design" = "prototype"`, `[person]` with `"Ana" = {handle = "ana", roles = [...]}`.

    Raises Malformed naming the file and every key that is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed("import", f"{path.name}: {getattr(error, 'strerror', None) or error}.") from error
    wrong = [f"{path.name}: there is no table [{name}]" for name in content if name not in ("activity", "person")]
    milestones: dict[str, str] = {}
    for activity, milestone in _table(content, "activity", path.name, wrong).items():
        if milestone in workflow.order:
            milestones[activity] = milestone
        else:
            known = ", ".join(workflow.order)
            wrong.append(f"{path.name}: activity {activity!r}: {milestone!r} is no milestone ({known})")
    people: dict[str, Person] = {}
    for name, value in _table(content, "person", path.name, wrong).items():
        person = _person(value)
        if person is None:
            wrong.append(f'{path.name}: person {name!r}: write {{ handle = "ana", roles = ["engineering"] }}')
            continue
        wrong += [
            f"{path.name}: person {name!r}: {role!r} is no role ({', '.join(workflow.roles)})"
            for role in person.roles
            if role not in workflow.roles
        ]
        people[name] = person
    if wrong:
        raise Malformed("import", f"{len(wrong)} mistakes in {path.name}.", missing=tuple(wrong))
    return Mapping(milestones=milestones, people=people)


def _table(content: dict[str, Any], name: str, file: str, wrong: list[str]) -> dict[str, Any]:
    table = content.get(name, {})
    if isinstance(table, dict):
        return table
    wrong.append(f"{file}: {name} is not a table")
    return {}


def _person(value: Any) -> Person | None:
    """A handle alone, or a handle with roles."""
    if isinstance(value, str):
        value = {"handle": value}
    if not isinstance(value, dict) or set(value) - {"handle", "roles"}:
        return None
    handle, roles = value.get("handle"), value.get("roles", [])
    if not isinstance(handle, str) or handle != handle_of(handle) or not isinstance(roles, list):
        return None
    return Person(handle=handle, roles=tuple(map(str, roles)))


def inferred(activities: Iterable[str], *, start: str | None, finish: str | None) -> Workflow:
    """A workflow without gates whose milestones are these activities, in this order.

    Raises Malformed for more than fifty, or for a start or finish that is not among them or in the wrong order.
    """
    order = tuple(dict.fromkeys(activities))
    if not order:
        raise Malformed("import", "There is no event in the file: no workflow can be inferred.")
    if len(order) > MOST_MILESTONES:
        raise Malformed(
            "import",
            f"The log has {len(order)} activities; a workflow has at most {MOST_MILESTONES} milestones.",
            try_=("give --map FILE, which says what each activity means",),
        )
    for option, name in (("--start", start), ("--finish", finish)):
        if name is not None and name not in order:
            raise Malformed("import", f"{option} {name!r} is no activity of this log: {', '.join(order)}.")
    first, last = start or order[0], finish or order[-1]
    if order.index(first) > order.index(last):
        raise Malformed("import", f"The start {first!r} comes after the finish {last!r}.")
    return Workflow(
        name="inferred",
        version=1,
        start=first,
        finish=last,
        milestones=tuple(Milestone(id=name) for name in order),
        entry=(),
        policy=Policy(problem_first=False),
    )
